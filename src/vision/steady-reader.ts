import type { PictureAnswer, PlateReader } from '../../actors/ports.ts'
import type { ReaderZone } from '../../actors/reader-zone.ts'
import type { ZoneLook } from '../../actors/zone-look.ts'
import { normalize, plausible } from '../../machines/plate.ts'

/**
 * Spares a reader what it read a moment ago: a zone that looks as it did is not recognised again, but for now and then. Nothing is told twice
 * for it: a spared zone has no reads, so a parked vehicle's hundredth frame is no witness, and the frames of who comes are read at once.
 */
export type SteadyReader = PlateReader & {
  /** Whether this look (as the answer held it) was spared while its plate had been read. */
  readonly showsReadPlate: (look: ZoneLook) => boolean
  /** Whether these zones were all seen to be as they were a moment ago, and nothing in them waits to be read: the next picture can do without a look. */
  readonly rests: (zones: { readonly [zoneId: string]: ReaderZone }) => boolean
  /** Zones spared and zones recognised since the start. */
  readonly counters: () => { readonly [name: string]: number }
}

/** What a bay needs of its reads: nobody is known to stand there; `open`: who stands there is not decided; `decided`: it is. */
export type ReadNeed = 'nobody' | 'open' | 'decided'

/** How a zone that looks as it did is read: `first` so often, then again after `again_ms`, once `spared` frames were let go. */
type Pace = { readonly first: number; readonly again_ms: number; readonly spared: number }
/** A plate whose bay is not decided is wanted soon: what was read so far was too old to act on, or not enough. */
const WANTED: Pace = { first: 8, again_ms: 500, spared: 1 }
const UNREAD: Pace = { first: 8, again_ms: 1_500, spared: 3 }
const PARKED: Pace = { first: 8, again_ms: 10_000, spared: 4 }
const EMPTY: Pace = { first: 2, again_ms: 4_000, spared: 4 }
const PACES: { readonly [need in ReadNeed]: { readonly plate: Pace; readonly none: Pace } } = {
  nobody: { plate: WANTED, none: EMPTY },
  open: { plate: WANTED, none: UNREAD },
  decided: { plate: PARKED, none: PARKED },
}
/** A reader that falls behind spares fewer frames: then it is read again after so many times as long. */
const LATEST = 3
/** Zones that look as they did are looked at this often while nothing goes on, ms. */
const REST_MS = 350

type Known = {
  readonly look: ZoneLook
  /** Whether a plate was read in it. */
  readonly plate: boolean
  readonly times: number
  readonly at: number
  readonly spared: number
}
/** What is known of one camera's zones, and when all of them were last seen to be as they were. */
type Camera = { readonly zones: Map<string, Known>; calmAt: number | null }

/** `now`: ms of a clock that never steps. Zones are told apart by the object that names them: one for each camera; `needs` is asked with a zone's name. */
export function steadyReader(
  reader: PlateReader,
  now: () => number,
  needs: (zoneId: string) => ReadNeed = () => 'nobody',
): SteadyReader {
  const cameras = new WeakMap<object, Camera>()
  const withPlate = new WeakSet<ZoneLook>()
  const counts = { zones_spared: 0, zones_recognised: 0, looks_rested: 0 }
  const paceOf = (zoneId: string, { plate }: Known): Pace => PACES[needs(zoneId)][plate ? 'plate' : 'none']
  /** Whether it was read so often that it may be spared at all while it looks as it did. */
  const isKnown = (zoneId: string, known: Known): boolean => known.times >= paceOf(zoneId, known).first
  const isDue = (zoneId: string, known: Known): boolean => {
    const { again_ms, spared } = paceOf(zoneId, known)
    const age_ms = now() - known.at
    return age_ms >= LATEST * again_ms || (age_ms >= again_ms && known.spared >= spared)
  }
  const isSettled = (zoneId: string, known: Known): boolean => isKnown(zoneId, known) && !isDue(zoneId, known)
  const hear = (camera: Camera, answer: PictureAnswer): void => {
    let isCalm = true
    for (const [zoneId, { look, reads, spared }] of Object.entries(answer.zones)) {
      const before = camera.zones.get(zoneId)
      if (spared && before) {
        counts.zones_spared += 1
        camera.zones.set(zoneId, { ...before, spared: before.spared + 1 })
        if (before.plate) withPlate.add(look)
        continue
      }
      counts.zones_recognised += 1
      const isSame = before !== undefined && looksSame(look, before.look)
      // The look is that of its first frame: light that changes slowly is seen to change.
      const known = {
        look: isSame ? before.look : look,
        plate: reads.some(({ text }) => plausible(normalize(text))),
        times: isSame ? before.times + 1 : 1,
        at: now(),
        spared: 0,
      }
      camera.zones.set(zoneId, known)
      isCalm &&= isSettled(zoneId, known)
    }
    camera.calmAt = isCalm ? now() : null
  }
  return {
    async read(picture, zones) {
      const camera = cameras.get(zones) ?? { zones: new Map(), calmAt: null }
      cameras.set(zones, camera)
      // What is due although it looks as it did is read one zone a picture, and only where nothing else in it must be.
      let mayRead = true
      const asked = Object.entries(zones).map(([zoneId, zone]): [string, ReaderZone] => {
        const before = camera.zones.get(zoneId)
        const whole = 'polygon' in zone ? zone : { polygon: zone, masks: [] }
        if (!before || !isKnown(zoneId, before)) return [zoneId, whole]
        const isTurn = mayRead && isDue(zoneId, before)
        if (isTurn) mayRead = false
        return [zoneId, { ...whole, unlessLike: before.look, ...(isTurn ? { elseLast: true } : {}) }]
      })
      const answer = await reader.read(picture, Object.fromEntries(asked))
      hear(camera, answer)
      return answer
    },
    rests(zones) {
      const camera = cameras.get(zones)
      if (!camera || camera.calmAt === null || now() - camera.calmAt >= REST_MS) return false
      const isResting = [...camera.zones].every(([zoneId, known]) => isSettled(zoneId, known))
      if (isResting) counts.looks_rested += 1
      return isResting
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
