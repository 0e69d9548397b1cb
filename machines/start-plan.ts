import { mayDraw } from './after-end.ts'
import { isPresented } from './identity.ts'
import { type Bay, type Connector, connectorsOf, type Start, type StartReason, type Visit } from './knowledge.ts'
import type { BayEvent } from './learn.ts'
import { isLive } from './learn-transaction.ts'
import { cableIn } from './lock.ts'

/** Where and why the visit's next start goes; `connector` null = not yet, `why` says what is missing. */
export type StartPlan = { readonly connector: Connector | null; readonly reason: StartReason; readonly why: string }

const used = (visit: Visit, reason: StartReason): boolean => visit.starts.some((start) => start.reason === reason)

/** A start that may still become a transaction at the charge point, by its connector's patience. */
const pending = (start: Start, connector: Connector, at: number): boolean =>
  start.state === 'asked' ||
  start.state === 'unanswered' ||
  (start.state === 'accepted' && at - start.stateAt < connector.connectionTimeout_s * 1000)

/** The plugged connector; else the only one, where a start may come before the plug. */
function choose(all: readonly Connector[]): { connector: Connector | null; why: string } {
  const plugged = all.filter((connector) => connector.cable === 'in')
  if (plugged.length === 1) return { connector: plugged[0] as Connector, why: 'plug in' }
  if (plugged.length > 1) return { connector: null, why: 'two plugs in' }
  const only = all.length === 1 ? (all[0] as Connector) : null
  if (!only) return { connector: null, why: 'waits for the plug' }
  return only.startOn === 'validation'
    ? { connector: only, why: 'start before plug' }
    : { connector: null, why: 'waits for the plug' }
}

/** The charge point rejected a start while it says Finishing: only a new plug-in changes its mind (E18). */
const givenUp = (visit: Visit, connector: Connector): boolean =>
  connector.status === 'finishing' &&
  visit.starts.some(
    (start) =>
      start.connector === connector.connector &&
      start.state === 'rejected' &&
      start.stateAt >= (connector.statusAt ?? 0),
  )

/** The next start of this visit: at most one per reason, none while another may still become a transaction. */
export function startPlan(bay: Bay, event: BayEvent): StartPlan {
  const visit = bay.visit
  const none = (why: string): StartPlan => ({ connector: null, reason: 'first', why })
  if (!visit?.payer || visit.payer.accountId === null || isPresented(visit.payer)) return none('nobody pays by berth')
  const { connector, why } = choose(
    connectorsOf(bay).filter((one) => one.transaction === null && one.retired !== true && !givenUp(visit, one)),
  )
  if (!connector) return none(why)
  if (mayDraw(connector)) return none('energy flows there')
  // A plug that was in before this visit began may be somebody else's; a person sees whose.
  const isOld = connector.cable === 'in' || connector.startOn === 'plug'
  if (isOld && visit.pluggedAt === null && event.type !== 'operator.commanded')
    return none('waits for a plug of its own')
  if (visit.goneAt !== null && event.type !== 'operator.commanded') return none('seen to go; waits for its plate')
  if (
    visit.starts.some(
      (start) =>
        isLive(start.state) &&
        start.connector === connector.connector &&
        pending(start, connector, event.at) &&
        // One that was held back is let go by a person, under a token of its own.
        !(start.held && event.type === 'operator.commanded'),
    )
  )
    return none('a start is under way')
  const reason = reasonFor(visit, connector, event)
  // Each word of a person is a start of its own; every other reason starts once.
  if (reason === null || (reason !== 'operator' && used(visit, reason))) return none('each reason starts once')
  return { connector, reason, why }
}

function reasonFor(visit: Visit, connector: Connector, event: BayEvent): StartReason | null {
  if (event.type === 'operator.commanded') return 'operator'
  if (visit.starts.length === 0) return 'first'
  if (visit.closed.length > 0) return 'replug'
  return connector.cable === 'in' ? 'preparing' : null
}

/** The payer was promised a charge, and what began here was nobody's (E17). */
export function owesStart(bay: Bay, event: BayEvent): boolean {
  const visit = bay.visit
  // Told by the charge point itself, never by a clock or a restart: after one it is asked first.
  const isTold = event.type === 'transaction.ended' || event.type === 'connector.status'
  return (
    isTold &&
    visit !== null &&
    visit.resumedAt === null &&
    !visit.confirm &&
    visit.closed.length > 0 &&
    visit.closed.every((line) => line.accountId === null) &&
    // Who takes the cable out may be leaving, and who plugs in next another one.
    cableIn(bay)
  )
}
