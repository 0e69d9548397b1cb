import type { PictureAnswer, PlateReader } from '../../actors/ports.ts'
import type { ReaderZone } from '../../actors/reader-zone.ts'
import type { ZoneLook } from '../../actors/zone-look.ts'

/**
 * Spares a reader what it read a moment ago: a zone that looks as it did is not recognised again, but for now and then. Nothing is told twice
 * for it: a spared zone has no reads, so a parked vehicle's hundredth frame is no witness, and the frames of who comes are read at once.
 */
export type SteadyReader = PlateReader & {
  /** Whether this look (as the answer held it) was spared while its plate had been read. */
  readonly showsReadPlate: (look: ZoneLook) => boolean
  /** Zones spared and zones recognised since the start. */
  readonly counters: () => { readonly [name: string]: number }
}

/**
 * A look is read so often before it is known; then again after `REREAD_MS`, but for a reader that falls behind: there three frames are
 * spared for each one that is read, up to `LATEST_MS`.
 */
const READ_FIRST = 8
const REREAD_MS = 2_000
const SPARED_BETWEEN = 3
const LATEST_MS = 8_000

type Known = {
  readonly look: ZoneLook
  readonly reads: number
  readonly times: number
  readonly at: number
  readonly spared: number
}

/** `now`: ms of a clock that never steps. Zones are told apart by the object that names them: one for each camera. */
export function steadyReader(reader: PlateReader, now: () => number): SteadyReader {
  const cameras = new WeakMap<object, Map<string, Known>>()
  const withPlate = new WeakSet<ZoneLook>()
  const counts = { zones_spared: 0, zones_recognised: 0 }
  const hear = (known: Map<string, Known>, answer: PictureAnswer): void => {
    for (const [zoneId, { look, reads, spared }] of Object.entries(answer.zones)) {
      const before = known.get(zoneId)
      if (spared && before) {
        counts.zones_spared += 1
        known.set(zoneId, { ...before, spared: before.spared + 1 })
        if (before.reads > 0) withPlate.add(look)
        continue
      }
      counts.zones_recognised += 1
      const isSame = before !== undefined && looksSame(look, before.look)
      // The look is that of its first frame: light that changes slowly is seen to change.
      known.set(zoneId, {
        look: isSame ? before.look : look,
        reads: reads.length,
        times: isSame ? before.times + 1 : 1,
        at: now(),
        spared: 0,
      })
    }
  }
  return {
    async read(picture, zones) {
      const known = cameras.get(zones) ?? new Map<string, Known>()
      cameras.set(zones, known)
      const asked = Object.entries(zones).map(([zoneId, zone]): [string, ReaderZone] => {
        const before = known.get(zoneId)
        const age_ms = now() - (before?.at ?? 0)
        const isDue = age_ms >= LATEST_MS || (age_ms >= REREAD_MS && (before?.spared ?? 0) >= SPARED_BETWEEN)
        const isKnown = before !== undefined && before.times >= READ_FIRST && !isDue
        const whole = 'polygon' in zone ? zone : { polygon: zone, masks: [] }
        return [zoneId, isKnown ? { ...whole, unlessLike: before.look } : whole]
      })
      const answer = await reader.read(picture, Object.fromEntries(asked))
      hear(known, answer)
      return answer
    },
    close: () => reader.close(),
    showsReadPlate: (look) => withPlate.has(look),
    counters: () => ({ ...counts }),
  }
}

/** Mean and largest difference of a cell (grey levels, overall light evened out) up to which two looks are the same. */
const MEAN_GAP = 1.6
const LARGEST_GAP = 9

/** Whether two looks of one zone show the same, but for a sensor's noise and light that is brighter or darker all over. */
export function looksSame(one: ZoneLook, other: ZoneLook): boolean {
  if (one.size !== other.size) return false
  const [a, b] = [Buffer.from(one.grey, 'base64'), Buffer.from(other.grey, 'base64')]
  const cells = one.size * one.size
  const gaps: number[] = []
  for (let cell = 0; cell < cells; cell++) {
    if ((a[cells + cell] ?? 0) !== (b[cells + cell] ?? 0)) return false
    if (a[cells + cell] === 255) gaps.push((a[cell] ?? 0) - (b[cell] ?? 0))
  }
  const middle = [...gaps].sort((x, y) => x - y)[Math.floor(gaps.length / 2)] ?? 0
  const sizes = gaps.map((gap) => Math.abs(gap - middle))
  const mean = sizes.reduce((sum, size) => sum + size, 0) / Math.max(1, sizes.length)
  return gaps.length > 0 && mean <= MEAN_GAP && Math.max(...sizes) <= LARGEST_GAP && Math.abs(middle) <= 4 * LARGEST_GAP
}
