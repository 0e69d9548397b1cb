import type {
  ConnectorKey,
  LinkNews,
  MeterValues,
  SiteResumed,
  Stamped,
  StatusNews,
  TransactionEnded,
  TransactionStarted,
  TransactionUpdated,
} from './events.ts'
import { upgraded } from './identity.ts'
import {
  type Bay,
  type Closed,
  type Connector,
  connectorsOf,
  NO_FLOW,
  type Payer,
  type Transaction,
  type Visit,
  withConnector,
  withVisit,
} from './knowledge.ts'
import { learnFlow } from './lock.ts'
import { combined, DEAD_PROOF_ms } from './presence.ts'

/** Link and status of a connector. */
export function learnConnector(bay: Bay, event: Stamped<LinkNews | StatusNews>): Bay {
  if (event.type === 'connector.status') return learnStatus(bay, event)
  const link = event.type === 'charger.online' ? 'online' : 'offline'
  return connectorsOf(bay)
    .filter((connector) => connector.chargePointId === event.chargePointId)
    .reduce((next, connector) => withConnector(next, connector.connector, { link, availableAt: null }), bay)
}

function learnStatus(bay: Bay, event: Stamped<StatusNews>): Bay {
  const connector = bay.connectors[event.connector]
  if (!connector) return bay
  const cable = cableBy(bay, connector, event)
  const withheldBy: Connector['flow']['withheldBy'] =
    event.status === 'suspended-ev' ? 'vehicle' : event.status === 'suspended-evse' ? 'charge-point' : null
  const flow = event.status === 'available' && !connector.transaction ? NO_FLOW : { ...connector.flow, withheldBy }
  const availableAt = event.status === 'available' && connector.transaction ? (connector.availableAt ?? event.at) : null
  const next = withConnector(bay, event.connector, {
    status: event.status,
    statusAt: event.at,
    link: 'online',
    cable,
    flow,
    availableAt,
  })
  const proven = provenDead(bay, connector, event)
    ? closeTransaction(next, event.connector, event.at, 'dead', connector.transaction?.lastAt ?? event.at, null)
    : next
  return learnIdle(plugged(proven, connector, cable, event.at), event.at)
}

/** `Available` twice, 60 s apart, without flow since, while the charge point is heard: the transaction is gone. */
const provenDead = (bay: Bay, connector: Connector, event: Stamped<StatusNews>): boolean =>
  event.status === 'available' &&
  connector.transaction !== null &&
  connector.availableAt !== null &&
  event.at - connector.availableAt >= DEAD_PROOF_ms &&
  !(connector.flow.drawing && (connector.flow.at ?? 0) > connector.availableAt) &&
  bay.visit !== null

/** 1.6 says Preparing for a cable and for a start alike: within ConnectionTimeOut after a start it means the cable is unknown. */
function cableBy(bay: Bay, connector: Connector, event: Stamped<StatusNews>): Connector['cable'] {
  switch (event.status) {
    case 'available':
      return connector.transaction ? 'unknown' : 'out'
    case 'preparing':
      return connector.cable !== 'in' && preparesForStart(bay, connector, event.at) ? 'unknown' : 'in'
    case 'charging':
    case 'suspended-ev':
    case 'suspended-evse':
    case 'finishing':
      return 'in'
    default:
      return connector.cable
  }
}

function preparesForStart(bay: Bay, connector: Connector, at: number): boolean {
  const window = connector.connectionTimeout_s * 1000
  return (bay.visit?.starts ?? []).some(
    (start) =>
      start.connector === connector.connector &&
      ['asked', 'accepted', 'unanswered'].includes(start.state) &&
      at - start.stateAt < window,
  )
}

/** Notes plug-in and unplug on the visit: both are signs of presence, and a plug-in after an unplug makes older reads void. */
function plugged(bay: Bay, before: Connector, cable: Connector['cable'], at: number): Bay {
  if (!bay.visit) return bay
  if (cable === 'in' && before.cable !== 'in') return withVisit(bay, { pluggedAt: at, lastSign: at })
  if (cable === 'out' && before.cable !== 'out')
    return withVisit(bay, {
      unpluggedAt: before.cable === 'in' || bay.visit.closed.length > 0 ? at : bay.visit.unpluggedAt,
      lastSign: at,
    })
  return bay
}

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

