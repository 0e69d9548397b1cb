import { isDeepStrictEqual, parseArgs } from 'node:util'
import { changeOf } from '../../simulations/design/metric-summary.ts'
import { variationsOf } from '../../simulations/design/varied-designs.ts'
import { complain } from './sim/complaint.ts'
import { answerOf } from './sim/design-answer.ts'
import type { Variant } from './sim/design-variant.ts'
import { openDesign } from './sim/open-design.ts'
import type { Design } from './sim/replications.ts'
import { resultsTrouble } from './sim/result-folder.ts'
import { isEngine, runDesigns } from './sim/run-design.ts'
import { aboutDesigns, type DesignRunResult, finite, summaryOf } from './sim/run-files.ts'
import { sizeTrouble } from './sim/run-size.ts'
import type { ScenarioChange } from './sim/scenario-file.ts'
import { scenarioLabels } from './sim/scenario-labels.ts'
import { stoppable } from './sim/stoppable-work.ts'
import { writtenReport } from './sim/written-report.ts'

/** More designs than these are no choice any more, and take all day. */
const MOST = 64

const OPTIONS = {
  out: { type: 'string' },
  seed: { type: 'string' },
  engine: { type: 'string', default: 'compiled' },
} as const
type Labelled = { readonly label: string; readonly design: Design }

/**
 * `berth sim sweep SCENARIO.yaml`: every combination of the scenario's `vary`, side by side in one report. All meet the same vehicles.
 * Answers 1 for a scenario that does not check, 2 for a wrong call.
 */
export async function simSweep(argv: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: argv, allowPositionals: true, options: OPTIONS })
  const [path] = positionals
  if (path === undefined || positionals.length > 1)
    return complain('berth sim sweep takes one scenario with `vary`: `berth sim sweep scenario.yaml`.', 2)
  const seed = seedChange(values.seed)
  if (seed === null || !isEngine(values.engine)) return complain(MISUSED, 2)
  const { design, complaints, warnings } = openDesign(path, seed)
  if (!design) return complain(complaints.join('\n'), 1)
  for (const one of warnings) complain(one, 0)
  const variations = variationsOf(design.scenario.vary)
  if (variations.length < 2 || variations.length > MOST)
    return complain(
      `${path}: \`vary\` makes ${variations.length} designs; write 2 to ${MOST}, such as vary: { cameras.covers: [1, 2, 3] }.`,
      1,
    )
  const labelled: Labelled[] = []
  for (const { label, change } of variations) {
    const opened = openDesign(path, { ...change, ...seed, vary: {} })
    if (!opened.design) return complain(`With ${label}:\n${opened.complaints.join('\n')}`, 1)
    // The demand stays that of the bays it was meant for, whatever is tried.
    const demand =
      'site.bays' in change && design.scenario.demand.bays === undefined ? design.demand : opened.design.demand
    labelled.push({ label, design: { ...opened.design, demand } })
  }
  return sideBySide(
    `${design.scenario.site.name}: ${variations.length} designs`,
    labelled,
    values.engine,
    values.out ?? `${path.replace(/\.ya?ml$/, '')}.sweep`,
  )
}

/**
 * `berth sim compare A.yaml B.yaml`: two scenarios or more, met by the same vehicles as far as their demand is the same: the seed, days and
 * replications of the first count for all.
 */
export async function simCompare(argv: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: argv, allowPositionals: true, options: OPTIONS })
  const [first] = positionals
  if (first === undefined || positionals.length < 2)
    return complain('berth sim compare takes two scenarios or more: `berth sim compare a.yaml b.yaml`.', 2)
  const seed = seedChange(values.seed)
  if (seed === null || !isEngine(values.engine)) return complain(MISUSED, 2)
  const labelled: Labelled[] = []
  const labels = scenarioLabels(positionals)
  for (const [index, path] of positionals.entries()) {
    const before = labelled[0]?.design
    const { design, complaints, warnings } = before ? openBeside(path, before) : openDesign(path, seed)
    if (!design) return complain(complaints.join('\n'), 1)
    for (const one of warnings) complain(one, 0)
    if (before && !isDeepStrictEqual(before.demand, design.demand))
      complain(
        `${path}: its demand is not that of ${first}, so other vehicles come to it and the differences are theirs too.`,
        0,
      )
    labelled.push({ label: labels[index] ?? path, design })
  }
  return sideBySide('Designs compared', labelled, values.engine, values.out ?? 'compare.out')
}

/** As `openDesign`, run as another and under its demand: what both say alike stays that of the bays it was meant for there, as in a sweep. */
function openBeside(path: string, { scenario: { site, demand, run } }: Design): ReturnType<typeof openDesign> {
  const opened = openDesign(path, { run })
  const isAlike = isDeepStrictEqual(opened.design?.scenario.demand, demand)
  return isAlike && demand.bays === undefined ? openDesign(path, { run, 'demand.bays': site.bays }) : opened
}

const MISUSED = '--seed takes a whole number from 0, and --engine is compiled or xstate.'

/** The scenario's seed replaced; null for what is none. */
function seedChange(seed: string | undefined): ScenarioChange | null {
  if (seed === undefined) return {}
  return /^\d{1,15}$/.test(seed) ? { 'run.seed': Number(seed) } : null
}

async function sideBySide(
  title: string,
  labelled: readonly Labelled[],
  engine: Parameters<typeof runDesigns>[1],
  folder: string,
): Promise<number> {
  for (const { label, design } of labelled) {
    const tooMuch = sizeTrouble(design, false)
    if (tooMuch !== null) return complain(`${label}: ${tooMuch}`, 1)
  }
  return stoppable(folder, async (stop) => {
    const designs = labelled.map(({ design }) => design)
    const { runs } = await runDesigns(designs, engine, false, stop)
    const variants = labelled.map(({ label }, index): Variant => ({ label, run: runs[index] as DesignRunResult }))
    const files = { 'metrics.json': [comparedText(variants)], ...(await writtenReport(title, variants, false)) }
    const trouble = resultsTrouble(folder, files, aboutDesigns(variants), stop)
    if (trouble !== null) return complain(trouble, 1)
    process.stdout.write(
      `${answerOf(variants).join('\n')}\n${folder}: report.html, metrics.json, manifest.json, plots/\n`,
    )
    return 0
  })
}

/** Every figure of every design, and its change from the first one, pair by pair. */
function comparedText(variants: readonly Variant[]): string {
  const before = variants[0]?.run.results.map(({ metrics }) => metrics) ?? []
  const designs = variants.map(({ label, run }, index) => ({
    label,
    replications: run.results.length,
    metrics: summaryOf(run).map(({ name, unit, interval }) => {
      const change =
        index === 0
          ? null
          : changeOf(
              before,
              run.results.map(({ metrics }) => metrics),
              name,
            )
      const { mean, low, high } = interval
      return {
        name,
        unit,
        mean: finite(mean),
        low: finite(low),
        high: finite(high),
        ...(change && { change: { mean: finite(change.mean), low: finite(change.low), high: finite(change.high) } }),
      }
    }),
  }))
  return `${JSON.stringify({ level: 0.95, designs }, null, 1)}\n`
}
