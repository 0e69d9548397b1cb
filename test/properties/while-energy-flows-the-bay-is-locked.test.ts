import fc from 'fast-check'
import { expect, test } from 'vitest'
import { flowsFresh, isHeld } from '../../machines/lock.ts'
import { moves } from './bay-moves.ts'
import { BayRun, RUNS } from './bay-run.ts'

// Law 1. A neighbour's camera must never hand a running charge to somebody else's bill.
const NOT_A_PERSON = /^(plate\.|vehicle\.|zone\.|camera\.|charger\.|second\.read|bay\.wake|xstate\.after\.)/

test('law 1: a bay with an open transaction or with current is charging-locked', () => {
  fc.assert(
    fc.property(moves, (story) => {
      const run = new BayRun()
      for (const move of story) {
        run.move(move)
        expect(isHeld(run.bay)).toBe(run.state === 'charging-locked')
      }
    }),
    { numRuns: RUNS },
  )
})

test('law 1: while fresh current flows no camera, link, second reader or timer changes visit, payer or session', () => {
  fc.assert(
    fc.property(moves, (story) => {
      const run = new BayRun()
      for (const move of story) run.move(move)
      for (const { was, now, event, state } of run.lived) {
        if (!flowsFresh(was, event.at) || !NOT_A_PERSON.test(event.type)) continue
        expect(state).toBe('charging-locked')
        expect(now.visit?.visitId).toBe(was.visit?.visitId)
        expect(now.visit?.payer).toEqual(was.visit?.payer)
        expect(now.visit?.closed).toEqual(was.visit?.closed)
      }
    }),
    { numRuns: RUNS },
  )
})

test('law 1: one meter sample never releases a lock that current alone holds', () => {
  fc.assert(
    fc.property(moves, (story) => {
      const run = new BayRun()
      for (const move of story) run.move(move)
      for (const { was, now, event } of run.lived) {
        if (event.type !== 'meter.values') continue
        const before = was.connectors[event.connector]
        if (!before?.flow.drawing || before.flow.low > 0) continue
        expect(isHeld(now)).toBe(true)
      }
    }),
    { numRuns: RUNS },
  )
})
