import type { Json } from '../../machines/events.ts'
import { Fault } from '../../machines/faults.ts'
import type { Cause, Decision, Draft, Effect, FactRecord } from '../../machines/record.ts'
import type { Lane } from '../journal/replay-lanes.ts'
import type { InventedNames } from './invented-names.ts'

/** A record of the bundle, and the one that it tells otherwise. */
export type Lived = { readonly draft: Draft; readonly original: FactRecord }

/**
 * Lives these records again with other names and times, each by the machines that wrote it: what they decide is what the bundle says.
 * `lanes` are those of the journal that the records are from. Nothing of the originals' decisions is copied.
 */
export function livedAgain(records: readonly FactRecord[], names: InventedNames, lanes: readonly Lane[]): Lived[] {
  const versions = newVersions(records)
  const counts = new Map<string, number>()
  const version = (bay: string, old: number) => versions.get(`bay:${bay}`)?.get(old) ?? old + 1_000_000
  const living = [...lanes]
  return records.map((original, index) => {
    for (const lane of [...living])
      if (lane.to !== null && original.seq >= lane.to) living.splice(living.indexOf(lane), 1)
    const stream = original.bayId === null ? original.stream : `bay:${names.nameOf(original.bayId)}`
    const next = (counts.get(stream) ?? 0) + 1
    counts.set(stream, next)
    const blank = blankOf(original, { stream, version: next, seq: index + 1 }, names, version)
    return { draft: isSaid(original) ? withoutSeq(blank) : decided(blank, original, living), original }
  })
}

/** What the bundle says of itself: which machines decide, and what it was made of. Nothing is decided in it. */
const isSaid = ({ cause }: FactRecord): boolean => cause.type === 'machines.adopted' || cause.type === 'bundle.made'

const withoutSeq = ({ seq: _seq, ...draft }: Blank): Draft => draft

/** Where each version of each stream went. */
function newVersions(records: readonly FactRecord[]): Map<string, Map<number, number>> {
  const versions = new Map<string, Map<number, number>>()
  for (const { stream, version } of records) {
    const known = versions.get(stream) ?? new Map<number, number>()
    known.set(version, known.size + 1)
    versions.set(stream, known)
  }
  return versions
}

type Blank = Draft & { readonly seq: number }

/** What happened, told otherwise, with nothing decided yet. */
function blankOf(
  original: FactRecord,
  place: { readonly stream: string; readonly version: number; readonly seq: number },
  names: InventedNames,
  version: Parameters<InventedNames['told']>[1],
): Blank {
  const { bayId, at, machine, cause } = original
  return {
    schema: 1,
    ...place,
    bayId: bayId === null ? null : names.nameOf(bayId),
    at: names.time(at),
    machine,
    cause: isSaid(original) ? cause : (names.told(cause as Json, version) as Cause),
    rule: null,
    decisions: [],
    guards: [],
    effects: [],
    timers: { set: [], cleared: [] },
    state: null,
    detail: null,
    personal: {},
  }
}

/** The record as its own machines decide it. */
function decided({ seq, ...blank }: Blank, original: FactRecord, lanes: readonly Lane[]): Draft {
  let draft: Draft | null = null
  for (const lane of lanes) {
    const now = asked(lane, { ...blank, seq }, original)
    if (original.seq >= lane.from && now !== null) draft = { ...blank, ...now }
  }
  if (draft === null) throw new Fault('BODY_INVALID', { seq: original.seq })
  // Who rules on claims goes by the rulings before: they are told what was decided.
  if (draft.bayId === null) for (const lane of lanes) asked(lane, { ...draft, seq }, original)
  return draft
}

/** What one version of the machines decides; null where it says nothing, or is not asked what it thinks of a record that is not its own. */
function asked(lane: Lane, record: Blank, original: FactRecord): Partial<Draft> | null {
  try {
    const evidence = lane.reliving.take(record as unknown as FactRecord)
    if (evidence === null) return null
    const now = evidence.now as { readonly [member: string]: Json }
    if (record.bayId !== null) return now as Partial<Draft>
    const effects = (now['effects'] as readonly Effect[]).map((effect, index) => ({
      ...effect,
      id: `${record.stream}/${record.version}/${index}`,
    }))
    return { cause: now['cause'] as Cause, decisions: now['decisions'] as unknown as readonly Decision[], effects }
  } catch (cause) {
    if (original.seq < lane.from) return null
    throw cause
  }
}

/** How a record came out, without any name: what must be the same in the bundle. */
export function outcomeOf({ rule, state, detail, decisions, guards, effects, timers }: Draft | FactRecord): string {
  const types = (list: readonly { readonly type: string }[]) => list.map(({ type }) => type)
  const asked = guards.map(({ name, ok }) => [name, ok])
  return JSON.stringify([
    rule ?? null,
    state,
    detail,
    types(decisions),
    asked,
    types(effects),
    timers.set.map(({ id }) => id),
    timers.cleared,
  ])
}

/** The first record from `from` (ISO 8601 UTC) on that comes out otherwise in the bundle; null where all are as they were. */
export function firstOther(lived: readonly Lived[], from: string): FactRecord | null {
  for (const { draft, original } of lived)
    if (original.at >= from && !isSaid(original) && outcomeOf(draft) !== outcomeOf(original)) return original
  return null
}
