// @ts-check
/** Time by the server's clock: the browser's own may be wrong by hours and is never used for durations. */

/** How many messages are remembered: the one that travelled shortest counts. */
const SAMPLES = 10
/** @type {number[]} */
const lags = []

/** A message that the server stamped arrived now. @param {string} ts */
export function heardAt(ts) {
  lags.push(performance.now() - Date.parse(ts))
  if (lags.length > SAMPLES) lags.shift()
}

/** Another server, or a page that slept: what was learnt of its clock holds no more. */
export function forgetTime() {
  lags.length = 0
}

/** @type {number | null} */
let held = null

/** Time stands at this moment of a recording. @param {string} time */
export function holdAt(time) {
  held = Date.parse(time)
}

/** @returns {number | null} ms since 1970 by the server's clock, null before its first message */
export function serverNow() {
  if (held !== null) return held
  return lags.length === 0 ? null : performance.now() - Math.min(...lags)
}

/** @returns {number} how far this device's clock is ahead of the server's, ms */
export function skew() {
  const now = held === null ? serverNow() : null
  return now === null ? 0 : Date.now() - now
}

/** `3:12`, `1 h 04`, `2 d 3 h`. @param {number} ms */
export function span(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  const minutes = Math.floor(seconds / 60)
  const hours = Math.floor(minutes / 60)
  if (hours >= 24) return `${Math.floor(hours / 24)} d ${hours % 24} h`
  if (hours > 0) return `${hours} h ${String(minutes % 60).padStart(2, '0')}`
  return `${minutes}:${String(seconds % 60).padStart(2, '0')}`
}

/** The time of day (and the day, where it is not today's) at the site. @param {string | number} time @param {string} zone @param {boolean} [day] */
export function atSite(time, zone, day = false) {
  const options = /** @type {Intl.DateTimeFormatOptions} */ ({
    timeZone: zone,
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  })
  return new Intl.DateTimeFormat(
    'en-GB',
    day ? { ...options, day: '2-digit', month: 'short', timeZoneName: 'shortOffset' } : options,
  ).format(new Date(time))
}
