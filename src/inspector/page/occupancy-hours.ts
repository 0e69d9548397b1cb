/** How much of each hour of the site was taken: of the time in which berth was there to see it. */
import type { Json } from '../../../machines/events.ts'
import { hourAt } from './site-day.ts'

const HOUR_MS = 3_600_000
const TAKEN = ['detecting_ms', 'authorizing_ms', 'charging_ms', 'exiting_ms'] as const

/**
 * Shares of the bays' time, ms: taken by a vehicle at all, and charging. `of`: what all bays together had since berth was there and up
 * to now; `isPart`: berth began in it; `goesOn`: it is not over.
 */
export type Hour = {
  taken: number
  charging: number
  unknown: number
  of: number
  isPart: boolean
  goesOn: boolean
}

/** By day, and by hour of it. */
export type Days = Map<string, Map<number, Hour>>

/** Which time, ms since 1970: `begun` is when berth began here, `to` no later than now. In which zone, and how many bays. */
export type HoursAsked = {
  readonly from: number
  readonly begun: number
  readonly to: number
  readonly zone: string
  readonly bays: number
}

/** Every hour of that time, by day and hour of the site; an hour that no row of the report `occupancy` tells of was empty. */
export function hoursOf(rows: readonly { readonly [column: string]: Json }[], asked: HoursAsked): Days {
  const { begun, to, zone, bays } = asked
  const from = Math.max(asked.from, Math.floor(begun / HOUR_MS) * HOUR_MS)
  const days: Days = new Map()
  const hourOf = (at: number): Hour => {
    const { day, hour } = hourAt(at, zone)
    const hours = days.get(day) ?? new Map<number, Hour>()
    days.set(day, hours)
    const known = hours.get(hour) ?? { taken: 0, charging: 0, unknown: 0, of: 0, isPart: false, goesOn: false }
    hours.set(hour, known)
    return known
  }
  for (let at = from; at < to; at += HOUR_MS) {
    const hour = hourOf(at)
    // Before its first record berth knows of no bay that it was empty, and of what is to come it knows nothing.
    hour.of += bays * Math.max(0, Math.min(at + HOUR_MS, to) - Math.max(at, begun))
    hour.isPart ||= at < begun
    hour.goesOn ||= at + HOUR_MS > to
  }
  for (const row of rows) {
    const at = Date.parse(String(row['hour']))
    if (at < from || at >= to) continue
    const hour = hourOf(at)
    for (const name of TAKEN) hour.taken += Number(row[name] ?? 0)
    hour.charging += Number(row['charging_ms'] ?? 0)
    hour.unknown += Number(row['unknown_ms'] ?? 0)
  }
  return days
}

/** The share of one hour, or of several that count by their time, from 0 to 1; null where there was no time. */
export function shareOf(hours: readonly Hour[], of: 'taken' | 'charging' | 'unknown' = 'taken'): number | null {
  const time = hours.reduce((sum, hour) => sum + hour.of, 0)
  return time === 0 ? null : Math.min(1, hours.reduce((sum, hour) => sum + hour[of], 0) / time)
}
