import type { Metric, MetricValue } from './counted-visits.ts'
import { METRICS } from './design-metrics.ts'
import { type Interval, meanInterval, pairedInterval, shareInterval } from './interval.ts'

/** A figure over all replications. `hits` of `of`: where it counts visits, over all of them. */
export type MetricSummary = {
  readonly name: string
  readonly unit: string
  readonly says: string
  readonly better: 'less' | 'more' | null
  readonly interval: Interval
  readonly hits?: number
  readonly of?: number
}

/** Things that happen more seldom than this many times in all are judged by Wilson's interval, for replications alone would say 0 ± 0. */
const RARE = 50

/** Figures of all replications with their intervals: Student's over the replications; of rare shares Wilson's over all visits. */
export function summarize(
  replications: readonly { readonly [name: string]: MetricValue }[],
  metrics: readonly Metric[] = METRICS,
): MetricSummary[] {
  return metrics.map(({ name, unit, says, better }) => {
    const values = replications.map((one) => one[name] ?? null)
    const about = { name, unit, says, better }
    const shares = values.filter((value) => typeof value === 'object' && value !== null)
    if (shares.length === 0)
      return { ...about, interval: possible(meanInterval(values.filter((value) => typeof value === 'number')), unit) }
    const hits = shares.reduce((sum, one) => sum + one.hits, 0)
    const of = shares.reduce((sum, one) => sum + one.of, 0)
    const rare = hits < RARE || shares.length < 2
    const interval = rare ? shareInterval(hits, of) : possible(meanInterval(valuesOf(replications, name)), unit)
    return { ...about, interval, hits, of }
  })
}

/** No figure is below 0, and no share above 1: Student’s interval does not know. One replication has none, and it stays open. */
function possible(interval: Interval, unit: string): Interval {
  const { low, high } = interval
  if (!Number.isFinite(low)) return interval
  return { ...interval, low: Math.max(0, low), high: unit === 'share' ? Math.min(1, high) : high }
}

/** A figure of each replication as a number; NaN-free: replications without it are left out. */
export function valuesOf(replications: readonly { readonly [name: string]: MetricValue }[], name: string): number[] {
  return replications.flatMap((one) => {
    const value = one[name] ?? null
    if (value === null) return []
    if (typeof value === 'number') return [value]
    return value.of === 0 ? [] : [value.hits / value.of]
  })
}

/** How much a figure changes from one design to another that met the same vehicles; null where it cannot be said pair by pair. */
export function changeOf(
  before: readonly { readonly [name: string]: MetricValue }[],
  after: readonly { readonly [name: string]: MetricValue }[],
  name: string,
): Interval | null {
  const pairs = Math.min(before.length, after.length)
  const [first, second] = [valuesOf(before.slice(0, pairs), name), valuesOf(after.slice(0, pairs), name)]
  return first.length === pairs && second.length === pairs && pairs > 1 ? pairedInterval(first, second) : null
}
