import { alarm, change, type Deeds, decide, iso, order } from './deeds.ts'
import { offer, tell } from './driver-words.ts'
import { actsAlone } from './guards.ts'
import { autonomyOf, type StartReason } from './knowledge.ts'
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
  const leaves = mayLeave(deeds, plan.reason)
  const earlier = visit.starts.map((one) =>
    one.held && isLive(one.state) ? { ...one, state: 'cancelled' as const, stateAt: at } : one,
  )
  change(deeds, {
    starts: [...earlier, { startId, reason: plan.reason, connector, at, state: 'asked', stateAt: at, held: !leaves }],
  })
  decide(deeds, 'StartRequested', { startId, reason: plan.reason, connector })
  send(deeds, { startId, reason: plan.reason, chargePointId, evse, leaves })
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
  send(deeds, {
    startId: old.startId,
    reason: 'after-restart',
    chargePointId: connector.chargePointId,
    evse: connector.evse,
    leaves: mayLeave(deeds, 'after-restart'),
  })
}

/** A start leaves by itself where the bay acts by itself; a person's word sends it in any case. */
const mayLeave = (deeds: Deeds, reason: StartReason): boolean =>
  actsAlone(deeds.bay) || reason === 'operator' || deeds.bay.visit?.payer?.person === true

type Sending = {
  readonly startId: string
  readonly reason: StartReason
  readonly chargePointId: string
  readonly evse: number
  readonly leaves: boolean
}

function send(deeds: Deeds, sending: Sending): void {
  const deadline = iso(deeds.event.at + deeds.bay.policy.plugInWindow_s * 1000)
  order(deeds, 'start.charging', { ...sending, visitId: deeds.bay.visit?.visitId, deadline })
  if (sending.leaves) return tell(deeds, 'authorized', sending.reason)
  if (autonomyOf(deeds.bay) === 'observe') return
  if (deeds.bay.service === 'out-of-service') return tell(deeds, 'closed', 'out-of-service')
  alarm(
    deeds,
    'suggested',
    'A start is ready and waits for a person, since this bay does not act by itself.',
    'Authorize the visit, or let the driver present a card.',
  )
  tell(deeds, 'present-card', 'waits for a person')
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
