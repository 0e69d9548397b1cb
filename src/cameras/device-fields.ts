import { createHash } from 'node:crypto'
import type { Box } from '../../actors/camera-desk.ts'
import type { Json } from '../../machines/events.ts'
import { Fault } from '../../machines/faults.ts'
import type { PictureSize } from './camera-dialect.ts'
import { isShallowJson, isSpace, withoutEnds } from './message-bounds.ts'

/** An object of a device's message: nothing of its shape is sure. */
export type Fields = { readonly [key: string]: unknown }

/** Longest plate text and longest name that is taken from a device. */
const LONG = 128
/** Most entries of a list that are looked at. */
const MANY = 200
/** How much of a message is kept as evidence: characters of one value, and of all. */
const KEPT_VALUE = 160
const KEPT = 2_000
const KEPT_DEPTH = 6

/** What is wrong with a message, as a fault. The sentence names the place and never a value: a value may be a plate. */
export const unclear = (dialect: string, says: string): Fault =>
  new Fault('BODY_INVALID', { dialect }, { says: `This ${dialect} message ${says}; look at what the device sends.` })

/** JSON of a device: a byte order mark and control characters at its ends do no harm. Throws Fault BODY_INVALID. */
export function jsonOf(dialect: string, bytes: Uint8Array): unknown {
  const text = textOf(bytes)
  if (!isShallowJson(text)) throw unclear(dialect, 'is nested deeper than any device nests')
  try {
    return JSON.parse(text)
  } catch {
    throw unclear(dialect, 'is not whole JSON')
  }
}

/** Text of a device without a byte order mark or anything else invisible at its ends. */
export const textOf = (bytes: Uint8Array): string =>
  withoutEnds(
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'),
    (letter) => letter === '\0' || isSpace(letter),
  )

/** An object, or an empty one in the place of anything else. */
export const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {}

/** A list; one thing alone is a list of one, and nothing is none (XML and some JSON write a single item without its list). */
export const listOf = (value: unknown): readonly unknown[] =>
  value === undefined || value === null || value === '' ? [] : Array.isArray(value) ? value.slice(0, MANY) : [value]

/** The value at `a.b.c`, going through objects and lists (`a.0`); undefined where the way ends. */
export function valueAt(from: unknown, path: string): unknown {
  let value = from
  for (const step of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined
    value = (value as Fields)[step]
  }
  return value
}

/** A text or a number as text; null where there is none, or only what devices write for none. */
export function wordOf(value: unknown): string | null {
  const text = typeof value === 'number' && Number.isFinite(value) ? String(value) : value
  if (typeof text !== 'string') return null
  const bare = text.trim().slice(0, LONG)
  return bare === '' || bare === '-' || hasControl(bare) ? null : bare
}

const hasControl = (text: string): boolean => [...text].some((letter) => letter < ' ' || letter === '\u007f')

/** What devices write in the place of a plate that they could not read. */
const UNREAD = new Set(['unknown', 'unlicensed'])

/** A plate as the device wrote it; null where it read none. */
export function plateOf(value: unknown): string | null {
  const text = wordOf(value)
  return text === null || UNREAD.has(text.toLowerCase()) || !/[\p{L}\p{N}]/u.test(text) ? null : text
}

/** A number, also as text, also with a decimal comma; null where it is none. */
export function numberOf(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (
    typeof value !== 'string' ||
    value.length > LONG ||
    !/^\s*[-+]?\d{1,19}([.,]\d{1,19})?([eE][-+]?\d{1,3})?\s*$/.test(value)
  )
    return null
  const number = Number(value.replace(',', '.'))
  return Number.isFinite(number) ? number : null
}

/** A figure from 0 to `most` as a share; null where there is none, or none that can be. */
export function shareOf(value: unknown, most: number): number | null {
  const number = numberOf(value)
  return number === null || number < 0 || number > most ? null : number / most
}

/** Left, top, right and bottom, each 0 to `across` (or `down`), as a box in 0..1; null where it is none. */
export function cornersBox(corners: readonly unknown[], across: number, down = across): Box | null {
  const [left, top, right, bottom] = corners.map(numberOf)
  if (left == null || top == null || right == null || bottom == null || corners.length !== 4) return null
  return sizedBox([left, top, right - left, bottom - top], across, down)
}

/** x, y, width and height, each 0 to `across` (or `down`), as a box in 0..1; null where it is none, or lies outside. */
export function sizedBox(box: readonly unknown[], across: number, down = across): Box | null {
  const [x, y, width, height] = box.map(numberOf)
  if (x == null || y == null || width == null || height == null || box.length !== 4) return null
  const shares = [x / across, y / down, width / across, height / down]
  const [left = 0, top = 0, wide = 0, high = 0] = shares
  if (!shares.every(Number.isFinite) || wide <= 0 || high <= 0) return null
  // Devices round, and boxes of vehicles reach over the edge: what is left of it in the picture counts.
  const [right, bottom] = [Math.min(1, left + wide), Math.min(1, top + high)]
  if (left < -wide || top < -high || left + wide > 1 + wide || top + high > 1 + high) return null
  const inside = [Math.max(0, left), Math.max(0, top)] as const
  if (right <= inside[0] || bottom <= inside[1]) return null
  return [inside[0], inside[1], right - inside[0], bottom - inside[1]]
}

/** The upright box around points like `{ x, y }`; null where they are none. */
export function pointsBox(points: unknown, size: PictureSize | null): Box | null {
  const corners = listOf(points).map((point) => [numberOf(fieldsOf(point)['x']), numberOf(fieldsOf(point)['y'])])
  if (size === null || corners.length < 3 || corners.some(([x, y]) => x == null || y == null)) return null
  const [xs, ys] = [corners.map(([x]) => x ?? 0), corners.map(([, y]) => y ?? 0)]
  return cornersBox([Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)], ...size)
}

/** A name made of what does not change when a message is sent again. */
export const nameOf = (...parts: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)

/** What is kept of a message as evidence: its fields without pictures, bounded: of a large one as deep as there is room; null where there is none even so. */
export function keptOf(value: unknown): Json {
  for (let depth = 0; depth < KEPT_DEPTH; depth += 1) {
    const kept = withoutPictures(value, depth)
    if (JSON.stringify(kept).length <= KEPT) return kept
  }
  return null
}

function withoutPictures(value: unknown, depth: number): Json {
  if (typeof value === 'string') return value.length <= KEPT_VALUE ? value : `(${value.length} characters)`
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (typeof value === 'boolean' || value === null) return value
  if (typeof value !== 'object' || depth >= KEPT_DEPTH) return null
  if (Array.isArray(value)) return value.slice(0, 16).map((one) => withoutPictures(one, depth + 1))
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, 64)
      .map(([key, one]) => [key.slice(0, LONG), withoutPictures(one, depth + 1)]),
  )
}
