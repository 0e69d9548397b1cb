import { parseArgs } from 'node:util'
import { ENGINES } from '../../simulations/design/bay-engine.ts'
import type { MetricSummary } from '../../simulations/design/metric-summary.ts'
import { complain } from './sim/complaint.ts'
import { conditionLines } from './sim/condition-figures.ts'
import { answerOf } from './sim/design-answer.ts'
import { amount, digits } from './sim/html-text.ts'
import { openDesign } from './sim/open-design.ts'
import { resultsTrouble } from './sim/result-folder.ts'
import { isEngine, runDesigns } from './sim/run-design.ts'
import { aboutRun, type DesignRunResult, runFiles, summaryOf, worstVisits } from './sim/run-files.ts'
import { sizeTrouble } from './sim/run-size.ts'
import { stoppable } from './sim/stoppable-work.ts'
import { journalName } from './sim/visit-journal.ts'
import { writtenReport } from './sim/written-report.ts'

const OPTIONS = {
  out: { type: 'string' },
  seed: { type: 'string' },
  engine: { type: 'string', default: 'compiled' },
  json: { type: 'boolean', default: false },
} as const

/**
 * `berth sim run SCENARIO.yaml`: runs every replication, prints the answer and the figures, and writes them into `--out` (default: the scenario's name
 * with `.out`). Answers 1 for a scenario that does not check, 2 for a wrong call, 130 after Ctrl-C.
 */
export async function simRun(argv: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: OPTIONS,
  })
  const [path] = positionals
  if (path === undefined || positionals.length > 1)
    return complain('berth sim run takes one scenario: `berth sim run scenario.yaml`; `berth sim init` writes one.', 2)
  if (values.seed !== undefined && !/^\d{1,15}$/.test(values.seed))
    return complain(`--seed takes a whole number from 0; ${JSON.stringify(values.seed)} is none.`, 2)
  if (!isEngine(values.engine))
    return complain(`--engine is one of ${ENGINES.join(', ')}; ${JSON.stringify(values.engine)} is none.`, 2)
  const { design, complaints, warnings } = openDesign(
    path,
    values.seed === undefined ? {} : { 'run.seed': Number(values.seed) },
  )
  if (!design) return complain(complaints.join('\n'), 1)
  for (const one of warnings) complain(one, 0)
  const tooMuch = sizeTrouble(design, true)
  if (tooMuch !== null) return complain(`${path}: ${tooMuch}`, 1)
  const folder = values.out ?? `${path.replace(/\.ya?ml$/, '')}.out`
  const { engine } = values
  return stoppable(folder, async (stop) => {
    const { runs, journals } = await runDesigns([design], engine, true, stop)
    const run = runs[0] as DesignRunResult
    const report = await writtenReport(run.scenario.site.name, [{ label: 'as planned', run }], true)
    const trouble = resultsTrouble(folder, runFiles(run, { ...journals, ...report }), aboutRun(run), stop)
    if (trouble !== null) return complain(trouble, 1)
    process.stdout.write(values.json ? `${JSON.stringify(summaryOf(run), null, 1)}\n` : toldOf(run, folder))
    return 0
  })
}

/** The answer, the figures and where to look, for people. */
const toldOf = (run: DesignRunResult, folder: string): string =>
  `${answerOf([{ label: 'as planned', run }]).join('\n')}\n\n${tableOf(run, summaryOf(run))}\n\n${conditionLines(run)}\n\n${troubleLines(run, folder)}${folder}: report.html, metrics.json, visits.csv, manifest.json, plots/\n`

/** The figures for people, each with its interval. */
function tableOf({ scenario, results }: DesignRunResult, summary: readonly MetricSummary[]): string {
  const { site, run } = scenario
  const head = `${site.name}: ${site.bays} bays, ${run.days} days, ${results.length} replications, seed ${run.seed}; 95 % intervals`
  const rows = summary.map(({ name, unit, says, interval }) => {
    const { mean, low, high } = interval
    const known = Number.isFinite(low) && Number.isFinite(high) ? `${shown(low, unit)} to ${shown(high, unit)}` : ''
    return { name, mean: shown(mean, unit), known, unit, says }
  })
  const widest = (of: 'name' | 'mean' | 'known' | 'unit'): number => Math.max(...rows.map((row) => row[of].length))
  const [names, means, ranges, units] = [widest('name'), widest('mean'), widest('known'), widest('unit')]
  const lines = rows.map(
    ({ name, mean, known, unit, says }) =>
      `  ${name.padEnd(names)}  ${mean.padStart(means)}  ${known.padEnd(ranges)}  ${unit.padEnd(units)}  ${says}`,
  )
  return [head, ...lines].join('\n')
}

/** Where to look at what went badly. */
const troubleLines = (run: DesignRunResult, folder: string): string =>
  worstVisits(run)
    .map((visit) => `  ${visit.trouble}: berth replay ${folder}/${journalName(visit)} --bay bay-${visit.bay}\n`)
    .join('')

/** Three digits that count, shares in per cent: as the report says them. */
const shown = (value: number, unit: string): string =>
  Number.isFinite(value) ? (unit === 'share' ? amount(value, unit) : digits(value)) : 'none'
