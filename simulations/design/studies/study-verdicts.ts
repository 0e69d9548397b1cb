import { meanInterval, pairedInterval } from '../interval.ts'
import { type MetricSummary, summarize, valuesOf } from '../metric-summary.ts'
import type { Expectation, Measured, Study } from './study.ts'

/** The replications of each design of a study, by its label: every figure of each, in the order of the replications. */
export type StudyRuns = ReadonlyMap<string, readonly Parameters<typeof summarize>[0][number][]>

/** An expectation beside what came out. `yes`: the paired interval lies on that side; `unsure`: it holds nought; `no`: it lies on the other. */
export type Verdict = Expectation & {
  readonly came: 'yes' | 'unsure' | 'no'
  readonly change: ReturnType<Measured['change']>
}

/** Every figure of a design with its interval, those of the study alone and in its order. */
export function figuresOf({ figures }: Study, runs: StudyRuns, label: string): MetricSummary[] {
  const all = summarize(runs.get(label) ?? [])
  return figures.flatMap((name) => all.filter((one) => one.name === name))
}

/** What a study measured, for its sentence and its verdicts. */
export function measuredBy(runs: StudyRuns): Measured {
  return {
    // As its table says it, where a share is that of all visits together.
    mean: (label, figure) =>
      summarize(runs.get(label) ?? []).find(({ name }) => name === figure)?.interval.mean ?? Number.NaN,
    change: (from, to, figure, toFigure = figure) => {
      const [before, after] = [valuesOf(runs.get(from) ?? [], figure), valuesOf(runs.get(to) ?? [], toFigure)]
      return before.length === after.length ? pairedInterval(before, after) : meanInterval([])
    },
  }
}

/** Every expectation of a study, judged by what was measured. */
export function verdictsOf({ expects }: Study, measured: Measured): Verdict[] {
  return expects.map((expected) => {
    const change = measured.change(expected.from, expected.to, expected.figure, expected.toFigure)
    const [low, high] = expected.goes === 'up' ? [change.low, change.high] : [-change.high, -change.low]
    return { ...expected, change, came: low > 0 ? 'yes' : high < 0 ? 'no' : 'unsure' }
  })
}
