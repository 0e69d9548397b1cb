import type { ZoneLook } from '../../actors/zone-look.ts'

/** What one look says about a zone. */
export type Presence = 'occupied' | 'empty' | 'unknown'

/** At least so like the empty zone: empty. Measured on rendered bays, see the tests. */
export const EMPTY_FROM = 0.86
/** At most so like the empty zone: occupied. Between both lie a person, a cone, a hard shadow: unknown. */
export const OCCUPIED_TO = 0.7
/** At least this much of the empty zone's own pattern must be seen before it is called empty. */
export const SAME_PATTERN = 0.65
/** With less than this much of it the zone shows something else, and small differences count too. */
const OTHER_PATTERN = 0.1
/** Looks that must agree before they are believed to show the empty zone. */
export const LOOKS_TO_LEARN = 3

/**
 * Grey levels that a cell may differ by without meaning anything: a fixed part (noise) and one that grows with contrast. To be like the
 * empty zone the latter is also at most a share of the spread of its own greys: in a dim picture a dark vehicle differs by little more.
 */
const NOISE = { fixed: 2, perGain: 5, perSpread: 0.15 }
type Tolerance = 'close' | 'wide'
/** A picture flatter and darker (or brighter) than this shows nothing. */
const BLIND = { spread: 2.5, dark: 14, bright: 245 }
/** How much more or less contrast one and the same scene may have, dusk and fog to low sun; the likeliest first. */
const GAINS = [1, 0.85, 1.15, 0.7, 1.35, 0.55, 0.45, 1.6, 0.35, 0.25, 2, 2.5]
/** Gaps are counted in whole steps of so many to a grey level: every contrast above comes out even. */
const STEPS = 20

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
  const grey = Uint8Array.from(mask, (_, i) => median(Int32Array.from(views, (view) => view.grey[i] ?? 0)))
  const empty = lookOf(first.size, grey, mask)
  return looks.every((look) => likeness(look, empty) >= EMPTY_FROM) ? empty : null
}

/**
 * How like the empty zone a look is, 0..1: the share of cells whose grey and whose edges are the same once overall light and
 * contrast are evened out, at the contrast that suits best. 0 where the two show different zones.
 */
export function likeness(look: ZoneLook, empty: ZoneLook): number {
  const [seen, learnt] = [cellsOf(look), cellsOf(empty)]
  if (look.size !== empty.size || !sameMask(seen.mask, learnt.mask) || seen.inside.length === 0) return 0
  return Math.max(...GAINS.map((gain) => likenessAt(gain, seen, learnt, 'close')))
}

/** Occupied, empty, or unknown: where no empty zone is learnt, nothing can be seen (dark, blinded), or the look is neither. */
export function judgePresence(look: ZoneLook, empty: ZoneLook | null): Presence {
  if (empty === null || !canCompare(look, empty)) return 'unknown'
  return isAsEmpty(look, empty) ? 'empty' : isUnlike(look, empty) ? 'occupied' : 'unknown'
}

/** Something can be seen, and it is the reference's zone. */
export const canCompare = (look: ZoneLook, empty: ZoneLook): boolean =>
  look.size === empty.size && !isBlind(look) && sameMask(cellsOf(look).mask, cellsOf(empty).mask)

/**
 * The look shows the zone as empty as the reference. In poor light nearly everything is within the noise of nearly everything: then the
 * empty zone's own pattern must still be there.
 */
export const isAsEmpty = (look: ZoneLook, empty: ZoneLook): boolean =>
  sameness(look, empty) >= SAME_PATTERN && atSomeContrast(look, empty, 'close', (like) => like >= EMPTY_FROM)

/** The look is unlike the reference at every contrast. */
export const isUnlike = (look: ZoneLook, empty: ZoneLook): boolean =>
  !atSomeContrast(look, empty, sameness(look, empty) < OTHER_PATTERN ? 'close' : 'wide', (like) => like > OCCUPIED_TO)

/** Whether the likeness at any contrast is so; the first is enough. Both show the same zone. */
function atSomeContrast(
  look: ZoneLook,
  empty: ZoneLook,
  tolerance: Tolerance,
  isSo: (like: number) => boolean,
): boolean {
  const [seen, learnt] = [cellsOf(look), cellsOf(empty)]
  return seen.inside.length > 0 && GAINS.some((gain) => isSo(likenessAt(gain, seen, learnt, tolerance)))
}

