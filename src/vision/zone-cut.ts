import type { Polygon } from '../../actors/ports.ts'
import type { Picture, PixelBox } from './picture.ts'
import { ZONE_MARGIN, zoneCrop } from './zone-crop.ts'

/**
 * A zone's own small picture: its part of the whole one, with everything beyond the polygon and its margin painted over. What lies
 * elsewhere is not in it, so that no reader can find anything there.
 */
export type ZoneCut = {
  readonly picture: Picture
  /** The polygon in 0..1 of this picture. */
  readonly polygon: Polygon
  /** Where it was cut out, in pixels of the whole picture. */
  readonly from: PixelBox
}

/** What stands outside: even, so that no text is found along its edge. */
const GREY = 128
/** Zones whose outside is remembered: a site's cameras send the same ones again and again. */
const MOST_KEPT = 64

/** Cuts a zone out; the picture itself stays as it is. */
export function cutZone(picture: Picture, polygon: Polygon): ZoneCut {
  const from = zoneCrop(polygon, picture)
  const rgb = new Uint8Array(3 * from.width * from.height)
  for (let row = 0; row < from.height; row++) {
    const start = 3 * ((from.y + row) * picture.width + from.x)
    rgb.set(picture.rgb.subarray(start, start + 3 * from.width), 3 * row * from.width)
  }
  const own = polygon.map(
    ([x, y]) => [(x * picture.width - from.x) / from.width, (y * picture.height - from.y) / from.height] as const,
  )
  const outside = outsideOf(own, from.width, from.height)
  for (let i = 0; i < outside.length; i += 2) rgb.fill(GREY, 3 * (outside[i] as number), 3 * (outside[i + 1] as number))
  return { picture: { width: from.width, height: from.height, rgb }, polygon: own, from }
}

const kept = new Map<string, Uint32Array>()

/** Runs of pixels (from, to, from, to, …) of a picture of this size that lie beyond the polygon and its margin. */
function outsideOf(polygon: Polygon, width: number, height: number): Uint32Array {
  const key = JSON.stringify([width, height, polygon])
  const known = kept.get(key)
  if (known !== undefined) return known
  const seen = widened(insideOf(polygon, width, height), polygon, width, height)
  const runs: number[] = []
  for (let i = 0; i < seen.length; i++) {
    if (seen[i] === 1) continue
    const start = i
    while (i < seen.length && seen[i] === 0) i++
    runs.push(start, i)
  }
  const outside = Uint32Array.from(runs)
  kept.set(key, outside)
  if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value as string)
  return outside
}

/** 1 for each pixel whose middle lies in the polygon (even-odd rule). */
function insideOf(polygon: Polygon, width: number, height: number): Uint8Array {
  const inside = new Uint8Array(width * height)
  for (let row = 0; row < height; row++) {
    const y = (row + 0.5) / height
    const crossings: number[] = []
    for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i++) {
      const [xi, yi] = polygon[i] as readonly [number, number]
      const [xj, yj] = polygon[j] as readonly [number, number]
      if (yi > y !== yj > y) crossings.push((((xj - xi) * (y - yi)) / (yj - yi) + xi) * width)
    }
    crossings.sort((a, b) => a - b)
    for (let k = 0; k + 1 < crossings.length; k += 2) {
      const [left, right] = [Math.ceil((crossings[k] as number) - 0.5), Math.ceil((crossings[k + 1] as number) - 0.5)]
      if (right > 0 && left < width)
        inside.fill(1, row * width + Math.max(0, left), row * width + Math.min(width, right))
    }
  }
  return inside
}

/** The same with the margin on every side: this share of the polygon's width to the left and right, of its height above and below. */
function widened(inside: Uint8Array, polygon: Polygon, width: number, height: number): Uint8Array {
  const reach = (axis: 0 | 1, size: number): number => {
    const values = polygon.map((point) => Math.min(1, Math.max(0, point[axis])) * size)
    return Math.ceil(ZONE_MARGIN * (Math.max(...values) - Math.min(...values))) + 1
  }
  const across = spread(inside, height, width, width, 1, reach(0, width))
  return spread(across, width, height, 1, width, reach(1, height))
}

/** Each 1 spread by `reach` to both sides along `lines` lines of `length` pixels: a line begins `line` pixels after the one before, a pixel `step` after its neighbour. */
function spread(
  from: Uint8Array,
  lines: number,
  length: number,
  line: number,
  step: number,
  reach: number,
): Uint8Array {
  const to = new Uint8Array(from.length)
  for (let l = 0; l < lines; l++) {
    for (const [start, way] of [
      [l * line, step],
      [l * line + (length - 1) * step, -step],
    ] as const) {
      let since = reach + 1
      for (let i = 0, at = start; i < length; i++, at += way) {
        since = from[at] === 1 ? 0 : since + 1
        if (since <= reach) to[at] = 1
      }
    }
  }
  return to
}
