import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Draft } from '../../machines/record.ts'
import { eventOf, evidence, opened, step } from '../../machines/step.ts'
import { moves } from './bay-moves.ts'
import { BayRun, RUNS } from './bay-run.ts'

// Law 7. An auditor months later must see the same decisions, and a crash must not cost anybody money.

test('law 7: the records alone give the same state and the same bytes', () => {
  fc.assert(
    fc.property(moves, (story) => {
      const run = new BayRun()
      for (const move of story) run.move(move)
      let snapshot = opened('bay-1')
      for (const record of JSON.parse(JSON.stringify(run.drafts)) as Draft[]) {
        const made = step(snapshot, eventOf(record))
        expect(JSON.stringify(evidence(made.draft))).toBe(JSON.stringify(evidence(record)))
        expect(JSON.stringify(made.draft.cause)).toBe(JSON.stringify(record.cause))
        snapshot = made.snapshot
      }
      expect(snapshot.value).toEqual(run.snapshot.value)
      expect(JSON.stringify(snapshot.context)).toBe(JSON.stringify(run.snapshot.context))
    }),
    { numRuns: RUNS },
  )
})

test('law 7: a restart changes no visit, no payer and no bill, and sends nothing', () => {
  fc.assert(
    fc.property(moves, fc.integer({ min: 0, max: 7_200_000 }), (story, downFor_ms) => {
      const run = new BayRun()
      for (const move of story) run.move(move)
      const before = run.bay
      run.crash(downFor_ms)
      expect(run.bay.visit?.visitId).toBe(before.visit?.visitId)
      expect(run.bay.visit?.payer).toEqual(before.visit?.payer)
      expect(run.bay.visit?.closed).toEqual(before.visit?.closed)
      expect(
        run.lived
          .at(-1)
          ?.draft.effects.map((effect) => effect.type)
          .filter((type) => /^(start|stop)\./.test(type)),
      ).toEqual([])
    }),
    { numRuns: RUNS },
  )
})

test('law 7: a machine asks neither time nor chance, so one event on one state makes one record', () => {
  fc.assert(
    fc.property(moves, (story) => {
      const [one, other] = [new BayRun(), new BayRun()]
      for (const move of story) {
        one.move(move)
        other.move(move)
      }
      expect(JSON.stringify(other.drafts)).toBe(JSON.stringify(one.drafts))
    }),
    { numRuns: RUNS },
  )
})
