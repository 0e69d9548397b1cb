import { noticeBlocked } from './blocked.ts'
import { alarm, calm, change, type Deeds, decide, iso, order } from './deeds.ts'
import { noticeDoubts } from './doubts.ts'
import { noticeDark, tell } from './driver-words.ts'
import { noticeErasure } from './erasure.ts'
import { alarmClone, closeReview } from './identity-acts.ts'
import { connectorsOf, type Payer } from './knowledge.ts'
import { isBilledLate, noticeLateEnd } from './late-ends.ts'
import { isHeld, openConnector } from './lock.ts'
import { noticeLink } from './lost-link.ts'
import { noticeOtherAccount, noticeOtherPlate } from './other-plate.ts'
import { noticeDrawnAfterEnd, noticeSignals } from './signal-notices.ts'
import { cancelStarts } from './start-acts.ts'

/**
 * Decisions that follow from what was learnt, whatever state the bay is in: transactions opened and ended, draw paused and
 * resumed, identities replaced, contradictions. Each is the difference between what was known and what is.
 */
export function notice(deeds: Deeds): void {
  noticeTransactions(deeds)
  noticeLateEnd(deeds)
  noticeDraw(deeds)
  noticePayer(deeds)
  noticeContradiction(deeds)
  noticeSignals(deeds)
  noticeDrawnAfterEnd(deeds)
  noticeService(deeds)
  noticeSilence(deeds)
  noticeStop(deeds)
  noticeDoubts(deeds)
  noticeUnpaid(deeds)
  noticePersonClaim(deeds)
  noticeClone(deeds)
  noticeReview(deeds)
  noticeGone(deeds)
  noticeClaim(deeds)
  noticeBlocked(deeds)
  noticeErasure(deeds)
  noticeLink(deeds)
  noticeDark(deeds)
}

/** A corrected plate gives back the one that was claimed before. */
function noticeClaim(deeds: Deeds): void {
  const claim = deeds.was.visit?.claim
  const now = deeds.bay.visit
  if (
    deeds.event.type === 'claim.lost' ||
    !claim ||
    !now ||
    now.visitId !== deeds.was.visit?.visitId ||
    now.claim?.handle === claim.handle
  )
    return
  order(deeds, 'release.plate', { handle: claim.handle, visitId: now.visitId })
}

/** The vehicle was seen to go before it plugged in: its start dies, and its plate brings the next one. */
function noticeGone(deeds: Deeds): void {
  const [before, now] = [deeds.was.visit, deeds.bay.visit]
  if (now?.goneAt != null && before?.visitId === now.visitId && before.goneAt === null)
    cancelStarts(deeds, 'seen to go')
}

/** A person's word settled what a reviewer was asked: nobody needs to answer it any more. */
function noticeReview(deeds: Deeds): void {
  const asked = deeds.was.visit?.review
  if (deeds.event.type !== 'operator.commanded') return
  if (asked?.verdict === null && deeds.bay.visit?.review?.verdict === 'settled')
    order(deeds, 'close.review', { review: asked.review })
}

/** One plate at two bays: both are flagged, the one that waits and the one that holds it, until one of the two is gone (E12). */
function noticeClone(deeds: Deeds): void {
  const { event, bay } = deeds
  if (!('visitId' in event) || event.visitId !== bay.visit?.visitId) return
  if (event.type === 'claim.alone' || event.type === 'claim.granted') calm(deeds, 'clone')
  if (event.type === 'claim.doubled') alarmClone(deeds, event.rival)
  if (event.type === 'claim.contested' && bay.visit.claim?.state === 'contested') alarmClone(deeds, event.rival)
}

/** A vehicle that a person named is claimed like any other: the same plate elsewhere is a clone or a misread, and both are shown (law 3). */
function noticePersonClaim(deeds: Deeds): void {
  const visit = deeds.bay.visit
  const payer = visit?.payer
  if (!visit || !payer?.person || payer.handle === null) return
  const before = deeds.was.visit?.visitId === visit.visitId ? deeds.was.visit.payer : null
  if (visit.claim?.handle === payer.handle || (before?.person && before.handle === payer.handle)) return
  change(deeds, { claim: { handle: payer.handle, state: 'asked', rival: null } })
  order(deeds, 'claim.plate', { handle: payer.handle, visitId: visit.visitId })
}

