import { ChanceStreams } from './chance-streams.ts'
import { type Comings, DAY_KINDS, type DayKind, type Demand, dayKind, drawSpread, type Spread } from './demand.ts'
import { byKind } from './demand-figures.ts'

/** What a week of demand would fill if nobody were turned away. Hours count from Monday, 0:00. */
export type OfferedLoad = {
  /** Arrivals in each of 168 hours. */
  readonly arrivals: readonly number[]
  /** Vehicles there on average in each of 168 hours (Mt/G/infinity). */
  readonly present: readonly number[]
  readonly visitsPerDay: number
  readonly meanStay_min: number
}

/** Arrivals that come alike: evenly from a minute of the day on, over so many minutes, as so large a share of the day's visits. */
type Batch = { readonly minute: number; readonly over_min: number; readonly stay_min: number; readonly share: number }

const HOURS = 168
/** A stay that reaches further than this counts no longer: `berth sim fit` leaves longer ones out. */
const LONGEST_H = 31 * 24
/** Places in an hour at which its arrivals are taken to come. */
const PLACES = 4
/** Equal parts into which a spread of stays is cut. */
const CUTS = 400

/** The load of a demand, hour by hour of the week. The same demand gives the same numbers. */
export function offeredLoad(demand: Demand): OfferedLoad {
  const days = byKind((kind) => dayCourse(batchesOf(demand.comings[kind])))
  const arrivals = new Array<number>(HOURS).fill(0)
  const present = new Array<number>(HOURS).fill(0)
  const week = Array.from({ length: 7 }, (_, day) => ({ kind: dayKind(day), from: 24 * day }))
  for (const { kind, from } of week) {
    for (const [hour, count] of days[kind].arrivals.entries()) arrivals[from + hour] = count * demand.visits[kind]
    for (const [hour, there] of days[kind].present.entries()) {
      const at = (from + hour) % HOURS
      present[at] = (present[at] ?? 0) + there * demand.visits[kind]
    }
  }
  const visits = (kind: DayKind): number => demand.visits[kind] * (kind === 'weekday' ? 5 : 1)
  const total = DAY_KINDS.reduce((sum, kind) => sum + visits(kind), 0)
  const stays = DAY_KINDS.reduce((sum, kind) => sum + visits(kind) * days[kind].meanStay_min, 0)
  return { arrivals, present, visitsPerDay: total / 7, meanStay_min: total === 0 ? 0 : stays / total }
}

/** What one visit of this day adds, on average: to the arrivals of its hours, and to who is there in these and the following. */
type DayCourse = {
  readonly arrivals: readonly number[]
  readonly present: readonly number[]
  readonly meanStay_min: number
}

function dayCourse(batches: readonly Batch[]): DayCourse {
  const arrivals = new Array<number>(24).fill(0)
  const present = new Array<number>(24 + LONGEST_H + 1).fill(0)
  let meanStay_min = 0
  for (const { minute, over_min, stay_min, share } of batches) {
    meanStay_min += share * stay_min
    const places = over_min > 15 ? PLACES : 1
    for (let place = 0; place < places; place++) {
      const from = (minute + ((place + 0.5) * over_min) / places) / 60
      const hour = Math.min(23, Math.floor(from))
      arrivals[hour] = (arrivals[hour] ?? 0) + share / places
      const to = from + Math.min(LONGEST_H, stay_min / 60)
      for (let at = Math.floor(from); at < to; at++)
        present[at] = (present[at] ?? 0) + ((Math.min(at + 1, to) - Math.max(at, from)) * share) / places
    }
  }
  return { arrivals, present, meanStay_min }
}

function batchesOf(comings: Comings): readonly Batch[] {
  if (comings.kind === 'past')
    return comings.visits.map(([minute, stay_min]) => ({
      minute,
      over_min: 1,
      stay_min,
      share: 1 / comings.visits.length,
    }))
  const cuts = comings.kind === 'rates' ? cutsOf(comings.stay_min) : []
  return comings.hours.flatMap((share, hour) => {
    const stays = comings.kind === 'rates' ? cuts : (comings.stays_min[hour] ?? [])
    const each = share / stays.length
    return share === 0 ? [] : stays.map((stay_min) => ({ minute: 60 * hour, over_min: 60, stay_min, share: each }))
  })
}

/** Values that stand for a spread, all as likely; their mean is exactly its mean. */
function cutsOf(spread: Spread): readonly number[] {
  if (spread.law === 'fixed') return [spread.mean]
  const streams = new ChanceStreams(0, 0)
  const drawn = Array.from({ length: CUTS }, (_, cut) =>
    spread.law === 'exponential' ? -Math.log(1 - (cut + 0.5) / CUTS) : drawSpread(spread, streams.of('cut', cut)),
  )
  const mean = drawn.reduce((sum, one) => sum + one, 0) / CUTS
  return drawn.map((one) => (one * spread.mean) / mean)
}
