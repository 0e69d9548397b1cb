import type { DesignScenario } from './design-scenario.ts'
import type { Trouble, VisitLedger, VisitRow } from './visit-ledger.ts'

/** One figure of one replication: a number, or how many of how many. Null where there was nothing to measure. */
export type MetricValue = number | { readonly hits: number; readonly of: number } | null

/** One figure of a report. `better`: which way is good, null where neither is. */
export type Metric = {
  readonly name: string
  readonly unit: string
  readonly says: string
  readonly better: 'less' | 'more' | null
  readonly of: (counted: Counted) => MetricValue
}

/** What a metric looks at: the visits that arrived in the days that count, and sums of time within them. */
export type Counted = {
  readonly scenario: DesignScenario
  readonly ledger: VisitLedger
  readonly rows: readonly VisitRow[]
  /** Those that drove into a bay and want to charge. */
  readonly wanting: readonly VisitRow[]
  readonly bayMs: number
}

export const HOUR = 3_600_000
const DAY = 24 * HOUR

export const share = (of: readonly VisitRow[], is: (row: VisitRow) => boolean): MetricValue => ({
  hits: of.filter(is).length,
  of: of.length,
})
export const withTrouble =
  (trouble: Trouble) =>
  ({ rows }: Counted): MetricValue =>
    share(
      rows.filter(({ enteredMs }) => enteredMs !== null),
      ({ troubles }) => troubles.has(trouble),
    )

export const perBayDay = ({ scenario, ledger }: Counted, amount: number): number =>
  amount / (scenario.site.bays * ((ledger.to - ledger.from) / DAY))
export const perDay = ({ ledger }: Counted, amount: number): number => amount / ((ledger.to - ledger.from) / DAY)
export const energy_kWh = ({ rows }: Counted): number => rows.reduce((sum, { energy_Wh }) => sum + energy_Wh, 0) / 1000

export const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length
