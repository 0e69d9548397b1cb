import { rowOf } from './both-busy.ts'
import { ChanceStreams } from './chance-streams.ts'
import { type Comings, type Demand, dayKind, wantedVisits } from './demand.ts'
import { byKind, demandOf } from './demand-figures.ts'
import { fitDemand, type PastSession } from './demand-fit.ts'
import type { QueueRow } from './queue-run.ts'
import { hourlyPresence, type Window } from './queue-sums.ts'

/** How well a model of one period says what the next one was like, hour by hour. */
export type Forecast = {
  /** Share of hours in which as many vehicles were there as nine runs in ten said. */
  readonly covered: number
  /** Mean distance between the hours of a day as forecast and as they were, vehicles. */
  readonly off: number
  /** Mean of the days' most vehicles. */
  readonly peak: number
}

/** A fit on the days before `splitDay`, held against the days from then on. */
export type Backtest = {
  readonly splitDay: number
  readonly hours: number
  readonly seenPeak: number
  /** Arrival and stay drawn together, as berth does. */
  readonly joint: Forecast
  /** As calculators do: arrivals by the hour, stays exponential whatever the hour. */
  readonly calculators: Forecast
}

const DAY = 86_400_000
const WARMUP_DAYS = 3
const REPLICATIONS = 60
/** Hours in which nearly nobody is there say nothing: any model holds them. */
const LEAST_PRESENT = 1

/** Backtests demand on sessions. Null where either side of `splitDay` has less than a week, or hardly anyone ever comes. */
export function backtest(file: readonly PastSession[], splitDay: number, seed: number): Backtest | null {
  // Everything that was measured counts as one site: its days differ by more than those of one post.
  const sessions = file.map((session) => ({ ...session, siteId: 'all' }))
  const days = sessions.map(({ day }) => day)
  const firstDay = days.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
  // The last day may be cut off, and stays that go on are not in the data yet.
  const lastDay = days.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY) - 1
  if (splitDay - firstDay < 7 || lastDay - splitDay < 7) return null
  const seen = { firstDay: splitDay, days: lastDay - splitDay }
  const rows = sessions.map(rowOf)
  const window = { fromMs: seen.firstDay * DAY, toMs: (seen.firstDay + seen.days) * DAY }
  const truth = hourlyPresence(rows, window)
  const past = hourlyPresence(rows, { fromMs: firstDay * DAY, toMs: splitDay * DAY })
  const counted = countedHours(past, firstDay)
  const hours = truth.filter((_, hour) => counted.has(placeOf(hour, seen.firstDay))).length
  if (hours === 0) return null
  const before = sessions.filter(({ day }) => day >= firstDay && day < splitDay)
  const fits = fitsOf(before, { firstDay, days: splitDay - firstDay }, seed)
  const judge = (demands: readonly Demand[]): Forecast => forecast(demands, truth, seen, counted, seed)
  return {
    splitDay,
    hours,
    seenPeak: meanPeak(truth),
    joint: judge(fits),
    calculators: judge(fits.map((demand) => calculatorsOf(demand, before))),
  }
}

const FIT = {
  keep: 'past',
  chargePoints: 1,
  visitsOf: 'site',
  name: 'past',
  source: '',
  licence: '',
  from: '',
  to: '',
} as const

/**
 * A fit for each run, each on as many days drawn from those that there are: a week or two say only so much of the next ones, and a band
 * that takes them for certain is too narrow.
 */
function fitsOf(sessions: readonly PastSession[], { firstDay, days }: Days, seed: number): readonly Demand[] {
  const byDay = new Map<number, PastSession[]>()
  for (const session of sessions) byDay.set(session.day, [...(byDay.get(session.day) ?? []), session])
  const all = Array.from({ length: days }, (_, i) => firstDay + i)
  const period = { ...FIT, firstDay, lastDay: firstDay + days - 1 }
  // Drawn days repeat each other and look more alike than days are: how much days differ is taken from those that there were.
  const { dispersion } = fitDemand(sessions, period)
  return Array.from({ length: REPLICATIONS }, (_, replication) => {
    const draws = new ChanceStreams(seed, replication).of('past days', 0)
    const drawn = all.flatMap((day) => {
      const alike = all.filter((other) => dayKind(other) === dayKind(day))
      const from = alike[Math.floor(draws.uniform() * alike.length)] ?? day
      return (byDay.get(from) ?? []).map((session) => ({ ...session, day }))
    })
    return demandOf(fitDemand(drawn, period), { bays: 1, dispersion })
  })
}

