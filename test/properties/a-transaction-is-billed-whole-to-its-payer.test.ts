import fc from 'fast-check'
import { expect, test } from 'vitest'
import { moves } from './bay-moves.ts'
import { BayRun, RUNS } from './bay-run.ts'

// Law 5. Every watt-hour has one payer, and no watt-hour is paid twice.

test('law 5: a transaction that ended with its register is billed from first to last register, once, to the payer of its end', () => {
  fc.assert(
    fc.property(moves, (story) => {
      const run = new BayRun()
      for (const move of story) run.move(move)
      const billed = new Map<string, number>()
      for (const { was, event, draft } of run.lived) {
        for (const decision of draft.decisions) {
          if (decision.type === 'TransactionEnded' && event.type === 'transaction.ended') {
            const transaction = Object.values(was.connectors)[0]?.transaction
            expect(decision['transactionId']).toBe(event.transactionId)
            expect(decision['energy_Wh']).toBe((event.register_Wh ?? 0) - (transaction?.first_Wh ?? 0))
            expect(decision['accountId']).toBe(transaction?.unpaid ? null : (was.visit?.payer?.accountId ?? null))
          }
          if (decision.type !== 'SessionBilled') continue
          for (const line of decision['lines'] as {
            transactionId: string
            energy_Wh: number
            disputed: string | null
          }[]) {
            expect(line.energy_Wh).toBeGreaterThanOrEqual(0)
            billed.set(line.transactionId, (billed.get(line.transactionId) ?? 0) + 1)
          }
        }
      }
      const revived = new Set(
        run.lived.flatMap(({ draft }) =>
          draft.decisions
            .filter((decision) => decision.type === 'TransactionRevived')
            .map((decision) => String(decision['transactionId'])),
        ),
      )
      for (const [transactionId, times] of billed) if (!revived.has(transactionId)) expect(times).toBe(1)
    }),
    { numRuns: RUNS },
  )
})

test("law 5: every transaction that was opened in a visit is in that visit's bill", () => {
  fc.assert(
    fc.property(moves, (story) => {
      const run = new BayRun()
      for (const move of story) run.move(move)
      const opened = new Map<string, string>()
      for (const { draft, now, was } of run.lived) {
        for (const decision of draft.decisions)
          if (decision.type === 'TransactionOpened')
            opened.set(String(decision['transactionId']), now.visit?.visitId ?? '')
        const ended = draft.decisions.find((decision) => decision.type === 'VisitEnded')
        if (!ended) continue
        const lines = draft.decisions
          .filter((decision) => decision.type === 'SessionBilled')
          .flatMap((decision) => decision['transactions'] as string[])
        for (const [transactionId, visitId] of opened)
          if (visitId === was.visit?.visitId && visitId === ended['visitId']) expect(lines).toContain(transactionId)
      }
    }),
    { numRuns: RUNS },
  )
})
