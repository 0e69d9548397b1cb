import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isLive } from '../../machines/learn-transaction.ts'
import { moves } from './bay-moves.ts'
import { BayRun, RUNS } from './bay-run.ts'

// Law 4. A second start is a second bill, or a charge for a car that has left.

test('law 4: a visit starts at most once for each reason, and only the restart repeats a token', () => {
  fc.assert(
    fc.property(moves, (story) => {
      const run = new BayRun()
      for (const move of story) run.move(move)
      const seen = new Set<string>()
      const sent = new Set<string>()
      for (const { draft } of run.lived) {
        for (const decision of draft.decisions) {
          if (decision.type !== 'StartRequested') continue
          const once = `${decision['visitId']} ${decision['reason']}`
          expect(seen.has(once)).toBe(false)
          seen.add(once)
          expect(sent.has(String(decision['startId']))).toBe(decision['reason'] === 'after-restart')
          sent.add(String(decision['startId']))
        }
      }
    }),
    { numRuns: RUNS },
  )
})

test('law 4: a start that died stays dead', () => {
  fc.assert(
    fc.property(moves, (story) => {
      const run = new BayRun()
      const dead = new Set<string>()
      for (const move of story) run.move(move)
      for (const { now, was, draft } of run.lived) {
        const again = draft.decisions.some(
          (decision) => decision.type === 'StartRequested' && decision['reason'] === 'after-restart',
        )
        const live = (now.visit?.starts ?? []).filter((start) => isLive(start.state)).map((start) => start.startId)
        for (const startId of live) expect(dead.has(startId)).toBe(false)
        for (const start of was.visit?.starts ?? [])
          if (!again && !live.includes(start.startId)) dead.add(start.startId)
      }
    }),
    { numRuns: RUNS },
  )
})

test('law 4: a transaction that came with a dead token is billed to nobody and told to stop', () => {
  fc.assert(
    fc.property(moves, (story) => {
      const run = new BayRun()
      for (const move of story) run.move(move)
      const refused = new Set(
        run.lived
          .filter(({ event }) => event.type === 'transaction.started' && !event.accepted)
          .map(({ event }) => String((event as { transactionId?: string }).transactionId)),
      )
      for (const { draft, event } of run.lived) {
        if (
          event.type === 'transaction.started' &&
          !event.accepted &&
          draft.decisions.some((decision) => decision.type === 'TransactionOpened')
        ) {
          expect(draft.effects.some((effect) => effect.type === 'stop.charging')).toBe(true)
        }
        for (const decision of draft.decisions) {
          if (decision.type === 'TransactionEnded' && refused.has(String(decision['transactionId'])))
            expect(decision['accountId']).toBeNull()
          if (decision.type !== 'SessionBilled') continue
          for (const line of decision['lines'] as { transactionId: string; accountId: string | null }[])
            if (refused.has(line.transactionId)) expect(line.accountId).toBeNull()
        }
      }
    }),
    { numRuns: RUNS },
  )
})