/** Late samples of an ended transaction are accounting only: they never lock a bay (E22). */
const LATE_ms = 15_000

/** A meter sample: register for the bill, current for the lock. */
export function learnMeter(bay: Bay, event: Stamped<MeterValues>): Bay {
  const connector = bay.connectors[event.connector]
  if (!connector || event.verdict === 'unusable') return bay
  const own =
    connector.transaction !== null &&
    (event.transactionId === null || event.transactionId === connector.transaction.transactionId)
  const revived =
    !connector.transaction &&
    connector.orphan !== null &&
    event.transactionId === connector.orphan.transaction.transactionId
  const late =
    connector.lastEnded !== null &&
    (event.transactionId === connector.lastEnded.transactionId ||
      (event.transactionId !== null && bay.visit?.closed.some((one) => one.transactionId === event.transactionId)) ||
      (!connector.transaction && event.at - connector.lastEnded.at < LATE_ms))
  // Under an id that nobody announced energy still locks, for nobody; beside an open transaction it says nothing.
  const stranger = event.transactionId !== null && !own && !revived && connector.transaction !== null
  const transaction = own && connector.transaction ? readRegister(connector.transaction, event) : connector.transaction
  if (event.when === 'past' || late || stranger)
    return transaction === connector.transaction ? bay : withConnector(bay, event.connector, { transaction })
  const flow = learnFlow(connector.flow, event, bay.policy.lock)
  const risen = flow.drawing && (event.current_A ?? 0) >= bay.policy.lock.on_A
  const next = withConnector(bay, event.connector, {
    transaction,
    flow,
    link: 'online',
    availableAt: risen ? null : connector.availableAt,
  })
  return learnIdle(risen ? withVisit(next, { lastSign: event.at }) : next, event.at)
}

function readRegister(transaction: Transaction, event: Stamped<MeterValues>): Transaction {
  const register = event.register_Wh
  if (register === null || (transaction.last_Wh !== null && register < transaction.last_Wh)) return transaction
  return {
    ...transaction,
    first_Wh: transaction.first_Wh ?? register,
    last_Wh: register,
    lastAt: event.happenedAt ?? event.at,
  }
}

/** The idle clock runs only while the vehicle, not the charge point, asks for nothing (E24). */
function learnIdle(bay: Bay, at: number): Bay {
  const visit = bay.visit
  if (!visit) return bay
  const idles = connectorsOf(bay).some(
    ({ status, flow }) =>
      (status === 'suspended-ev' || (status === 'finishing' && visit.closed.length > 0)) && !flow.drawing,
  )
  if (idles === (visit.idle.since !== null)) return bay
  return withVisit(bay, {
    idle: idles
      ? { ...visit.idle, since: at }
      : { since: null, total_ms: visit.idle.total_ms + (at - (visit.idle.since ?? at)) },
  })
}

/** The charge point's patience with a start is over and it still says Preparing: the cable is in. */
export function learnWake(bay: Bay, at: number): Bay {
  return connectorsOf(bay).reduce((next, connector) => {
    if (
      connector.status !== 'preparing' ||
      connector.cable !== 'unknown' ||
      connector.transaction ||
      preparesForStart(next, connector, at)
    )
      return next
    return withVisit(withConnector(next, connector.connector, { cable: 'in' }), { pluggedAt: at })
  }, bay)
}

/** After a start berth knows nothing of now: links down, presence unknown, evidence clocks from now. */
export function learnResumed(bay: Bay, event: Stamped<SiteResumed>): Bay {
  const cameras = Object.fromEntries(
    Object.entries(bay.cameras).map(([id, camera]) => [id, { ...camera, saw: 'unknown' as const, live: false }]),
  )
  const connectors = Object.fromEntries(
    connectorsOf(bay).map((connector) => [
      connector.connector,
      { ...connector, link: 'offline' as const, availableAt: null, flow: { ...connector.flow, low: 0 } },
    ]),
  )
  const next: Bay = {
    ...bay,
    cameras,
    connectors,
    here: { presence: combined(cameras), since: event.at },
    storeFailing: false,
  }
  const visit = next.visit
  if (!visit) return next
  return withVisit(next, {
    lastSign: event.at,
    resumedAt: event.at,
    contradiction: visit.contradiction?.kind === 'camera-empty' ? null : visit.contradiction,
  })
}
