import { wallTime } from '../../machines/opening-hours.ts'
import type { DesignScenario } from './design-scenario.ts'

const MINUTE = 60_000
const HOUR = 3_600_000
const DAY = 24 * HOUR
/** Clocks are turned at full quarters of an hour. */
const QUARTER = HOUR / 4

/** One day on which clocks are turned: so long after its midnight, by so much (an hour forward is −1 h: the day is that much shorter). */
type Turned = { readonly after_ms: number; readonly longer_ms: number }

/**
 * The days of a run as the site's clocks show them. `starts`: each midnight in ms from the run's beginning, one more than there are days. Where clocks go
 * forward, who would have come in the missing hour comes in the next one; where they go back, who comes in the hour that is there twice is spread over both.
 */
export class RunCalendar {
  /** The first midnight, ms since 1970. */
  readonly start: number
  readonly starts: readonly number[]
  /** 0 is a Monday. */
  readonly firstWeekday: number
  readonly #turned = new Map<number, Turned>()

  /** `from`: the first day, YYYY-MM-DD, by the clocks of the time zone (IANA name). */
  constructor(timezone: string, from: string, days: number) {
    const first = Date.parse(`${from}T00:00:00Z`)
    const midnights = Array.from({ length: days + 1 }, (_, day) => midnightOf(first + day * DAY, timezone))
    this.start = midnights[0] as number
    this.starts = midnights.map((at) => at - this.start)
    this.firstWeekday = (first / DAY + 3) % 7
    for (let day = 0; day < days; day++) {
      const longer_ms = (this.starts[day + 1] as number) - (this.starts[day] as number) - DAY
      if (longer_ms === 0) continue
      const after_ms = turnAfter(midnights[day] as number, midnights[day + 1] as number, timezone)
      this.#turned.set(day, { after_ms, longer_ms })
    }
  }

  /** When the clocks of a day of the run show so much after midnight, ms from the run's beginning. */
  at(day: number, clock_ms: number): number {
    const start = this.starts[day] as number
    const turned = this.#turned.get(day)
    if (!turned) return start + clock_ms
    const { after_ms, longer_ms } = turned
    if (longer_ms < 0) return start + (clock_ms < after_ms - longer_ms ? clock_ms : clock_ms + longer_ms)
    const twice = after_ms - longer_ms
    if (clock_ms < twice) return start + clock_ms
    return start + (clock_ms < after_ms ? Math.floor(twice + 2 * (clock_ms - twice)) : clock_ms + longer_ms)
  }

  /** The day of a moment of the run, from 0; after the last day it goes on counting. */
  dayOf(ms: number): number {
    const last = this.starts.length - 1
    if (ms >= (this.starts[last] as number)) return last + Math.floor((ms - (this.starts[last] as number)) / DAY)
    let day = Math.min(last - 1, Math.floor(ms / DAY))
    while (day > 0 && (this.starts[day] as number) > ms) day -= 1
    while ((this.starts[day + 1] as number) <= ms) day += 1
    return day
  }

  /** What the clocks show at a moment of the run, hours after midnight with their part, 0 up to 24. */
  hourAt(ms: number): number {
    const day = this.dayOf(ms)
    const last = this.starts.length - 1
    if (day >= last) return ((ms - (this.starts[last] as number)) % DAY) / HOUR
    const since = ms - (this.starts[day] as number)
    const turned = this.#turned.get(day)
    return (turned && since >= turned.after_ms ? since - turned.longer_ms : since) / HOUR
  }
}

const known = new Map<string, RunCalendar>()

/** The calendar of a run of so many days; the same for the same words. */
function runCalendar(timezone: string, from: string, days: number): RunCalendar {
  const key = `${timezone} ${from} ${days}`
  const found = known.get(key) ?? new RunCalendar(timezone, from, days)
  known.set(key, found)
  return found
}

/** The calendar of a scenario's runs, warm-up first. */
export const calendarOf = ({ site, run }: DesignScenario): RunCalendar =>
  runCalendar(site.timezone, run.from, run.warmup_days + run.days)

/** How far the clocks of a zone are ahead of UTC, ms. */
function ahead(at: number, timezone: string): number {
  const { date, minute } = wallTime(at, timezone)
  return Date.parse(`${date}T00:00:00Z`) + minute * MINUTE - Math.floor(at / MINUTE) * MINUTE
}

/** The first moment of a day, ms since 1970; the day is given by its midnight in UTC. */
function midnightOf(utc: number, timezone: string): number {
  if (timezone === 'UTC') return utc
  const near = utc - ahead(utc, timezone)
  let at = utc - ahead(near, timezone)
  // Where clocks are turned at midnight itself a day begins late.
  while (at + ahead(at, timezone) < utc) at += QUARTER
  return at
}

/** How long after midnight the clocks are turned, ms. */
function turnAfter(midnight: number, next: number, timezone: string): number {
  const before = ahead(midnight, timezone)
  for (let at = midnight + QUARTER; at < next; at += QUARTER) if (ahead(at, timezone) !== before) return at - midnight
  return 0
}
