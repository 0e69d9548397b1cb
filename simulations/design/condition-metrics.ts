import type { Counted, Metric } from './counted-visits.ts'
import { READ_METRICS } from './read-metrics.ts'
import type { VisitRow } from './visit-ledger.ts'

/** What light and weather a vehicle drove in by. Each halves the visits anew: a night of snow counts in both. */
export const CONDITIONS = [
  { name: 'day', says: 'by daylight', holds: ({ dark }: VisitRow) => !dark },
  { name: 'night', says: 'in the dark', holds: ({ dark }: VisitRow) => dark },
  { name: 'no-snow', says: 'on days without snow', holds: ({ snows }: VisitRow) => !snows },
  { name: 'snow', says: 'on days of snow', holds: ({ snows }: VisitRow) => snows },
] as const

/** What of reading is told for each of them. */
const TOLD = ['read-at-once', 'fallback', 'reviewed', 'not-charged']
export const CONDITION_FIGURES: readonly Metric[] = READ_METRICS.filter(({ name }) => TOLD.includes(name))

/** A figure under a condition, as replications name it: `fallback/night`. */
export const underCondition = (figure: string, condition: string): string => `${figure}/${condition}`

/** The figures of reading under each condition, of the visits that met it. */
export const CONDITION_METRICS: readonly Metric[] = CONDITIONS.flatMap((condition) =>
  CONDITION_FIGURES.map((figure) => ({
    ...figure,
    name: underCondition(figure.name, condition.name),
    says: `${figure.says}, of those who drove in ${condition.says}`,
    of: (counted: Counted) => figure.of(only(counted, condition.holds)),
  })),
)

const only = (counted: Counted, holds: (row: VisitRow) => boolean): Counted => ({
  ...counted,
  rows: counted.rows.filter(holds),
  wanting: counted.wanting.filter(holds),
})
