import sharp from 'sharp'
import { decodePicture } from './picture.ts'

/** A picture for people is no wider, pixels. */
const WIDEST = 1280
/** For who may not see plates: so few pixels, and blurred over so many of them (sigma), that letters are gone however near the plate is. */
const COARSE = { width: 200, sigma: 2.2 }

/**
 * A camera’s picture as a JPEG for people: clear, or so coarse that bays and vehicles can be told and no plate can be read. Throws Fault
 * PICTURE_TOO_LARGE or PICTURE_UNREADABLE.
 */
export async function shownPicture(bytes: Uint8Array, isClear: boolean): Promise<Buffer> {
  const { width, height, rgb } = await decodePicture(bytes)
  const picture = sharp(rgb, { raw: { width, height, channels: 3 } })
  if (isClear) return picture.resize({ width: WIDEST, withoutEnlargement: true }).jpeg({ quality: 80 }).toBuffer()
  const small = await picture.resize({ width: COARSE.width, fit: 'inside' }).blur(COARSE.sigma).png().toBuffer()
  return sharp(small)
    .resize({ width: 4 * COARSE.width, kernel: 'cubic' })
    .jpeg({ quality: 80 })
    .toBuffer()
}
