import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { BAY_MACHINE } from '../../../machines/bay.ts'
import { type BadVisit, worstOf } from '../../../simulations/design/bad-visits.ts'
import { type MetricSummary, summarize } from '../../../simulations/design/metric-summary.ts'
import { VISIT_COLUMNS } from '../../../simulations/design/visit-lines.ts'
import { canonicalJson } from '../../journal/canonical.ts'
import { sha256 } from '../../journal/chain.ts'
import { berthVersion } from '../../version.ts'
import { conditionFigures } from './condition-figures.ts'
import { makeFolder } from './out-folder.ts'
import type { ReplicationResult } from './replication-worker.ts'
import type { Design } from './replications.ts'
import { journalName } from './visit-journal.ts'

/** A design that was run. */
export type DesignRunResult = Design & { readonly results: readonly ReplicationResult[] }

/** Of each kind of trouble one visit of a run. */
export const worstVisits = ({ results }: DesignRunResult): BadVisit[] => worstOf(results.flatMap(({ bad }) => bad))

export const summaryOf = ({ results }: DesignRunResult): MetricSummary[] =>
  summarize(results.map(({ metrics }) => metrics))

/**
 * Writes metrics.json, visits.csv, manifest.json, and what else there is by name into a folder. The same scenario and seed give the same
 * bytes.
 */
export function writeRunFiles(folder: string, run: DesignRunResult, more: { readonly [name: string]: string }): void {
  makeFolder(join(folder, 'journals'))
  const metrics = metricsText(run)
  const visits = `${VISIT_COLUMNS}\n${run.results.map(({ lines }) => lines).join('')}`
  const files = { 'metrics.json': metrics, 'visits.csv': visits, ...more }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  writeFileSync(join(folder, 'manifest.json'), manifestText(run, files))
}

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

/** What the run was made of, so that anybody can make it again. */
function manifestText(run: DesignRunResult, files: { readonly [name: string]: string }): string {
  const { scenario, demand, demandSource, results } = run
  return `${JSON.stringify(
    {
      form: 'berth-sim-1',
      berth: berthVersion(),
      machine: BAY_MACHINE,
      seed: scenario.run.seed,
      replications: results.length,
      days: scenario.run.days,
      warmup_days: scenario.run.warmup_days,
      steps: results.reduce((sum, { steps }) => sum + steps, 0),
      demand: { source: demandSource, sha256: sha256(JSON.stringify(demand)) },
      scenario: { sha256: sha256(canonicalJson(scenario as unknown)), value: scenario },
      files: Object.fromEntries(Object.entries(files).map(([name, text]) => [name, { sha256: sha256(text) }])),
    },
    null,
    1,
  )}\n`
}
