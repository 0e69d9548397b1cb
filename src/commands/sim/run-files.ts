import { BAY_MACHINE } from '../../../machines/bay.ts'
import { type BadVisit, worstOf } from '../../../simulations/design/bad-visits.ts'
import { type MetricSummary, summarize } from '../../../simulations/design/metric-summary.ts'
import { VISIT_COLUMNS } from '../../../simulations/design/visit-lines.ts'
import { canonicalJson } from '../../journal/canonical.ts'
import { sha256 } from '../../journal/chain.ts'
import { berthVersion } from '../../version.ts'
import { conditionFigures } from './condition-figures.ts'
import type { ReplicationResult } from './replication-worker.ts'
import type { Design } from './replications.ts'
import type { ResultFiles } from './result-folder.ts'
import { journalName } from './visit-journal.ts'

/** A design that was run. */
export type DesignRunResult = Design & { readonly results: readonly ReplicationResult[] }

/** Of each kind of trouble one visit of a run. */
export const worstVisits = ({ results }: DesignRunResult): BadVisit[] => worstOf(results.flatMap(({ bad }) => bad))

export const summaryOf = ({ results }: DesignRunResult): MetricSummary[] =>
  summarize(results.map(({ metrics }) => metrics))

/** What a run leaves: metrics.json, visits.csv, and what else there is by name. The same scenario and seed give the same bytes. */
export const runFiles = (run: DesignRunResult, more: ResultFiles): ResultFiles => ({
  'metrics.json': [metricsText(run)],
  'visits.csv': [`${VISIT_COLUMNS}\n`, ...run.results.map(({ lines }) => lines)],
  ...more,
})

/** A number as JSON may hold it: what has no bound has none here either. */
export const finite = (value: number): number | null => (Number.isFinite(value) ? value : null)

function metricJson({ name, unit, says, interval, hits, of }: MetricSummary): object {
  const { mean, low, high, n } = interval
  const counted = hits === undefined ? {} : { hits, of }
  return { name, unit, says, mean: finite(mean), low: finite(low), high: finite(high), n, ...counted }
}

function metricsText(run: DesignRunResult): string {
  const metrics = summaryOf(run).map(metricJson)
  const conditions = conditionFigures(run).map((one) => ({ ...one, figures: one.figures.map(metricJson) }))
  const replications = run.results.map(({ replication, metrics: values }) => ({ replication, values }))
  const troubles = worstVisits(run).map((visit) => ({ ...visit, journal: journalName(visit) }))
  return `${JSON.stringify({ site: run.scenario.site.name, level: 0.95, metrics, conditions, troubles, replications }, null, 1)}\n`
}

const MADE_BY = { form: 'berth-sim-1', berth: berthVersion(), machine: BAY_MACHINE } as const

/** What a run was made of, so that anybody can make it again: for its manifest. */
export const aboutRun = (run: DesignRunResult): object => ({ ...MADE_BY, ...madeOf(run) })

/** The same of designs side by side. */
export const aboutDesigns = (
  variants: readonly { readonly label: string; readonly run: DesignRunResult }[],
): object => ({
  ...MADE_BY,
  designs: variants.map(({ label, run }) => ({ label, ...madeOf(run) })),
})

function madeOf({ scenario, demand, demandSource, results }: DesignRunResult): object {
  return {
    seed: scenario.run.seed,
    replications: results.length,
    days: scenario.run.days,
    warmup_days: scenario.run.warmup_days,
    steps: results.reduce((sum, { steps }) => sum + steps, 0),
    demand: { source: demandSource, sha256: sha256(JSON.stringify(demand)) },
    scenario: { sha256: sha256(canonicalJson(scenario as unknown)), value: scenario },
  }
}
