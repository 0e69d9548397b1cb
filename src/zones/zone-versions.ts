import type { Polygon } from '../../actors/ports.ts'
import { cell, memory } from '../../actors/record-memory.ts'
import type { Json } from '../../machines/events.ts'
import { Fault } from '../../machines/faults.ts'
import type { FactRecord } from '../../machines/record.ts'

/** A zone as the site file writes it: its polygon in 0..1 of the picture, or its corners on the ground and the length of the first side. */
export type WrittenZone = { readonly cameraId: string } & (
  | { readonly polygon: Polygon }
  | { readonly ground: Polygon; readonly side_m: number }
)
/** Bays with all their zones. */
export type WrittenBays = readonly { readonly bayId: string; readonly zones: readonly WrittenZone[] }[]

/** What a draft would have changed, as it was tried before it was published: visits of so many hours. */
export type TriedDraft = {
  readonly hours: number
  readonly visits: number
  readonly changed: number
  readonly unknown: number
}

/** Why zones were drawn anew: a list, since free text outside sealed fields may name people. */
export const ZONE_REASONS = [
  'camera-moved',
  'camera-new',
  'bay-changed',
  'reads-missed',
  'wrong-bay',
  'put-back',
  'test',
  'other',
] as const
export type ZoneReason = (typeof ZONE_REASONS)[number]
/** Whatever else is said is `other`. */
export const zoneReason = (reason: string): ZoneReason => ZONE_REASONS.find((one) => one === reason) ?? 'other'

/** One state of the site’s zones. `by` null: the site file was changed by hand; `second`: who agreed, where two people must. `at` is ISO 8601 UTC. */
export type ZoneVersion = {
  readonly version: number
  readonly seq: number
  readonly at: string
  readonly by: string | null
  readonly second: string | null
  readonly reason: ZoneReason | null
  /** Bays whose zones it changed. */
  readonly changed: readonly string[]
  /** The version that was put back with it. */
  readonly putBack: number | null
  readonly tried: TriedDraft | null
}
type Kept = ZoneVersion & {
  readonly id: string | null
  readonly bays: Map<string, readonly WrittenZone[]>
  readonly changed: string[]
}

/** Versions whose zones are kept in memory. */
const KEPT = 200

/**
 * The versions of a site’s zones, counted by the journal: one for each time that a person published some, and one for each start with a
 * site file whose zones were others.
 */
export class ZoneVersions {
  readonly #all: Kept[] = []
  #isNewStart = true
  /** What is remembered by records alone. */
  readonly memory = memory({
    all: this.#all,
    isNewStart: cell(
      () => this.#isNewStart,
      (isNewStart) => {
        this.#isNewStart = isNewStart
      },
    ),
  })

  /** Takes in one record, in the journal’s order. */
  hear({ stream, bayId, cause, at, seq }: FactRecord): void {
    if (cause.type === 'site.resumed') this.#isNewStart = true
    if (stream === 'site' && cause.type === 'zones.ordered') this.#ordered(cause as unknown as ZonesOrdered, at, seq)
    if (bayId !== null && cause.type === 'zones.published' && cause['source'] === 'site-file')
      this.#adopted(bayId, listOf(cause['zones']), at, seq)
  }

  /** The number of the zones in force; 0 where a bay never had any. */
  get newest(): number {
    return this.#all.at(-1)?.version ?? 0
  }

  /** Newest first, without their zones. */
  all(): readonly ZoneVersion[] {
    return this.#all.map(toldVersion).reverse()
  }

  /** The zones of a version. Throws Fault NOT_FOUND. */
  zonesOf(version: number): WrittenBays {
    const known = this.#all.find((one) => one.version === version)
    if (known) return [...known.bays].map(([bayId, zones]) => ({ bayId, zones }))
    throw new Fault('NOT_FOUND', { version }, { says: `There is no version ${version} of the zones here any more.` })
  }

  /** What an order with this id came to. */
  answerTo(id: string): { readonly version: number; readonly seq: number } | null {
    const known = this.#all.find((one) => one.id === id)
    return known ? { version: known.version, seq: known.seq } : null
  }

  #ordered({ id, by, second = null, reason, bays, putBack, tried }: ZonesOrdered, at: string, seq: number): void {
    const whole = new Map(this.#all.at(-1)?.bays)
    for (const { bayId, zones } of bays) whole.set(bayId, zones)
    const changed = bays.map(({ bayId }) => bayId)
    this.#push({ id, seq, at, by, second, reason, changed, putBack, tried, bays: whole })
    this.#isNewStart = true
  }

  /** Bays adopt a site file one after the other: together they are one version. */
  #adopted(bayId: string, zones: readonly WrittenZone[], at: string, seq: number): void {
    const last = this.#all.at(-1)
    if (last && !this.#isNewStart) {
      // In place: a site of many bays would copy all of them for each.
      last.bays.set(bayId, zones)
      last.changed.push(bayId)
      this.#all[this.#all.length - 1] = { ...last, seq }
      return
    }
    this.#isNewStart = false
    const bays = new Map(last?.bays).set(bayId, zones)
    const told = { by: null, second: null, reason: null, putBack: null, tried: null }
    this.#push({ id: null, seq, at, changed: [bayId], bays, ...told })
  }

  #push(one: Omit<Kept, 'version'>): void {
    this.#all.push({ ...one, version: this.newest + 1 })
    if (this.#all.length > KEPT) this.#all.shift()
  }
}

type ZonesOrdered = {
  readonly id: string
  readonly by: string
  readonly second?: string | null
  readonly reason: ZoneReason
  readonly bays: WrittenBays
  readonly putBack: number | null
  readonly tried: TriedDraft | null
}

const toldVersion = ({ id: _id, bays: _bays, changed, ...told }: Kept): ZoneVersion => ({
  ...told,
  changed: [...changed],
})

/** Polygons as bays were told them: what was lifted from the ground is a plain polygon here. */
const listOf = (zones: Json | undefined): readonly WrittenZone[] =>
  ((zones ?? []) as unknown as readonly { readonly cameraId: string; readonly polygon: Polygon }[]).map(
    ({ cameraId, polygon }) => ({ cameraId, polygon }),
  )
