import type { PictureAnswer, PictureRead, ReaderZone } from '../../actors/ports.ts'
import type { PictureView, ZoneLook } from '../../actors/zone-look.ts'

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
    return isObject(zone) && Array.isArray(zone.reads) && zone.reads.every(isSoundRead) && isSoundLook(zone.look)
  })
}

function isSoundRead(read: PictureRead): boolean {
  if (!isObject(read) || !isText(read.text) || !isShare(read.confidence)) return false
  if (!Array.isArray(read.characters) || read.characters.length !== read.text.length || !read.characters.every(isShare))
    return false
  if (!Array.isArray(read.candidates) || !read.candidates.every((c) => isText(c?.text) && isShare(c?.confidence)))
    return false
  return (
    Array.isArray(read.quad) &&
    read.quad.length === 4 &&
    read.quad.every((p) => Array.isArray(p) && p.length === 2 && p.every(isShare))
  )
}

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
