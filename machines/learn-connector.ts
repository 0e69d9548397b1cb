import type { LinkNews, Stamped, StatusNews } from './events.ts'
import { idleShares } from './idle-shares.ts'
import {
  type Bay,
  type Connector,
  connectorsOf,
  type Flow,
  type Visit,
  withConnector,
  withHeard,
  withVisit,
} from './knowledge.ts'
import { closeTransaction } from './learn-transaction.ts'
import { NO_FLOW } from './new-bay.ts'
import { combined, DEAD_PROOF_ms } from './presence.ts'
import type { SiteResumed } from './site-news.ts'

/** Link and status of a connector. */
export function learnConnector(bay: Bay, event: Stamped<LinkNews | StatusNews>): Bay {
  if (event.type === 'connector.status') return learnStatus(bay, event)
  const link = event.type === 'charger.online' ? 'online' : 'offline'
  return connectorsOf(bay)
    .filter((connector) => connector.chargePointId === event.chargePointId)
    .reduce(
      (next, connector) =>
        withConnector(next, connector.connector, {
          link,
          linkAt: connector.link === link ? connector.linkAt : event.at,
          availableAt: null,
        }),
      bay,
    )
}

function learnStatus(bay: Bay, event: Stamped<StatusNews>): Bay {
  const connector = bay.connectors[event.connector]
  if (!connector) return bay
  const cable = cableBy(bay, connector, event)
  const flow = flowBy(connector, event)
  const availableAt = event.status === 'available' && connector.transaction ? (connector.availableAt ?? event.at) : null
  const next = withHeard(bay, event.connector, event.at, {
    status: event.status,
    statusAt: event.at,
    cable,
    flow,
    availableAt,
  })
  const proven = provenDead(bay, connector, event)
    ? closeTransaction(next, event.connector, event.at, 'dead', connector.transaction?.lastAt ?? event.at, null)
    : next
  return learnIdle(plugged(proven, connector, cable, event.at), event.at)
}

/** What a status says of the flow: who withholds it, and whether there is any where samples do not say so. */
function flowBy(connector: Connector, event: Stamped<StatusNews>): Flow {
  const { status } = event
  if (status === 'available' && !connector.transaction) return NO_FLOW
  const blames = status === 'suspended-evse' && connector.suspendedEvse !== 'may-draw'
  const withheldBy = status === 'suspended-ev' ? 'vehicle' : blames ? 'charge-point' : null
  const flow = { ...connector.flow, withheldBy } as const
  if (connector.drawingBy === 'status') return { ...flow, drawing: status === 'charging', low: 0, at: event.at }
  const silent = status === 'suspended-ev' && connector.silentWhenSuspended === true
  return silent ? { ...flow, drawing: false, low: 0, current_A: 0, power_W: 0 } : flow
}

/**
 * `Available` twice, 60 s apart, without flow since, while the charge point is heard: the transaction is gone. Where Available is the
 * charge point's word for an end, once is enough without flow, and the answer to a question with it.
 */
function provenDead(bay: Bay, connector: Connector, event: Stamped<StatusNews>): boolean {
  const { transaction, flow, availableMay, availableAt } = connector
  if (event.status !== 'available' || transaction === null || bay.visit === null) return false
  const isEnd = availableMay === 'ended'
  if (availableAt === null) return isEnd && !flow.drawing
  if (flow.drawing && (flow.at ?? 0) > availableAt) return false
  return isEnd || event.at - availableAt >= DEAD_PROOF_ms
}

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
      !start.held &&
      start.connector === connector.connector &&
      ['asked', 'accepted', 'unanswered'].includes(start.state) &&
      at - start.stateAt < window,
  )
}

/** Notes plug-in and unplug on the visit: both are signs of presence, and a plug-in after an unplug makes older reads void. */
function plugged(bay: Bay, before: Connector, cable: Connector['cable'], at: number): Bay {
  if (!bay.visit) return bay
  if (cable === 'in' && before.cable !== 'in') return withVisit(bay, { pluggedAt: at, unpluggedAt: null, lastSign: at })
  if (cable === 'out' && before.cable !== 'out')
    return withVisit(bay, {
      unpluggedAt: before.cable === 'in' || bay.visit.closed.length > 0 ? at : bay.visit.unpluggedAt,
      lastSign: at,
    })
  return bay
}

/** Ends that somebody asked for: a person, berth, or the cable. */
const ASKED_FOR = new Set(['Local', 'Remote', 'EVDisconnected', 'DeAuthorized'])

/** Finishing after an end says that the vehicle is done, unless the charge point may have ended it because it would give no more. */
const rests = ({ status, finishing }: Connector, visit: Visit): boolean => {
  const last = visit.closed.at(-1)
  if (status !== 'finishing' || !last) return false
  return finishing !== 'may-withhold' || ASKED_FOR.has(last.reason)
}

/** The idle clock runs only while the vehicle, not the charge point, asks for nothing (E24). */
export function learnIdle(bay: Bay, at: number): Bay {
  const visit = bay.visit
  if (!visit) return bay
  const idles = connectorsOf(bay).some(
    (connector) => (connector.status === 'suspended-ev' || rests(connector, visit)) && !connector.flow.drawing,
  )
  if (idles === (visit.idle.since !== null)) return bay
  return withVisit(bay, { idle: idles ? { ...visit.idle, since: at } : { since: null, shares: idleShares(visit, at) } })
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
      {
        ...connector,
        link: 'offline' as const,
        linkAt: event.at,
        availableAt: null,
        flow: { ...connector.flow, low: 0 },
      },
    ]),
  )
  const next: Bay = {
    ...bay,
    cameras,
    connectors,
    here: { presence: combined(cameras), since: event.at },
  }
  const visit = next.visit
  if (!visit) return next
  return withVisit(next, {
    lastSign: event.at,
    resumedAt: event.at,
    contradiction: visit.contradiction?.kind === 'camera-empty' ? null : visit.contradiction,
  })
}
