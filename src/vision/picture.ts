import sharp from 'sharp'
import { Fault } from '../../machines/faults.ts'

/** Most bytes that a picture may have. */
export const MAX_PICTURE_BYTES = 8 * 1024 * 1024
/** Most pixels that a picture may claim in its header. */
export const MAX_PICTURE_PIXELS = 40_000_000
/** Longer sides are shrunk to this while decoding: text that a plate needs is far coarser, and memory stays bounded. */
const MAX_DECODED_SIDE = 3200

/** Pixels of a picture: `rgb` holds width × height × 3 bytes, row by row. */
export type Picture = { readonly width: number; readonly height: number; readonly rgb: Uint8Array }

/** A decoded picture with the size that its file has (after its own rotation mark), which may be larger than the decoded one. */
export type DecodedPicture = Picture & { readonly fileWidth: number; readonly fileHeight: number }

/** An upright rectangle in pixels. */
export type PixelBox = { readonly x: number; readonly y: number; readonly width: number; readonly height: number }

sharp.cache(false)
sharp.concurrency(1)

/**
 * Decodes JPEG or PNG bytes, turned upright as the file's own rotation mark says.
 * Throws Fault PICTURE_TOO_LARGE (8 MB, 40 megapixels, judged before any pixel is decoded) or PICTURE_UNREADABLE.
 */
export async function decodePicture(bytes: Uint8Array): Promise<DecodedPicture> {
  if (bytes.byteLength > MAX_PICTURE_BYTES) throw new Fault('PICTURE_TOO_LARGE', { bytes: bytes.byteLength })
  if (!isJpeg(bytes) && !isPng(bytes)) throw new Fault('PICTURE_UNREADABLE', { bytes: bytes.byteLength })
  const size = await pictureSize(bytes)
  if (size.width * size.height > MAX_PICTURE_PIXELS)
    throw new Fault('PICTURE_TOO_LARGE', { width: size.width, height: size.height })
  try {
    const { data, info } = await sharp(bytes, { limitInputPixels: MAX_PICTURE_PIXELS, failOn: 'truncated' })
      .autoOrient()
      .resize({ width: MAX_DECODED_SIDE, height: MAX_DECODED_SIDE, fit: 'inside', withoutEnlargement: true })
      .flatten()
      .toColourspace('srgb')
      .removeAlpha()
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true })
    return {
      width: info.width,
      height: info.height,
      rgb: threeChannels(data, info.channels),
      fileWidth: size.width,
      fileHeight: size.height,
    }
  } catch (cause) {
    throw new Fault('PICTURE_UNREADABLE', { bytes: bytes.byteLength }, { cause })
  }
}

/** Cuts `box` out and scales it to `width`×`height` pixels, averaging where it shrinks. */
export async function cropPicture(picture: Picture, box: PixelBox, width: number, height: number): Promise<Picture> {
  const raw = { width: picture.width, height: picture.height, channels: 3 as const }
  const rgb = await sharp(picture.rgb, { raw })
    .extract({ left: box.x, top: box.y, width: box.width, height: box.height })
    .resize({ width, height, fit: 'fill', kernel: 'cubic' })
    .raw()
    .toBuffer()
  return { width, height, rgb }
}

/** A picture's size in pixels by its header, upright. Throws Fault PICTURE_UNREADABLE. */
export async function pictureSize(bytes: Uint8Array): Promise<{ width: number; height: number }> {
  try {
    const { autoOrient } = await sharp(bytes, { limitInputPixels: false }).metadata()
    return { width: autoOrient.width, height: autoOrient.height }
  } catch (cause) {
    throw new Fault('PICTURE_UNREADABLE', { bytes: bytes.byteLength }, { cause })
  }
}

function threeChannels(data: Uint8Array, channels: number): Uint8Array {
  if (channels === 3) return data
  const pixels = data.length / channels
  const rgb = new Uint8Array(pixels * 3)
  for (let i = 0; i < pixels; i++) rgb.fill(data[i * channels] ?? 0, i * 3, i * 3 + 3)
  return rgb
}

function isJpeg(bytes: Uint8Array): boolean {
  return bytes.length > 3 && bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff
}

function isPng(bytes: Uint8Array): boolean {
  return bytes.length > 8 && [0x89, 0x50, 0x4e, 0x47].every((byte, i) => bytes[i] === byte)
}
