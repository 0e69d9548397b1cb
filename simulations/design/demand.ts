import { ChanceStreams, type Draws } from './chance-streams.ts'

/** Days that differ in who comes. Public holidays count as what they are called. */
export const DAY_KINDS = ['weekday', 'saturday', 'sunday'] as const
export type DayKind = (typeof DAY_KINDS)[number]

/** How a length or an amount is spread around its mean. `cv` is standard deviation over mean; exponential and fixed have their own. */
export type Spread = {
  readonly law: 'exponential' | 'fixed' | 'lognormal' | 'gamma' | 'hyperexponential'
  readonly mean: number
  readonly cv?: number
}

/** A visit of the past: minute of its day in local time, minutes it stayed, and kWh it took, null where nobody measured. */
export type PastVisit = readonly [minute: number, stay_min: number, energy_kWh: number | null]

/**
 * When the vehicles of a day come, and how long they then stay: drawn together, for who comes at seven stays longer than who comes at noon.
 * `figures`: shares of the 24 hours, and for each the mean stay of every part of its visits, from the shortest to the longest, all parts
 * as large. `past`: visits of a site's own, drawn again. `rates`: shares of the 24 hours, and stays that know nothing of the hour.
 */
export type Comings =
  | {
      readonly kind: 'figures'
      readonly hours: readonly number[]
      readonly stays_min: readonly (readonly number[])[]
    }
  | { readonly kind: 'past'; readonly visits: readonly PastVisit[] }
  | { readonly kind: 'rates'; readonly hours: readonly number[]; readonly stay_min: Spread }

/** Energy that vehicles want where a past visit does not say: one spread, or one list of parts (as of stays) per class of stay. */
export type Energy =
  | { readonly kind: 'spread'; readonly energy_kWh: Spread }
  | {
      readonly kind: 'byStay'
      readonly below_min: readonly number[]
      readonly parts_kWh: readonly (readonly number[])[]
    }

/** So large a share of the vehicles takes at most so much. */
export type VehicleShare = { readonly max_W: number; readonly share: number }

/** Who wants to charge at a site. */
export type Demand = {
  /** Mean visits in a day of each kind. */
  readonly visits: Readonly<Record<DayKind, number>>
  /** Variance over mean of the visits of a day: 1 where they come independently, above where there are good and bad days. */
  readonly dispersion: number
  readonly comings: Readonly<Record<DayKind, Comings>>
  readonly energy: Energy
  readonly vehicles: readonly VehicleShare[]
}

/** One vehicle that wants to charge. Times count from the run's beginning, in whole milliseconds. */
export type WantedVisit = {
  /** 0, 1, 2 … in the order of arrival. */
  readonly index: number
  readonly arriveMs: number
  /** How long it would stay if it were let in. */
  readonly stayMs: number
  /** What it would take in that stay at a charge point that gives all it can take. */
  readonly energyWh: number
  readonly vehicleMax_W: number
}

/** Which run: the same numbers give the same visits. Day 0 begins at midnight, local time; `firstWeekday` 0 is a Monday (default). */
export type WantedSpan = {
  readonly seed: number
  readonly replication: number
  readonly days: number
  readonly firstWeekday?: number
  /** When the clocks of a day show so much after midnight, ms from the run's beginning; absent: every day has 24 hours. */
  readonly moment?: (day: number, clock_ms: number) => number
}

const MINUTE = 60_000
const DAY = 86_400_000
/** Streams of a day's visits lie side by side; no site sees so many in a day. */
const MOST_A_DAY = 65_536

/**
 * Every vehicle that wants to charge, in the order of arrival. The k-th vehicle of a day is the same however many come after it, so that
 * a scale of 1.2 adds vehicles to those of 1.0.
 */
export function* wantedVisits(demand: Demand, span: WantedSpan): Generator<WantedVisit> {
  const streams = new ChanceStreams(span.seed, span.replication)
  let index = 0
  for (let day = 0; day < span.days; day++) {
    const kind = dayKind(day + (span.firstWeekday ?? 0))
    const count = streams.of('day', day).negativeBinomial(demand.visits[kind], demand.dispersion)
    const came: WantedVisit[] = []
    for (let k = 0; k < count; k++) {
      const visit = oneVisit(demand, kind, streams.of('visit', day * MOST_A_DAY + k))
      const arriveMs = span.moment ? span.moment(day, visit.arriveMs) : day * DAY + visit.arriveMs
      came.push({ ...visit, arriveMs })
    }
    came.sort((a, b) => a.arriveMs - b.arriveMs)
    for (const visit of came) yield { ...visit, index: index++ }
  }
}

