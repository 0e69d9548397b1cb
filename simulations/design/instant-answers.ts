import { erlangB, erlangC, type GridLaw, gridLaw, queueLaw, type SiteLaw, type Waiting } from './closed-forms.ts'
import { type Demand, wantedVisits } from './demand.ts'
import { type OfferedLoad, offeredLoad } from './offered-load.ts'

/** A site as theory sees it. */
export type SiteQuestion = {
  readonly bays: number
  readonly queuePlaces: number
  readonly demand: Demand
  /** What one charge point gives at most. */
  readonly power_W: number
  /** What the whole connection gives at most; null is no limit. */
  readonly limit_W: number | null
}

/** What theory says of it, without a run. Shares are of arrivals. */
export type InstantAnswers = {
  readonly load: OfferedLoad
  /** The hour of the week, from Monday 0:00, in which most vehicles would be there. */
  readonly busiest: { readonly hour: number; readonly present: number }
  /** Turned away if the load were the same all week (Erlang B). */
  readonly turnedAwayEvenly: number
  /** Turned away with the course of the week: Erlang B of each hour's own load, weighed by its arrivals. */
  readonly turnedAway: number
  /** Turned away in the busiest hour. */
  readonly turnedAwayBusiest: number
  /** The busiest hour with the queue's places. */
  readonly queued: SiteLaw
  /** The busiest hour if everybody waited (Erlang C); null where the queue would only grow. */
  readonly waiting: Waiting | null
  /** The fewest bays with which no larger share is turned away over the week. */
  readonly baysFor: readonly { readonly share: number; readonly bays: number }[]
  /** The grid in the busiest hour; null without a limit. Times in minutes. */
  readonly grid: (GridLaw & { readonly atOnce: number; readonly aloneFull_min: number }) | null
}

/** Visits that are looked at for energy and power: they settle means to about one in a hundred. */
const LOOKED_AT = 20_000
const MOST_BAYS = 2000

/** Every closed form for one site. The same question gives the same answers. */
export function instantAnswers(question: SiteQuestion): InstantAnswers {
  const { bays, queuePlaces, demand } = question
  const load = offeredLoad(demand)
  const present = Math.max(...load.present)
  const hour = load.present.indexOf(present)
  const meanLoad = load.present.reduce((sum, one) => sum + one, 0) / load.present.length
  return {
    load,
    busiest: { hour, present },
    turnedAwayEvenly: erlangB(bays, meanLoad),
    turnedAway: turnedAwayWith(load, bays),
    turnedAwayBusiest: erlangB(bays, present),
    queued: queueLaw(bays, queuePlaces, present),
    waiting: erlangC(bays, present, load.meanStay_min),
    baysFor: [0.1, 0.05, 0.01].map((share) => ({ share, bays: baysFor(load, share) })),
    grid: gridAnswer(question, present / Math.max(load.meanStay_min, 1e-9)),
  }
}

/** The share that finds every bay taken, hour by hour of the week. */
function turnedAwayWith({ arrivals, present }: OfferedLoad, bays: number): number {
  const total = arrivals.reduce((sum, one) => sum + one, 0)
  if (total === 0) return 0
  return arrivals.reduce((sum, count, hour) => sum + count * erlangB(bays, present[hour] ?? 0), 0) / total
}

function baysFor(load: OfferedLoad, share: number): number {
  let bays = 1
  while (bays < MOST_BAYS && turnedAwayWith(load, bays) > share) bays += 1
  return bays
}

/** `arrivals` per minute of the busiest hour; who finds no bay charges nothing. Vehicles are taken to leave when they are full. */
function gridAnswer({ bays, demand, power_W, limit_W }: SiteQuestion, arrivals: number): InstantAnswers['grid'] {
  if (limit_W === null) return null
  let [count, watts, minutes] = [0, 0, 0]
  for (const visit of wantedVisits(demand, { seed: 0, replication: 0, days: 7 * 5200 })) {
    const own_W = Math.min(power_W, visit.vehicleMax_W)
    watts += own_W
    minutes += (visit.energyWh / own_W) * 60
    count += 1
    if (count === LOOKED_AT) break
  }
  if (count === 0) return null
  const aloneFull_min = minutes / count
  const atOnce = limit_W / (watts / count)
  return { ...gridLaw(bays, atOnce, arrivals, aloneFull_min), atOnce, aloneFull_min }
}
