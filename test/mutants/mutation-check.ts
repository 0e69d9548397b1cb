import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Effort } from './judge.ts'
import { type Catch, type FoldMutant, guardMutants, type Mutant, misfits, type Verdict } from './mutant.ts'
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
  /** How long promises that caught nothing yet are given more mutants, ms; 0 asks nothing of promises. */
  readonly seek_ms: number
  readonly heard?: (verdict: Verdict) => void
}

type Survey = {
  readonly guards: readonly string[]
  readonly promises: readonly string[]
  readonly broken: readonly Catch[]
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
    crew.begin = [{ ask: 'ignore', broken: survey.broken.map(({ by }) => by) }]
    await crew.first(crew.begin[0] as (typeof crew.begin)[number])
    const mutants: readonly Mutant[] = [
      ...guardMutants(survey.guards).filter(({ name }) => options.guards(name)),
      ...folds,
    ]
    const verdicts = await judged(crew, mutants, options)
    const kills = new Map(survey.promises.map((promise) => [promise, 0]))
    for (const { caught } of verdicts)
      for (const { by } of caught) if (kills.has(by)) kills.set(by, (kills.get(by) ?? 0) + 1)
    if (options.seek_ms > 0) await seek(crew, mutants, kills, options.seek_ms)
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
      const caught = [{ by: 'every story comes to an end', how: lost.message }]
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

/**
 * Gives each promise that caught nothing yet, because something else was quicker, the mutants that were written against its law, then
 * all others, until it catches one.
 */
async function seek(
  crew: Crew,
  mutants: readonly Mutant[],
  kills: Map<string, number>,
  limit_ms: number,
): Promise<void> {
  const until = performance.now() + limit_ms
  const idle = [...kills].filter(([, count]) => count === 0).map(([promise]) => promise)
  await crew.share(idle, async (ask, promise) => {
    const law = lawOf(promise)
    const isMeant = (mutant: Mutant): boolean => mutant.kind === 'fold' && mutant.laws.includes(law)
    for (const mutant of [...mutants.filter(isMeant), ...mutants.filter((one) => !isMeant(one))]) {
      if (performance.now() > until || (kills.get(promise) ?? 0) > 0) return
      const caught = (await ask({ ask: 'seek', mutant, promise }).catch((lost: unknown) => {
        if (lost instanceof WorkerLost) return false
        throw lost
      })) as boolean
      if (caught) kills.set(promise, 1)
    }
  })
}

function faultsOf(
  { equivalent, seek_ms }: CheckOptions,
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
      .filter(([promise, count]) => seek_ms > 0 && count === 0 && !broken.some(({ by }) => by === promise))
      .map(([promise]) => `Caught nothing: “${promise}”. Sharpen it or remove it.`),
  ]
}
