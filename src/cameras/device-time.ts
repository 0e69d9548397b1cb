import type { TimeTrust } from './camera-dialect.ts'
import { numberOf } from './device-fields.ts'

/** When a device says that something was, ms since 1970, and how far that can be trusted. */
export type DeviceTime = { readonly at: number | null; readonly trust: TimeTrust }

export const NO_TIME: DeviceTime = { at: null, trust: 'none' }
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** Nothing before the year 2000 was taken by a camera: its clock was never set. */
const EARLIEST_MS = Date.UTC(2000, 0, 1)
const LATEST_MS = Date.UTC(2100, 0, 1)

const LONGEST = 64
const TEXT =
  /^\s*(\d{4})[-/.]?(\d\d)[-/.]?(\d\d)[T ]?(\d\d):?(\d\d):?(\d\d)(?:[.,]?(\d{1,9}))?\s*(Z|[+-]\d\d:?\d\d|[+-]\d\d)?\s*$/i

/**
 * A time written out, `2026-05-07T17:48:03.847+07:00` or `20260507174803847`: with an offset as it says, without one as the site's local
 * time. Where a local time happens twice (clocks set back), the one nearer to the arrival is meant.
 */
export function writtenTime(value: unknown, timezone: string, arrivedAt: number): DeviceTime {
  // No time is longer, and a pattern takes its time over a long one.
  const found = typeof value === 'string' && value.length <= LONGEST ? TEXT.exec(value) : null
  if (!found) return NO_TIME
  const [, year, month, day, hour, minute, second, fraction = '', offset] = found
  const wall = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second))
  const isDate = new Date(wall).getUTCMonth() === Number(month) - 1 && Number(hour) < 24 && Number(minute) < 60
  if (!isDate || Number(second) > 60) return NO_TIME
  const written = wall + Math.floor(Number(`0.${fraction || 0}`) * 1_000 + 1e-6)
  if (offset === undefined) return sane(fromLocal(written, timezone, arrivedAt), 'local')
  return /^z$/i.test(offset) ? sane(written, 'utc') : sane(written - offsetMs(offset), 'offset')
}

/** `+07:00`, `-0530` or `+02` in ms. */
export function offsetMs(text: string): number {
  const [, sign, hours, minutes = '0'] = /^([+-])(\d\d?):?(\d\d)?$/.exec(text) ?? []
  return (sign === '-' ? -1 : 1) * (Number(hours) * HOUR_MS + Number(minutes) * 60_000)
}

/** A count since 1970 in seconds, ms or µs, number or text: told apart by its size. */
export function countedTime(value: unknown): DeviceTime {
  const count = numberOf(value)
  if (count === null || count <= 0) return NO_TIME
  const ms = count < 1e11 ? count * 1_000 : count < 1e14 ? count : count / 1_000
  return sane(Math.floor(ms + 1e-6), 'utc')
}

/** Local time that a device wrote as if it were a count since 1970. */
export const localCountedTime = (value: unknown, timezone: string, arrivedAt: number): DeviceTime => {
  const { at } = countedTime(value)
  return at === null ? NO_TIME : sane(fromLocal(at, timezone, arrivedAt), 'local')
}

/** UTC of a wall clock's reading (given as if it were UTC) in a time zone. A time that clocks skip is taken as before the jump. */
export function fromLocal(wall: number, timezone: string, arrivedAt: number): number {
  const offsets = new Set([wall - DAY_MS, wall + DAY_MS].map((at) => zoneOffset(at, timezone)))
  const fitting = [...offsets].map((offset) => wall - offset).filter((at) => at + zoneOffset(at, timezone) === wall)
  const times = fitting.length > 0 ? fitting : [wall - zoneOffset(wall - DAY_MS, timezone)]
  return times.reduce((best, at) => (Math.abs(at - arrivedAt) < Math.abs(best - arrivedAt) ? at : best))
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** A zone's offset from UTC at a moment, ms. */
function zoneOffset(at: number, timezone: string): number {
  const whole = Math.floor(at / 1_000) * 1_000
  let format = formats.get(timezone)
  if (!format) {
    const fields = { year: 'numeric', month: 'numeric', day: 'numeric' } as const
    const clock = { hour: 'numeric', minute: 'numeric', second: 'numeric', hourCycle: 'h23' } as const
    format = new Intl.DateTimeFormat('en-US', { timeZone: timezone, calendar: 'gregory', ...fields, ...clock })
    formats.set(timezone, format)
  }
  const part = Object.fromEntries(format.formatToParts(whole).map(({ type, value }) => [type, Number(value)]))
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part
  return Date.UTC(year, month - 1, day, hour, minute, second) - whole
}

const sane = (at: number, trust: TimeTrust): DeviceTime =>
  Number.isFinite(at) && at >= EARLIEST_MS && at < LATEST_MS ? { at, trust } : NO_TIME