/** The kind of a day by its number from a Monday. */
export const dayKind = (day: number): DayKind => {
  const weekday = day % 7
  return weekday === 5 ? 'saturday' : weekday === 6 ? 'sunday' : 'weekday'
}

/** Whoever plugs in draws a little, and is no less charged where a meter wrote 0 kWh of it, Wh. */
const LEAST_WH = 1

/** Draws in a fixed order: place, stay, vehicle, energy. It arrives so long after midnight. */
function oneVisit(demand: Demand, kind: DayKind, draws: Draws): WantedVisit {
  const { minute, stay_min, energy_kWh } = drawComing(demand.comings[kind], draws)
  const vehicleMax_W = drawVehicle(demand.vehicles, draws)
  const wanted_kWh = energy_kWh ?? drawEnergy(demand.energy, stay_min, draws)
  const stayMs = Math.max(1000, Math.round(stay_min * MINUTE))
  return {
    index: 0,
    arriveMs: Math.min(DAY - 1, Math.floor(minute * MINUTE)),
    stayMs,
    energyWh: Math.min(Math.max(LEAST_WH, wanted_kWh * 1000), (vehicleMax_W * stayMs) / 3_600_000),
    vehicleMax_W,
  }
}

type Coming = { readonly minute: number; readonly stay_min: number; readonly energy_kWh: number | null }

function drawComing(comings: Comings, draws: Draws): Coming {
  if (comings.kind === 'past') {
    const [minute, stay_min, energy_kWh] = comings.visits[Math.floor(draws.uniform() * comings.visits.length)] ?? [
      0,
      1,
      null,
    ]
    return { minute: Math.floor(minute) + draws.uniform(), stay_min, energy_kWh }
  }
  const { hour, within } = drawHour(comings.hours, draws.uniform())
  const minute = 60 * (hour + within)
  if (comings.kind === 'rates') return { minute, stay_min: drawSpread(comings.stay_min, draws), energy_kWh: null }
  return { minute, stay_min: drawPart(comings.stays_min[hour] ?? [], draws.uniform()), energy_kWh: null }
}

/** The hour into whose share `place` (0..1) falls, and how far into it. */
function drawHour(shares: readonly number[], place: number): { readonly hour: number; readonly within: number } {
  let left = place
  for (const [hour, share] of shares.entries()) {
    if (left < share) return { hour, within: left / share }
    left -= share
  }
  // The shares fell short of 1 by a rounding: the last hour that anyone comes in.
  return {
    hour: Math.max(
      0,
      shares.findLastIndex((share) => share > 0),
    ),
    within: 0.5,
  }
}

/**
 * From the means of equal parts, shortest to longest: the part that `place` (0..1) falls into, spread as far to both sides as its nearer
 * neighbour allows. The mean over all places is the mean of the parts, which a line through quantiles would miss in the long tail.
 */
export function drawPart(parts: readonly number[], place: number): number {
  const at = Math.min(parts.length - 1, Math.floor(place * parts.length))
  const mean = parts[at] ?? 0
  const below = mean - (at > 0 ? (parts[at - 1] as number) : 0)
  const above = at + 1 < parts.length ? (parts[at + 1] as number) - mean : below
  return mean + (place * parts.length - at - 0.5) * Math.min(below, above)
}

/** One value of a spread. */
export function drawSpread({ law, mean, cv = 1 }: Spread, draws: Draws): number {
  switch (law) {
    case 'fixed':
      return mean
    case 'exponential':
      return draws.exponential(mean)
    case 'lognormal':
      return draws.lognormal(mean, cv)
    case 'gamma':
      return draws.gamma(mean, cv)
    case 'hyperexponential':
      return drawHyperexponential(mean, cv, draws)
  }
}

/** Two exponentials with balanced means: many short, few long. `cv` is at least 1. */
function drawHyperexponential(mean: number, cv: number, draws: Draws): number {
  const square = Math.max(1, cv * cv)
  const first = (1 + Math.sqrt((square - 1) / (square + 1))) / 2
  const share = draws.chance(first) ? first : 1 - first
  return draws.exponential(mean / (2 * share))
}

function drawVehicle(vehicles: readonly VehicleShare[], draws: Draws): number {
  let left = draws.uniform() * vehicles.reduce((sum, { share }) => sum + share, 0)
  for (const { max_W, share } of vehicles) {
    if (left < share) return max_W
    left -= share
  }
  return vehicles.at(-1)?.max_W ?? 0
}

function drawEnergy(energy: Energy, stay_min: number, draws: Draws): number {
  if (energy.kind === 'spread') return drawSpread(energy.energy_kWh, draws)
  const found = energy.below_min.findIndex((below) => stay_min < below)
  return drawPart(energy.parts_kWh[found < 0 ? energy.parts_kWh.length - 1 : found] ?? [], draws.uniform())
}
