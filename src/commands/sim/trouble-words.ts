import type { MetricSummary } from '../../../simulations/design/metric-summary.ts'
import { figure, type Variant, within } from './design-variant.ts'
import { digits } from './html-text.ts'
import { summaryOf } from './run-files.ts'
import { mostWords } from './told-apart.ts'

/**
 * What is decided wrong, and from how many times a month on it belongs into the answer and not only into the table: a wrong bill is a
 * complaint and money back, so once a year; a bay that lets go of a vehicle, or a start at the wrong bay, once a month; what only annoys, once a week.
 */
const WRONG = [
  { name: 'wrong-payer', worth: 1 / 12, says: 'Another account is billed for a charge' },
  { name: 'wrong-bay', worth: 1, says: 'A plate is taken for that of another bay’s vehicle' },
  { name: 'false-release', worth: 1, says: 'A bay lets go of a vehicle that still stands there' },
  { name: 'misread-accepted', worth: 52 / 12, says: 'A plate is agreed on that stands nowhere' },
  { name: 'late-release', worth: 52 / 12, says: 'A bay stays taken for minutes after its vehicle has left' },
] as const

/** One vehicle in a hundred, or one hour in a hundred, is noticed by who runs the site. */
const HIT_SHARE = 0.01

const MONTH_DAYS = 365 / 12

/** How often a trouble comes, times a month; of what counts visits. */
function aMonth({ run }: Variant, { hits = 0 }: MetricSummary): number {
  return (hits / (run.results.length * run.scenario.run.days)) * MONTH_DAYS
}

/** What goes wrong often enough to be told at once, a sentence each; of several designs the one where it is worst. Nothing where nothing is. */
export function troubleAnswer(variants: readonly Variant[]): string[] {
  const known = variants.map((variant) => ({ variant, summary: summaryOf(variant.run) }))
  const worst = (name: string) =>
    known
      .map(({ variant, summary }) => ({ variant, summary, told: figure(summary, name) }))
      .filter(({ told }) => Number.isFinite(told.interval.mean))
      .sort((a, b) => b.told.interval.mean - a.told.interval.mean)[0]
  const most = (variant: Variant, name: string): string => mostWords(variant, variants, [name])
  const wrong = WRONG.flatMap(({ name, worth, says }) => {
    const found = worst(name)
    if (!found || aMonth(found.variant, found.told) < worth) return []
    return [
      `${says} ${often(aMonth(found.variant, found.told))}${most(found.variant, name)}: ${within(found.told)} of the vehicles that drive in.`,
    ]
  })
  const faults = worst('drivers-hit')
  return [...(faults ? faultAnswer(faults, most(faults.variant, 'drivers-hit')) : []), ...wrong]
}

type Found = { readonly variant: Variant; readonly summary: readonly MetricSummary[]; readonly told: MetricSummary }

function faultAnswer(found: Found, most: string): string[] {
  const lost = figure(found.summary, 'bays-lost')
  if (Math.max(found.told.interval.mean, lost.interval.mean) < HIT_SHARE) return []
  return [
    `Faults cost ${within(found.told)} of the vehicles their place, their charge or their read${most}, and the bays ${within(lost)} of their time.`,
  ]
}

/** `3.2 times a month`, `2 times a day`. */
function often(times: number): string {
  const [count, per] =
    times >= 2 * MONTH_DAYS ? [times / MONTH_DAYS, 'a day'] : times >= 1 ? [times, 'a month'] : [times * 12, 'a year']
  return `about ${count < 1.5 ? 'once' : `${digits(Number(count.toPrecision(2)))} times`} ${per}`
}
