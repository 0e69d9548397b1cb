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

/** The day of a moment as a field for dates holds it: `2026-11-23`. */
export function dateAt(at: number, zone: string): string {
  const parts = formatOf(zone, 'date', { year: 'numeric', month: '2-digit', day: '2-digit' }).formatToParts(at)
  const part = (wanted: string) => parts.find(({ type }) => type === wanted)?.value ?? ''
  return `${part('year')}-${part('month')}-${part('day')}`
}

/** When a day of the site (`2026-11-23`) began, ms since 1970, or one that is so many days later; null of what is no day. */
export function beginOf(date: string, zone: string, later = 0): number | null {
  const noon = Date.parse(`${date}T12:00:00Z`)
  if (Number.isNaN(noon)) return null
  const wanted = new Date(noon + later * 86_400_000).toISOString().slice(0, 10)
  // Noon in Greenwich is another day only where the site is 12 hours away and more.
  const within = [0, -12, 12].map((hours) => noon + later * 86_400_000 + hours * 3_600_000)
  const at = within.find((moment) => dateAt(moment, zone) === wanted)
  return at === undefined ? null : dayBegin(at, zone)
}

/** What a clock at the site shows at a moment, as if it were UTC: ms since 1970. */
function clockAt(at: number, zone: string): number {
  const form = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' } as const
  const parts = formatOf(zone, 'clock', { ...form, second: '2-digit', hourCycle: 'h23' }).formatToParts(at)
  const part = (wanted: string) => Number(parts.find(({ type }) => type === wanted)?.value)
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'))
}

/** The moment (ms since 1970) at which a clock at the site shows this (`2026-11-23T14:05`); null of what is no time. */
export function momentOf(text: string, zone: string): number | null {
  const wanted = Date.parse(`${text}Z`)
  if (Number.isNaN(wanted)) return null
  // Twice: the first guess may lie on the other side of a change of clocks.
  const near = wanted + wanted - clockAt(wanted, zone)
  return near + wanted - clockAt(near, zone)
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
