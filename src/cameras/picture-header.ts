import { Fault } from '../../machines/faults.ts'
import type { PictureSize } from './camera-dialect.ts'

/** Most characters of base64 that are taken for a picture: 8 MB of it. */
const LONGEST = (8 << 20) * 1.4

export const isJpeg = (bytes: Uint8Array): boolean => bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff

/** Whether these bytes begin as a JPEG or PNG does. */
export const isPicture = (bytes: Uint8Array): boolean =>
  isJpeg(bytes) || [0x89, 0x50, 0x4e, 0x47].every((byte, at) => bytes[at] === byte)

/** Throws Fault PICTURE_UNREADABLE where these bytes are no picture. */
export function insistOnPicture(bytes: Uint8Array): void {
  if (!isPicture(bytes)) throw new Fault('PICTURE_UNREADABLE')
}

/** The size that a JPEG's header names, without opening it; null where it names none. */
export function jpegSize(bytes: Uint8Array): PictureSize | null {
  if (!isJpeg(bytes)) return null
  let at = 2
  while (at + 9 < bytes.length) {
    if (bytes[at] !== 0xff) return null
    const marker = bytes[at + 1] ?? 0
    const word = (place: number): number => ((bytes[place] ?? 0) << 8) + (bytes[place + 1] ?? 0)
    if (marker === 0xff) {
      at += 1
      continue
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc
    if (isFrame) return word(at + 7) > 0 && word(at + 5) > 0 ? [word(at + 7), word(at + 5)] : null
    const isBare = marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)
    if (marker === 0xda || marker === 0xd9) return null
    at += isBare ? 2 : 2 + Math.max(2, word(at + 2))
  }
  return null
}

/** A JPEG written as base64, also as a data URL and with line breaks; null where the text is none. */
export function base64Jpeg(text: unknown): Buffer | null {
  if (typeof text !== 'string' || text.length < 64 || text.length > LONGEST) return null
  const bytes = Buffer.from(text.startsWith('data:') ? text.slice(text.indexOf(',') + 1) : text, 'base64')
  return isJpeg(bytes) ? bytes : null
}
