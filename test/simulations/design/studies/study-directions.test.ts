import { join } from 'node:path'
import { expect, test } from 'vitest'
import { metricsOf } from '../../../../simulations/design/design-metrics.ts'
import { runDesign } from '../../../../simulations/design/design-run.ts'
import type { Study } from '../../../../simulations/design/studies/study.ts'
import { STUDIES } from '../../../../simulations/design/studies/study-list.ts'
import { measuredBy, type StudyRuns, verdictsOf } from '../../../../simulations/design/studies/study-verdicts.ts'
import { studyDesigns } from '../../../../src/commands/sim/study-run.ts'
import { policyChange } from '../../../../src/whatif/policy-change.ts'

const ran = new Map<string, StudyRuns>()

/** The designs of which a study expects something, run shortly in this process. */
function shortRun(study: Study, change: { readonly [key: string]: unknown }): StudyRuns {
  const known = ran.get(study.name)
  if (known) return known
  const named = new Set(study.expects.flatMap(({ from, to }) => [from, to]))
  const designs = studyDesigns(study, change).filter(({ label }) => named.has(label))
  expect(designs.map(({ label }) => label).sort()).toEqual([...named].sort())
  const runs = new Map(
    designs.map(({ label, design: { scenario, demand } }) => [
      label,
      Array.from({ length: scenario.run.replications }, (_, replication) =>
        metricsOf(scenario, runDesign(scenario, demand, { replication }).ledger),
      ),
    ]),
  )
  ran.set(study.name, runs)
  return runs
}

/** As much of each study as shows its direction. */
const SHORT: { readonly [study: string]: { readonly [key: string]: unknown } } = {
  zones: { 'run.days': 7, 'run.replications': 4 },
  lock: { 'run.days': 10, 'run.replications': 5 },
  shutter: { 'run.days': 4, 'run.replications': 4 },
  cameras: { 'run.days': 5, 'run.replications': 4 },
  payment: { 'run.days': 3, 'run.replications': 4 },
  quorum: { 'run.days': 10, 'run.replications': 6 },
  grid: { 'run.days': 14, 'run.replications': 4 },
}

test.each(STUDIES.map((study) => [study.name, study] as const))(
  'the study of %s shows, in a short run, every direction that it is there to show',
  (name, study) => {
    const measured = measuredBy(shortRun(study, SHORT[name] ?? {}))
    const verdicts = verdictsOf(study, measured)
    expect(verdicts.length).toBeGreaterThan(0)
    expect(verdicts.filter(({ came }) => came !== 'yes')).toEqual([])
    expect(study.says(measured)).not.toMatch(/NaN|\bnone\b/)
  },
)

test('a direction that did not come is told, and never taken for granted', () => {
  const [study] = STUDIES as [Study, ...Study[]]
  const [first] = study.expects
  const expected = { figure: 'wrong-bay', from: 'a', to: 'b', goes: 'down' } as const
  const replications = (values: readonly number[]) => values.map((value) => ({ 'wrong-bay': value }))
  const cameOf = (before: readonly number[], after: readonly number[]) =>
    verdictsOf(
      { ...study, expects: [expected] },
      measuredBy(
        new Map([
          ['a', replications(before)],
          ['b', replications(after)],
        ]),
      ),
    )[0]?.came
  expect(first).toBeDefined()
  expect(cameOf([0.1, 0.12, 0.11], [0.01, 0.02, 0.02])).toBe('yes')
  expect(cameOf([0.01, 0.02, 0.02], [0.1, 0.12, 0.11])).toBe('no')
  expect(cameOf([0.1, 0.02, 0.06], [0.06, 0.05, 0.07])).toBe('unsure')
})

test('sharing a grid limit comes out as the closed form says, within what chance does', () => {
  const study = STUDIES.find(({ name }) => name === 'grid') as Study
  const measured = measuredBy(shortRun(study, SHORT['grid'] ?? {}))
  for (const { label, design } of studyDesigns(study)) {
    const wanted = study.theory?.(design.scenario)['time-to-full'] ?? 0
    expect(wanted).toBeGreaterThan(60)
    expect(Math.abs(measured.mean(label, 'time-to-full') / wanted - 1)).toBeLessThan(0.2)
  }
})

test('the article policy that ships is the one that the study of the lock runs, and whatif takes it', () => {
  const path = join(import.meta.dirname, '../../../../policies/article.yaml')
  const policy = policyChange([path])
  const study = STUDIES.find(({ name }) => name === 'lock') as Study
  const article = studyDesigns(study).filter(({ label }) => label.includes('article.yaml'))
  expect(article).toHaveLength(2)
  for (const { design } of article) expect(design.scenario.policy).toMatchObject(policy)
})
