import { overAt } from './after-end.ts'
import type { ConnectorKey, Stamped, TransactionEnded, TransactionStarted, TransactionUpdated } from './events.ts'
import { upgraded } from './identity.ts'
import {
  type Bay,
  type Closed,
  type Connector,
  connectorsOf,
  type Payer,
  type Transaction,
  type Visit,
  withConnector,
  withHeard,
  withVisit,
} from './knowledge.ts'
import { NO_FLOW } from './new-bay.ts'

/** Start, end and proof of death of transactions. */
export function learnTransaction(
  bay: Bay,
  event: Stamped<TransactionStarted | TransactionEnded | TransactionUpdated>,
): Bay {
  if (event.type === 'transaction.started') return openTransaction(bay, event)
  const connector = bay.connectors[event.connector]
  if (connector?.orphan?.transaction.transactionId === event.transactionId) return endOrphan(bay, connector, event)
  if (event.type === 'transaction.ended' && connector?.presumed?.transaction.transactionId === event.transactionId)
    return withConnector(bay, event.connector, { presumed: null })
  if (connector?.transaction?.transactionId !== event.transactionId) return bay
  const happened = claimedTime(event, connector.transaction.startedAt)
  if (event.type === 'transaction.updated')
    return event.ongoing ? bay : closeTransaction(bay, event.connector, event.at, 'dead', happened, null)
  return closeTransaction(bay, event.connector, event.at, event.reason ?? 'unknown', happened, event.register_Wh)
}

/** What an orphan drew beyond its bill stays unbilled; its end is noticed. */
function endOrphan(bay: Bay, connector: Connector, event: Stamped<TransactionEnded | TransactionUpdated>): Bay {
  if (event.type === 'transaction.updated' && event.ongoing) return bay
  return withConnector(bay, connector.connector, {
    orphan: null,
    lastEnded: {
      transactionId: event.transactionId,
      at: event.at,
      register_Wh: event.type === 'transaction.ended' ? event.register_Wh : (connector.orphan?.billed_Wh ?? null),
    },
    // Asked, the charge point said that it does not run: it has not told of its end.
    presumed: event.type === 'transaction.updated' ? connector.orphan : null,
    flow: NO_FLOW,
  })
}

function openTransaction(bay: Bay, event: Stamped<TransactionStarted>): Bay {
  const connector = bay.connectors[event.connector]
  if (!connector || connector.transaction?.transactionId === event.transactionId) return bay
  // A start that berth refuses never displaces one that somebody pays for: the first wins (E19).
  if (!event.accepted && connector.transaction && !connector.transaction.unpaid)
    return withConnector(bay, event.connector, { transaction: { ...connector.transaction, rivalled: true } })
  const freed = connector.transaction
    ? closeTransaction(bay, event.connector, event.at, 'replaced', event.at, null)
    : bay
  const startedAt = claimedTime(event, 0)
  // Beside another open transaction a card pays for its own alone: two cables of one bay never mix two payers.
  const beside = connectorsOf(freed).some((other) => other.connector !== event.connector && other.transaction !== null)
  const transaction: Transaction = {
    transactionId: event.transactionId,
    startId: event.token.kind === 'start' ? event.token.startId : null,
    card: event.token.kind === 'card' ? event.token.handle : null,
    unpaid: !event.accepted,
    payer: beside ? cardPayer(event) : null,
    stopAsked: false,
    openedAt: event.at,
    startedAt,
    first_Wh: event.register_Wh,
    last_Wh: event.register_Wh,
    lastAt: startedAt,
  }
  const next = withHeard(freed, event.connector, event.at, {
    transaction,
    orphan: null,
    presumed: null,
    cable: 'in',
    flow: NO_FLOW,
    availableAt: null,
  })
  const payer = beside ? {} : paidBy(bay.visit, event)
  const pluggedAt = freed.connectors[event.connector]?.cable === 'in' ? (next.visit?.pluggedAt ?? null) : event.at
  return withVisit(next, {
    lastSign: event.at,
    pluggedAt,
    unpluggedAt: null,
    ...payer,
    starts: usedStarts(next.visit, event),
  })
}

/** What the device claims, where it can be: not before `from`, and not after it arrived (by more than its clock may be off). */
export const claimedTime = (
  event: { readonly at: number; readonly happenedAt?: number | null },
  from: number,
): number => {
  const claimed = event.happenedAt ?? event.at
  return claimed < Math.max(from, EARLIEST) || claimed > event.at + FAST_CLOCK_ms ? event.at : claimed
}
const EARLIEST = Date.UTC(2020, 0)
const FAST_CLOCK_ms = 300_000

/** The valid card that a transaction began with. */
function cardPayer({ accepted, token }: TransactionStarted): Payer | null {
  if (!accepted || token.kind !== 'card' || token.accountId === null) return null
  return { rank: token.rank ?? 'card', handle: token.handle, accountId: token.accountId, person: false }
}

