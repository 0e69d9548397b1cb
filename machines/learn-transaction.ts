import type { ConnectorKey, Stamped, TransactionEnded, TransactionStarted, TransactionUpdated } from './events.ts'
import { upgraded } from './identity.ts'
import {
  type Bay,
  type Closed,
  type Connector,
  NO_FLOW,
  type Payer,
  type Transaction,
  type Visit,
  withConnector,
  withVisit,
} from './knowledge.ts'

/** Start, end and proof of death of transactions. */
export function learnTransaction(
  bay: Bay,
  event: Stamped<TransactionStarted | TransactionEnded | TransactionUpdated>,
): Bay {
  if (event.type === 'transaction.started') return openTransaction(bay, event)
  const connector = bay.connectors[event.connector]
  if (connector?.orphan?.transaction.transactionId === event.transactionId) return endOrphan(bay, connector, event)
  if (connector?.transaction?.transactionId !== event.transactionId) return bay
  const happened = event.happenedAt ?? event.at
  if (event.type === 'transaction.updated')
    return event.ongoing ? bay : closeTransaction(bay, event.connector, event.at, 'dead', happened, null)
  return closeTransaction(bay, event.connector, event.at, event.reason ?? 'unknown', happened, event.register_Wh)
}

/** What an orphan drew beyond its bill stays unbilled; its end is noticed. */
function endOrphan(bay: Bay, connector: Connector, event: Stamped<TransactionEnded | TransactionUpdated>): Bay {
  if (event.type === 'transaction.updated' && event.ongoing) return bay
  return withConnector(bay, connector.connector, {
    orphan: null,
    lastEnded: { transactionId: event.transactionId, at: event.at },
    flow: NO_FLOW,
  })
}

function openTransaction(bay: Bay, event: Stamped<TransactionStarted>): Bay {
  const connector = bay.connectors[event.connector]
  if (!connector || connector.transaction?.transactionId === event.transactionId) return bay
  // A start that berth refuses never displaces one that somebody pays for: the first wins (E19).
  if (!event.accepted && connector.transaction && !connector.transaction.unpaid) return bay
  const freed = connector.transaction
    ? closeTransaction(bay, event.connector, event.at, 'replaced', event.at, null)
    : bay
  const startedAt = event.happenedAt ?? event.at
  const transaction: Transaction = {
    transactionId: event.transactionId,
    startId: event.token.kind === 'start' ? event.token.startId : null,
    card: event.token.kind === 'card' ? event.token.handle : null,
    unpaid: !event.accepted,
    openedAt: event.at,
    startedAt,
    first_Wh: event.register_Wh,
    last_Wh: event.register_Wh,
    lastAt: startedAt,
  }
  const next = withConnector(freed, event.connector, {
    transaction,
    orphan: null,
    cable: 'in',
    link: 'online',
    flow: NO_FLOW,
    availableAt: null,
  })
  return withVisit(next, { lastSign: event.at, ...paidBy(bay.visit, event), starts: usedStarts(next.visit, event) })
}

/** A card that the charge point started with pays, whatever a camera said before; our own start brings the visit's own payer. */
function paidBy(visit: Visit | null, event: TransactionStarted): { payer?: Payer | null } {
  if (!visit || !event.accepted || event.token.kind !== 'card' || event.token.accountId === null) return {}
  // After a charge of one account another's card begins another visit; after one that nobody paid for it begins to pay here.
  if (visit.closed.length > 0 && visit.payer !== null && visit.payer.accountId !== event.token.accountId) return {}
  const { handle, accountId } = event.token
  return { payer: upgraded(visit.payer, { rank: 'card', handle, accountId, person: false }) }
}

/** A transaction began: every other start of the visit is dead. One that berth refuses kills nobody's. */
const usedStarts = (visit: Visit | null, event: Stamped<TransactionStarted>): Visit['starts'] =>
  (visit?.starts ?? []).map((start) => {
    if (!event.accepted) return start
    const used = event.token.kind === 'start' && event.token.startId === start.startId
    const state = used ? ('used' as const) : isLive(start.state) ? ('cancelled' as const) : start.state
    return state === start.state ? start : { ...start, state, stateAt: event.at }
  })

/** A start whose token still charges somebody. */
export const isLive = (state: Visit['starts'][number]['state']): boolean =>
  state === 'asked' || state === 'accepted' || state === 'unanswered'

/** Moves the open transaction to the visit's closed ones, with its whole energy and the payer of now (law 5). */
export function closeTransaction(
  bay: Bay,
  key: ConnectorKey,
  at: number,
  reason: string,
  happenedAt: number,
  register_Wh: number | null,
): Bay {
  const connector = bay.connectors[key]
  const transaction = connector?.transaction
  if (!connector || !transaction) return bay
  const last = register_Wh ?? transaction.last_Wh
  const first = transaction.first_Wh
  const backwards = first !== null && last !== null && last < first
  const closed: Closed = {
    transactionId: transaction.transactionId,
    connector: key,
    startId: transaction.startId,
    card: transaction.card,
    accountId: transaction.unpaid ? null : (bay.visit?.payer?.accountId ?? null),
    startedAt: transaction.startedAt,
    endedAt: happenedAt,
    energy_Wh: first === null || last === null || backwards ? 0 : last - first,
    reason,
    disputed: transaction.unpaid
      ? 'dead token'
      : first === null || last === null
        ? 'register missing'
        : backwards
          ? 'register ran backwards'
          : register_Wh === null
            ? 'end not reported'
            : null,
  }
  const cable =
    reason === 'EVDisconnected'
      ? 'out'
      : connector.status === 'finishing' && connector.cable === 'in'
        ? 'in'
        : connector.cable === 'in' && connector.statusAt === at
          ? 'in'
          : 'unknown'
  const next = withConnector(bay, key, {
    transaction: null,
    lastEnded: { transactionId: transaction.transactionId, at },
    flow: NO_FLOW,
    availableAt: null,
    cable,
  })
  const visit = next.visit
  if (!visit) return next
  return withVisit(next, {
    closed: [...visit.closed, closed],
    lastSign: Math.max(visit.lastSign, at),
    unpluggedAt: cable === 'out' ? at : visit.unpluggedAt,
    contradiction: null,
  })
}
