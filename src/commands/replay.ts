import { parseArgs } from 'node:util'
import { mayHold } from '../../actors/claim-check.ts'
import type { Journal } from '../../actors/ports.ts'
import { type ClaimRuling, type Claims, foldClaims, noClaims, ruleClaim, ruleRelease } from '../../machines/claims.ts'
import type { Json } from '../../machines/events.ts'
import { type Exchange, foldExchange, noExchange, rulePair } from '../../machines/exchange.ts'
import { Fault } from '../../machines/faults.ts'
import type { FactRecord } from '../../machines/record.ts'
import { type BaySnapshot, eventOf, evidence, opened, pathOf, step } from '../../machines/step.ts'
import { canonicalJson } from '../journal/canonical.ts'
import { fileLines, parseLine } from '../journal/export-file.ts'
import { openSqliteJournalReadOnly } from '../journal/sqlite-reader.ts'
import { readSiteFile } from '../site-file.ts'

type Stop = { readonly seq: number } | { readonly time: number } | null

/** The first record that the machine of today would have written otherwise. */
export type Drift = {
  readonly seq: number
  readonly stream: string
  readonly field: string
  readonly recorded: Json
  readonly now: Json
}
export type Replayed = {
  readonly records: number
  readonly bays: ReadonlyMap<string, BaySnapshot>
  readonly drift: Drift | null
}

/** The command `berth replay`: rebuilds every bay from records alone and compares each decision with what the machine decides. */
export async function replay(argv: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: { site: { type: 'string' }, bay: { type: 'string' }, until: { type: 'string' } },
  })
  const [file] = positionals
  if ((values.site === undefined) === (file === undefined)) {
    process.stderr.write('Say what to replay: berth replay --site site.yaml, or berth replay EXPORT.jsonl\n')
    return 2
  }
  const stop = stopAt(values.until)
  if (stop === undefined) {
    process.stderr.write(
      `--until takes a record's seq or an ISO 8601 time; ${JSON.stringify(values.until)} is neither.\n`,
    )
    return 2
  }
  const result = await replayRecords(file === undefined ? storeRecords(values.site as string) : exportRecords(file), {
    bay: values.bay ?? null,
    stop,
  })
  if (values.bay !== undefined && result.records === 0) {
    process.stderr.write(
      `There is no record of ${JSON.stringify(values.bay)} here; \`berth replay\` alone names the bays.\n`,
    )
    return 1
  }
  for (const [bayId, snapshot] of result.bays) process.stdout.write(`${stateLine(bayId, snapshot)}\n`)
  if (result.drift) {
    const { seq, stream, field, recorded, now } = result.drift
    process.stderr.write(
      `Record ${seq} (${stream}) differs in ${field}: recorded ${JSON.stringify(recorded)}, now ${JSON.stringify(now)}. The machine that wrote it decided otherwise.\n`,
    )
    return 1
  }
  process.stdout.write(`${result.records} records replayed, no difference.\n`)
  return 0
}

function stopAt(until: string | undefined): Stop | undefined {
  if (until === undefined) return null
  if (/^\d+$/.test(until)) return { seq: Number(until) }
  const time = Date.parse(until)
  return Number.isNaN(time) ? undefined : { time }
}

function stateLine(bayId: string, snapshot: BaySnapshot): string {
  const { state, detail } = pathOf(snapshot.value)
  const { visit } = snapshot.context
  return `${bayId}  ${state}${detail === state ? '' : `.${detail}`}  version ${snapshot.context.version}${visit ? `  visit ${visit.visitId}, account ${visit.payer?.accountId ?? 'none'}` : ''}`
}

/** Every record of a site's store, in order, without its personal parts. */
export async function* storeRecords(path: string): AsyncGenerator<FactRecord> {
  const file = await readSiteFile(path)
  const journal: Journal = await openSqliteJournalReadOnly({ path: file.store.path, keys: { open: () => undefined } })
  try {
    for (let after = 0; ; ) {
      const page = await journal.readSite(after, 1000)
      yield* page
      const last = page.at(-1)
      if (!last) return
      after = last.seq
    }
  } finally {
    await journal.close()
  }
}

/** The whole records of an export; a line that is none ends the replay with a sentence. */
function* exportRecords(path: string): Generator<FactRecord> {
  let number = 0
  for (const bytes of fileLines(path)) {
    number += 1
    const line = parseLine(bytes)
    if (line.kind === 'unreadable')
      throw new Fault(
        'CHAIN_BROKEN',
        { line: number },
        { says: `Line ${number} of ${path}: ${line.says}; run \`berth verify ${path}\`.` },
      )
    if (line.kind === 'record') yield line.record as unknown as FactRecord
  }
}

