import { tQuantile } from './student-t.ts'

/** A mean with where it truly may lie: `low` to `high` hold it with 95 % probability. `n` values went in. */
export type Interval = {
  readonly mean: number
  readonly low: number
  readonly high: number
  /** Standard error of the mean; 0 for one value, of which nobody can say how far it is off. */
  readonly error: number
  readonly n: number
}

/** 95 %, both sides: what every interval of a report says. */
const LEVEL = 0.975
const NORMAL = 1.959963984540054

/** Mean and Student's interval over the replications' own values. One value has no interval: `low` and `high` are then infinite. */
export function meanInterval(values: readonly number[]): Interval {
  const n = values.length
  if (n === 0) return { mean: Number.NaN, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY, error: 0, n }
  const mean = values.reduce((sum, value) => sum + value, 0) / n
  if (n === 1) return { mean, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY, error: 0, n }
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  const error = Math.sqrt(squares / (n - 1) / n)
  const half = error * tQuantile(LEVEL, n - 1)
  return { mean, low: mean - half, high: mean + half, error, n }
}

/** Interval of the differences `after - before`, pair by pair: two designs that met the same vehicles. Both lists are as long. */
export function pairedInterval(before: readonly number[], after: readonly number[]): Interval {
  if (before.length !== after.length) throw new RangeError('Pairs need two lists of the same length.')
  return meanInterval(after.map((value, i) => value - (before[i] as number)))
}

/** Wilson's interval for `hits` of `tries`: holds for rare things too, where nothing was seen at all. No tries: 0 to 1. */
export function shareInterval(hits: number, tries: number): Interval {
  if (tries === 0) return { mean: Number.NaN, low: 0, high: 1, error: 0, n: 0 }
  const share = hits / tries
  const square = NORMAL * NORMAL
  const centre = (share + square / (2 * tries)) / (1 + square / tries)
  const spread = Math.sqrt((share * (1 - share)) / tries + square / (4 * tries * tries))
  const half = (NORMAL * spread) / (1 + square / tries)
  return {
    mean: share,
    low: hits === 0 ? 0 : centre - half,
    high: hits === tries ? 1 : centre + half,
    error: Math.sqrt((share * (1 - share)) / tries),
    n: tries,
  }
}

/** Half the interval's width over its mean: a run may stop below `targetHalfWidth`. Infinite where nothing can be said. */
export function relativeHalfWidth({ mean, low, high }: Interval): number {
  const half = (high - low) / 2
  if (half === 0) return 0
  return mean === 0 ? Number.POSITIVE_INFINITY : half / Math.abs(mean)
}
