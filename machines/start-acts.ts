import { alarm, change, type Deeds, decide, iso, order } from './deeds.ts'
import { offer, tell } from './driver-words.ts'
import { actsAlone } from './guards.ts'
import { isLive } from './learn-transaction.ts'
import { startPlan } from './start-plan.ts'

/** Sends the next start, where the plan has one. Held back below `act`: it is on record, and a person can let it go. */
export function start(deeds: Deeds): void {
  const visit = deeds.bay.visit
  const plan = startPlan(deeds.bay, deeds.event)
  if (!visit || !plan.connector) return
  const { connector, chargePointId, evse } = plan.connector
  const startId = `${deeds.bay.bayId}-${deeds.event.version}`
  const at = deeds.event.at
  change(deeds, {
    starts: [...visit.starts, { startId, reason: plan.reason, connector, at, state: 'asked', stateAt: at }],
  })
  decide(deeds, 'StartRequested', { startId, reason: plan.reason, connector })
  send(deeds, startId, plan.reason, chargePointId, evse)
}

/** After a restart the charge point, asked, shows no transaction: the same start goes out once more, with the same token. */
export function startAgain(deeds: Deeds): void {
  const visit = deeds.bay.visit
  const old = visit?.starts.findLast((one) => isLive(one.state))
  const connector = old ? deeds.bay.connectors[old.connector] : undefined
  if (!visit || !old || !connector) return
  const at = deeds.event.at
  change(deeds, {
    resumedAt: null,
    starts: [
      ...visit.starts.map((one) => (one === old ? { ...one, state: 'cancelled' as const, stateAt: at } : one)),
      { ...old, reason: 'after-restart', at, state: 'asked', stateAt: at },
    ],
  })
  decide(deeds, 'StartRequested', { startId: old.startId, reason: 'after-restart', connector: old.connector })
  send(deeds, old.startId, 'after-restart', connector.chargePointId, connector.evse)
}

function send(deeds: Deeds, startId: string, reason: string, chargePointId: string, evse: number): void {
  const visit = deeds.bay.visit
  const leaves = actsAlone(deeds.bay) || reason === 'operator' || visit?.payer?.person === true
  order(deeds, 'start.charging', {
    startId,
    visitId: visit?.visitId,
    reason,
    chargePointId,
    evse,
    deadline: iso(deeds.event.at + deeds.bay.policy.plugInWindow_s * 1000),
    leaves,
  })
  order(deeds, 'tell.driver', { message: 'authorized', reason })
  if (!leaves)
    alarm(
      deeds,
      'suggested',
      'A start is ready and waits for a person, since this bay does not act by itself.',
      'Authorize the visit, or let the driver present a card.',
    )
}

/** Kills the visit's live starts; what is not yet sent never will be. */
export function cancelStarts(deeds: Deeds, reason: string): void {
  const visit = deeds.bay.visit
  if (!visit) return
  for (const one of visit.starts) if (isLive(one.state)) order(deeds, 'cancel.start', { startId: one.startId, reason })
  change(deeds, {
    starts: visit.starts.map((one) =>
      isLive(one.state) ? { ...one, state: 'cancelled' as const, stateAt: deeds.event.at } : one,
    ),
  })
}

/** The charge point gave up on this plug before the start came (E18): a new plug-in makes it listen again. */
export function askReplug(deeds: Deeds): void {
  decide(deeds, 'StartFailed', { startId: deeds.bay.visit?.starts.at(-1)?.startId ?? null, reason: 'rejected' })
  tell(deeds, 're-plug', 'rejected')
}

/** A start came to nothing: the driver is offered the other ways. */
export function startFailed(deeds: Deeds, reason: string): void {
  decide(deeds, 'StartFailed', { startId: deeds.bay.visit?.starts.at(-1)?.startId ?? null, reason })
  cancelStarts(deeds, reason)
  offer(deeds, reason)
}
