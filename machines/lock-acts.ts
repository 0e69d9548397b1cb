import { drawsOn } from './after-end.ts'
import { alarm, calm, change, type Deeds, decide, iso } from './deeds.ts'
import { offer, tell } from './driver-words.ts'
import { closeReview } from './identity-acts.ts'
import { connectorsOf, type Payer, withConnector } from './knowledge.ts'
import { closeTransaction } from './learn-transaction.ts'
import { cableIn, openConnector } from './lock.ts'
import { cameraContradicts } from './presence.ts'
import { close, open } from './visit-acts.ts'

/** The bay locks. Without a visit one is opened: for the card that started, or for nobody. */
export function lock(deeds: Deeds): void {
  if (!deeds.bay.visit) {
    open(deeds)
    const payer = startedBy(deeds)
    if (payer) {
      change(deeds, { payer })
      decide(deeds, 'VisitAuthorized', {
        accountId: payer.accountId,
        identifiedBy: payer.rank,
        handle: payer.handle,
        person: false,
      })
    }
  }
  const transaction = openConnector(deeds.bay)?.transaction ?? null
  const isUnpaid = transaction === null ? connectorsOf(deeds.bay).some(drawsOn) : transaction.unpaid
  decide(deeds, 'BayLocked', {
    transactionId: transaction?.transactionId ?? null,
    accountId: isUnpaid ? null : (deeds.bay.visit?.payer?.accountId ?? null),
    reason: transaction ? 'transaction-open' : 'current',
  })
  // That a plate is at two bays is not settled by a charge: people still have to look at both. What berth refused settles nothing.
  if (!isUnpaid) for (const kind of ['suggested', 'disputed'] as const) calm(deeds, kind)
  tell(deeds, 'charging', isUnpaid ? 'nobody pays' : (deeds.bay.visit?.payer?.rank ?? 'nobody pays'))
  if (!isUnpaid) closeReview(deeds)
  if (cameraContradicts(deeds.bay, deeds.event.at)) contradict(deeds)
}

function startedBy(deeds: Deeds): Payer | null {
  const { event } = deeds
  if (
    event.type !== 'transaction.started' ||
    !event.accepted ||
    event.token.kind !== 'card' ||
    event.token.accountId === null
  )
    return null
  return {
    rank: event.token.rank ?? 'card',
    handle: event.token.handle,
    accountId: event.token.accountId,
    person: false,
  }
}

/** Charging is over; the vehicle may still be here. */
export function unlock(deeds: Deeds): void {
  const reason = deeds.bay.visit?.closed.at(-1)?.reason ?? 'current fell'
  decide(deeds, 'BayUnlocked', { reason })
  const visit = deeds.bay.visit
  // What ended was a start that nobody pays for, and this vehicle may charge: it has not had its charge yet.
  if (visit?.payer && cableIn(deeds.bay) && visit.closed.every((line) => line.accountId === null))
    return tell(deeds, 're-plug', 'rejected')
  tell(deeds, 'finished', cableIn(deeds.bay) ? 'take the cable out' : 'please leave')
}

/** What berth refused is over, and the vehicle that stood here all along is asked once more who pays. */
export function offerAgain(deeds: Deeds): void {
  decide(deeds, 'BayUnlocked', { reason: deeds.bay.visit?.closed.at(-1)?.reason ?? 'current fell' })
  if ((deeds.bay.visit?.tally.length ?? 0) > 0) offer(deeds, 'not-identified')
  else offer(deeds, 'no-plate')
}

/** Camera and charge point disagree: shown and timed, the lock wins. */
export function contradict(deeds: Deeds): void {
  if (deeds.bay.visit?.contradiction) return
  change(deeds, {
    contradiction: {
      kind: 'camera-empty',
      since: deeds.event.at,
      handle: null,
      shown: true,
      ask: null,
      accountId: null,
    },
  })
  decide(deeds, 'ContradictionNoticed', { kind: 'camera-empty', handle: null })
  alarm(
    deeds,
    'camera-empty',
    'The camera sees an empty bay while the charge point reports a charge.',
    'Look at the bay: snow, glare or a van may hide the vehicle. The lock stays.',
  )
}

/** A person declared what the charge point still reports to be over. */
export function declareDead(deeds: Deeds): void {
  const at = deeds.event.at
  for (const { connector } of connectorsOf(deeds.bay)) {
    deeds.bay = closeTransaction(deeds.bay, connector, at, 'declared dead', at, null)
    deeds.bay = withConnector(deeds.bay, connector, {
      flow: { drawing: false, low: 0, current_A: null, power_W: null, at: null, withheldBy: null },
    })
  }
  const closed = deeds.bay.visit?.closed.slice(deeds.was.visit?.closed.length ?? 0) ?? []
  for (const one of closed)
    decide(deeds, 'TransactionEnded', {
      transactionId: one.transactionId,
      connector: one.connector,
      accountId: one.accountId,
      energy_Wh: one.energy_Wh,
      reason: one.reason,
      disputed: one.disputed,
      endedAt: iso(one.endedAt),
    })
}

/** Another card started: the old visit ends first, the new one begins with the transaction and its card. */
export function swapForCard(deeds: Deeds): void {
  const { bay } = deeds
  const running = openConnector(bay)
  const transaction = running?.transaction ?? null
  if (running) deeds.bay = withConnector(deeds.bay, running.connector, { transaction: null })
  close(deeds, 'exit-inferred')
  if (running) deeds.bay = withConnector(deeds.bay, running.connector, { transaction, flow: running.flow })
  lock(deeds)
}
