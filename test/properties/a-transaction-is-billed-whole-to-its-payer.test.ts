import fc from 'fast-check'
import { expect, test } from 'vitest'
import { moves } from './bay-moves.ts'
import { BayRun, type Lived, RUNS } from './bay-run.ts'

// Law 5. Every watt-hour has one payer, and no watt-hour is paid twice.

type Line = { readonly transactionId: string; readonly accountId: string | null; readonly energy_Wh: number }

/** Every line of every bill, in the order in which they were written. */
const linesOf = (lived: readonly Lived[]): Line[] =>
  lived.flatMap(({ draft }) =>
    draft.decisions
      .filter((decision) => decision.type === 'SessionBilled')
      .flatMap((decision) => decision['lines'] as unknown as Line[]),
  )

/** The account of the valid card that this start came with while another transaction of the bay ran: that card pays for its own alone. */
function besideAnother({ now, event }: Lived): string | null {
  if (event.type !== 'transaction.started' || !event.accepted || event.token.kind !== 'card') return null
  const others = Object.values(now.connectors).filter((one) => one.connector !== event.connector)
  return others.some((one) => one.transaction !== null) ? event.token.accountId : null
}

/**
 * For each transaction: who was to pay at any step while it was open in a visit in which it opened or came back; its own card
 * where it began beside another.
 */
function payersWhileItRan(lived: readonly Lived[]): Map<string, Set<string | null>> {
  const visits = new Map<string, Set<string>>()
  const payers = new Map<string, Set<string | null>>()
  const alone = new Set<string>()
  for (const one of lived) {
    const { was, now, draft } = one
    for (const decision of draft.decisions) {
      if (decision.type !== 'TransactionOpened' && decision.type !== 'TransactionRevived') continue
      const id = String(decision['transactionId'])
      visits.set(id, (visits.get(id) ?? new Set()).add(now.visit?.visitId ?? ''))
      const own = decision.type === 'TransactionOpened' ? besideAnother(one) : null
      if (own === null) continue
      alone.add(id)
      payers.set(id, new Set([own]))
    }
    for (const bay of [was, now]) {
      for (const { transaction } of Object.values(bay.connectors)) {
        const id = transaction?.transactionId
        if (id === undefined || alone.has(id) || !bay.visit || !visits.get(id)?.has(bay.visit.visitId)) continue
        payers.set(id, (payers.get(id) ?? new Set()).add(bay.visit.payer?.accountId ?? null))
      }
    }
  }
  return payers
}

test('law 5: a transaction that ended with its register is billed from first to last register, once, to the payer of its end', () => {
  fc.assert(
    fc.property(moves, (story) => {
      const run = new BayRun()
      for (const move of story) run.move(move)
      const billed = new Map<string, number>()
      const cards = new Map<string, string>()
      for (const one of run.lived) {
        const { was, event, draft } = one
        const card = besideAnother(one)
        if (card !== null && event.type === 'transaction.started') cards.set(event.transactionId, card)
        for (const decision of draft.decisions) {
          if (decision.type === 'TransactionEnded' && event.type === 'transaction.ended') {
            const transaction = was.connectors[event.connector]?.transaction
            expect(decision['transactionId']).toBe(event.transactionId)
            expect(decision['transactionId']).toBe(transaction?.transactionId)
            expect(decision['energy_Wh']).toBe((event.register_Wh ?? 0) - (transaction?.first_Wh ?? 0))
            expect(decision['accountId']).toBe(
              transaction?.unpaid ? null : (cards.get(event.transactionId) ?? was.visit?.payer?.accountId ?? null),
            )
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

test('law 5: a transaction is billed to nobody but who was to pay while it ran, whatever else ran beside it', () => {
  fc.assert(
    fc.property(moves, (story) => {
      const run = new BayRun()
      for (const move of story) run.move(move)
      const payers = payersWhileItRan(run.lived)
      for (const line of linesOf(run.lived)) {
        if (line.accountId === null) continue
        expect([...(payers.get(line.transactionId) ?? [])]).toContain(line.accountId)
      }
    }),
    { numRuns: RUNS },
  )
})

test('law 5: all bills of a transaction together hold no more than its meter counted, orphaned and revived or not', () => {
  fc.assert(
    fc.property(moves, (story) => {
      const run = new BayRun()
      for (const move of story) run.move(move)
      const sums = new Map<string, number>()
      for (const { transactionId, energy_Wh } of linesOf(run.lived))
        sums.set(transactionId, (sums.get(transactionId) ?? 0) + energy_Wh)
      for (const { id, first, register } of run.transactions)
        expect(sums.get(id) ?? 0).toBeLessThanOrEqual(register - first)
    }),
    { numRuns: RUNS },
  )
})
