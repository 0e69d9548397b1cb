import { fc } from '../seeded-check.ts'
import type { BayRun } from './bay-run.ts'

/** Looks at one lived run of a bay: says in a sentence what broke the law, null where nothing did. Pure; never changes the run. */
export type BayClause = { readonly says: string; readonly breach: (run: BayRun) => string | null }

/** Draws what it needs itself (reads, a whole site). `share`: its runs as a share of a bay's, for one costs that much more. */
export type OwnClause = {
  readonly says: string
  readonly share: number
  readonly property: () => fc.IRawProperty<unknown>
}

/** What a site owner is promised, and why that matters to a person. `number` as people count them; null for what serves them all. */
export type Law = {
  readonly number: number | null
  readonly promise: string
  readonly matters: string
  readonly bay: readonly BayClause[]
  readonly own: readonly OwnClause[]
}

/** Runs of a clause of its own: its share of a bay's, at least one. */
export const runsOf = ({ share }: OwnClause, runs: number): number => Math.max(1, Math.ceil(share * runs))

/** Tries a clause of its own from a seed, in as many runs as its share of `runs`; says what broke it, or null. */
export async function breachOf(clause: OwnClause, runs: number, seed: number): Promise<string | null> {
  const details = await fc.check(clause.property(), { numRuns: runsOf(clause, runs), seed, endOnFailure: true })
  return details.failed ? String(details.errorInstance ?? 'broken') : null
}
