import type { Json } from '../../machines/events.ts'
import { Fault } from '../../machines/faults.ts'
import { normalize } from '../../machines/plate.ts'
import type { FactRecord } from '../../machines/record.ts'
import type { Adoption } from '../journal/adopted-machines.ts'
import { GENESIS_LINK } from '../journal/chain.ts'
import { fullLine, headerLine, machinesLine } from '../journal/export-file.ts'
import { type Head, type JournalRow, type Linked, linkDrafts, openPersonal, recordOf } from '../journal/journal-row.ts'
import { ownMachines } from '../journal/machines-bundle.ts'
import { type Lane, lanesOf, ReplayLanes, type Segment, segmentsOf } from '../journal/replay-lanes.ts'
import type { StoreRows } from '../journal/site-store.ts'
import type { Sealer } from '../privacy/sealer.ts'
import { demandNobody } from './bundle-check.ts'
import { firstOther, type Lived, livedAgain } from './bundle-life.ts'
import { type BundleAsk, selected } from './bundle-selection.ts'
import { InventedNames, wordsOfAll } from './invented-names.ts'
import { inventPlates, type Roll } from './invented-plates.ts'

/** Whose journal, and what of it; `source` answers kept machines by name, null where they are lost; `keys` null: plates stay unknown. */
export type BundleGround = {
  readonly reader: Pick<StoreRows, 'readStream'>
  readonly ask: Omit<BundleAsk, 'isWhole'>
  readonly adoptions: readonly Adoption[]
  readonly source: (name: string) => string | null
  readonly keys: Pick<Sealer, 'open'> | null
  readonly roll: Roll
  readonly berth: string
}

/** The bundle's text, and how much of what is in it. */
export type BayBundle = {
  readonly text: string
  readonly records: number
  readonly bays: number
  readonly plates: number
}

const WEEK_ms = 7 * 86_400_000
/** Times go back by so many whole weeks, at least and at most: the weekday and the time of day stay. */
const WEEKS = { least: 10, most: 400 } as const

/** Whose journal a bundle calls itself. */
const SITE_ID = 'bundle'

/**
 * A journal of one bay without anybody in it, which replays by its own machines: the bay's past from a calm moment before the time, or all of it
 * where that is not enough. Rejects with Fault NOT_FOUND where there is no record, BODY_INVALID where it would not come out as it did.
 */
export async function bayBundle(ground: BundleGround): Promise<BayBundle> {
  const { ask } = ground
  let other: FactRecord | null = null
  for (const isWhole of [false, true]) {
    const { bays, records } = await selected(ground.reader, { ...ask, isWhole })
    if (!records.some(({ at, bayId }) => bayId === ask.bay && at >= ask.from))
      throw new Fault(
        'NOT_FOUND',
        {},
        { says: `The journal has no record of ${ask.bay} in this time; check --bay, --from and --to.` },
      )
    const told = toldOtherwise(ground, records)
    other = firstOther(told.lived, ask.from)
    if (other === null) return { ...written(told), bays: bays.length, plates: told.plates.size }
  }
  const says = `Record ${other?.seq} (${other?.cause.type}) would come out otherwise in a bundle; see whether \`berth replay\` finds a difference too, and report it with what that says.`
  throw new Fault('BODY_INVALID', {}, { says })
}

type Told = {
  readonly lived: readonly Lived[]
  readonly names: InventedNames
  readonly machines: ReadonlyMap<string, string>
  readonly plates: ReadonlyMap<string, string>
  /** Everything that people may be known by, as it was. */
  readonly hidden: ReadonlySet<string>
  /** What the machines themselves say. */
  readonly words: ReadonlySet<string>
}

function toldOtherwise({ adoptions, source, keys, roll, berth }: BundleGround, records: readonly FactRecord[]): Told {
  const [first] = records as readonly [FactRecord]
  const used = segmentsOf(adoptions).filter(
    ({ from, to }) => (to === null || to > first.seq) && from <= (records.at(-1)?.seq ?? 0),
  )
  const machines = new Map(used.map((segment) => sourceOf(segment, source)))
  const words = wordsOfAll(machines)
  const weeks = WEEKS.least + roll(WEEKS.most - WEEKS.least + 1)
  const names = new InventedNames(records, words, roll, -weeks * WEEK_ms)
  const opened = records.flatMap((record) => (keys === null ? [] : Object.entries(openPersonal(record, keys))))
  const seen = platesOf(opened)
  const invented = inventPlates([...new Set(seen.values())], roll)
  const plates = new Map([...seen].map(([handle, plate]) => [names.nameOf(handle), invented.get(plate) ?? '']))
  const made = { type: 'bundle.made', berth, plates: Object.fromEntries([...plates].sort()) }
  const heads = used.flatMap((segment, index) => [
    said(first, index === 0 ? first.seq : segment.from, {
      type: 'machines.adopted',
      bundle: sourceOf(segment, source)[0],
    }),
    ...(index === 0 ? [said(first, first.seq, made)] : []),
  ])
  const all = [...heads, ...records].sort((one, other) => one.seq - other.seq)
  const lived = livedAgain(all, names, lanesFor(used, machines))
  return { lived, names, machines, plates, hidden: textsOf(opened.map(([, fields]) => fields)), words: words.said }
}

