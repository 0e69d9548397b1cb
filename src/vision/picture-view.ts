import type { Polygon } from '../../actors/ports.ts'
import type { PictureView } from '../../actors/zone-look.ts'
import { cropPicture, type Picture } from './picture.ts'
import { isInside } from './zone-crop.ts'

/** Cells along each side of the look: coarse enough that nobody and no plate is recognised in it. */
const LOOK_SIZE = 32
/** Detail is measured at this size: finer than plates need, coarser than a sensor's noise. */
const DETAIL = { width: 480, height: 270 }
/** Grey from here on is burnt out. */
const BURNT = 250

/** A whole picture at a glance; see `PictureView`. */
export async function viewOf(picture: Picture, zones: readonly Polygon[]): Promise<PictureView> {
  const whole = { x: 0, y: 0, width: picture.width, height: picture.height }
  const detail = greyOf(await cropPicture(picture, whole, DETAIL.width, DETAIL.height))
  const cells = greyOf(await cropPicture(picture, whole, LOOK_SIZE, LOOK_SIZE))
  const { mean, variance } = momentsOf(detail)
  return {
    look: { size: LOOK_SIZE, grey: Buffer.concat([cells, outsideOf(zones)]).toString('base64') },
    // A flat picture has no contrast to have detail in: one grey level squared keeps the figure small there.
    sharpness: detailOf(detail) / (variance + 1),
    spread: Math.sqrt(variance),
    mean,
    glare: shareOf(detail, BURNT),
  }
}

/** A plain loop: every picture passes here, and a callback for each pixel takes five times as long. */
function greyOf({ rgb }: Picture): Uint8Array {
  const grey = new Uint8Array(rgb.length / 3)
  for (let i = 0; i < grey.length; i += 1)
    grey[i] = Math.round(
      0.299 * (rgb[i * 3] as number) + 0.587 * (rgb[i * 3 + 1] as number) + 0.114 * (rgb[i * 3 + 2] as number),
    )
  return grey
}

/** Share of pixels of this grey and lighter. */
function shareOf(grey: Uint8Array, from: number): number {
  let count = 0
  for (const value of grey) if (value >= from) count += 1
  return count / grey.length
}

function momentsOf(grey: Uint8Array): { readonly mean: number; readonly variance: number } {
  let [sum, squares] = [0, 0]
  for (const value of grey) {
    sum += value
    squares += value * value
  }
  const mean = sum / grey.length
  return { mean, variance: Math.max(0, squares / grey.length - mean * mean) }
}

/** Mean square of the second difference: what a lens out of focus takes away first. */
function detailOf(grey: Uint8Array): number {
  const { width, height } = DETAIL
  let sum = 0
  for (let y = 1; y < height - 1; y += 1) {
    for (let x = 1; x < width - 1; x += 1) {
      const at = y * width + x
      const across = (grey[at - 1] as number) + (grey[at + 1] as number)
      const along = (grey[at - width] as number) + (grey[at + width] as number)
      sum += (4 * (grey[at] as number) - across - along) ** 2
    }
  }
  return sum / ((width - 2) * (height - 2))
}

/** 255 for each cell whose middle lies in no zone. */
function outsideOf(zones: readonly Polygon[]): Uint8Array {
  return Uint8Array.from({ length: LOOK_SIZE * LOOK_SIZE }, (_, i) => {
    const [x, y] = [((i % LOOK_SIZE) + 0.5) / LOOK_SIZE, (Math.floor(i / LOOK_SIZE) + 0.5) / LOOK_SIZE]
    return zones.some((zone) => isInside(zone, x, y)) ? 0 : 255
  })
}
