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
  const { mean, variance, glare } = momentsOf(detail)
  return {
    look: { size: LOOK_SIZE, grey: Buffer.concat([cells, outsideOf(zones)]).toString('base64') },
    // A flat picture has no contrast to have detail in: one grey level squared keeps the figure small there.
    sharpness: detailOf(detail) / (variance + 1),
    spread: Math.sqrt(variance),
    mean,
    glare,
  }
}

/** A plain loop, here and below: every picture passes here, and a callback or an iterator for each pixel takes five times as long. */
function greyOf({ rgb }: Picture): Uint8Array {
  const grey = new Uint8Array(rgb.length / 3)
  for (let i = 0, from = 0; i < grey.length; i += 1, from += 3)
    grey[i] =
      0.299 * (rgb[from] as number) + 0.587 * (rgb[from + 1] as number) + 0.114 * (rgb[from + 2] as number) + 0.5
  return grey
}

/** Mean and variance of the grey levels, and the share of pixels that are burnt out: all by how often each level is there. */
function momentsOf(grey: Uint8Array): { readonly mean: number; readonly variance: number; readonly glare: number } {
  const times = new Uint32Array(256)
  for (let i = 0; i < grey.length; i += 1) times[grey[i] as number] = (times[grey[i] as number] as number) + 1
  let [sum, squares, burnt] = [0, 0, 0]
  for (let level = 0; level < 256; level += 1) {
    const count = times[level] as number
    sum += count * level
    squares += count * level * level
    if (level >= BURNT) burnt += count
  }
  const mean = sum / grey.length
  return { mean, variance: Math.max(0, squares / grey.length - mean * mean), glare: burnt / grey.length }
}

/** Mean square of the second difference: what a lens out of focus takes away first. */
function detailOf(grey: Uint8Array): number {
  const { width, height } = DETAIL
  let sum = 0
  for (let y = 1; y < height - 1; y += 1) {
    for (let at = y * width + 1, end = at + width - 2; at < end; at += 1) {
      const across = (grey[at - 1] as number) + (grey[at + 1] as number)
      const along = (grey[at - width] as number) + (grey[at + width] as number)
      const bend = 4 * (grey[at] as number) - across - along
      sum += bend * bend
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
