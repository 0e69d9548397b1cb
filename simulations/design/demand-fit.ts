import { type Comings, type DayKind, dayKind, type Energy, type PastVisit } from './demand.ts'
import { byKind, type DemandFigures } from './demand-figures.ts'

/** One session of a file, in local time: `day` counts from any Monday (day 0), `minute` within it. */
export type PastSession = {
  readonly day: number
  readonly minute: number
  readonly stay_min: number
  readonly energy_kWh: number | null
  /** Where it took place; dispersion is that of one site. */
  readonly siteId: string
}

/** What a fit keeps, beside the sessions. `firstDay` and `lastDay` bound the days that count, both included. */
export type FitWish = {
  readonly firstDay: number
  readonly lastDay: number
  /** `figures`: shares and parts only, nothing of a single visit. `past`: the visits themselves, without anything that names a driver. */
  readonly keep: 'figures' | 'past'
  readonly chargePoints: number
  readonly visitsOf: DemandFigures['visitsOf']
} & Pick<DemandFigures, 'name' | 'source' | 'licence' | 'from' | 'to'>

/** Parts into which the stays of an hour are cut. */
const PARTS = 20
/** An hour with fewer visits borrows from its neighbours: parts of two visits each are the least that says something. */
const ENOUGH = 40

/** Fits demand to sessions. At least one session lies within the days that count. The same sessions give the same figures. */
export function fitDemand(sessions: readonly PastSession[], wish: FitWish): DemandFigures {
  const inside = sessions.filter(({ day }) => day >= wish.firstDay && day <= wish.lastDay)
  const { firstDay: _first, lastDay: _last, keep, visitsOf, chargePoints, ...told } = wish
  const each = visitsOf === 'charge-point' ? chargePoints : 1
  return {
    version: 1,
    ...told,
    sessions: inside.length,
    chargePoints,
    visitsOf,
    visits: byKind((kind) => short(ofKind(inside, kind).length / Math.max(1, daysOf(wish, kind)) / each, 5)),
    dispersion: short(dispersionOf(inside, wish), 3),
    comings: byKind((kind) => (keep === 'past' ? pastOf(ofKind(inside, kind)) : figuresOf(inside, kind))),
    energy: keep === 'past' && inside.every(({ energy_kWh }) => energy_kWh !== null) ? null : energyOf(inside),
  }
}

const ofKind = (sessions: readonly PastSession[], kind: DayKind): readonly PastSession[] =>
  sessions.filter(({ day }) => dayKind(day) === kind)

function daysOf({ firstDay, lastDay }: FitWish, kind: DayKind): number {
  let count = 0
  for (let day = firstDay; day <= lastDay; day++) if (dayKind(day) === kind) count += 1
  return count
}

/** Variance over mean of a site's visits on its weekdays, over all sites; at least 1: full sites look more regular than drivers are. */
function dispersionOf(sessions: readonly PastSession[], wish: FitWish): number {
  const days = daysOf(wish, 'weekday')
  if (days < 2) return 1
  const counts = new Map<string, Map<number, number>>()
  for (const { siteId, day } of ofKind(sessions, 'weekday')) {
    const site = counts.get(siteId) ?? new Map<number, number>()
    counts.set(siteId, site.set(day, (site.get(day) ?? 0) + 1))
  }
  let [means, variances] = [0, 0]
  for (const site of counts.values()) {
    const all = [...site.values()]
    const mean = all.reduce((sum, one) => sum + one, 0) / days
    // Days without a visit stand in no map: each is mean² away.
    const squares = all.reduce((sum, one) => sum + (one - mean) ** 2, 0) + (days - all.length) * mean * mean
    means += mean
    variances += squares / (days - 1)
  }
  return means === 0 ? 1 : Math.max(1, variances / means)
}

function pastOf(sessions: readonly PastSession[]): Comings {
  const visits = sessions.map(
    ({ minute, stay_min, energy_kWh }): PastVisit => [
      Math.floor(minute),
      short(stay_min, 1),
      energy_kWh === null ? null : short(energy_kWh, 2),
    ],
  )
  return { kind: 'past', visits: visits.sort((a, b) => a[0] - b[0] || a[1] - b[1] || (a[2] ?? 0) - (b[2] ?? 0)) }
}

function figuresOf(sessions: readonly PastSession[], kind: DayKind): Comings {
  const own = ofKind(sessions, kind)
  const hours = Array.from({ length: 24 }, (_, hour) => own.filter(({ minute }) => hourOf(minute) === hour).length)
  return {
    kind: 'figures',
    hours: hours.map((count) => short(count / Math.max(1, own.length), 5)),
    stays_min: hours.map((_, hour) =>
      partsOf(staysNear(own, sessions, hour)).map((stay) => short(stay, stay < 100 ? 1 : 0)),
    ),
  }
}

const hourOf = (minute: number): number => Math.floor(minute / 60)

/** Stays of who came around this hour: of its own kind of day first, then of any, from as few hours beside it as give enough. */
function staysNear(own: readonly PastSession[], all: readonly PastSession[], hour: number): readonly number[] {
  const near = (from: readonly PastSession[], beside: number): readonly number[] =>
    from
      .filter(({ minute }) => {
        const off = Math.abs(hourOf(minute) - hour)
        return Math.min(off, 24 - off) <= beside
      })
      .map(({ stay_min }) => stay_min)
  for (const [from, widest] of [
    [own, 3],
    [all, 12],
  ] as const)
    for (let beside = 0; beside <= widest; beside++) {
      const stays = near(from, beside)
      if (stays.length >= ENOUGH) return stays
    }
  return all.map(({ stay_min }) => stay_min)
}

/** The means of equal parts, from the smallest values to the largest. */
function partsOf(values: readonly number[]): number[] {
  const sorted = [...values].sort((a, b) => a - b)
  const parts = Math.min(PARTS, sorted.length)
  return Array.from({ length: parts }, (_, part) => {
    const [from, to] = [(part * sorted.length) / parts, ((part + 1) * sorted.length) / parts]
    let sum = 0
    for (let i = Math.floor(from); i < to; i++) {
      const weight = Math.min(i + 1, to) - Math.max(i, from)
      sum += (sorted[i] ?? 0) * weight
    }
    return sum / (to - from)
  })
}

/** Classes of stay, up to five of them equally full, with the parts of what their visits took. Null where nobody measured. */
function energyOf(sessions: readonly PastSession[]): Energy | null {
  const measured = sessions.filter(({ energy_kWh }) => energy_kWh !== null).sort((a, b) => a.stay_min - b.stay_min)
  if (measured.length < ENOUGH) return null
  const classes = Math.min(5, Math.floor(measured.length / ENOUGH))
  const bounds = Array.from({ length: classes + 1 }, (_, i) => Math.round((i * measured.length) / classes))
  const below = bounds.slice(1, -1).map((bound) => short(measured[bound]?.stay_min ?? 0, 1))
  return {
    kind: 'byStay',
    below_min: below,
    parts_kWh: bounds
      .slice(1)
      .map((to, i) =>
        partsOf(measured.slice(bounds[i], to).map(({ energy_kWh }) => energy_kWh ?? 0)).map((part) => short(part, 2)),
      ),
  }
}

/** Rounded: a figure says no more than was measured, and stays the same bytes on any machine. */
const short = (value: number, digits: number): number => Math.round(value * 10 ** digits) / 10 ** digits
