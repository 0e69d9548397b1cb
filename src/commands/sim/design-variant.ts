import type { MetricSummary } from '../../../simulations/design/metric-summary.ts'
import { amount } from './html-text.ts'
import type { DesignRunResult } from './run-files.ts'

/** A design of a report, by the name under which its rows stand. */
export type Variant = { readonly label: string; readonly run: DesignRunResult }

/** The figure of this name: every summary holds all of them. */
export const figure = (summary: readonly MetricSummary[], name: string): MetricSummary =>
  summary.find((one) => one.name === name) as MetricSummary

/** A figure with its interval. */
export const within = ({ interval, unit }: MetricSummary): string => {
  const { mean, low, high } = interval
  const ends = Number.isFinite(low) && Number.isFinite(high) ? ` (${amount(low, unit)} to ${amount(high, unit)})` : ''
  return `${amount(mean, unit)}${ends}`
}
