import fc from 'fast-check'
import { expect, test } from 'vitest'
import { holdsNothing } from '../../machines/lock.ts'
import { moves } from './bay-moves.ts'
import { BayRun, RUNS } from './bay-run.ts'

// Law 6. A bay that a fault keeps occupied earns nothing and strands the next driver.

test('law 6: whatever came before, a bay without transaction, cable and flow is vacant absence_s after the last sign of presence', () => {
  fc.assert(
    fc.property(moves, (story) => {
      const run = new BayRun()
      for (const move of story) run.move(move)
      if (!holdsNothing(run.bay)) return
      run.pass(run.policy.absence_s * 1000 + 1)
      if (holdsNothing(run.bay)) expect(run.state).toBe('vacant')
    }),
    { numRuns: RUNS },
  )
})

test('law 6: a bay is vacant exactly while it has no visit', () => {
  fc.assert(
    fc.property(moves, (story) => {
      const run = new BayRun()
      for (const move of story) run.move(move)
      for (const { now, state } of run.lived) expect(now.visit === null).toBe(state === 'vacant')
    }),
    { numRuns: RUNS },
  )
})
