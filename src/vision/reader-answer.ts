import type { PictureAnswer, PictureRead } from '../../actors/ports.ts'
import type { ReaderZone } from '../../actors/reader-zone.ts'
import type { PictureView, ZoneLook } from '../../actors/zone-look.ts'
import { MAX_CROP_BYTES } from './plate-crop.ts'
import { PRINT_LENGTH } from './zone-print.ts'

const TEXT = /^[0-9A-Z]{1,80}$/

/** Whether what came from a child process is a whole answer to these zones: a child that a picture broke may say anything. */
export function isSoundAnswer(answer: PictureAnswer, zones: { readonly [zoneId: string]: ReaderZone }): boolean {
  if (!isObject(answer) || !isObject(answer.zones)) return false
  if (!(answer.width > 0 && answer.height > 0 && answer.ms >= 0)) return false
  if (answer.view !== undefined && !isSoundView(answer.view)) return false
  const asked = Object.keys(zones)
  if (Object.keys(answer.zones).length !== asked.length) return false
  return asked.every((zoneId) => {
    const zone = answer.zones[zoneId]
    if (!isObject(zone) || !isSoundLook(zone.look) || !isSoundPrint(zone.print)) return false
    return Array.isArray(zone.reads) && zone.reads.every(isSoundRead)
  })
}

function isSoundRead(read: PictureRead): boolean {
  if (!isObject(read) || !isText(read.text) || !isShare(read.confidence)) return false
  if (!Array.isArray(read.characters) || read.characters.length !== read.text.length || !read.characters.every(isShare))
    return false
  if (!Array.isArray(read.candidates) || !read.candidates.every((c) => isText(c?.text) && isShare(c?.confidence)))
    return false
  if (read.crop !== undefined && !isSoundCrop(read.crop)) return false
  if (read.agreed !== undefined && typeof read.agreed !== 'boolean') return false
  return (
    Array.isArray(read.quad) &&
    read.quad.length === 4 &&
    read.quad.every((p) => Array.isArray(p) && p.length === 2 && p.every(isShare))
  )
}

/** A small JPEG by its first bytes: it is shown to people, and to nobody as anything else. */
export function isSoundCrop(crop: unknown): crop is Uint8Array {
  return (
    crop instanceof Uint8Array &&
    crop.byteLength <= MAX_CROP_BYTES &&
    [0xff, 0xd8, 0xff].every((one, i) => crop[i] === one)
  )
}

const isSoundPrint = (print: readonly number[] | undefined): boolean =>
  print === undefined || (Array.isArray(print) && print.length === PRINT_LENGTH && print.every(Number.isFinite))

function isSoundLook(look: ZoneLook): boolean {
  return (
    isObject(look) &&
    Number.isInteger(look.size) &&
    typeof look.grey === 'string' &&
    look.grey.length <= 8 * look.size * look.size
  )
}

function isSoundView(view: PictureView): boolean {
  const figures = [view?.sharpness, view?.spread, view?.mean, view?.glare]
  return isObject(view) && isSoundLook(view.look) && figures.every((one) => Number.isFinite(one) && one >= 0)
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && TEXT.test(value)
}

function isShare(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value <= 1
}
