import type { ZoneLook } from '../../actors/zone-look.ts'

/** What one look says about a zone. */
export type Presence = 'occupied' | 'empty' | 'unknown'

/** At least so like the empty zone: empty. Measured on rendered bays, see the tests. */
export const EMPTY_FROM = 0.86
/** At most so like the empty zone: occupied. Between both lie a person, a cone, a hard shadow: unknown. */
export const OCCUPIED_TO = 0.7
/** At least this much of the empty zone's own pattern must be seen before it is called empty. */
const SAME_PATTERN = 0.65
/** Looks that must agree before they are believed to show the empty zone. */
export const LOOKS_TO_LEARN = 3

/** Grey levels that a cell may differ by without meaning anything: a fixed part (noise) and one that grows with contrast. */
const NOISE = { fixed: 2, perGain: 5 }
/** A picture flatter and darker (or brighter) than this shows nothing. */
const BLIND = { spread: 2.5, dark: 14, bright: 245 }
/** How much more or less contrast one and the same scene may have: dusk and fog to low sun. */
const GAINS = [0.25, 0.35, 0.45, 0.55, 0.7, 0.85, 1, 1.15, 1.35, 1.6, 2, 2.5]

/**
 * The empty zone as a look, from looks that a person or a quiet time says show it empty: each cell's median.
 * Null while there are fewer than three, or while they do not agree with one another.
 */
export function learnEmpty(looks: readonly ZoneLook[]): ZoneLook | null {
  const [first] = looks
  if (first === undefined || looks.length < LOOKS_TO_LEARN || looks.some((look) => isBlind(look))) return null
  const views = looks.map(cellsOf)
  const mask = cellsOf(first).mask
  if (views.some((view) => !sameMask(view.mask, mask))) return null
  const grey = Uint8Array.from(mask, (_, i) => median(views.map((view) => view.grey[i] ?? 0)))
  const empty = lookOf(first.size, grey, mask)
  return looks.every((look) => likeness(look, empty) >= EMPTY_FROM) ? empty : null
}

/**
 * How like the empty zone a look is, 0..1: the share of cells whose grey and whose edges are the same once overall light and
 * contrast are evened out, at the contrast that suits best. 0 where the two show different zones.
 */
export function likeness(look: ZoneLook, empty: ZoneLook): number {
  const [seen, learnt] = [cellsOf(look), cellsOf(empty)]
  if (look.size !== empty.size || !sameMask(seen.mask, learnt.mask)) return 0
  const inside = [...seen.mask.keys()].filter((i) => seen.mask[i] === 255)
  if (inside.length === 0) return 0
  return Math.max(...GAINS.map((gain) => likenessAt(gain, look.size, seen, learnt, inside)))
}

/** Occupied, empty, or unknown: where no empty zone is learnt, nothing can be seen (dark, blinded), or the look is neither. */
export function judgePresence(look: ZoneLook, empty: ZoneLook | null): Presence {
  if (empty === null || look.size !== empty.size || isBlind(look)) return 'unknown'
  if (!sameMask(cellsOf(look).mask, cellsOf(empty).mask)) return 'unknown'
  const like = likeness(look, empty)
  // In poor light nearly everything is within the noise of nearly everything: then the empty zone's own pattern must still be there.
  if (like >= EMPTY_FROM) return sameness(look, empty) >= SAME_PATTERN ? 'empty' : 'unknown'
  return like <= OCCUPIED_TO ? 'occupied' : 'unknown'
}

/** How much of the empty zone's pattern of light and dark a look shows, whatever the light and the contrast: their correlation, -1..1. */
export function sameness(look: ZoneLook, empty: ZoneLook): number {
  const [seen, learnt] = [cellsOf(look), cellsOf(empty)]
  const inside = [...seen.mask.keys()].filter((i) => seen.mask[i] === 255)
  const mean = (cells: Cells): number => inside.reduce((sum, i) => sum + (cells.grey[i] ?? 0), 0) / inside.length
  const [seenMean, learntMean] = [mean(seen), mean(learnt)]
  let [both, one, other] = [0, 0, 0]
  for (const i of inside) {
    const [a, b] = [(seen.grey[i] ?? 0) - seenMean, (learnt.grey[i] ?? 0) - learntMean]
    both += a * b
    one += a * a
    other += b * b
  }
  return one === 0 || other === 0 ? 0 : both / Math.sqrt(one * other)
}

/** The empty zone drawn a little (`share`, 0..1) towards a look that shows it empty, so that seasons and stains are followed; other looks change nothing. */
export function adaptEmpty(empty: ZoneLook, look: ZoneLook, share = 0.05): ZoneLook {
  if (judgePresence(look, empty) !== 'empty') return empty
  const [now, then] = [cellsOf(look), cellsOf(empty)]
  const grey = Uint8Array.from(then.grey, (value, i) => {
    const gap = (now.grey[i] ?? 0) - value
    // Whole grey levels only: a small lasting gap still closes by one level a look.
    return Math.abs(gap) < 2 ? value : value + Math.sign(gap) * Math.max(1, Math.round(Math.abs(gap) * share))
  })
  return lookOf(empty.size, grey, then.mask)
}

type Cells = { readonly grey: Uint8Array; readonly mask: Uint8Array }

function cellsOf(look: ZoneLook): Cells {
  const bytes = new Uint8Array(2 * look.size * look.size)
  bytes.set(Buffer.from(look.grey, 'base64').subarray(0, bytes.length))
  return { grey: bytes.subarray(0, look.size * look.size), mask: bytes.subarray(look.size * look.size) }
}

function lookOf(size: number, grey: Uint8Array, mask: Uint8Array): ZoneLook {
  return { size, grey: Buffer.concat([grey, mask]).toString('base64') }
}

function sameMask(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i])
}

function isBlind(look: ZoneLook): boolean {
  const { grey, mask } = cellsOf(look)
  const values = [...grey].filter((_, i) => mask[i] === 255)
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
  const spread = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length))
  return values.length === 0 || (spread < BLIND.spread && (mean < BLIND.dark || mean > BLIND.bright))
}

/** The likeness when the scene has `gain` times the learnt contrast; the light is the one that suits most cells. */
function likenessAt(gain: number, size: number, seen: Cells, learnt: Cells, inside: readonly number[]): number {
  const offset = median(inside.map((i) => (seen.grey[i] ?? 0) - gain * (learnt.grey[i] ?? 0)))
  const gap = (i: number): number => (seen.grey[i] ?? 0) - gain * (learnt.grey[i] ?? 0) - offset
  const limit = NOISE.fixed + NOISE.perGain * gain
  let [greys, edges, pairs] = [0, 0, 0]
  for (const i of inside) {
    if (Math.abs(gap(i)) <= 2 * limit) greys++
    for (const next of neighbours(i, size)) {
      if (seen.mask[next] !== 255) continue
      pairs++
      if (Math.abs(gap(i) - gap(next)) <= limit) edges++
    }
  }
  return 0.5 * (greys / inside.length) + 0.5 * (pairs === 0 ? 1 : edges / pairs)
}

function neighbours(i: number, size: number): number[] {
  const next: number[] = []
  if ((i + 1) % size !== 0) next.push(i + 1)
  if (i + size < size * size) next.push(i + size)
  return next
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}
