import { conditionFigures } from './condition-figures.ts'
import { figure } from './design-variant.ts'
import { intervalPlot } from './interval-plots.ts'
import type { DesignRunResult } from './run-files.ts'

/** The figures that are drawn: what a plate did, and what a driver had to do instead. */
const DRAWN = ['read-at-once', 'fallback', 'not-charged']

/** Each figure over the conditions, of one design. */
export const conditionPlots = (run: DesignRunResult): { readonly name: string; readonly svg: string }[] => {
  const known = conditionFigures(run)
  if (known.length === 0) return []
  return DRAWN.map((name) => {
    const rows = known.map(({ says, figures }) => ({ label: says, interval: figure(figures, name).interval }))
    const { says, unit } = figure(known[0]?.figures ?? [], name)
    return { name: `conditions-${name}`, svg: intervalPlot({ name, says, unit }, rows) }
  })
}
