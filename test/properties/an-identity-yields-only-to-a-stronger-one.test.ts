import fc from 'fast-check'
import { expect, test } from 'vitest'
import { stronger } from '../../machines/identity.ts'
import { moves } from './bay-moves.ts'
import { BayRun, RUNS } from './bay-run.ts'

// Laws 8 and 9. Who pays is settled once; a person's correction is the last word.

test('law 8: within a visit who pays changes only to a stronger identity or by a person, with both on record', () => {
  fc.assert(
    fc.property(moves, (story) => {
      const run = new BayRun()
      for (const move of story) run.move(move)
      for (const { was, now, event, draft } of run.lived) {
        const [before, after] = [was.visit?.payer ?? null, now.visit?.payer ?? null]
        if (
          before === null ||
          was.visit?.visitId !== now.visit?.visitId ||
          JSON.stringify(before) === JSON.stringify(after)
        )
          continue
        const byPerson = event.type === 'operator.commanded'
        expect(byPerson || (after !== null && (after.person || stronger(after.rank, before.rank)))).toBe(true)
        const upgrade = draft.decisions.find((decision) => decision.type === 'IdentityUpgraded')
        expect(upgrade).toMatchObject({ fromAccount: before.accountId, accountId: after?.accountId ?? null })
      }
    }),
    { numRuns: RUNS },
  )
})

test('law 9: a plate that a person named for a visit is never replaced by a machine', () => {
  fc.assert(
    fc.property(moves, (story) => {
      const run = new BayRun()
      for (const move of story) run.move(move)
      for (const { was, now, event } of run.lived) {
        if (was.visit?.agreed?.person !== true || was.visit.visitId !== now.visit?.visitId) continue
        if (event.type === 'operator.commanded' || event.type === 'review.answered') continue
        expect(now.visit?.agreed).toEqual(was.visit.agreed)
      }
    }),
    { numRuns: RUNS },
  )
})
