import { placeCameras } from './design-cameras.ts'
import type { DesignScenario } from './design-scenario.ts'
import { FAULT_METRICS } from './fault-metrics.ts'
import { PLAIN_RULE_METRICS } from './plain-rule-metrics.ts'
import { quantile } from './quantile.ts'
import type { Trouble, VisitLedger, VisitRow } from './visit-ledger.ts'

/** One figure of one replication: a number, or how many of how many. Null where there was nothing to measure. */
export type MetricValue = number | { readonly hits: number; readonly of: number } | null

/** One figure of a report. `better`: which way is good, null where neither is. */
type Metric = {
  readonly name: string
  readonly unit: string
  readonly says: string
  readonly better: 'less' | 'more' | null
  readonly of: (counted: Counted) => MetricValue
}

/** What a metric looks at: the visits that arrived in the days that count, and sums of time within them. */
type Counted = {
  readonly scenario: DesignScenario
  readonly ledger: VisitLedger
  readonly rows: readonly VisitRow[]
  /** Those that drove into a bay and want to charge. */
  readonly wanting: readonly VisitRow[]
  readonly bayMs: number
}

const HOUR = 3_600_000
const DAY = 24 * HOUR

const isFallback = ({ knownBy, outcome }: VisitRow): boolean =>
  knownBy === 'card' || knownBy === 'code' || outcome === 'not-charged'

const share = (of: readonly VisitRow[], is: (row: VisitRow) => boolean): MetricValue => ({
  hits: of.filter(is).length,
  of: of.length,
})
const withTrouble =
  (trouble: Trouble) =>
  ({ rows }: Counted): MetricValue =>
    share(
      rows.filter(({ enteredMs }) => enteredMs !== null),
      ({ troubles }) => troubles.has(trouble),
    )
const perBayDay = ({ scenario, ledger }: Counted, amount: number): number =>
  amount / (scenario.site.bays * ((ledger.to - ledger.from) / DAY))
const perDay = ({ ledger }: Counted, amount: number): number => amount / ((ledger.to - ledger.from) / DAY)
const energy_kWh = ({ rows }: Counted): number => rows.reduce((sum, { energy_Wh }) => sum + energy_Wh, 0) / 1000
const waitsOf = ({ rows }: Counted): number[] =>
  rows.filter(({ enteredMs }) => enteredMs !== null).map((row) => ((row.enteredMs ?? 0) - row.arrivedMs) / 60_000)
const powerWaits = ({ wanting }: Counted): number[] =>
  wanting.filter(({ powerMs }) => powerMs !== null).map((row) => ((row.powerMs ?? 0) - (row.enteredMs ?? 0)) / 1000)

const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length

