import sharp from 'sharp'
import type { PictureAnswer, Polygon } from '../../actors/ports.ts'
import { decodePicture } from './picture.ts'

/** A picture for people is no wider, pixels. */
const WIDEST = 1280
/** For who may not see plates: the widest plate that may be in the picture gets so few pixels, three a letter, and they are blurred (sigma). */
const COARSE = { plate_px: 20, sigma: 1.1, least: 24, most: 240, shown: 800 }
/** A plate is a fifth as wide as its bay; vehicles stand nearer than the bay’s middle. */
const PLATE_OF_ZONE = 0.3

/** The widest plate that may be in a picture, as a share of its width: by the zones in it, and by what was read. */
export function widestPlate(answer: PictureAnswer, zones: readonly Polygon[]): number {
  const reads = Object.values(answer.zones).flatMap((zone) => zone.reads.map(({ quad }) => widthOf(quad)))
  const widest = zones.length === 0 ? 1 : Math.max(...zones.map(widthOf))
  return Math.max(PLATE_OF_ZONE * widest, ...reads)
}

function widthOf(polygon: Polygon): number {
  const xs = polygon.map(([x]) => x)
  return Math.max(...xs) - Math.min(...xs)
}

/** A camera’s picture as a JPEG for people. Throws Fault PICTURE_TOO_LARGE or PICTURE_UNREADABLE. */
export async function clearPicture(bytes: Uint8Array): Promise<Buffer> {
  const { width, height, rgb } = await decodePicture(bytes)
  return sharp(rgb, { raw: { width, height, channels: 3 } })
    .resize({ width: WIDEST, withoutEnlargement: true })
    .jpeg({ quality: 80 })
    .toBuffer()
}

/**
 * The same so coarse that bays and vehicles can be told, and a plate of this share of its width cannot be read. Throws Fault
 * PICTURE_TOO_LARGE or PICTURE_UNREADABLE.
 */
export async function coarsePicture(bytes: Uint8Array, plate: number): Promise<Buffer> {
  const { width, height, rgb } = await decodePicture(bytes)
  const few = Math.round(Math.min(COARSE.most, Math.max(COARSE.least, COARSE.plate_px / Math.max(plate, 0.01))))
  const small = await sharp(rgb, { raw: { width, height, channels: 3 } })
    .resize({ width: few })
    .blur(COARSE.sigma)
    .png()
    .toBuffer()
  return sharp(small).resize({ width: COARSE.shown, kernel: 'cubic' }).jpeg({ quality: 80 }).toBuffer()
}
