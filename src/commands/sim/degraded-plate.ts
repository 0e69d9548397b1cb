import sharp from 'sharp'
import { PLATE_WIDTH_M, STROKE_M } from '../../../simulations/design/camera-geometry.ts'
import type { Dice } from '../../demo/dice.ts'
import { addGrain, type Pixels } from '../../demo/scene-picture.ts'

/** How one picture of a plate was made worse. Pixels are those of the picture that the reader gets. */
export type Damage = {
  /** How wide the plate is, seen at its angle. */
  readonly plate_px: number
  /** Blur over all causes, pixels: the way that a point moves while the shutter is open, and the circle that a point out of focus makes. */
  readonly motion_px: number
  readonly defocus_px: number
  /** Which way it moves, radians from level. */
  readonly direction_rad: number
  /** Noise, standard deviation in grey values. */
  readonly noise: number
  /** Of the JPEG, 1..100. */
  readonly quality: number
  readonly seed: number
}

/** Plates are tried from too small to read to wide enough for anything. */
const PLATE_PX = [20, 170] as const
/** Blur is tried up to so many strokes. */
const MOST_STROKES = 4
/** One picture in so many is not blurred beyond what every lens does. */
const SHARP_SHARE = 0.25
/** A good lens still spreads a point so far, pixels (sigma). */
const LENS_PX = 0.45
/** A circle of diameter d spreads a point as a bell curve with a sigma of d / 4 does. */
const CIRCLE_SIGMA = 1 / 4
const LEAST_SIGMA = 0.3

/** How wide a character's stroke is on a plate of so many pixels, by the proportions that camera planning counts with. */
const strokePixels = (plate_px: number): number => plate_px * (STROKE_M / PLATE_WIDTH_M)

/** All causes of blur together, pixels. */
export const blurOf = ({ motion_px, defocus_px }: Damage): number => Math.hypot(motion_px, defocus_px)

/** Draws how a plate is made worse: width and blur over the whole range, the rest as cameras differ. `most_px` = no wider than that. */
export function drawDamage(dice: Dice, most_px: number = PLATE_PX[1]): Damage {
  const [least, most] = [PLATE_PX[0], Math.max(PLATE_PX[0], Math.min(PLATE_PX[1], most_px))]
  const plate_px = least * (most / least) ** dice.next()
  const blurred = dice.next() < SHARP_SHARE ? 0 : dice.next() * MOST_STROKES * strokePixels(plate_px)
  const turn = dice.next() * (Math.PI / 2)
  return {
    plate_px,
    motion_px: blurred * Math.cos(turn),
    defocus_px: blurred * Math.sin(turn),
    direction_rad: dice.between(-0.5, 0.5) * Math.PI,
    noise: dice.between(1.5, 9),
    quality: 60 + dice.whole(33),
    seed: dice.whole(1 << 30),
  }
}

/** The picture that a camera sends of sharp pixels: out of focus, moved, noisy, JPEG. `pixels` stays as it is. */
export async function degraded(pixels: Pixels, damage: Damage): Promise<Buffer> {
  const raw = { raw: { width: pixels.width, height: pixels.height, channels: 3 as const } }
  const sigma = Math.max(LEAST_SIGMA, Math.hypot(LENS_PX, damage.defocus_px * CIRCLE_SIGMA))
  let seen = await sharp(pixels.data, raw).blur(sigma).raw().toBuffer()
  if (damage.motion_px > 0)
    seen = await sharp(seen, raw)
      .convolve(motionKernel(damage.motion_px, damage.direction_rad))
      .removeAlpha()
      .raw()
      .toBuffer()
  addGrain(seen, { seed: damage.seed, noise: damage.noise, blur_px: 0 })
  return sharp(seen, raw).jpeg({ quality: damage.quality }).toBuffer()
}

/** A line of so many pixels as a kernel whose weights sum to 1; each point of the line is shared among the four pixels around it. */
export function motionKernel(
  length_px: number,
  direction_rad: number,
): { readonly width: number; readonly height: number; readonly kernel: number[] } {
  const reach = Math.max(1, Math.ceil(length_px / 2))
  const side = 2 * reach + 1
  const kernel = new Array<number>(side * side).fill(0)
  const steps = Math.max(2, Math.ceil(length_px * 8))
  for (let step = 0; step < steps; step++) {
    const along = ((step + 0.5) / steps - 0.5) * length_px
    const [x, y] = [reach + along * Math.cos(direction_rad), reach + along * Math.sin(direction_rad)]
    const [left, top] = [Math.min(side - 2, Math.floor(x)), Math.min(side - 2, Math.floor(y))]
    for (const [across, down] of [
      [0, 0],
      [1, 0],
      [0, 1],
      [1, 1],
    ] as const) {
      const weight = Math.max(0, 1 - Math.abs(x - left - across)) * Math.max(0, 1 - Math.abs(y - top - down))
      const at = (top + down) * side + left + across
      kernel[at] = (kernel[at] as number) + weight / steps
    }
  }
  return { width: side, height: side, kernel }
}
