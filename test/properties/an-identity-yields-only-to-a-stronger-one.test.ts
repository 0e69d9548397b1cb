import fc from 'fast-check'
import { expect, test } from 'vitest'
import { stronger } from '../../machines/identity.ts'
import { cableIn, isHeld } from '../../machines/lock.ts'
import { moves } from './bay-moves.ts'
import { BayRun, RUNS } from './bay-run.ts'

// Laws 8 and 9. Who pays is settled once; a person's correction is the last word.

/** The rules by which a vehicle that was known goes: none of them knows another vehicle. */
const SEEN_TO_LEAVE = ['leftSeen', 'leftInferred', 'lostSight', 'cableForgotten', 'absent']

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
        // The register takes its own word back before a charge: nobody pays then, and nobody else does.
        const takenBack =
          event.type === 'authorization.refused' && after === null && before.rank === 'plate' && !isHeld(was)
        expect(byPerson || takenBack || (after !== null && (after.person || stronger(after.rank, before.rank)))).toBe(
          true,
        )
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

test('law 9: no read closes a visit whose plate or payer a person named while it holds or stays', () => {
  fc.assert(
    fc.property(moves, (story) => {
      const run = new BayRun()
      for (const move of story) run.move(move)
      for (const { was, now, event, draft } of run.lived) {
        const visit = was.visit
        if (!visit || !/^(plate\.|second\.read)/.test(event.type)) continue
        if (visit.agreed?.person !== true && visit.payer?.person !== true) continue
        // Once the cable has been pulled the stay may be over: whoever is read next may be the next vehicle.
        if (visit.unpluggedAt !== null && !isHeld(was) && !cableIn(was)) continue
        if (now.visit?.visitId === visit.visitId) continue
        expect(now.visit).toBeNull()
        expect(SEEN_TO_LEAVE).toContain(draft.rule)
      }
    }),
    { numRuns: RUNS },
  )
})
