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
