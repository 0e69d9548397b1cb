/** Days and hours of the site's zone. */
import { LOCALE } from './language.ts'

const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(zone: string, name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${zone} ${name}`
  const format = formats.get(key) ?? new Intl.DateTimeFormat(LOCALE, { timeZone: zone, ...options })
  formats.set(key, format)
  return format
}

/** The day of a moment (ms since 1970) as people write it: `Mon 23 Nov`. */
export const dayAt = (at: number, zone: string): string =>
  formatOf(zone, 'day', { weekday: 'short', day: '2-digit', month: 'short' }).format(at)

/** The day and the hour (0 to 23) of a moment. */
export const hourAt = (at: number, zone: string): { readonly day: string; readonly hour: number } => ({
  day: dayAt(at, zone),
  hour: Number(
    formatOf(zone, 'hour', { hour: '2-digit', hourCycle: 'h23' })
      .formatToParts(at)
      .find(({ type }) => type === 'hour')?.value,
  ),
})

/** When the day of a moment began, ms since 1970: found by halving, since a day may have 23 hours or 25. */
export function dayBegin(at: number, zone: string): number {
  const day = dayAt(at, zone)
  let [before, within] = [at - 26 * 3_600_000, at]
  while (within - before > 1) {
    const middle = Math.floor((before + within) / 2)
    if (dayAt(middle, zone) === day) within = middle
    else before = middle
  }
  return within
}

const offsetAt = (at: number, zone: string): string =>
  formatOf(zone, 'offset', { timeZoneName: 'shortOffset' })
    .formatToParts(at)
    .find(({ type }) => type === 'timeZoneName')?.value ?? ''

/**
 * How moments stand in a table: where all are as far from UTC, `offset` is said once, at the head of the column; where some are not (the
 * hour that comes twice), it is empty and each says its own.
 */
export function tableTimes(ats: readonly number[], zone: string) {
  const known = ats.filter((at) => !Number.isNaN(at))
  const offsets = new Set(known.map((at) => offsetAt(at, zone)))
  const [offset = ''] = offsets.size === 1 ? offsets : []
  const short = formatOf(zone, 'row', {
    day: '2-digit',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  })
  return {
    offset,
    text: (at: number) =>
      Number.isNaN(at) ? '' : `${short.format(at)}${offset === '' ? ` ${offsetAt(at, zone)}` : ''}`,
  }
}