/** The same arrivals by the hour, each with an exponential stay that knows nothing of its hour, on days that are all alike. */
function calculatorsOf(demand: Demand, sessions: readonly PastSession[]): Demand {
  const mean = sessions.reduce((sum, { stay_min }) => sum + stay_min, 0) / sessions.length
  const comings = byKind((kind): Comings => {
    const own = sessions.filter(({ day }) => dayKind(day) === kind)
    const hours = Array.from({ length: 24 }, (_, hour) => own.filter(({ minute }) => Math.floor(minute / 60) === hour))
    return {
      kind: 'rates',
      hours: hours.map((one) => one.length / Math.max(1, own.length)),
      stay_min: { law: 'exponential', mean },
    }
  })
  return { ...demand, dispersion: 1, comings }
}

type Days = { readonly firstDay: number; readonly days: number }

/** Kind of day and hour of an hour that counts from the day `firstDay`. */
const placeOf = (hour: number, firstDay: number): string => `${dayKind(firstDay + Math.floor(hour / 24))} ${hour % 24}`

/** Places in the week at which there was somebody on average, in the period that was fitted. */
function countedHours(past: readonly number[], firstDay: number): Set<string> {
  const sums = gathered(past, firstDay)
  return new Set([...sums].flatMap(([place, values]) => (mean(values) >= LEAST_PRESENT ? [place] : [])))
}

function gathered(
  hours: readonly number[],
  firstDay: number,
  into = new Map<string, number[]>(),
): Map<string, number[]> {
  for (const [hour, there] of hours.entries()) {
    const place = placeOf(hour, firstDay)
    const values = into.get(place)
    if (values) values.push(there)
    else into.set(place, [there])
  }
  return into
}

function forecast(
  demands: readonly Demand[],
  truth: readonly number[],
  { firstDay, days }: Days,
  counted: ReadonlySet<string>,
  seed: number,
): Forecast {
  const window: Window = { fromMs: WARMUP_DAYS * DAY, toMs: (WARMUP_DAYS + days) * DAY }
  const runs = new Map<string, number[]>()
  const peaks: number[] = []
  for (const [replication, demand] of demands.entries()) {
    const span = { seed, replication, days: WARMUP_DAYS + days, firstWeekday: (firstDay + 7 - WARMUP_DAYS) % 7 }
    const rows = [...wantedVisits(demand, span)].map(
      ({ arriveMs, stayMs }): QueueRow => ({
        arrivedMs: arriveMs,
        enteredMs: arriveMs,
        leftMs: arriveMs + stayMs,
        powerMs: null,
        fullMs: null,
      }),
    )
    const hours = hourlyPresence(rows, window)
    gathered(hours, firstDay, runs)
    peaks.push(meanPeak(hours))
  }
  for (const values of runs.values()) values.sort((a, b) => a - b)
  const isHeld = (there: number, hour: number): boolean => {
    const values = runs.get(placeOf(hour, firstDay)) ?? []
    return there >= at(values, 0.05) && there <= at(values, 0.95)
  }
  const judged = truth.flatMap((there, hour) => (counted.has(placeOf(hour, firstDay)) ? [isHeld(there, hour)] : []))
  const courses = [...gathered(truth, firstDay)].filter(([place]) => counted.has(place))
  return {
    covered: judged.filter((held) => held).length / judged.length,
    off: mean(courses.map(([place, values]) => Math.abs(mean(values) - mean(runs.get(place) ?? [])))),
    peak: mean(peaks),
  }
}

/** The value below which this share of the sorted values lies. */
const at = (sorted: readonly number[], share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? 0

function meanPeak(hours: readonly number[]): number {
  const peaks: number[] = []
  for (let from = 0; from < hours.length; from += 24) peaks.push(Math.max(...hours.slice(from, from + 24)))
  return mean(peaks)
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, one) => sum + one, 0) / Math.max(1, values.length)
