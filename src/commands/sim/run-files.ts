import { createHash } from 'node:crypto'
import { closeSync, openSync, renameSync, writeSync } from 'node:fs'
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
 * Writes metrics.json, visits.csv, manifest.json, and what else there is by name into a folder, each whole or not at all, the manifest last.
 * The same scenario and seed give the same bytes.
 */
export function writeRunFiles(folder: string, run: DesignRunResult, more: { readonly [name: string]: string }): void {
  makeFolder(join(folder, 'journals'))
  const files = {
    'metrics.json': [metricsText(run)],
    'visits.csv': [`${VISIT_COLUMNS}\n`, ...run.results.map(({ lines }) => lines)],
    ...Object.fromEntries(Object.entries(more).map(([name, text]) => [name, [text]])),
  }
  const hashes = Object.entries(files).map(([name, pieces]) => [name, writeWhole(join(folder, name), pieces)] as const)
  writeWhole(join(folder, 'manifest.json'), [manifestText(run, hashes)])
}

/** Writes a file beside its place and moves it there once it is whole; answers its SHA-256. No text is as long as all visits of many years. */
export function writeWhole(path: string, pieces: readonly string[]): string {
  const hash = createHash('sha256')
  const part = `${path}.part`
  const file = openSync(part, 'w')
  try {
    for (const piece of pieces) {
      hash.update(piece)
      const bytes = Buffer.from(piece)
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at)
    }
  } finally {
    closeSync(file)
  }
  renameSync(part, path)
  return hash.digest('hex')
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
function manifestText(run: DesignRunResult, hashes: readonly (readonly [name: string, sha256: string])[]): string {
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
      files: Object.fromEntries(hashes.map(([name, sha]) => [name, { sha256: sha }])),
    },
    null,
    1,
  )}\n`
}
