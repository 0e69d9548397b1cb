import {
  CONDITION_FIGURES,
  CONDITION_METRICS,
  CONDITIONS,
  underCondition,
} from '../../../simulations/design/condition-metrics.ts'
import { type MetricSummary, summarize } from '../../../simulations/design/metric-summary.ts'
import { escaped } from '../../escaped-text.ts'
import type { Variant } from './design-variant.ts'
import { within } from './design-variant.ts'
import { figureCell } from './html-text.ts'
import type { DesignRunResult } from './run-files.ts'

/** What reading came to under one condition. `visits`: who wanted to charge then, of all replications together. */
export type ConditionFigures = {
  readonly name: string
  readonly says: string
  readonly visits: number
  /** In the order of `CONDITION_FIGURES`, by the names of the figures. */
  readonly figures: readonly MetricSummary[]
}

/** Reads and fallbacks by day and at night, with snow and without; conditions that nobody met are left out. */
export function conditionFigures({ results }: DesignRunResult): ConditionFigures[] {
  const summary = summarize(
    results.map(({ metrics }) => metrics),
    CONDITION_METRICS,
  )
  return CONDITIONS.flatMap(({ name, says }) => {
    const figures = CONDITION_FIGURES.map((figure) => {
      const told = summary.find((one) => one.name === underCondition(figure.name, name)) as MetricSummary
      return { ...told, name: figure.name, says: figure.says }
    })
    const visits = figures[0]?.of ?? 0
    return visits === 0 ? [] : [{ name, says, visits, figures }]
  })
}

/** The same as a table of HTML: a row for each condition, each figure with its interval. */
export function conditionTable(variant: Variant): string {
  const known = conditionFigures(variant.run)
  const heads = CONDITION_FIGURES.map(({ name }) => `<th class="w">${escaped(name)}</th>`).join('')
  const rows = known.map(
    ({ says, visits, figures }) =>
      `<tr><td>${escaped(says)}</td><td class="n">${visits.toLocaleString('en')}</td>${figures.map((one) => `<td class="w">${figureCell(within(one))}</td>`).join('')}</tr>`,
  )
  return `<div class="wide" tabindex="0" role="region" aria-label="by light and weather: ${escaped(variant.label)}"><table><thead><tr><th>who drove in</th><th class="n">visits</th>${heads}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`
}

/** The same for a terminal, under the table of all figures. */
export function conditionLines(run: DesignRunResult): string {
  const cells = [
    ['who drove in', 'visits', ...CONDITION_FIGURES.map(({ name }) => name)],
    ...conditionFigures(run).map(({ says, visits, figures }) => [says, `${visits}`, ...figures.map(within)]),
  ]
  const widths = cells[0]?.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0))) ?? []
  return cells
    .map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd())
    .join('\n')
}
