import type { Vote } from './vote.ts'
import type { Rectangle } from './zone.ts'

/**
 * How a vehicle's plate moved through the frames. Frames of one standing place look alike down to their misreads: of a parked vehicle the
 * tenth frame says little that the first did not. So each place speaks with the weight of what its frames are worth together.
 */

/** One read with where its plate was, ms since 1970. */
export type PlacedVote = Vote & { readonly box: Rectangle | null; readonly at: number }

/** Still coming (or no two reads yet at one place), or standing where it was read before. */
export type Phase = 'approach' | 'parked'

/** A plate whose middle moved by more than this share of its height, or whose width changed by more than this share, is elsewhere. */
const MOVED = 0.5
const GREW = 0.08
/** So like one another are two frames of one place: wrong ones agree in four of five pairs (measured, see simulations/reader-confusion.ts). */
const LIKENESS = 0.8
/** A plate that was read at one place for so long has parked, ms. */
const PARKED_MS = 1_000

type Standing = { readonly box: Rectangle | null; readonly frames: Set<string>; readonly from: number; until: number }

const isThere = (standing: Standing, box: Rectangle | null): boolean => {
  if (standing.box === null || box === null) return false
  const [ax, ay, aw, ah] = standing.box
  const [bx, by, bw, bh] = box
  const moved = Math.hypot(ax + aw / 2 - bx - bw / 2, ay + ah / 2 - by - bh / 2)
  return moved <= MOVED * Math.max(ah, bh) && Math.abs(aw - bw) <= GREW * Math.max(aw, bw) + MOVED * Math.min(ah, bh)
}

/** The places of the reads, oldest first, and which one each read is of. A read without a box is a place of its own for each frame. */
function standings(reads: readonly PlacedVote[]): { readonly places: Standing[]; readonly of: readonly Standing[] } {
  const places: Standing[] = []
  const ordered = reads
    .map((read, index) => ({ read, index }))
    .sort((a, b) => a.read.at - b.read.at || a.index - b.index)
  const of: Standing[] = []
  for (const { read, index } of ordered) {
    const frame = `${read.reader} ${read.frame}`
    const known = places.find((one) => isThere(one, read.box) || (read.box === null && one.frames.has(frame)))
    const place = known ?? { box: read.box, frames: new Set(), from: read.at, until: read.at }
    if (!known) places.push(place)
    place.frames.add(frame)
    place.until = read.at
    of[index] = place
  }
  return { places, of }
}

/** What so many frames of one place are worth, in frames that know nothing of each other: 1, 1.11, 1.15, … and never 1.25. */
export const worthOf = (frames: number): number => frames / (1 + (frames - 1) * LIKENESS)

/** How many independent frames speak for each plate (folded), by the share that it has at each place where the vehicle was. */
export function independentFrames(
  reads: readonly PlacedVote[],
  keyOf: (read: PlacedVote) => string,
): ReadonlyMap<string, number> {
  const { of } = standings(reads)
  const shares = new Map<Standing, Map<string, Set<string>>>()
  for (const [index, read] of reads.entries()) {
    const place = of[index] as Standing
    const plates = shares.get(place) ?? new Map<string, Set<string>>()
    shares.set(place, plates)
    const key = keyOf(read)
    plates.set(key, (plates.get(key) ?? new Set()).add(`${read.reader} ${read.frame}`))
  }
  const worth = new Map<string, number>()
  for (const [place, plates] of shares)
    for (const [key, frames] of plates)
      worth.set(key, (worth.get(key) ?? 0) + (worthOf(place.frames.size) * frames.size) / place.frames.size)
  return worth
}

/** Whether the vehicle of these reads still comes or has parked: parked once its newest place was read for a second. */
export function phaseOf(reads: readonly PlacedVote[]): Phase {
  const { of } = standings(reads)
  const newest = reads.reduce((best, read, index) => (read.at >= (reads[best]?.at ?? 0) ? index : best), 0)
  const place = of[newest]
  return place && place.box !== null && place.until - place.from >= PARKED_MS ? 'parked' : 'approach'
}
