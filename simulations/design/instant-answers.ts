import { circuitsLaw, erlangB, erlangC, type GridLaw, queueLaw, type SiteLaw, type Waiting } from './closed-forms.ts'
import { type Demand, wantedVisits } from './demand.ts'
import { type OfferedLoad, offeredLoad } from './offered-load.ts'

/** A site as theory sees it. */
export type SiteQuestion = {
  readonly bays: number
  readonly queuePlaces: number
  readonly demand: Demand
  /** What one charge point gives at most. */
  readonly power_W: number
  /** What each of the connection's circuits gives at most; null is no limit. */
  readonly limit_W: number | null
  /** Limits of this size, among which the bays go in turn (default 1): three where charge points of one phase rotate. */
  readonly circuits?: number
  /** Vehicles drive off when they are full, instead of staying as long as the demand says. */
  readonly leaveWhenFull: boolean
}

/** What theory says of it, without a run. Shares are of arrivals. */
export type InstantAnswers = {
  readonly load: OfferedLoad
  /** The hour of the week, from Monday 0:00, in which most vehicles would be there. */
  readonly busiest: { readonly hour: number; readonly present: number }
  /** Turned away if the load were the same all week and nobody could wait (Erlang B). */
  readonly turnedAwayEvenly: number
  /** Turned away with the course of the week and the places to wait in: each hour by its own load, weighed by its arrivals. */
  readonly turnedAway: number
  /** The busiest hour with the queue's places. */
  readonly queued: SiteLaw
  /** The busiest hour if everybody waited (Erlang C); null where the queue would only grow. */
  readonly waiting: Waiting | null
  /** The fewest bays with which no larger share is turned away over the week. */
  readonly baysFor: readonly { readonly share: number; readonly bays: number | null }[]
  /** The grid in the busiest hour; null without a limit. Times in minutes; `atOnce` of each circuit. */
  readonly grid:
    | (GridLaw & {
        readonly atOnce: number
        readonly aloneFull_min: number
        /** Time at the limit, each hour of the week by its own load, min a day. */
        readonly usedUp_min: number
      })
    | null
}

/** Visits that are looked at for energy and power: they settle means to about one in a hundred. */
const LOOKED_AT = 20_000
/** More bays than this are not tried. */
const MOST_BAYS = 500

/** Every closed form for one site. The same question gives the same answers. */
export function instantAnswers(question: SiteQuestion): InstantAnswers {
  const { bays, queuePlaces, demand, leaveWhenFull } = question
  const charge = chargeOf(question)
  const load = leaveWhenFull ? shortened(offeredLoad(demand), charge.ofStay) : offeredLoad(demand)
  const present = Math.max(...load.present)
  const meanLoad = load.present.reduce((sum, one) => sum + one, 0) / load.present.length
  const blocked = blockedBy(question, charge)
  const queued = queueLaw(bays, queuePlaces, present)
  return {
    load,
    busiest: { hour: load.present.indexOf(present), present },
    turnedAwayEvenly: erlangB(bays, meanLoad),
    turnedAway: turnedAwayWith(load, bays, blocked),
    queued: { ...queued, blocked: blocked(bays, present) },
    waiting: erlangC(bays, present, load.meanStay_min),
    baysFor: baysFor(load, blocked),
    grid: gridAnswer(question, charge, load, present),
  }
}

function gridAnswer(
  { bays, queuePlaces, circuits = 1, leaveWhenFull }: SiteQuestion,
  { atOnce, full_min }: Charge,
  load: OfferedLoad,
  busiest: number,
): InstantAnswers['grid'] {
  if (atOnce === null) return null
  const { law } = circuitsLaw(bays, Math.min(bays, circuits), atOnce, full_min)
  const under = (present: number): GridLaw => {
    const { blocked } = queueLaw(bays, queuePlaces, present)
    const arrivals = leaveWhenFull ? present / full_min : ((1 - blocked) * present) / load.meanStay_min
    return law(Number.isFinite(arrivals) ? arrivals : 0)
  }
  // Many hours of a week are alike.
  const known = new Map<number, number>()
  const usedUp = load.present.map((present) => {
    const share = known.get(present) ?? under(present).atLimit
    known.set(present, share)
    return share
  })
  const usedUp_min = (usedUp.reduce((sum, share) => sum + share, 0) / usedUp.length) * DAY_MIN
  return { ...under(busiest), atOnce, aloneFull_min: full_min, usedUp_min }
}