/** A charge point that was away while it should have stopped is told again once it is back. */
function noticeUnpaid(deeds: Deeds): void {
  if (deeds.event.type !== 'charger.online') return
  for (const { transaction, chargePointId } of connectorsOf(deeds.bay)) {
    if ((transaction?.unpaid || transaction?.stopAsked) && chargePointId === deeds.event.chargePointId)
      order(deeds, 'stop.charging', {
        chargePointId,
        transactionId: transaction.transactionId,
        reason: transaction.unpaid ? 'nobody-pays' : 'operator',
      })
  }
}

/** A person asked for the end of the charge. */
function noticeStop(deeds: Deeds): void {
  const { event, bay } = deeds
  if (event.type !== 'operator.commanded' || event.command !== 'remote-stop') return
  for (const { transaction, chargePointId } of connectorsOf(bay))
    if (transaction)
      order(deeds, 'stop.charging', { chargePointId, transactionId: transaction.transactionId, reason: 'operator' })
}

/** A drawing connector without a sample for `lock.stale_s` is asked for one. */
function noticeSilence(deeds: Deeds): void {
  if (deeds.event.type !== 'bay.wake') return
  for (const { flow, chargePointId, evse } of connectorsOf(deeds.bay)) {
    if (flow.drawing && flow.at !== null && deeds.event.at - flow.at >= deeds.bay.policy.lock.stale_s * 1000)
      order(deeds, 'ask.charger', { chargePointId, evse, about: 'meter' })
  }
  for (const { transaction, availableAt, chargePointId, evse } of connectorsOf(deeds.bay)) {
    if (transaction && availableAt !== null) order(deeds, 'ask.charger', { chargePointId, evse, about: 'status' })
  }
}

function noticeTransactions(deeds: Deeds): void {
  const { was, bay, event } = deeds
  for (const closed of (bay.visit?.closed ?? []).slice(was.visit?.closed.length ?? 0)) {
    decide(deeds, 'TransactionEnded', {
      transactionId: closed.transactionId,
      connector: closed.connector,
      accountId: closed.accountId,
      energy_Wh: closed.energy_Wh,
      reason: closed.reason,
      disputed: closed.disputed,
      endedAt: iso(closed.endedAt),
    })
    if (closed.startId === null && closed.card === null) continue
    if (closed.disputed === 'dead token') calm(deeds, 'dead-token')
  }
  if (event.type === 'transaction.started' && !event.accepted) {
    const connector = bay.connectors[event.connector]
    if (connector && connector.transaction?.transactionId !== event.transactionId)
      refuseToPay(deeds, connector.chargePointId, event.transactionId)
  }
  for (const connector of connectorsOf(bay)) {
    const before = was.connectors[connector.connector]
    const opened = connector.transaction
    if (opened && before?.transaction?.transactionId !== opened.transactionId) {
      decide(deeds, 'TransactionOpened', {
        transactionId: opened.transactionId,
        connector: connector.connector,
        startId: opened.startId,
        card: opened.card,
        register_Wh: opened.first_Wh,
        startedAt: iso(opened.startedAt),
      })
      if (opened.unpaid) refuseToPay(deeds, connector.chargePointId, opened.transactionId)
    }
    if (before?.orphan && !connector.orphan) {
      const reported_Wh = event.type === 'transaction.ended' ? event.register_Wh : null
      const more = reported_Wh !== null && reported_Wh !== before.orphan.billed_Wh
      decide(deeds, 'OrphanReconciled', {
        transactionId: before.orphan.transaction.transactionId,
        accountId: before.orphan.payer?.accountId ?? null,
        billed_Wh: before.orphan.billed_Wh,
        reported_Wh,
        disputed: more && !isBilledLate(deeds) ? 'energy after the visit ended' : null,
      })
      calm(deeds, 'orphan')
    }
    if (connector.availableAt !== null && before?.availableAt === null) {
      order(deeds, 'ask.charger', { chargePointId: connector.chargePointId, evse: connector.evse, about: 'status' })
    }
  }
}

