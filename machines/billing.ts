import { alarm, change, type Deeds, decide, iso } from './deeds.ts'
import type { Rank } from './events.ts'
import { idleShares } from './idle-shares.ts'
import { type Closed, connectorsOf, type Visit, withConnector } from './knowledge.ts'
import { END_UNKNOWN, keepOwed } from './late-ends.ts'

export function orphan(deeds: Deeds): void {
  for (const connector of connectorsOf(deeds.bay)) {
    const transaction = connector.transaction
    // What flowed for this visit says nothing of the next one: only a new live sample does.
    if (!transaction && connector.flow.drawing)
      deeds.bay = withConnector(deeds.bay, connector.connector, { flow: { ...connector.flow, drawing: false, low: 0 } })
    if (!transaction) continue
    const payer = transaction.unpaid ? null : (transaction.payer ?? deeds.bay.visit?.payer ?? null)
    decide(deeds, 'TransactionOrphaned', {
      transactionId: transaction.transactionId,
      connector: connector.connector,
      accountId: payer?.accountId ?? null,
      billedTo_Wh: transaction.last_Wh,
    })
    const known = energyOf(transaction.first_Wh, transaction.last_Wh)
    change(deeds, {
      closed: [
        ...(deeds.bay.visit?.closed ?? []),
        {
          transactionId: transaction.transactionId,
          connector: connector.connector,
          startId: transaction.startId,
          card: transaction.card,
          accountId: payer?.accountId ?? null,
          startedAt: transaction.startedAt,
          endedAt: transaction.lastAt,
          first_Wh: transaction.first_Wh,
          energy_Wh: known,
          reason: 'orphaned',
          disputed: END_UNKNOWN,
        },
      ],
    })
    deeds.bay = withConnector(deeds.bay, connector.connector, {
      transaction: null,
      orphan: { transaction, payer, billed_Wh: transaction.last_Wh, since: deeds.event.at },
      flow: { ...connector.flow, drawing: false, low: 0 },
      availableAt: null,
    })
    alarm(
      deeds,
      'orphan',
      `Transaction ${transaction.transactionId} was left open at the charge point when its visit ended.`,
      'It is closed by itself when the charge point reports; stop it by hand if it does not.',
    )
  }
}

const energyOf = (first: number | null, last: number | null): number =>
  first === null || last === null || last < first ? 0 : last - first

/** One session for each account that paid in this visit, oldest first: nobody's bill holds another's energy. */
export function bill(deeds: Deeds, exit: string): void {
  const visit = deeds.bay.visit
  if (!visit) return
  const accounts = [...new Set(visit.closed.map((line) => line.accountId))]
  accounts.forEach((accountId, index) => {
    const lines = visit.closed.filter((line) => line.accountId === accountId)
    const sessionId = index === 0 ? `ses-${visit.visitId}` : `ses-${visit.visitId}-${index + 1}`
    billLines(deeds, visit, { sessionId, accountId, lines, exit })
  })
}

/** How the payer of a line was known: the visit's payer now, or who it was when the line ended. */
function rankOf(visit: Visit, line: Closed): Rank | null {
  if (line.accountId === null) return null
  if (visit.payer?.accountId === line.accountId) return visit.payer.rank
  return line.card !== null ? 'card' : 'plate'
}

type Bill = {
  readonly sessionId: string
  readonly accountId: string | null
  readonly lines: readonly Closed[]
  readonly exit: string
}

function billLines(deeds: Deeds, visit: Visit, { sessionId, accountId, lines, exit }: Bill): void {
  const last = lines.at(-1)
  const idled = idleShares(visit, deeds.event.at).find((share) => share.accountId === accountId)
  keepOwed(deeds, sessionId, lines)
  decide(deeds, 'SessionBilled', {
    sessionId,
    bayId: deeds.bay.bayId,
    accountId: last?.accountId ?? null,
    identifiedBy: last ? rankOf(visit, last) : null,
    startId: last?.startId ?? null,
    card: last?.card ?? null,
    transactions: lines.map((line) => line.transactionId),
    lines: lines.map((line) => ({
      transactionId: line.transactionId,
      accountId: line.accountId,
      energy_Wh: line.energy_Wh,
      startedAt: iso(line.startedAt),
      endedAt: iso(line.endedAt),
      disputed: line.disputed,
    })),
    startedAt: iso(Math.min(...lines.map((line) => line.startedAt))),
    endedAt: iso(Math.max(...lines.map((line) => line.endedAt))),
    energy_Wh: lines.reduce((sum, line) => sum + line.energy_Wh, 0),
    idle_s: Math.round((idled?.ms ?? 0) / 1000),
    exit,
    disputed:
      lines
        .map((line) => line.disputed)
        .filter((why) => why !== null)
        .join('; ') || null,
  })
}
