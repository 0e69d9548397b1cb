/** What was read from one field, and whether it had to be mended. */
export type Reading<T> = { readonly value: T; readonly mended: boolean }

/** An object with unknown fields; null for anything else. */
export function record(value: unknown): { readonly [key: string]: unknown } | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as { readonly [key: string]: unknown })
    : null
}

const NUMBER = /^[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:e[+-]?\d+)?$/i

/** A number from a number or a string (blanks and a decimal comma are mended); null where there is none. `sentAs` is the type that the protocol wants. */
export function readNumber(value: unknown, sentAs: 'number' | 'string' = 'number'): Reading<number> | null {
  if (typeof value === 'number') return Number.isFinite(value) ? { value, mended: sentAs !== 'number' } : null
  if (typeof value !== 'string') return null
  const text = value.trim()
  if (!NUMBER.test(text)) return null
  const number = Number(text.replace(',', '.'))
  if (!Number.isFinite(number)) return null
  return { value: number, mended: sentAs !== 'string' || text !== value || text.includes(',') }
}

/** A whole number of at least `least`; null where there is none. */
export function readWhole(value: unknown, least: number, most = Number.MAX_SAFE_INTEGER): Reading<number> | null {
  const reading = readNumber(value)
  return reading && Number.isSafeInteger(reading.value) && reading.value >= least && reading.value <= most
    ? reading
    : null
}

/** Text of 1 to `most` characters; a number is taken as its digits. */
export function readText(value: unknown, most: number): Reading<string> | null {
  const text = typeof value === 'number' && Number.isFinite(value) ? String(value) : value
  return typeof text === 'string' && text.length > 0 && text.length <= most
    ? { value: text, mended: text !== value }
    : null
}

/** Before this a clock was never set. */
const CLOCK_WAS_SET = Date.UTC(2000, 0, 1)
const STAMP = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(Z|[+-]\d{2}:?\d{2})?$/i

/** A charge point's time in ms since 1970. Without a zone it is taken as UTC (mended); null where there is none or the clock was never set. */
export function readTime(value: unknown): Reading<number> | null {
  const stamp = typeof value === 'string' ? STAMP.exec(value) : null
  if (typeof value !== 'string' || stamp === null) return null
  const zoned = stamp[1] !== undefined
  const text = value.replace(' ', 'T').replace(',', '.')
  const time = Date.parse(zoned ? text : `${text}Z`)
  if (!Number.isFinite(time) || time < CLOCK_WAS_SET) return null
  return { value: time, mended: !zoned || text !== value }
}
