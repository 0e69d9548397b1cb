import type { Study } from '../../../simulations/design/studies/study.ts'
import type { StudyRuns } from '../../../simulations/design/studies/study-verdicts.ts'
import type { Variant } from './design-variant.ts'
import { designOf } from './open-design.ts'
import type { Design } from './replications.ts'
import { runDesigns } from './run-design.ts'
import type { DesignRunResult } from './run-files.ts'
import type { ScenarioChange } from './scenario-file.ts'

/** The designs of a study, ready to run; `change` counts for all of them. Throws where a shipped scenario does not check. */
export function studyDesigns(
  { name, scenario, designs }: Study,
  change: ScenarioChange = {},
): { readonly label: string; readonly design: Design }[] {
  return designs.map(({ label, change: own }) => {
    const { design, complaints } = designOf(JSON.stringify(scenario), name, { ...own, ...change })
    if (!design) throw new Error(`Study ${name}, ${label}: ${complaints.join('\n')}`)
    return { label, design }
  })
}

/** Runs every design of a study on all cores. Rejects once `stop` is aborted. */
export async function runStudy(study: Study, change: ScenarioChange, stop: AbortSignal): Promise<Variant[]> {
  const labelled = studyDesigns(study, change)
  const designs = labelled.map(({ design }) => design)
  const { runs } = await runDesigns(designs, 'compiled', false, stop)
  return labelled.map(({ label }, index) => ({ label, run: runs[index] as DesignRunResult }))
}

/** What each design of a study came to, by its label. */
export const metricsByLabel = (variants: readonly Variant[]): StudyRuns =>
  new Map(variants.map(({ label, run }) => [label, run.results.map(({ metrics }) => metrics)]))
