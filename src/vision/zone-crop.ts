import type { Polygon } from '../../actors/ports.ts'
import type { ZoneLook } from '../../actors/zone-look.ts'
import { cropPicture, type Picture, type PixelBox } from './picture.ts'

/** Cells along each side of a look: coarse enough that no plate can be read in it. */
export const LOOK_SIZE = 24
/** A zone's crop reaches this share of its size beyond the polygon, so that a plate on its edge is whole. */
export const ZONE_MARGIN = 0.04
/** Smaller crops hold no plate; they are widened to this many pixels. */
const MIN_SIDE = 16

/** The part of a picture that shows a zone: the polygon's bounding box with a little margin, in whole pixels inside the picture. */
export function zoneCrop(
  polygon: Polygon,
  picture: { readonly width: number; readonly height: number },
  margin = ZONE_MARGIN,
): PixelBox {
  const span = (axis: 0 | 1, size: number): [number, number] => {
    const values = polygon.map((point) => Math.min(1, Math.max(0, point[axis])) * size)
    const [low, high] = [Math.min(...values), Math.max(...values)]
    const from = Math.max(0, Math.min(size - MIN_SIDE, Math.round(low - margin * (high - low))))
    const to = Math.min(size, Math.max(from + MIN_SIDE, Math.round(high + margin * (high - low))))
    return [from, to]
  }
  const [left, right] = span(0, picture.width)
  const [top, bottom] = span(1, picture.height)
  return { x: left, y: top, width: right - left, height: bottom - top }
}

/**
 * A zone at a glance: the mean grey of each of 24×24 cells of the polygon's bounding box, then a mask (255 inside the polygon and in
 * nothing that is ignored, else 0).
 */
export async function lookAtZone(
  picture: Picture,
  polygon: Polygon,
  ignored: readonly Polygon[] = [],
): Promise<ZoneLook> {
  const part = zoneCrop(polygon, picture, 0)
  const { rgb } = await cropPicture(picture, part, LOOK_SIZE, LOOK_SIZE)
  const grey = Uint8Array.from({ length: LOOK_SIZE * LOOK_SIZE }, (_, i) =>
    Math.round(0.299 * (rgb[i * 3] ?? 0) + 0.587 * (rgb[i * 3 + 1] ?? 0) + 0.114 * (rgb[i * 3 + 2] ?? 0)),
  )
  return maskedLook(grey, (column, row) => {
    const x = (part.x + ((column + 0.5) / LOOK_SIZE) * part.width) / picture.width
    const y = (part.y + ((row + 0.5) / LOOK_SIZE) * part.height) / picture.height
    return isInside(polygon, x, y) && !ignored.some((one) => isInside(one, x, y))
  })
}

/** The look of 24×24 grey cells, row by row. `isSeen`: whether the cell of a column and row counts. */
export function maskedLook(grey: Uint8Array, isSeen: (column: number, row: number) => boolean): ZoneLook {
  const cells = LOOK_SIZE * LOOK_SIZE
  const bytes = new Uint8Array(2 * cells)
  for (let i = 0; i < cells; i++) {
    const isKept = isSeen(i % LOOK_SIZE, Math.floor(i / LOOK_SIZE))
    // What lies outside the polygon is another bay's business: it is not kept.
    bytes[i] = isKept ? (grey[i] ?? 0) : 0
    bytes[cells + i] = isKept ? 255 : 0
  }
  return { size: LOOK_SIZE, grey: Buffer.from(bytes).toString('base64') }
}

/** Whether a point lies in a polygon (even-odd rule). */
export function isInside(polygon: Polygon, x: number, y: number): boolean {
  let inside = false
  for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i++) {
    const [xi, yi] = polygon[i] as readonly [number, number]
    const [xj, yj] = polygon[j] as readonly [number, number]
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside
  }
  return inside
}