/** How much of the empty zone's pattern of light and dark a look shows, whatever the light and the contrast: their correlation, -1..1. */
export function sameness(look: ZoneLook, empty: ZoneLook): number {
  const [seen, learnt] = [cellsOf(look), cellsOf(empty)]
  let [both, one, other] = [0, 0, 0]
  for (const i of seen.inside) {
    const [a, b] = [(seen.grey[i] ?? 0) - seen.mean, (learnt.grey[i] ?? 0) - learnt.mean]
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

/** A look taken apart: `inside` lists its cells within the zone, `beside` pairs of neighbours in it, one after the other; `mean` and `spread` (standard deviation) are of `inside`. */
type Cells = {
  readonly grey: Uint8Array
  readonly mask: Uint8Array
  readonly inside: Uint16Array
  readonly beside: Uint16Array
  readonly mean: number
  readonly spread: number
}

/** A reference is held against every picture of its zone: it is taken apart once. */
const takenApart = new WeakMap<ZoneLook, Cells>()

function cellsOf(look: ZoneLook): Cells {
  const known = takenApart.get(look)
  if (known) return known
  const bytes = new Uint8Array(2 * look.size * look.size)
  bytes.set(Buffer.from(look.grey, 'base64').subarray(0, bytes.length))
  const [grey, mask] = [bytes.subarray(0, look.size * look.size), bytes.subarray(look.size * look.size)]
  const { inside, beside } = shapeOf(look.size, mask)
  const many = Math.max(1, inside.length)
  const mean = inside.reduce((sum, i) => sum + (grey[i] ?? 0), 0) / many
  const spread = Math.sqrt(inside.reduce((sum, i) => sum + ((grey[i] ?? 0) - mean) ** 2, 0) / many)
  const cells = { grey, mask, inside, beside, mean, spread }
  takenApart.set(look, cells)
  return cells
}

function lookOf(size: number, grey: Uint8Array, mask: Uint8Array): ZoneLook {
  return { size, grey: Buffer.concat([grey, mask]).toString('base64') }
}

function sameMask(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0
}

function isBlind(look: ZoneLook): boolean {
  const { inside, mean, spread } = cellsOf(look)
  return inside.length === 0 || (spread < BLIND.spread && (mean < BLIND.dark || mean > BLIND.bright))
}

type Shape = { readonly mask: Uint8Array; readonly inside: Uint16Array; readonly beside: Uint16Array }

/** The shapes of the zones looked at last: every look of a zone has the same. */
const shapes: Shape[] = []
const MOST_SHAPES = 64

function shapeOf(size: number, mask: Uint8Array): Shape {
  const known = shapes.find((one) => sameMask(one.mask, mask))
  if (known) return known
  const inside = Uint16Array.from([...mask.keys()].filter((i) => mask[i] === 255))
  const pairs: number[] = []
  for (const i of inside) {
    if ((i + 1) % size !== 0 && mask[i + 1] === 255) pairs.push(i, i + 1)
    if (mask[i + size] === 255) pairs.push(i, i + size)
  }
  const shape = { mask: new Uint8Array(mask), inside, beside: Uint16Array.from(pairs) }
  shapes.unshift(shape)
  shapes.length = Math.min(shapes.length, MOST_SHAPES)
  return shape
}

/** Room to count in, used again each time. */
let gaps = new Int32Array(0)

/** The likeness when the scene has `gain` times the learnt contrast; the light is the one that suits most cells. */
function likenessAt(gain: number, { grey, inside, beside }: Cells, learnt: Cells, tolerance: Tolerance): number {
  if (gaps.length < grey.length) gaps = new Int32Array(grey.length)
  const order = new Int32Array(inside.length)
  const factor = Math.round(STEPS * gain)
  for (let k = 0; k < inside.length; k++) {
    const i = inside[k] as number
    const gap = STEPS * (grey[i] as number) - factor * (learnt.grey[i] as number)
    gaps[i] = gap
    order[k] = gap
  }
  const perGain = tolerance === 'wide' ? NOISE.perGain : Math.min(NOISE.perGain, NOISE.perSpread * learnt.spread)
  const limit = Math.round(STEPS * (NOISE.fixed + perGain * gain))
  const offset = median(order)
  const [least, most] = [offset - 2 * limit, offset + 2 * limit]
  let [greys, edges] = [0, 0]
  for (const gap of order) if (gap >= least && gap <= most) greys++
  for (let k = 0; k < beside.length; k += 2) {
    const step = (gaps[beside[k] as number] as number) - (gaps[beside[k + 1] as number] as number)
    if (step <= limit && step >= -limit) edges++
  }
  return 0.5 * (greys / inside.length) + 0.5 * (beside.length === 0 ? 1 : edges / (beside.length / 2))
}

/** The middle one of the values, which are moved about in place: smaller ones come before it, larger ones behind it. */
function median(values: Int32Array): number {
  const middle = values.length >> 1
  let [left, right] = [0, values.length - 1]
  while (left < right) {
    const pivot = values[middle] as number
    let [low, high] = [left, right]
    while (low <= high) {
      while ((values[low] as number) < pivot) low++
      while ((values[high] as number) > pivot) high--
      if (low > high) break
      const kept = values[low] as number
      values[low++] = values[high] as number
      values[high--] = kept
    }
    if (high < middle) left = low
    if (low > middle) right = high
  }
  return values[middle] ?? 0
}