/** A card that the charge point started with pays, whatever a camera said before; our own start brings the visit's own payer. */
function paidBy(visit: Visit | null, event: TransactionStarted): { payer?: Payer | null } {
  const payer = cardPayer(event)
  if (!visit || !payer) return {}
  // After a charge of one account another's card begins another visit; after one that nobody paid for it begins to pay here.
  if (visit.closed.length > 0 && visit.payer !== null && visit.payer.accountId !== payer.accountId) return {}
  return { payer: upgraded(visit.payer, payer) }
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

/** More than any charge point gives, watts: what says so is a slipped unit or a lie. */
const MOST_W = 1_000_000
/** A stop is said in whole Wh, samples may be rounded to hundredths of a kWh: so far below the last sample it is no contradiction. */
const ROUNDED_Wh = 50
/** Less than this is nobody's quarrel, whatever the clocks say, Wh. */
const SMALL_Wh = 5_000

/** More than any charge point can have given in so many hours. */
export const isMoreThanAnyGives = (energy_Wh: number, hours: number): boolean =>
  energy_Wh > SMALL_Wh + MOST_W * Math.max(0, hours)

/** More than a vehicle takes, Wh: so much at once is no clock that is off, it is a register that slipped. */
const LARGE_Wh = 200_000

/** A register that no charge point can have reached in this transaction: a spike or a slipped unit, never billed. Times in ms since 1970. */
export function isOutOfReach(
  { first_Wh, openedAt, startedAt }: Transaction,
  register_Wh: number,
  at: number,
  happenedAt: number,
): boolean {
  const hours = Math.max(at - openedAt, happenedAt - startedAt) / 3_600_000
  return first_Wh !== null && register_Wh - first_Wh > LARGE_Wh + MOST_W * Math.max(0, hours)
}

/** Why a bill is in doubt where the charge point did not say how its transaction ended. */
export const NOT_REPORTED = 'end not reported'

/** What berth answered Invalid is billed to nobody, for this. */
const REFUSED = 'dead token'

/** Something was started in this visit, and berth refused all of it: its vehicle has not had its charge. */
export const onlyRefused = ({ closed }: Visit): boolean =>
  closed.length > 0 && closed.every((line) => line.disputed === REFUSED)

/** The vehicle that stood here before all of it began, and is not known yet. */
export function waitsStill({ visit }: Bay): boolean {
  if (visit === null || visit.payer !== null || visit.agreed !== null || visit.denied !== null) return false
  const isOwn = visit.openedBy === 'transaction.started' || visit.openedBy === 'meter.values'
  return !isOwn && onlyRefused(visit)
}

type Ended = {
  readonly first: number | null
  readonly last: number | null
  readonly backwards: boolean
  readonly slipped: boolean
  readonly reported: boolean
  readonly energy_Wh: number
  readonly hours: number
}

/** Why a transaction's bill is not beyond doubt, or null. */
function doubtOf(
  { unpaid }: Transaction,
  { first, last, backwards, slipped, reported, energy_Wh, hours }: Ended,
): string | null {
  if (unpaid) return REFUSED
  if (first === null || last === null) return 'register missing'
  if (backwards) return 'register ran backwards'
  if (slipped || isMoreThanAnyGives(energy_Wh, hours)) return 'more energy than any charge point gives'
  return reported ? null : NOT_REPORTED
}

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
  const slipped = register_Wh !== null && isOutOfReach(transaction, register_Wh, at, happenedAt)
  const last = slipped ? transaction.last_Wh : (register_Wh ?? transaction.last_Wh)
  const first = transaction.first_Wh
  const backwards =
    last !== null && ((first !== null && last < first) || last + ROUNDED_Wh < (transaction.last_Wh ?? last))
  const accountId = transaction.unpaid ? null : ((transaction.payer ?? bay.visit?.payer ?? null)?.accountId ?? null)
  const energy_Wh = first === null || last === null || last < first ? 0 : Math.round((last - first) * 1000) / 1000
  const closed: Closed = {
    transactionId: transaction.transactionId,
    connector: key,
    startId: transaction.startId,
    card: transaction.card,
    accountId,
    startedAt: transaction.startedAt,
    endedAt: happenedAt,
    first_Wh: first,
    energy_Wh,
    reason,
    disputed: doubtOf(transaction, {
      first,
      last,
      backwards,
      slipped,
      reported: register_Wh !== null,
      energy_Wh,
      hours: (happenedAt - transaction.startedAt) / 3_600_000,
    }),
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
    ...overAt(bay, transaction, reason, last, at),
    flow: NO_FLOW,
    availableAt: null,
    cable,
  })
  const visit = next.visit
  if (!visit) return next
  return withVisit(next, {
    closed: [...visit.closed, closed],
    chargedUntil: at,
    lastSign: Math.max(visit.lastSign, at),
    unpluggedAt: cable === 'out' ? at : visit.unpluggedAt,
    contradiction: null,
  })
}