const DAY_MIN = 1440

/** The share turned away by so many bays under a load. */
type Blocked = (bays: number, offered: number) => number

function blockedBy({ queuePlaces, leaveWhenFull, circuits = 1 }: SiteQuestion, { atOnce, full_min }: Charge): Blocked {
  // Where vehicles stay for the charge, a limit keeps them longer.
  if (leaveWhenFull && atOnce !== null && queuePlaces === 0) {
    const laws = new Map<number, ReturnType<typeof circuitsLaw>>()
    return (bays, offered) => {
      const law = laws.get(bays) ?? circuitsLaw(bays, Math.min(bays, circuits), atOnce, full_min)
      laws.set(bays, law)
      return law.blocked(offered / full_min)
    }
  }
  return queuePlaces === 0 ? erlangB : (bays, offered) => queueLaw(bays, queuePlaces, offered).blocked
}

const shortened = (load: OfferedLoad, times: number): OfferedLoad => ({
  ...load,
  present: load.present.map((one) => one * times),
  meanStay_min: load.meanStay_min * times,
})

/** The share that finds every bay and every place taken, hour by hour of the week. */
function turnedAwayWith({ arrivals, present }: OfferedLoad, bays: number, blocked: Blocked): number {
  const total = arrivals.reduce((sum, one) => sum + one, 0)
  if (total === 0) return 0
  // Many hours of a week are alike.
  const known = new Map<number, number>()
  const away = (offered: number): number => {
    const share = known.get(offered) ?? blocked(bays, offered)
    known.set(offered, share)
    return share
  }
  return arrivals.reduce((sum, count, hour) => sum + count * away(present[hour] ?? 0), 0) / total
}

/** Null where even very many bays are too few. What is enough for a smaller share is enough for a larger one. */
function baysFor(load: OfferedLoad, blocked: Blocked): InstantAnswers['baysFor'] {
  let bays = 1
  return [0.1, 0.05, 0.01].map((share) => {
    while (bays <= MOST_BAYS && turnedAwayWith(load, bays, blocked) > share) bays += 1
    return { share, bays: bays > MOST_BAYS ? null : bays }
  })
}

/** What charging means here: minutes to full of who is alone, of the stay such a part, and how many can draw all they want. */
type Charge = { readonly full_min: number; readonly ofStay: number; readonly atOnce: number | null }

function chargeOf({ demand, power_W, limit_W }: SiteQuestion): Charge {
  let [count, energy_Wmin, full, there, stays] = [0, 0, 0, 0, 0]
  for (const visit of wantedVisits(demand, { seed: 0, replication: 0, days: 7 * 5200 })) {
    const own_W = Math.min(power_W, visit.vehicleMax_W)
    const minutes = (visit.energyWh / own_W) * 60
    const stay_min = visit.stayMs / 60_000
    // Each power counts as long as it is drawn: who takes little charges long, and a limit is shared by who charges now.
    energy_Wmin += own_W * minutes
    full += minutes
    there += Math.min(stay_min, minutes)
    stays += stay_min
    count += 1
    if (count === LOOKED_AT) break
  }
  if (full === 0) return { full_min: 1, ofStay: 1, atOnce: limit_W === null ? null : limit_W / power_W }
  return {
    full_min: full / count,
    ofStay: there / stays,
    atOnce: limit_W === null ? null : limit_W / (energy_Wmin / full),
  }
}