/** Lives records again, oldest first, and stops at the first that differs. Records of streams left out by an export are passed over. */
export async function replayRecords(
  records: AsyncIterable<FactRecord> | Iterable<FactRecord>,
  { bay, stop }: { readonly bay: string | null; readonly stop: Stop },
): Promise<Replayed> {
  const bays = new Map<string, BaySnapshot>()
  const site: SiteFolds = { bays, claims: noClaims(), exchange: noExchange() }
  const versions = new Map<string, number>()
  let count = 0
  for await (const record of records) {
    if (stop && ('seq' in stop ? record.seq > stop.seq : Date.parse(record.at) > stop.time)) break
    if (bay !== null && record.bayId !== bay) continue
    count += 1
    demandWhole(versions, record)
    const drift = record.bayId === null ? relay(site, record) : relive(bays, record.bayId, record)
    if (drift) return { records: count, bays, drift }
    foldExchange(site.exchange, record)
  }
  return { records: count, bays, drift: null }
}

/** A stream is lived from its first record on: with records left out, a difference would say nothing of the machine. */
function demandWhole(versions: Map<string, number>, { stream, version, seq }: FactRecord): void {
  const before = versions.get(stream) ?? 0
  versions.set(stream, version)
  if (version === before + 1) return
  const says = `Records of ${stream} before record ${seq} are left out, so it cannot be replayed from here; export it without --from and replay that (\`berth verify\` checks this one).`
  throw new Fault('BODY_INVALID', { stream, seq }, { says })
}

function relive(bays: Map<string, BaySnapshot>, bayId: string, record: FactRecord): Drift | null {
  const { snapshot, draft } = step(bays.get(bayId) ?? opened(bayId), eventOf(record))
  bays.set(bayId, snapshot)
  return differs(record, evidence(record), evidence(draft))
}

/** What the `site` stream decides by: every bay as it is, who holds which vehicle, which bays look exchanged. */
type SiteFolds = {
  readonly bays: ReadonlyMap<string, BaySnapshot>
  readonly claims: Claims
  readonly exchange: Exchange
}

/** The site's own decisions: claims and exchanged pairs are ruled in log order; the log is the tie-break and replay follows it. */
function relay(site: SiteFolds, record: FactRecord): Drift | null {
  if (record.stream !== 'site') return null
  const { cause } = record
  if (cause.type === 'claim.asked' || cause.type === 'claim.released') return relayClaim(site, record)
  const ruling = rulePair(site.exchange, cause)
  return ruling && differsIn(record, ruling.cause, ruling.decisions as Json, ruling.effects as Json)
}

function relayClaim({ bays, claims }: SiteFolds, record: FactRecord): Drift | null {
  const { cause } = record
  const asked = { handle: String(cause['handle']), bayId: String(cause['bayId']), visitId: String(cause['visitId']) }
  const holder = claims.held.get(asked.handle)
  const bay = bays.get(holder?.bayId ?? '')?.context
  const holderHolds = bay !== undefined && bay.visit?.visitId === holder?.visitId && mayHold(bay)
  const isAsked = cause.type === 'claim.asked'
  const ruling: ClaimRuling = isAsked ? ruleClaim(claims, asked, holderHolds) : ruleRelease(claims, asked)
  foldClaims(claims, record)
  const now = { type: cause.type, ...asked, ...(isAsked ? { holderHolds } : {}) }
  const told = ruling.told.map(({ news, ...about }) => ({ type: 'tell.bay', news, ...about }))
  return differsIn(record, now, ruling.decisions as Json, told)
}

/** Effects are compared without their ids: those are their place in the stream. */
function differsIn(record: FactRecord, cause: Json, decisions: Json, effects: Json): Drift | null {
  const ordered = record.effects.map(({ id: _id, ...effect }) => effect)
  return differs(
    record,
    { cause: record.cause as Json, decisions: record.decisions as Json, effects: ordered as Json },
    { cause, decisions, effects },
  )
}

function differs(record: FactRecord, recorded: Json, now: Json): Drift | null {
  const before = recorded as { [field: string]: Json }
  const after = now as { [field: string]: Json }
  for (const field of Object.keys(before)) {
    if (canonicalJson(before[field] ?? null) === canonicalJson(after[field] ?? null)) continue
    return { seq: record.seq, stream: record.stream, field, recorded: before[field] ?? null, now: after[field] ?? null }
  }
  return null
}
