import { fail } from 'node:assert/strict'
import { beforeAll, expect, test, vi } from 'vitest'
import { fc } from '../seeded-check.ts'
import { livedThrough } from './bay-commands.ts'
import { moves } from './bay-moves.ts'
import { RUNS } from './bay-run.ts'
import { type BayClause, type Law, runsOf } from './law.ts'

/** Tests every clause of a law on stories made by chance; what breaks one is made as short as it can be. */
export function holds(law: Law): void {
  // Laws may be run a hundred thousand times, on a machine that has other things to do.
  vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 })
  const name = law.number === null ? '' : `law ${law.number}: `
  if (law.bay.length > 0) holdTogether(name, law.bay)
  for (const clause of law.own)
    test(`${name}${clause.says}`, async () => {
      await fc.assert(clause.property(), { numRuns: runsOf(clause, RUNS) })
    })
}

/** Each story is lived once and held against all clauses: the test of the clause that it breaks says how. */
function holdTogether(name: string, clauses: readonly BayClause[]): void {
  let broken: BayClause | null = null
  let report: string | undefined
  beforeAll(() => {
    const details = fc.check(
      fc.property(moves, (story) => {
        const run = livedThrough(story)
        for (const clause of clauses) {
          const breach = clause.breach(run)
          if (breach === null) continue
          broken = clause
          fail(`${clause.says}: ${breach}`)
        }
      }),
      { numRuns: RUNS },
    )
    if (details.failed) report = fc.defaultReportMessage(details)
  })
  for (const clause of clauses)
    test(`${name}${clause.says}`, () => {
      if (broken === clause) expect.fail(report)
      // Where the machine itself broke there is no clause to blame.
      expect(broken === null ? report : undefined).toBeUndefined()
    })
}
