import type { FactRecord } from '../../machines/record.ts'
import type { StoreRows } from '../journal/site-store.ts'

/** Which records of whom: `from` and `to` ISO 8601 UTC; `isWhole`: from the bay's first record on, not from a calm moment. */
export type BundleAsk = { readonly bay: string; readonly from: string; readonly to: string; readonly isWhole: boolean }

/** Records in their order: each bay's settings and a visit or two of run-up, and what was asked for. */
export type BundleSelection = { readonly bays: readonly string[]; readonly records: readonly FactRecord[] }

type Reader = Pick<StoreRows, 'readStream'>

const PAGE = 1_000

/** What a bay was told once and goes by since: the newest of each, by what it is about. */
const SETTINGS: { readonly [type: string]: string } = {
  'policy.adopted': 'policy',
  'profile.adopted': 'profile',
  'zones.published': 'zones',
  'switch.turned': 'switch',
  'charger.online': 'link',
  'charger.offline': 'link',
  'connector.status': 'status',
  'vehicle.seen': 'zone',
  'zone.empty': 'zone',
  'zone.unknown': 'zone',
}

/**
 * The records of a bay and of the bays with which it contended for a vehicle, with the site's rulings between them. Other bays' records and
 * the rest of the site's are left out: none of these decisions depends on them.
 */
export async function selected(reader: Reader, ask: BundleAsk): Promise<BundleSelection> {
  const runs = new Map<string, readonly FactRecord[]>()
  const claims = await claimsIn(reader, ask.to)
  for (let wanted = [ask.bay]; wanted.length > 0; ) {
    for (const bay of wanted) runs.set(bay, await runOf(reader, { ...ask, bay }))
    wanted = [...rivalsOf(runs, claims)].filter((bay) => !runs.has(bay))
  }
  const since = new Map([...runs].map(([bay, records]) => [bay, firstRunning(records)]))
  const ruled = claims.filter(
    ({ cause, seq }) => seq >= (since.get(String(cause['bayId'])) ?? Number.POSITIVE_INFINITY),
  )
  const records = [...[...runs.values()].flat(), ...ruled].sort((one, other) => one.seq - other.seq)
  return { bays: [...runs.keys()], records }
}

/** Settings come from long before: the run itself begins where records follow one another. */
function firstRunning(records: readonly FactRecord[]): number {
  let at = records.length - 1
  while (at > 0 && records[at - 1]?.version === (records[at] as FactRecord).version - 1) at -= 1
  return records[at]?.seq ?? 0
}

async function runOf(reader: Reader, { bay, from, to, isWhole }: BundleAsk): Promise<readonly FactRecord[]> {
  const settings = new Map<string, FactRecord>()
  let older: FactRecord[] = []
  let run: FactRecord[] = []
  let state: string | null = 'vacant'
  for await (const record of streamOf(reader, `bay:${bay}`)) {
    if (record.at >= to) break
    // A visit is over: what was told before the one before it is past.
    if (!isWhole && record.at < from && record.state === 'vacant' && state !== 'vacant') {
      for (const one of older) note(settings, one)
      older = run
      run = []
    }
    state = record.state
    run.push(record)
  }
  return [...[...settings.values()].sort((one, other) => one.seq - other.seq), ...older, ...run]
}

function note(settings: Map<string, FactRecord>, record: FactRecord): void {
  const { cause } = record
  const kind = SETTINGS[cause.type]
  if (kind !== undefined)
    settings.set(`${kind}|${cause['connector'] ?? cause['chargePointId'] ?? cause['cameraId'] ?? ''}`, record)
}

async function* streamOf(reader: Reader, stream: string): AsyncGenerator<FactRecord> {
  for (let page = await reader.readStream(stream, 0, PAGE); page.length > 0; ) {
    yield* page
    page = await reader.readStream(stream, page.at(-1)?.version ?? 0, PAGE)
  }
}

async function claimsIn(reader: Reader, to: string): Promise<FactRecord[]> {
  const claims: FactRecord[] = []
  for await (const record of streamOf(reader, 'site'))
    if (record.at < to && (record.cause.type === 'claim.asked' || record.cause.type === 'claim.released'))
      claims.push(record)
  return claims
}

/** Bays that one of these runs meets: told of as a rival, or ruled on together. */
function rivalsOf(runs: ReadonlyMap<string, readonly FactRecord[]>, claims: readonly FactRecord[]): Set<string> {
  const rivals = new Set<string>()
  for (const records of runs.values())
    for (const { cause } of records) if (typeof cause['rival'] === 'string') rivals.add(cause['rival'])
  for (const { cause, decisions, seq } of claims) {
    const run = runs.get(String(cause['bayId']))
    if (!run || seq < firstRunning(run)) continue
    for (const { rival, bayId } of decisions)
      for (const other of [rival, bayId]) if (typeof other === 'string') rivals.add(other)
  }
  return rivals
}
