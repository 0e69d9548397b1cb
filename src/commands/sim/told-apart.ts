import type { MetricValue } from '../../../simulations/design/counted-visits.ts'
import { changeOf } from '../../../simulations/design/metric-summary.ts'
import type { Variant } from './design-variant.ts'

/** Fewer vehicles than these, of two designs together, tell neither from the other. */
const FEW_HITS = 5

/** What the replications of a design came to, in their order. */
type Metrics = readonly { readonly [name: string]: MetricValue }[]

/** Of a design: how many of its vehicles met any of these troubles, in each replication. */
const summed = ({ run }: Variant, names: readonly string[]): Metrics =>
  run.results.map(({ metrics }) => {
    const counts = names.flatMap((name) => {
      const value = metrics[name] ?? null
      return typeof value === 'object' && value !== null ? [value] : []
    })
    return { sum: { hits: counts.reduce((sum, { hits }) => sum + hits, 0), of: counts[0]?.of ?? 0 } }
  })

const hitsOf = (metrics: Metrics): number =>
  metrics.reduce((sum, one) => sum + (one['sum'] as { readonly hits: number }).hits, 0)

/** Whether one design has surely more of these troubles than another, by the same vehicles, pair by pair. */
function hasSurelyMore(names: readonly string[], more: Variant, less: Variant): boolean {
  const [before, after] = [summed(less, names), summed(more, names)]
  return hitsOf(before) + hitsOf(after) >= FEW_HITS && (changeOf(before, after, 'sum')?.low ?? 0) > 0
}

/** Which of the others may have as much of these troubles as the design with most of them, as far as their runs can tell. */
export const notToldFrom = (most: Variant, variants: readonly Variant[], names: readonly string[]): Variant[] =>
  variants.filter((one) => one !== most && !hasSurelyMore(names, most, one))

/** With which design a trouble comes most, as the end of a clause; nothing where there is one design alone. No difference is claimed that the runs do not show. */
export function mostWords(most: Variant, variants: readonly Variant[], names: readonly string[]): string {
  if (variants.length < 2) return ''
  const rivals = notToldFrom(most, variants, names)
  if (rivals.length === variants.length - 1) return ` with ${most.label} (this run does not tell the designs apart)`
  return `, most with ${withRivals(most, rivals)}`
}

/** The design with most of something, and those that may have as much. */
export const withRivals = ({ label }: Variant, rivals: readonly Variant[]): string =>
  rivals.length === 0
    ? label
    : `${label} (or ${rivals.map((one) => one.label).join(', ')}: this run does not tell them apart)`
