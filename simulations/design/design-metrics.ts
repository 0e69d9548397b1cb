import { CONDITION_METRICS } from './condition-metrics.ts'
import {
  type Counted,
  energy_kWh,
  HOUR,
  type Metric,
  type MetricValue,
  mean,
  perBayDay,
  perDay,
  share,
} from './counted-visits.ts'
import { placeCameras } from './design-cameras.ts'
import type { DesignScenario } from './design-scenario.ts'
import { ENERGY_METRICS } from './energy-metrics.ts'
import { FAULT_METRICS } from './fault-metrics.ts'
import { PLAIN_RULE_METRICS } from './plain-rule-metrics.ts'
import { quantile } from './quantile.ts'
import { READ_METRICS } from './read-metrics.ts'
import type { VisitLedger } from './visit-ledger.ts'

const waitsOf = ({ rows }: Counted): number[] =>
  rows.filter(({ enteredMs }) => enteredMs !== null).map((row) => ((row.enteredMs ?? 0) - row.arrivedMs) / 60_000)

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
  ...ENERGY_METRICS,
  ...READ_METRICS,
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
  return Object.fromEntries([...METRICS, ...CONDITION_METRICS].map(({ name, of }) => [name, of(counted)]))
}
