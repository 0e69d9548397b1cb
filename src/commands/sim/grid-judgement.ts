import type { DesignScenario } from '../../../simulations/design/design-scenario.ts'
import type { Interval } from '../../../simulations/design/interval.ts'
import type { MetricSummary } from '../../../simulations/design/metric-summary.ts'
import { figure, type Variant, within } from './design-variant.ts'
import { amount, digits } from './html-text.ts'
import { summaryOf } from './run-files.ts'

/** Used up for less than this is not felt, min a day. */
const UNFELT_MIN = 1
/** From this share of the energy on drivers notice that it is missing: of a charge for 100 km it is one. */
export const FELT_SHARE = 0.01

/** `enough`: nobody feels the limit. `slow`: charges take longer, and nearly all is given all the same. `short`: energy is missed. */
export type GridVerdict = 'enough' | 'slow' | 'short'

/**
 * What a limit of the grid did, for its judgement. `usedUp_min`: minutes a day at the limit. `missed`: the share of the energy for which
 * the limit left no current, of what fits into the stays; null where nobody weighed it (theory does not).
 */
type GridUse = {
  readonly chargers: Pick<DesignScenario['chargers'], 'gridLimit_A' | 'sharing'>
  readonly usedUp_min: number
  readonly missed: number | null
}

/** Whether a limit of the grid is enough: the one judgement of `run`, `compare`, `sweep` and `check`. Null without a limit. */
export function gridVerdict({ chargers, usedUp_min, missed }: GridUse): GridVerdict | null {
  if (chargers.gridLimit_A === null) return null
  const isUsedUp = usedUp_min >= UNFELT_MIN
  // Nothing keeps vehicles below such a limit: reached is overrun.
  if (chargers.sharing === 'none') return isUsedUp ? 'short' : 'enough'
  if (missed !== null && missed >= FELT_SHARE) return 'short'
  return isUsedUp ? 'slow' : 'enough'
}

const VERDICT = { enough: 'are enough', slow: 'are not always enough', short: 'are not enough' } as const

/** The same of a run, from its figures. */
export const ranVerdict = ({ chargers }: DesignScenario, summary: readonly MetricSummary[]): GridVerdict | null =>
  gridVerdict({
    chargers,
    usedUp_min: figure(summary, 'at-limit').interval.mean,
    missed: orNull(figure(summary, 'grid-missed').interval.mean),
  })

/** The judgement of a run in a sentence that says what was weighed. */
export function ranGridSentence(scenario: DesignScenario, summary: readonly MetricSummary[]): string {
  const { gridLimit_A, sharing } = scenario.chargers
  const [peak, atLimit, missed] = [figure(summary, 'peak'), figure(summary, 'at-limit'), figure(summary, 'grid-missed')]
  const highest = `the highest current ${gridLimit_A === null ? 'of a phase ' : ''}is ${digits(peak.interval.mean)} A`
  const verdict = ranVerdict(scenario, summary)
  if (gridLimit_A === null || verdict === null) return `Without a limit of the grid ${highest}.`
  const judged = `The grid’s ${gridLimit_A} A in each phase ${VERDICT[verdict]}`
  const used = minutesADay(atLimit.interval)
  if (sharing === 'none')
    return verdict === 'enough'
      ? `${judged}: nothing keeps vehicles below them, but they draw as much or more for ${used} only; ${highest}.`
      : `${judged}: nothing keeps vehicles below them, and they draw as much or more for ${used}; ${highest}.`
  const lost = `vehicles miss ${within(missed)} of the energy that fits into their stays for it`
  return verdict === 'enough'
    ? `${judged}: they are used up ${used}, and ${lost}; ${highest}.`
    : `${judged}: they are used up ${used}, and ${lost}.`
}

/** The judgement of theory, which knows minutes and no energy. */
export function theoryGridSentence(chargers: GridUse['chargers'], usedUp_min: number): string {
  const verdict = gridVerdict({ chargers, usedUp_min, missed: null })
  if (verdict === null) return ''
  return `The grid’s ${chargers.gridLimit_A} A in each phase ${VERDICT[verdict]}: by theory they are used up ${amount(usedUp_min, 'min')} a day; energy that vehicles miss for it is not weighed here (\`berth sim run\` does).`
}

const minutesADay = ({ mean, low, high }: Interval): string =>
  `${digits(mean)} min a day${Number.isFinite(low) && Number.isFinite(high) ? ` (${digits(low)} to ${digits(high)})` : ''}`

const orNull = (value: number): number | null => (Number.isFinite(value) ? value : null)

/** The judgement of several designs, cheapest first: once for all that are judged alike under the same limit. None where none has a limit. */
export function comparedGridSentences(variants: readonly Variant[]): string[] {
  const groups = new Map<string, { readonly labels: string[]; readonly says: string }>()
  for (const { label, run } of variants) {
    const summary = summaryOf(run)
    const { gridLimit_A, sharing } = run.scenario.chargers
    const key = `${gridLimit_A} ${sharing} ${ranVerdict(run.scenario, summary)}`
    const group = groups.get(key) ?? { labels: [], says: ranGridSentence(run.scenario, summary) }
    group.labels.push(label)
    groups.set(key, group)
  }
  if (variants.every(({ run }) => run.scenario.chargers.gridLimit_A === null)) return []
  const [only, ...more] = groups.values()
  if (only && more.length === 0) return [only.says]
  return [...groups.values()].map(({ labels, says }) => `With ${labels.join(', ')}: ${says}`)
}