function refuseToPay(deeds: Deeds, chargePointId: string, transactionId: string): void {
  order(deeds, 'stop.charging', { chargePointId, transactionId, reason: 'nobody-pays' })
  alarm(
    deeds,
    'dead-token',
    'The charge point started with a token that is no longer valid; nobody is billed for it.',
    'Check that the charge point stops; if it does not, stop it by hand.',
  )
}

function noticeDraw(deeds: Deeds): void {
  const { was, bay } = deeds
  if (!was.visit || !bay.visit) return
  const before = connectorsOf(was).some((connector) => connector.flow.drawing)
  const now = connectorsOf(bay).some((connector) => connector.flow.drawing)
  if (before === now || !openConnector(bay) || !openConnector(was)) return
  const current_A = openConnector(bay)?.flow.current_A ?? null
  const withheldBy = openConnector(bay)?.flow.withheldBy ?? 'unknown'
  decide(deeds, now ? 'DrawResumed' : 'DrawPaused', now ? { current_A } : { current_A, withheldBy })
}

const same = (a: Payer | null, b: Payer | null): boolean =>
  a?.accountId === b?.accountId && a?.rank === b?.rank && a?.handle === b?.handle

/** Both identities stand on record when one replaces another (law 8). */
function noticePayer(deeds: Deeds): void {
  const before = deeds.was.visit
  const now = deeds.bay.visit
  if (!before || !now || before.visitId !== now.visitId || same(before.payer, now.payer)) return
  const { payer } = now
  if (payer !== null) calm(deeds, 'nobody-pays')
  else if (before.payer !== null && isHeld(deeds.bay))
    alarm(
      deeds,
      'nobody-pays',
      'A person named a vehicle or said a no that leaves nobody to pay for the charge that runs here.',
      'Stop the charge, or authorize an account: until then its energy is on nobody’s bill.',
    )
  if (before.payer === null) {
    if (payer)
      decide(deeds, 'VisitAuthorized', {
        accountId: payer.accountId,
        identifiedBy: payer.rank,
        handle: payer.handle,
        person: payer.person,
      })
    if (payer && isHeld(deeds.was) && isHeld(deeds.bay)) tell(deeds, 'charging', payer.rank)
    return
  }
  decide(deeds, 'IdentityUpgraded', {
    from: before.payer.rank,
    fromAccount: before.payer.accountId,
    fromHandle: before.payer.handle,
    to: payer?.rank ?? null,
    accountId: payer?.accountId ?? null,
    handle: payer?.handle ?? null,
    person: payer?.person ?? true,
    locked: isHeld(deeds.bay),
  })
}

function noticeContradiction(deeds: Deeds): void {
  const before = deeds.was.visit?.contradiction ?? null
  const now = deeds.bay.visit?.contradiction ?? null
  if (deeds.was.visit?.visitId !== deeds.bay.visit?.visitId) return
  if (before !== null && now?.kind !== before.kind) {
    decide(deeds, 'ContradictionResolved', { kind: before.kind, by: settledBy(deeds, before.kind) })
    calm(deeds, before.kind)
    if (before.accountId !== null) closeReview(deeds)
  }
  if (now !== null && before?.kind !== now.kind)
    decide(deeds, 'ContradictionNoticed', { kind: now.kind, handle: now.handle })
  noticeOtherPlate(deeds)
  noticeOtherAccount(deeds)
}

/** What settled the visit's contradiction, for people. */
function settledBy({ was, bay, event }: Deeds, kind: string): string {
  if (event.type === 'operator.commanded' || event.type === 'review.answered') return 'a person'
  if (isHeld(was) && !isHeld(bay)) return 'transaction-ended'
  if (kind === 'other-plate') return 'plate-read-again'
  return bay.here.presence === 'occupied' ? 'vehicle-seen' : 'camera-lost'
}

function noticeService(deeds: Deeds): void {
  const { was, bay } = deeds
  if (was.service === bay.service) return
  const isClosed = bay.service === 'out-of-service'
  decide(deeds, isClosed ? 'BayClosed' : 'BayOpened', { reason: 'operator' })
  if (bay.visit !== null) return
  if (isClosed) tell(deeds, 'closed', 'out-of-service')
  else tell(deeds, 'free', 'in-service')
}
