import type { ZoneLook } from '../../actors/ports.ts'

/** How an empty zone looks: mean grey of each cell, and which cells lie inside the polygon. */
export type EmptyZone = { readonly size: number; readonly grey: readonly number[]; readonly inside: readonly boolean[] }

/** Grey levels by which a cell must differ, after the light's own change, to count as changed: noise and JPEG stay below 6, a shadow's edge below 12. */
const CHANGED = 14
/** Measured on rendered scenes: a vehicle changes 0.34 to 0.88 of its zone's cells, its neighbours' roofs up to 0.22 of the next. */
const OCCUPIED = 0.3
const EMPTY = 0.24
/** How fast the empty zone follows the day's light, per picture judged empty. */
const FOLLOW = 0.02

const bytesOf = (look: ZoneLook): Uint8Array => Buffer.from(look.grey, 'base64')

/** Learns from looks at the empty zone: the mean of their cells. */
export function learnLook(looks: readonly ZoneLook[]): EmptyZone {
  const [first] = looks
  const size = first?.size ?? 0
  const cells = size * size
  const all = looks.map(bytesOf)
  const grey = Array.from(
    { length: cells },
    (_, cell) => all.reduce((sum, bytes) => sum + (bytes[cell] ?? 0), 0) / Math.max(1, all.length),
  )
  return { size, grey, inside: Array.from({ length: cells }, (_, cell) => (all[0]?.[cells + cell] ?? 0) > 0) }
}

/** Differences of the cells inside the zone, less the one by which most of them changed: the light. */
function differences(look: ZoneLook, empty: EmptyZone): number[] {
  const bytes = bytesOf(look)
  const list: number[] = []
  for (let cell = 0; cell < empty.grey.length; cell++)
    if (empty.inside[cell]) list.push((bytes[cell] ?? 0) - (empty.grey[cell] ?? 0))
  const sorted = [...list].sort((a, b) => a - b)
  const light = sorted[Math.floor(sorted.length / 2)] ?? 0
  return list.map((one) => one - light)
}

/** Share of the zone's cells that look otherwise than when it is empty, 0..1, whatever the light. */
export function changed(look: ZoneLook, empty: EmptyZone): number {
  const list = differences(look, empty)
  return list.length === 0 ? 0 : list.filter((one) => Math.abs(one) > CHANGED).length / list.length
}

/** Occupied, empty, or not to be told. A look of another size says nothing. */
export function judgeLook(look: ZoneLook, empty: EmptyZone): 'occupied' | 'empty' | 'unknown' {
  if (look.size !== empty.size) return 'unknown'
  const share = changed(look, empty)
  return share >= OCCUPIED ? 'occupied' : share <= EMPTY ? 'empty' : 'unknown'
}

/** The empty zone as it slowly becomes: light and wet ground, never a vehicle. */
export function adapt(empty: EmptyZone, look: ZoneLook): EmptyZone {
  const bytes = bytesOf(look)
  return { ...empty, grey: empty.grey.map((value, cell) => value + FOLLOW * ((bytes[cell] ?? 0) - value)) }
}

/** The empty zone as base64, for its record. */
export function writeEmpty(empty: EmptyZone): string {
  return Buffer.from([
    ...empty.grey.map((value) => Math.round(value)),
    ...empty.inside.map((inside) => (inside ? 255 : 0)),
  ]).toString('base64')
}

/** The inverse of `writeEmpty`; null where it is none. */
export function readLook(text: string): EmptyZone | null {
  const bytes = Buffer.from(text, 'base64')
  const size = Math.sqrt(bytes.length / 2)
  if (!Number.isInteger(size) || size === 0) return null
  return learnLook([{ size, grey: text }])
}
