import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Effort, Survey } from './judge.ts'
import { type FoldMutant, guardMutants, type Mutant, misfits, type Verdict } from './mutant.ts'
import { Crew, WorkerLost } from './mutant-crew.ts'
import { TOP } from './mutant-modules.ts'

/** What a mutation check found. It is passed where `faults` is empty. */
export type Findings = {
  readonly verdicts: readonly Verdict[]
  /** How often each promise of a law caught something. */
  readonly kills: ReadonlyMap<string, number>
  /** One sentence each. */
  readonly faults: readonly string[]
}

export type CheckOptions = {
  readonly folds: readonly FoldMutant[]
  /** Which of the guards' mutants to try, by name. */
  readonly guards: (name: string) => boolean
  /** Mutants that nothing can tell from the original, each with its reason. */
  readonly equivalent: { readonly [mutant: string]: string }
  readonly workers: number
  readonly effort: Effort
  /** Whether promises of laws that catch nothing are faults. */
  readonly seeks: boolean
  readonly heard?: (verdict: Verdict) => void
}

/** A file of the project, by its path from the top; undefined where it is not there. */
export const textOf = (file: string): string | undefined =>
  existsSync(join(TOP, file)) ? readFileSync(join(TOP, file), 'utf8') : undefined

/** Holds every mutant against laws, edge cases and suites in worker processes. */
export async function checkMutants(options: CheckOptions): Promise<Findings> {
  const strays = misfits(options.folds, textOf)
  const folds = options.folds.filter((fold) => misfits([fold], textOf).length === 0)
  const crew = new Crew(options.workers, options.effort)
  try {
    const survey = (await crew.first({ ask: 'survey' })) as Survey
    crew.begin = [{ ask: 'heed', survey }]
    await crew.first(crew.begin[0] as (typeof crew.begin)[number])
    const mutants: readonly Mutant[] = [
      ...guardMutants(survey.guards).filter(({ name }) => options.guards(name)),
      ...folds,
    ]
    const verdicts = await judged(crew, mutants, options)
    const kills = new Map(survey.promises.map((promise) => [promise, 0]))
    for (const { caught } of verdicts)
      for (const { by } of caught) if (kills.has(by)) kills.set(by, (kills.get(by) ?? 0) + 1)
    if (options.seeks) await seek(crew, endsOf(mutants, verdicts), kills)
    return { verdicts, kills, faults: [...strays, ...faultsOf(options, survey, verdicts, kills)] }
  } finally {
    crew.stop()
  }
}

/** Every mutant's end, in the order of the mutants. */
async function judged(crew: Crew, mutants: readonly Mutant[], options: CheckOptions): Promise<readonly Verdict[]> {
  const verdicts = new Map<string, Verdict>()
  await crew.share(mutants, async (ask, mutant) => {
    const from = performance.now()
    const verdict = await (ask({ ask: 'judge', mutant }) as Promise<Verdict>).catch((lost: unknown) => {
      if (!(lost instanceof WorkerLost)) throw lost
      const caught = [{ by: ENDLESS, how: lost.message }]
      return { name: mutant.name, caught, ms: performance.now() - from }
    })
    verdicts.set(mutant.name, verdict)
    options.heard?.(verdict)
  })
  return mutants.flatMap(({ name }) => verdicts.get(name) ?? [])
}

/** The law that a promise is a clause of; null for those without a number. */
const lawOf = (promise: string): number | null => {
  const number = /^law (\d+): /.exec(promise)?.[1]
  return number === undefined ? null : Number(number)
}

/** A mutant whose stories never come to an end. */
const ENDLESS = 'every story comes to an end'

/** Mutants whose stories come to an end. */
const endsOf = (mutants: readonly Mutant[], verdicts: readonly Verdict[]): readonly Mutant[] =>
  mutants.filter(({ name }) => verdicts.find((one) => one.name === name)?.caught[0]?.by !== ENDLESS)

/**
 * A promise that caught nothing may have been slower than another. It is held against the mutants that were written against its law,
 * then against all others, until it catches one.
 */
async function seek(crew: Crew, mutants: readonly Mutant[], kills: Map<string, number>): Promise<void> {
  const isFor = (mutant: Mutant, promise: string): boolean =>
    mutant.kind === 'fold' && mutant.laws.includes(lawOf(promise))
  for (const own of [true, false])
    await crew.share(mutants, async (ask, mutant) => {
      const idle = [...kills].filter(([promise, count]) => count === 0 && isFor(mutant, promise) === own)
      if (idle.length === 0) return
      const promises = idle.map(([promise]) => promise)
      const caught = (await ask({ ask: 'seek', mutant, promises }).catch((lost: unknown) => {
        if (lost instanceof WorkerLost) return []
        throw lost
      })) as readonly string[]
      for (const promise of caught) kills.set(promise, (kills.get(promise) ?? 0) + 1)
    })
}

function faultsOf(
  { equivalent, seeks }: CheckOptions,
  { broken }: Survey,
  verdicts: readonly Verdict[],
  kills: ReadonlyMap<string, number>,
): string[] {
  const survivors = verdicts.filter(({ caught }) => caught.length === 0).map(({ name }) => name)
  return [
    ...broken.map(({ by, how }) => `Broken without any mutant, and left out: “${by}” (${how}).`),
    ...survivors
      .filter((name) => !(name in equivalent))
      .map((name) => `SURVIVED: ${name}. Sharpen a law, tell a story, or remove what nobody notices.`),
    ...Object.keys(equivalent)
      .filter((name) => verdicts.some((verdict) => verdict.name === name) && !survivors.includes(name))
      .map((name) => `“${name}” is listed as equivalent and was caught: strike it from the list.`),
    ...[...kills]
      .filter(([promise, count]) => seeks && count === 0 && !broken.some(({ by }) => by === promise))
      .map(([promise]) => `Caught nothing: “${promise}”. Sharpen it or remove it.`),
  ]
}
