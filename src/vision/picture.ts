import sharp, { type Metadata } from 'sharp'
import { Fault } from '../../machines/faults.ts'

/** Most bytes that a picture may have. */
export const MAX_PICTURE_BYTES = 8 * 1024 * 1024
/** Most pixels that a picture may claim in its header. */
export const MAX_PICTURE_PIXELS = 40_000_000
/** Most pixels of one side: no camera has more, and a strip one pixel wide takes a reader as long as it is. */
const MAX_PICTURE_SIDE = 16_384
/** Most bytes that a picture may need all at once before any of it can be shrunk: interlaced, progressive or turned. */
const MAX_HELD_BYTES = 120_000_000
/** A picture that takes longer is none that a camera took, s. */
const DECODE_DEADLINE_S = 10
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
 * Throws Fault PICTURE_TOO_LARGE (8 MB, 40 megapixels, less where it cannot be opened row by row; judged before any pixel is decoded) or
 * PICTURE_UNREADABLE, with `slow` where it took too long.
 */
export async function decodePicture(bytes: Uint8Array): Promise<DecodedPicture> {
  if (bytes.byteLength > MAX_PICTURE_BYTES) throw new Fault('PICTURE_TOO_LARGE', { bytes: bytes.byteLength })
  if (!isJpeg(bytes) && !isPng(bytes)) throw new Fault('PICTURE_UNREADABLE', { bytes: bytes.byteLength })
  const header = await headerOf(bytes)
  const size = header.autoOrient
  if (!isAffordable(header)) throw new Fault('PICTURE_TOO_LARGE', { width: size.width, height: size.height })
  try {
    const { data, info } = await sharp(bytes, { limitInputPixels: MAX_PICTURE_PIXELS, failOn: 'truncated' })
      .autoOrient()
      .resize({ width: MAX_DECODED_SIDE, height: MAX_DECODED_SIDE, fit: 'inside', withoutEnlargement: true })
      .flatten()
      .toColourspace('srgb')
      .removeAlpha()
      .raw({ depth: 'uchar' })
      .timeout({ seconds: DECODE_DEADLINE_S })
      .toBuffer({ resolveWithObject: true })
    return {
      width: info.width,
      height: info.height,
      rgb: threeChannels(data, info.channels),
      fileWidth: size.width,
      fileHeight: size.height,
    }
  } catch (cause) {
    const isSlow = cause instanceof Error && cause.message.startsWith('timeout')
    throw new Fault('PICTURE_UNREADABLE', { bytes: bytes.byteLength, ...(isSlow && { slow: true }) }, { cause })
  }
}

/** Whether a picture can be opened in bounded memory and time, by its header. */
function isAffordable({ autoOrient, format, channels, depth, isProgressive, orientation }: Metadata): boolean {
  const { width, height } = autoOrient
  const pixels = width * height
  if (pixels > MAX_PICTURE_PIXELS || Math.max(width, height) > MAX_PICTURE_SIDE) return false
  const whole = channels * (depth === 'uchar' ? 1 : 2)
  // A progressive JPEG is held as its coefficients, two bytes each.
  const opened = !isProgressive ? 0 : format === 'jpeg' ? 2 * channels : whole
  const turned = (orientation ?? 1) > 1 ? whole : 0
  return pixels * (opened + turned) <= MAX_HELD_BYTES
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
  const { width, height } = (await headerOf(bytes)).autoOrient
  return { width, height }
}

async function headerOf(bytes: Uint8Array): Promise<Metadata> {
  try {
    return await sharp(bytes, { limitInputPixels: false }).metadata()
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
