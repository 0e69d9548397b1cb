import sharp from 'sharp'
import type { Polygon } from '../../actors/ports.ts'
import type { Picture, PixelBox } from './picture.ts'
import { boxCorners, type TextBox } from './text-box.ts'
import { isInside } from './zone-crop.ts'

/** Most bytes of one crop: beyond it a crop would be a picture of more than a plate. */
export const MAX_CROP_BYTES = 64 * 1024
/** A wider crop is shrunk to this (pixels): a person needs no more, and no reader does. */
const MAX_WIDTH = 320
/** Around the text, as shares of its height: the plate's own border, and no more of the vehicle. */
const ALONG = 0.5
const ACROSS = 0.3
const QUALITY = 82

/**
 * A small JPEG of the plate alone, for people and second readers; null where the text's middle lies outside the zone. It never reaches
 * beyond `part`, the zone's own part of the picture.
 */
export async function cropPlate(
  picture: Picture,
  text: TextBox,
  zone: Polygon,
  part: PixelBox,
): Promise<Uint8Array | null> {
  if (!isInside(zone, text.cx / picture.width, text.cy / picture.height)) return null
  const box = cutOf(text, part)
  if (box === null) return null
  const raw = { width: picture.width, height: picture.height, channels: 3 as const }
  const jpeg = await sharp(picture.rgb, { raw })
    .extract({ left: box.x, top: box.y, width: box.width, height: box.height })
    .resize({ width: MAX_WIDTH, height: MAX_WIDTH, fit: 'inside', withoutEnlargement: true })
    .jpeg({ quality: QUALITY })
    .toBuffer()
  return jpeg.byteLength <= MAX_CROP_BYTES ? new Uint8Array(jpeg) : null
}

/** The upright rectangle around the text and its border, inside the zone's part; null where nothing is left of it. */
function cutOf(text: TextBox, part: PixelBox): PixelBox | null {
  const corners = boxCorners(text)
  const xs = corners.map(([x]) => x)
  const ys = corners.map(([, y]) => y)
  const [along, across] = [ALONG * text.height, ACROSS * text.height]
  const left = Math.max(part.x, Math.floor(Math.min(...xs) - along))
  const right = Math.min(part.x + part.width, Math.ceil(Math.max(...xs) + along))
  const top = Math.max(part.y, Math.floor(Math.min(...ys) - across))
  const bottom = Math.min(part.y + part.height, Math.ceil(Math.max(...ys) + across))
  return right - left < 8 || bottom - top < 8 ? null : { x: left, y: top, width: right - left, height: bottom - top }
}
