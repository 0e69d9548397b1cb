import type { Polygon } from '../../actors/ports.ts'
import type { Picture } from './picture.ts'
import { isInside } from './zone-crop.ts'

/** What stands where a mask is: even, so that no text detector finds anything in it or along its edge. */
const GREY = 128

const kept = new WeakMap<Picture, { readonly masks: readonly Polygon[]; readonly picture: Picture }>()

/** The picture with its masked polygons (0..1) painted over: what lies there is never recognised. The picture itself stays as it is. */
export function maskedPicture(picture: Picture, masks: readonly Polygon[]): Picture {
  if (masks.length === 0) return picture
  const known = kept.get(picture)
  if (known?.masks === masks) return known.picture
  const painted = { ...picture, rgb: new Uint8Array(picture.rgb) }
  for (const mask of masks) paint(painted, mask)
  kept.set(picture, { masks, picture: painted })
  return painted
}

function paint({ width, height, rgb }: Picture, mask: Polygon): void {
  const span = (axis: 0 | 1, size: number): readonly [number, number] => {
    const values = mask.map((point) => point[axis] * size)
    return [Math.max(0, Math.floor(Math.min(...values))), Math.min(size, Math.ceil(Math.max(...values)))]
  }
  const [left, right] = span(0, width)
  const [top, bottom] = span(1, height)
  for (let y = top; y < bottom; y++)
    for (let x = left; x < right; x++)
      if (isInside(mask, (x + 0.5) / width, (y + 0.5) / height))
        rgb.fill(GREY, 3 * (y * width + x), 3 * (y * width + x) + 3)
}
