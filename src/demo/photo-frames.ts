import { readFile } from 'node:fs/promises'
import sharp from 'sharp'
import type { Dice } from './dice.ts'
import type { Pixels } from './scene-picture.ts'
import { developPicture } from './scene-picture.ts'

/** A photograph, ready to be taken again and again with a camera's small differences. */
export type PhotoFilm = { frame(): Promise<Buffer> }

/** Photographs are no larger than what a bay's camera sends. */
const LONG_SIDE_PX = 1280
/** A camera on a pole sways by so large a share of the picture at most. */
const SWAY = 0.012

/** Loads a photograph. Throws what sharp throws where it is none. */
export async function openFilm(file: string, dice: Dice): Promise<PhotoFilm> {
  const { data, info } = await sharp(await readFile(file))
    .resize(LONG_SIDE_PX, LONG_SIDE_PX, { fit: 'inside', withoutEnlargement: true })
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true })
  const whole: Pixels = { data, width: info.width, height: info.height }
  return {
    async frame() {
      const moved = await shifted(whole, dice)
      return developPicture(moved, {
        seed: dice.whole(1 << 30),
        noise: dice.between(1.5, 4),
        blur_px: dice.between(0, 0.7),
      })
    },
  }
}

/** A little less than the whole picture, a little to one side. */
async function shifted(pixels: Pixels, dice: Dice): Promise<Pixels> {
  const [spareX, spareY] = [Math.floor(pixels.width * SWAY), Math.floor(pixels.height * SWAY)]
  const [width, height] = [pixels.width - spareX, pixels.height - spareY]
  const data = await sharp(pixels.data, { raw: { width: pixels.width, height: pixels.height, channels: 3 } })
    .extract({ left: dice.whole(spareX + 1), top: dice.whole(spareY + 1), width, height })
    .raw()
    .toBuffer()
  return { data, width, height }
}
