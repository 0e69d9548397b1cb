import { createHash } from 'node:crypto'
import type { PictureAnswer } from '../../actors/ports.ts'

type ZoneAnswer = PictureAnswer['zones'][string]

/**
 * Two pictures of a zone that lie no farther apart are one. Measured: saved again as a JPEG of quality 90 or more a picture lies up to 0.25 away (rendered ones
 * and 69 photographs), two pictures of one parked car 0.35 and more where the sensor's noise is one grey level (standard deviation).
 * What changes less than saving it again is no second look either, however it came about. Grey levels, in the root mean square over cells of 4 × 4 pixels.
 */
const SAME_TO = 0.26
/** Pictures remembered of each zone: as many as a vote looks back on. */
const REMEMBERED = 32

type Seen = { readonly print: readonly number[]; readonly name: string }

/**
 * Names what was seen. The same picture again, under whatever wrapping, saved anew, or from a camera that is frozen, has the name that it had: it is
 * one witness and not two. Each zone is named by itself: what goes on in the next bay makes no new picture of this one.
 */
export class SeenFrames {
  readonly #zones = new Map<string, readonly Seen[]>()

  /** The frame's name of what a camera's picture shows in one zone; `otherwise` where its reader gives no print. */
  nameOf(cameraId: string, zoneId: string, zone: ZoneAnswer | undefined, otherwise: string): string {
    if (zone?.print === undefined) return otherwise
    const key = JSON.stringify([cameraId, zoneId])
    const known = this.#zones.get(key) ?? []
    const print = zone.print
    const same = known.find((one) => distance(one.print, print) <= SAME_TO)
    // Its first picture stands for all: one that drifts away from it bit by bit becomes another.
    const seen = same ?? { print, name: digest(zone) }
    this.#zones.set(key, [...known.filter((one) => one !== same), seen].slice(-REMEMBERED))
    return seen.name
  }
}

/** The key of a whole picture's frame, by what was read and seen in it. */
export const frameOf = (answer: PictureAnswer): string => digest(answer.zones)

const digest = (seen: ZoneAnswer | PictureAnswer['zones']): string =>
  createHash('sha256').update(JSON.stringify(seen)).digest('hex').slice(0, 32)

function distance(one: readonly number[], other: readonly number[]): number {
  if (one.length !== other.length || one.length === 0) return Number.POSITIVE_INFINITY
  const squares = one.reduce((sum, value, i) => sum + (value - (other[i] ?? 0)) ** 2, 0)
  return Math.sqrt(squares / one.length)
}
