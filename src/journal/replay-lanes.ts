import type { Json } from '../../machines/events.ts'
import { Fault } from '../../machines/faults.ts'
import type { FactRecord } from '../../machines/record.ts'
import { bayLine, type Evidence, RelivedSite } from '../../machines/relived.ts'
import type { Adoption } from './adopted-machines.ts'
import { canonicalJson } from './canonical.ts'
import { ownMachines } from './machines-bundle.ts'
import { openMachines, type Reliving } from './machines-sandbox.ts'

/** Records that one version of the machines wrote: from `from` on, before `to` (null = to the end). `name` null = written before names were kept. */
export type Segment = { readonly name: string | null; readonly from: number; readonly to: number | null }

/** The segments of a journal by its adoptions, oldest first. */
export function segmentsOf(adoptions: readonly Adoption[]): readonly Segment[] {
  const starts = [{ seq: 1, name: null }, ...adoptions]
  return starts
    .map(({ seq: from, name }, at): Segment => ({ name, from, to: starts[at + 1]?.seq ?? null }))
    .filter(({ from, to }) => to === null || to > from)
}

/**
 * Machines for a segment, and the records to compare. A process that comes up lives everything again by its own machines before it
 * decides: so each version lives the whole past, and is held to what it wrote itself.
 */
export type Lane = Segment & { readonly reliving: Reliving }

/**
 * The machines of each segment: `sourceOf` answers the kept ones of a name, null where they are lost. Throws Fault NOT_FOUND, naming them,
 * where they are lost and not this berth's own; STORE_CORRUPT where they cannot be opened.
 */
export const lanesOf = (segments: readonly Segment[], sourceOf: (name: string | null) => string | null): Lane[] =>
  segments.map((segment) => ({ ...segment, reliving: machinesOf(segment, sourceOf) }))

/** A record that its own machines would have written otherwise: the first `field` that differs, as recorded and as decided now, and every place. */
export type LaneDrift = {
  readonly seq: number
  readonly stream: string
  readonly at: string
  readonly cause: string
  readonly field: string
  readonly recorded: Json
  readonly now: Json
  readonly places: readonly FieldDifference[]
}

/** Lives a journal again, each segment by the machines that wrote it. */
export class ReplayLanes {
  readonly #lanes: Lane[]
  readonly #versions = new Map<string, number>()

  constructor(lanes: readonly Lane[]) {
    this.#lanes = [...lanes]
  }

  /** Lives the next record; answers it where it differs from what its machines decide now. */
  take(record: FactRecord): LaneDrift | null {
    this.#demandWhole(record)
    for (const lane of [...this.#lanes]) {
      if (lane.to !== null && record.seq >= lane.to) this.#lanes.splice(this.#lanes.indexOf(lane), 1)
      else {
        const found = lived(lane, record)
        if (found !== null && record.seq >= lane.from) return driftOf(record, found)
      }
    }
    return null
  }

  /** How every bay stands, by the newest machines. */
  lines(): readonly string[] {
    return this.#lanes.at(-1)?.reliving.lines() ?? []
  }

  /** A stream is lived from its first record on: with records left out, a difference would say nothing of the machine. */
  #demandWhole({ stream, version, seq }: FactRecord): void {
    const before = this.#versions.get(stream) ?? 0
    this.#versions.set(stream, version)
    if (version === before + 1) return
    const says = `Records of ${stream} before record ${seq} are left out, so it cannot be replayed from here; export it without --from and replay that, or name the segments before it too (\`berth verify\` checks this one).`
    throw new Fault('BODY_INVALID', { stream, seq }, { says })
  }
}

/** Machines of another time may not understand a record that is not theirs; they are not asked what they think of it. */
function lived({ from, name, reliving }: Lane, record: FactRecord): Evidence | null {
  try {
    return reliving.take(record)
  } catch (cause) {
    if (cause instanceof Fault) throw cause
    if (record.seq < from) return null
    const says = `The machines ${name ?? 'of this berth'} that wrote record ${record.seq} break on it: ${cause instanceof Error ? cause.message : String(cause)}`
    throw new Fault('STORE_CORRUPT', { seq: record.seq }, { says })
  }
}

function driftOf({ seq, stream, at, cause }: FactRecord, evidence: Evidence): LaneDrift {
  const places = fieldDifferences(evidence)
  const field = /^\w*/.exec(places[0]?.path ?? '')?.[0] ?? ''
  const side = (one: Json): Json => (one as { readonly [name: string]: Json } | null)?.[field] ?? null
  return {
    seq,
    stream,
    at,
    cause: cause.type,
    field,
    recorded: side(evidence.recorded),
    now: side(evidence.now),
    places,
  }
}

function machinesOf({ name, from, to }: Segment, sourceOf: (name: string | null) => string | null): Reliving {
  if (name !== null && name === ownMachines().name) return ownReliving()
  const source = sourceOf(name)
  if (source !== null) return openMachines(source, name ?? 'given')
  if (name === null) return ownReliving()
  const says = `The machines ${name} that wrote the records ${from} to ${to === null ? 'the end' : to - 1} are not here; put ${name}.js back into the folder \`<store>.machines\`, or replay with --today to see what the machines of this berth decide.`
  throw new Fault('NOT_FOUND', {}, { says })
}

/** This berth's own machines, without a wall between. */
function ownReliving(): Reliving {
  const site = new RelivedSite()
  return {
    take: (record) => site.take(record),
    lines: () => [...site.bays].map(([bayId, snapshot]) => bayLine(bayId, snapshot)),
  }
}

/** One place in which two values differ: `timers.set[0].due`. A side that has nothing there is undefined. */
type FieldDifference = {
  readonly path: string
  readonly recorded: Json | undefined
  readonly now: Json | undefined
}

/** Every place in which the evidence differs, in the order of the record. */
export function fieldDifferences({ recorded, now }: Evidence): readonly FieldDifference[] {
  const found: FieldDifference[] = []
  compare(recorded, now, '', found)
  return found
}

function compare(recorded: Json | undefined, now: Json | undefined, path: string, found: FieldDifference[]): void {
  if (text(recorded) === text(now)) return
  const sides = [recorded, now]
  if (sides.every((side) => Array.isArray(side))) {
    const [one, other] = sides as [Json[], Json[]]
    for (let at = 0; at < Math.max(one.length, other.length); at++) compare(one[at], other[at], `${path}[${at}]`, found)
  } else if (sides.every((side) => typeof side === 'object' && side !== null && !Array.isArray(side))) {
    const [one, other] = sides as { [name: string]: Json }[]
    for (const name of new Set([...Object.keys(one ?? {}), ...Object.keys(other ?? {})]))
      compare(one?.[name], other?.[name], path === '' ? name : `${path}.${name}`, found)
  } else found.push({ path, recorded, now })
}

const text = (value: Json | undefined): string => (value === undefined ? '' : canonicalJson(value))
