/** Time by the server's clock: the browser's own may be wrong by hours and is never used for durations. */
import { LOCALE } from './language.ts'

/** How many messages are remembered: the one that travelled shortest counts. */
const SAMPLES = 10
const lags: number[] = []

/** A message that the server stamped (ISO 8601) arrived now. */
export function heardAt(ts: string): void {
  lags.push(performance.now() - Date.parse(ts))
  if (lags.length > SAMPLES) lags.shift()
}

/** Another server, or a page that slept: what was learnt of its clock holds no more. */
export function forgetTime(): void {
  lags.length = 0
}

/** Ms since 1970 by the server's clock, null before its first message. */
export function serverNow(): number | null {
  return lags.length === 0 ? null : performance.now() - Math.min(...lags)
}

/** How far this device's clock is ahead of the server's, ms. */
export function skew(): number {
  const now = serverNow()
  return now === null ? 0 : Date.now() - now
}

/** `21 s`, `3 min 12 s` (`short`: `3 min`), `1 h 04`, `2 d 3 h`: nothing that reads as a time of day. */
export function span(ms: number, short = false): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  const minutes = Math.floor(seconds / 60)
  const hours = Math.floor(minutes / 60)
  if (hours >= 24) return `${Math.floor(hours / 24)} d ${hours % 24} h`
  if (hours > 0) return `${hours} h ${String(minutes % 60).padStart(2, '0')}`
  const rest = `${seconds % 60} s`
  return minutes === 0 ? rest : `${minutes} min${short || rest === '0 s' ? '' : ` ${rest}`}`
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** The time of day at the site (`zone`: IANA); with `day` also the date, and how far the site is from UTC. */
export function atSite(time: string | number, zone: string, day = false): string {
  const key = `${zone} ${day}`
  let format = formats.get(key)
  if (format === undefined) {
    format = new Intl.DateTimeFormat(LOCALE, {
      timeZone: zone,
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
      ...(day && { day: '2-digit', month: 'short', timeZoneName: 'shortOffset' }),
    })
    formats.set(key, format)
  }
  return format.format(new Date(time))
}
