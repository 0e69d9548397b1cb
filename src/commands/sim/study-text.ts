import type { MetricSummary } from '../../../simulations/design/metric-summary.ts'
import type { Study } from '../../../simulations/design/studies/study.ts'
import {
  figuresOf,
  measuredBy,
  type StudyRuns,
  type Verdict,
  verdictsOf,
} from '../../../simulations/design/studies/study-verdicts.ts'
import type { Variant } from './design-variant.ts'
import { amount, digits } from './html-text.ts'
import { metricsByLabel } from './study-run.ts'

/** A study that was run, in words and numbers, for a terminal and for a page alike. */
export type StudyAnswer = {
  readonly says: string
  readonly rows: readonly {
    readonly label: string
    readonly figures: readonly MetricSummary[]
    /** What theory says of some of them, by name. */
    readonly theory: { readonly [figure: string]: number }
  }[]
  readonly verdicts: readonly Verdict[]
}

/** What a study came to. */
export function studyAnswer(study: Study, variants: readonly Variant[]): StudyAnswer {
  const runs: StudyRuns = metricsByLabel(variants)
  const measured = measuredBy(runs)
  const rows = variants.map(({ label, run }) => ({
    label,
    figures: figuresOf(study, runs, label),
    theory: study.theory?.(run.scenario) ?? {},
  }))
  return { says: study.says(measured), rows, verdicts: verdictsOf(study, measured) }
}

const CAME = { yes: 'shown', unsure: 'not shown by so many runs', no: 'THE OTHER WAY' } as const

/** `wrong-bay from A to B: -9.4 % (-10 % to -8.8 %), expected down: shown`. */
export function verdictText({ figure, toFigure, from, to, goes, came, change }: Verdict, unit: string): string {
  // The difference of two shares is in points: 14 % that become 7 % are 7 points less, and half.
  const points = unit === 'share'
  const text = (value: number): string => digits(points ? value * 100 : value)
  const { mean, low, high } = change
  return `${figure}, ${from} → ${toFigure === undefined ? to : `${toFigure}, ${to}`}: ${mean > 0 ? '+' : ''}${text(mean)} (${text(low)} to ${text(high)}${points ? ' points' : ` ${unit}`}), expected ${goes}: ${CAME[came]}`
}

/** The unit of a figure of an answer. */
export const unitOf = ({ rows }: StudyAnswer, figure: string): string =>
  rows[0]?.figures.find(({ name }) => name === figure)?.unit ?? ''

/** One figure of one design: `9.4 % (8.9 % to 10 %)`, with theory's word behind it. */
export function cellText({ interval: { mean, low, high }, unit }: MetricSummary, theory: number | undefined): string {
  const text = (value: number): string => (unit === 'share' ? amount(value, unit) : digits(value))
  const known = Number.isFinite(low) && Number.isFinite(high) ? ` (${text(low)} to ${text(high)})` : ''
  return `${text(mean)}${known}${theory === undefined ? '' : ` [${text(theory)}]`}`
}

/** The whole study for a terminal: the sentence, the table, and what was expected beside what came. */
export function studyText(study: Study, answer: StudyAnswer): string {
  const names = answer.rows[0]?.figures ?? []
  const head = ['design', ...names.map(({ name, unit }) => (unit === 'share' ? name : `${name}, ${unit}`))]
  const body = answer.rows.map(({ label, figures, theory }) => [
    label,
    ...figures.map((one) => cellText(one, theory[one.name])),
  ])
  const widths = head.map((_, at) => Math.max(...[head, ...body].map((row) => row[at]?.length ?? 0)))
  const lines = [head, ...body].map((row) =>
    `  ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  ')}`.trimEnd(),
  )
  return [
    study.asks,
    '',
    answer.says,
    '',
    ...lines,
    study.theory ? '  In brackets: what theory says.' : '',
    '',
    'The same vehicles, pair by pair:',
    ...answer.verdicts.map((one) => `  ${verdictText(one, unitOf(answer, one.figure))}`),
    ...(study.note === undefined ? [] : ['', study.note]),
    '',
  ]
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
}
