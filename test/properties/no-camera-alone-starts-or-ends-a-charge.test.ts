import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { PlateNews } from '../../machines/events.ts'
import { isHeld } from '../../machines/lock.ts'
import { moves } from './bay-moves.ts'
import { BayRun, RUNS } from './bay-run.ts'

// Law 2. A confident misread must never start a charge on a stranger's account.

test('law 2: a plate is agreed only by a quorum of witnesses, fresh, plausible, in this zone, from reads of this visit', () => {
  fc.assert(
    fc.property(moves, (story) => {
      const run = new BayRun()
      for (const move of story) run.move(move)
      for (const { was, event, draft } of run.lived) {
        const agreed = draft.decisions.find((decision) => decision.type === 'PlateAgreed')
        if (agreed?.['by'] !== 'plate.agreed') continue
        const news = event as unknown as PlateNews
        const tally = news.tally.find((one) => one.handle === agreed['handle'])
        expect(news.fresh && news.clear).toBe(true)
        expect(tally?.plausible).toBe(true)
        expect(tally?.witnesses).toBeGreaterThanOrEqual(run.policy.quorum)
        expect(news.tally.filter((one) => one.witnesses >= run.policy.quorum)).toHaveLength(1)
        expect(news.windowFrom).toBeGreaterThanOrEqual(
          was.visit && draft.decisions.every((decision) => decision.type !== 'VisitEnded')
            ? was.visit.readsFrom
            : was.endedAt,
        )
      }
    }),
    { numRuns: RUNS },
  )
})

test('law 2: every start has a payer whom the register, a card or a person named', () => {
  fc.assert(
    fc.property(moves, (story) => {
      const run = new BayRun()
      for (const move of story) run.move(move)
      for (const { now, draft } of run.lived) {
        if (!draft.effects.some((effect) => effect.type === 'start.charging')) continue
        const payer = now.visit?.payer
        expect(payer?.accountId).toBeTruthy()
        expect(payer?.rank === 'plate' ? now.visit?.asked?.answer : 'granted').toBe('granted')
        expect(payer?.rank === 'plate' ? now.visit?.claim?.state : 'granted').toBe('granted')
      }
    }),
    { numRuns: RUNS },
  )
})

test('law 2: no camera ends a visit whose transaction is open while its charge point is heard', () => {
  fc.assert(
    fc.property(moves, (story) => {
      const run = new BayRun()
      for (const move of story) run.move(move)
      for (const { was, now, event } of run.lived) {
        const online = Object.values(was.connectors).some((connector) => connector.link === 'online')
        if (!/^(plate|vehicle|zone|camera)\./.test(event.type) || !isHeld(was) || !online) continue
        expect(now.visit?.visitId).toBe(was.visit?.visitId)
      }
    }),
    { numRuns: RUNS },
  )
})