/** The machines of a segment under their name; those of before names were kept are this berth's own. */
function sourceOf({ name }: Segment, source: (name: string) => string | null): [name: string, source: string] {
  const own = ownMachines()
  if (name === null || name === own.name) return [own.name, own.source]
  const kept = source(name)
  if (kept !== null) return [name, kept]
  const says = `The machines ${name} that wrote these records are not here; put ${name}.js back into the folder \`<store>.machines\`.`
  throw new Fault('NOT_FOUND', {}, { says })
}

const lanesFor = (segments: readonly Segment[], machines: ReadonlyMap<string, string>): Lane[] =>
  lanesOf(segments, (name) => (name === null ? null : (machines.get(name) ?? null)))

/** A record of the bundle's own, in its place among the others. */
function said(
  first: FactRecord,
  seq: number,
  cause: { readonly type: string; readonly [member: string]: Json },
): FactRecord {
  const place = { stream: 'site', bayId: null, seq, version: -seq, machine: 'site/1' }
  return { ...first, ...place, cause, rule: null, decisions: [], guards: [], effects: [], personal: {} }
}

/** The plate that each vehicle was last read by. */
function platesOf(opened: readonly (readonly [string, Json])[]): Map<string, string> {
  const plates = new Map<string, string>()
  for (const [subject, fields] of opened) {
    const plate = (fields as { readonly plate?: Json } | null)?.plate
    if (subject.startsWith('veh-') && typeof plate === 'string' && plate !== '') plates.set(subject, normalize(plate))
  }
  return plates
}

function textsOf(values: readonly Json[]): Set<string> {
  const texts = new Set<string>()
  const look = (value: unknown): void => {
    if (typeof value === 'string') texts.add(value)
    else if (typeof value === 'object' && value !== null) for (const one of Object.values(value)) look(one)
  }
  for (const value of values) look(value)
  return texts
}

function written(told: Told): { readonly text: string; readonly records: number } {
  const { lived, names, machines, hidden, words } = told
  let head: Head = GENESIS_LINK
  const rows = lived.map(({ draft, original }): JournalRow => {
    const [linked] = linkDrafts([draft], head, SITE_ID, names.time(original.recordedAt), NOBODYS_KEYS) as [Linked]
    head = { seq: linked.row.seq, hash: linked.row.hash }
    return linked.row
  })
  const body = rows.map((row) => `${fullLine(row)}\n`).join('')
  demandNobody(body, [...names.originals(), ...hidden], (text) => words.has(text) || names.invented().has(text))
  demandReplay(rows, machines)
  const heads = [headerLine(SITE_ID, head), ...[...machines].map(([name, source]) => machinesLine(name, source))]
  return { text: `${heads.join('\n')}\n${body}`, records: rows.length }
}

/** Nothing personal is in a bundle, so nothing is sealed. */
const NOBODYS_KEYS: Sealer = { storeId: '', seal: () => null, open: () => undefined, salt: () => '', flush: () => {} }

/** The bundle replays as any journal does. Throws Fault BODY_INVALID, naming the record. */
function demandReplay(rows: readonly JournalRow[], machines: ReadonlyMap<string, string>): void {
  const records = rows.map(recordOf)
  const adoptions = records.flatMap(({ seq, cause }) =>
    cause.type === 'machines.adopted' ? [{ seq, name: String(cause['bundle']) }] : [],
  )
  const lanes = new ReplayLanes(lanesFor(segmentsOf(adoptions), machines))
  for (const record of records) {
    const drift = lanes.take(record)
    if (drift === null) continue
    const says = `Record ${drift.seq} of the bundle (${drift.cause}) does not replay (${drift.field}), so it was not written; report this with the version of berth.`
    throw new Fault('BODY_INVALID', {}, { says })
  }
}