/** Every figure, in the order of reports. */
export const METRICS: readonly Metric[] = [
  {
    name: 'arrivals',
    unit: 'vehicles/day',
    says: 'vehicles that came',
    better: null,
    of: (c) => perDay(c, c.rows.length),
  },
  {
    name: 'turned-away',
    unit: 'share',
    says: 'found neither bay nor queue place',
    better: 'less',
    of: (c) => share(c.rows, ({ outcome }) => outcome === 'turned-away'),
  },
  {
    name: 'gave-up',
    unit: 'share',
    says: 'left the queue before a bay was free',
    better: 'less',
    of: (c) => share(c.rows, ({ outcome }) => outcome === 'gave-up'),
  },
  {
    name: 'lost',
    unit: 'share',
    says: 'drove off without a bay: no place, or none in time',
    better: 'less',
    of: (c) => share(c.rows, ({ outcome }) => outcome === 'turned-away' || outcome === 'gave-up'),
  },
  {
    name: 'wait-mean',
    unit: 'min',
    says: 'mean wait for a bay, of all that got one',
    better: 'less',
    of: (c) => mean(waitsOf(c)),
  },
  {
    name: 'wait-p95',
    unit: 'min',
    says: 'nineteen of twenty waited less',
    better: 'less',
    of: (c) => quantile(waitsOf(c), 0.95),
  },
  {
    name: 'bay-use',
    unit: 'share',
    says: 'of the bays’ time with a vehicle in it',
    better: null,
    of: (c) => c.ledger.busyMs / c.bayMs,
  },
  {
    name: 'sessions',
    unit: 'per bay-day',
    says: 'vehicles that charged',
    better: 'more',
    of: (c) => perBayDay(c, c.rows.filter(({ outcome }) => outcome === 'charged').length),
  },
  {
    name: 'energy',
    unit: 'kWh per bay-day',
    says: 'energy that vehicles got',
    better: 'more',
    of: (c) => perBayDay(c, energy_kWh(c)),
  },
  {
    name: 'energy-met',
    unit: 'share',
    says: 'of the energy that who got a bay wanted, as far as it fits into the stay',
    better: 'more',
    of: ({ wanting }) => {
      const wanted = wanting.reduce((sum, { wanted_Wh }) => sum + wanted_Wh, 0)
      return wanted === 0 ? null : wanting.reduce((sum, { energy_Wh }) => sum + energy_Wh, 0) / wanted
    },
  },
  {
    name: 'time-to-full',
    unit: 'min',
    says: 'mean time from the first current to full, of those that became full',
    better: 'less',
    of: ({ wanting }) =>
      mean(
        wanting
          .filter(({ fullMs, powerMs }) => fullMs !== null && powerMs !== null)
          .map((row) => ((row.fullMs ?? 0) - (row.powerMs ?? 0)) / 60_000),
      ),
  },
  { name: 'peak', unit: 'A', says: 'highest current of a phase', better: 'less', of: (c) => c.ledger.peak_A },
  {
    name: 'at-limit',
    unit: 'min/day',
    says: 'time in which the grid’s limit is used up',
    better: 'less',
    of: (c) => (c.scenario.chargers.gridLimit_A === null ? null : perDay(c, c.ledger.limitMs / 60_000)),
  },
  {
    name: 'read-at-once',
    unit: 'share',
    says: 'charged by the plate alone: no card, no person',
    better: 'more',
    of: (c) =>
      share(c.wanting, ({ outcome, knownBy, fellBack }) => outcome === 'charged' && knownBy === 'plate' && !fellBack),
  },
  {
    name: 'reviewed',
    unit: 'share',
    says: 'looked at by a person',
    better: 'less',
    of: (c) => share(c.wanting, ({ reviewed }) => reviewed),
  },
  {
    name: 'fallback',
    unit: 'share',
    says: 'paid by card or code because the plate did not do',
    better: 'less',
    of: (c) => share(c.wanting, ({ knownBy }) => knownBy === 'card' || knownBy === 'code'),
  },
  {
    name: 'fallbacks',
    unit: 'per day',
    says: 'vehicles that paid otherwise or got no charge: what better reading would avoid',
    better: 'less',
    of: (c) => perDay(c, c.wanting.filter(isFallback).length),
  },
  {
    name: 'not-charged',
    unit: 'share',
    says: 'got a bay and left without a charge',
    better: 'less',
    of: (c) => share(c.wanting, ({ outcome }) => outcome === 'not-charged'),
  },
  {
    name: 'stop-to-power-p50',
    unit: 's',
    says: 'from driving in to current, middle one',
    better: 'less',
    of: (c) => quantile(powerWaits(c), 0.5),
  },
  {
    name: 'stop-to-power-p95',
    unit: 's',
    says: 'from driving in to current, nineteen of twenty',
    better: 'less',
    of: (c) => quantile(powerWaits(c), 0.95),
  },
  {
    name: 'misread-accepted',
    unit: 'share',
    says: 'a plate was agreed on that stands nowhere here',
    better: 'less',
    of: withTrouble('misread-accepted'),
  },
  {
    name: 'wrong-bay',
    unit: 'share',
    says: 'its plate was agreed on in another bay',
    better: 'less',
    of: withTrouble('wrong-bay'),
  },
  {
    name: 'wrong-payer',
    unit: 'share',
    says: 'another account was billed',
    better: 'less',
    of: withTrouble('wrong-payer'),
  },
  {
    name: 'false-release',
    unit: 'share',
    says: 'its bay let go of it while it stood there',
    better: 'less',
    of: withTrouble('false-release'),
  },
  {
    name: 'late-release',
    unit: 'share',
    says: 'its bay was still taken a minute after the grace',
    better: 'less',
    of: withTrouble('late-release'),
  },
  ...FAULT_METRICS,
  ...PLAIN_RULE_METRICS,
  {
    name: 'parked-hours',
    unit: 'h per bay-day',
    says: 'taken by who only parks',
    better: 'less',
    of: (c) => perBayDay(c, c.ledger.parkedMs / HOUR),
  },
  {
    name: 'overstay-hours',
    unit: 'h per bay-day',
    says: 'taken by who is full',
    better: 'less',
    of: (c) => perBayDay(c, c.ledger.overstayMs / HOUR),
  },
  {
    name: 'review-minutes',
    unit: 'min/day',
    says: 'work at the review desk',
    better: 'less',
    of: (c) => perDay(c, c.ledger.reviewMs / 60_000),
  },
  {
    name: 'alarms',
    unit: 'per hour',
    says: 'alarms that people see',
    better: 'less',
    of: (c) => perDay(c, c.ledger.alarms) / 24,
  },
  {
    name: 'cost',
    unit: 'EUR/day',
    says: 'what was built over its years, the reviewers’ minutes, and energy where it has a price',
    better: 'less',
    of: costOf,
  },
]

/** What bays, cameras and the grid's connection cost a day over the years in which they are paid, with desk and energy, EUR. */
function costOf(counted: Counted): number {
  const { scenario, ledger } = counted
  const { costs, site } = scenario
  const built_EUR =
    site.bays * costs.bay_EUR + placeCameras(scenario).length * costs.camera_EUR + costs.gridConnection_EUR
  return (
    built_EUR / (costs.years * 365) +
    perDay(counted, ledger.reviewMs / 60_000) * costs.reviewMinute_EUR +
    perDay(counted, energy_kWh(counted)) * costs.energy_EUR_kWh
  )
}

/** Every figure of one replication, by name. */
export function metricsOf(scenario: DesignScenario, ledger: VisitLedger): { readonly [name: string]: MetricValue } {
  const rows = ledger.rows.filter(({ arrivedMs }) => ledger.counts(arrivedMs))
  const wanting = rows.filter(({ enteredMs, outcome }) => enteredMs !== null && outcome !== 'parked')
  const counted = { scenario, ledger, rows, wanting, bayMs: scenario.site.bays * (ledger.to - ledger.from) }
  return Object.fromEntries(METRICS.map(({ name, of }) => [name, of(counted)]))
}
