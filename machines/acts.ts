import { alarm, calm, change, type Deeds, decide, iso, order } from './deeds.ts'
import type { Rank } from './events.ts'
import { actsAlone } from './guards.ts'
import { type Closed, connectorsOf, type Payer, type Visit, withConnector } from './knowledge.ts'
import { closeTransaction, isLive } from './learn-charger.ts'
import { openConnector } from './lock.ts'
import { cameraContradicts } from './presence.ts'
import { startPlan } from './start-plan.ts'

/** A visit begins: somebody or something is here. */
export function open(deeds: Deeds): void {
  const { event } = deeds
  const fresh: Visit = {
    visitId: `${deeds.bay.bayId}-${event.version}`,
    openedAt: event.at,
    openedBy: event.type,
    readsFrom: deeds.bay.endedAt,
    tally: 'tally' in event ? event.tally : [],
    agreed: null,
    contested: event.type === 'plate.contested',
    unclear: 'clear' in event ? !event.clear : false,
    claim: null,
    asked: null,
    secondRead: null,
    review: null,
    payer: null,
    confirm: false,
    denied: null,
    starts: [],
    closed: [],
    lastSign: event.at,
    unpluggedAt: null,
    pluggedAt: event.type === 'connector.status' ? event.at : null,
    contradiction: null,
    idle: { since: null, total_ms: 0 },
    released: false,
    resumedAt: null,
  }
  deeds.bay = { ...deeds.bay, visit: fresh }
  decide(deeds, 'VisitOpened', { by: event.type })
}

/** A plug-in after an unplug: only reads from now on identify this vehicle. */
export function openAtPlug(deeds: Deeds): void {
  open(deeds)
  change(deeds, { readsFrom: deeds.event.at })
}

/** Witnesses agree: the plate is claimed for this visit before anybody is asked about it. */
export function claim(deeds: Deeds): void {
  const { event } = deeds
  const visit = deeds.bay.visit
  if (!visit) return
  const handle = visit.agreed?.person
    ? visit.agreed.handle
    : 'leader' in event
      ? event.leader
      : (visit.secondRead?.handle ?? null)
  if (handle === null) return
  const tally = 'tally' in event ? event.tally : visit.tally
  const first = tally.find((one) => one.handle === handle)
  change(deeds, {
    agreed: { handle, person: visit.agreed?.person ?? false },
    tally,
    contested: false,
    unclear: false,
    claim: { handle, state: 'asked', rival: null },
    asked: null,
  })
  decide(deeds, 'PlateAgreed', {
    handle,
    witnesses: first?.witnesses ?? 0,
    share: first?.share ?? 0,
    by: visit.agreed?.person ? 'person' : event.type,
  })
  order(deeds, 'claim.plate', { handle, visitId: visit.visitId })
}

/** After a restart an unanswered claim is asked again: the answer is the same for the same visit. */
export function claimAgain(deeds: Deeds): void {
  const visit = deeds.bay.visit
  if (visit?.claim?.state === 'asked' || visit?.claim?.state === 'contested')
    order(deeds, 'claim.plate', { handle: visit.claim.handle, visitId: visit.visitId })
}

/** A word to the driver, by whatever shows it. */
export function tell(deeds: Deeds, message: string, reason: string): void {
  order(deeds, 'tell.driver', { message, reason })
}

/** The claim holds: the register is asked who pays. */
export function ask(deeds: Deeds): void {
  const visit = deeds.bay.visit
  if (!visit?.agreed) return
  const id = `ask-${deeds.bay.bayId}-${deeds.event.version}`
  change(deeds, { asked: { ask: id, handle: visit.agreed.handle, answer: null, reason: null } })
  const rivals = visit.agreed.person ? [] : visit.tally.map((one) => one.handle)
  order(deeds, 'ask.authorizer', { ask: id, handle: visit.agreed.handle, rivals })
}

/** Reads that disagree or lie between zones are shown to the second reader. */
export function askSecond(deeds: Deeds): void {
  const id = `second-${deeds.bay.bayId}-${deeds.event.version}`
  change(deeds, { secondRead: { ask: id, outcome: null, handle: null } })
  decide(deeds, 'PlateContested', {
    candidates: (deeds.bay.visit?.tally ?? []).map((one) => one.handle),
    unclear: deeds.bay.visit?.unclear ?? false,
  })
  order(deeds, 'ask.second-reader', { ask: id })
}

/** A person looks; the driver is offered a card at the same time. */
export function askReview(deeds: Deeds): void {
  const visit = deeds.bay.visit
  if (!visit) return
  const review = `review-${deeds.bay.bayId}-${deeds.event.version}`
  change(deeds, { review: { review, verdict: null } })
  order(deeds, 'open.review', {
    review,
    visitId: visit.visitId,
    reason: visit.unclear ? 'between two zones' : visit.contested ? 'reads disagree' : 'not enough witnesses',
    candidates: visit.tally.map((one) => ({ handle: one.handle, witnesses: one.witnesses })),
    by: iso(deeds.event.at + deeds.bay.policy.reviewTimeout_s * 1000),
  })
  offer(deeds, 'review')
}

/** RFID, QR and an operator always work: the driver is told so. */
export function offer(deeds: Deeds, reason: string): void {
  decide(deeds, 'FallbackOffered', { reason })
  order(deeds, 'tell.driver', { message: 'present-card', reason })
}

/** A no, with its reason, and the way out. */
export function refuse(deeds: Deeds): void {
  const reason = deeds.bay.visit?.denied ?? deeds.bay.visit?.asked?.reason ?? 'unknown'
  change(deeds, { denied: reason })
  cancelStarts(deeds, 'denied')
  decide(deeds, 'VisitRefused', { reason, handle: deeds.bay.visit?.agreed?.handle ?? null })
  offer(deeds, reason)
}

/** The plate is at another bay: neither starts by itself, both are shown. */
export function refuseClaim(deeds: Deeds): void {
  const rival = deeds.bay.visit?.claim?.rival ?? null
  if (rival === null) return offer(deeds, 'timeout')
  alarm(
    deeds,
    'clone',
    `The plate read here has a live visit at ${rival}: one of the two is a clone or a misread.`,
    'Look at both bays and authorize the right one by hand.',
  )
  offer(deeds, 'plate-elsewhere')
}

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
  decide(deeds, 'BayLocked', {
    transactionId: transaction?.transactionId ?? null,
    accountId: transaction?.unpaid ? null : (deeds.bay.visit?.payer?.accountId ?? null),
    reason: transaction ? 'transaction-open' : 'current',
  })
  for (const kind of ['suggested', 'clone']) calm(deeds, kind)
  closeReview(deeds)
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
  return { rank: 'card', handle: event.token.handle, accountId: event.token.accountId, person: false }
}

function closeReview(deeds: Deeds): void {
  const review = deeds.bay.visit?.review
  if (review && review.verdict === null) order(deeds, 'close.review', { review: review.review })
}

/** Charging is over; the vehicle may still be here. */
export function unlock(deeds: Deeds): void {
  decide(deeds, 'BayUnlocked', { reason: deeds.bay.visit?.closed.at(-1)?.reason ?? 'current fell' })
}

/** Camera and charge point disagree: shown and timed, the lock wins. */
export function contradict(deeds: Deeds): void {
  if (deeds.bay.visit?.contradiction) return
  change(deeds, { contradiction: { kind: 'camera-empty', since: deeds.event.at, handle: null } })
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

/** The visit ends: starts die, the plate is free, the session is billed; a transaction whose end nobody knows stays behind as an orphan. */
export function close(deeds: Deeds, exit: 'exit-seen' | 'exit-inferred' | 'exit-unconfirmed'): void {
  const visit = deeds.bay.visit
  if (!visit) return
  cancelStarts(deeds, 'left')
  closeReview(deeds)
  orphan(deeds)
  if (
    visit.claim &&
    (visit.claim.state === 'granted' || visit.claim.state === 'asked' || visit.claim.state === 'contested')
  )
    order(deeds, 'release.plate', { handle: visit.claim.handle, visitId: visit.visitId })
  bill(deeds, exit)
  decide(deeds, 'VisitEnded', { exit, openedAt: iso(visit.openedAt), accountId: visit.payer?.accountId ?? null })
  for (const kind of ['suggested', 'clone', 'camera-empty', 'other-plate', 'start-failed', 'dead-token'])
    calm(deeds, kind)
  deeds.bay = { ...deeds.bay, visit: null, endedAt: deeds.event.at }
}

function orphan(deeds: Deeds): void {
  for (const connector of connectorsOf(deeds.bay)) {
    const transaction = connector.transaction
    // What flowed for this visit says nothing of the next one: only a new live sample does.
    if (!transaction && connector.flow.drawing)
      deeds.bay = withConnector(deeds.bay, connector.connector, { flow: { ...connector.flow, drawing: false, low: 0 } })
    if (!transaction) continue
    const payer = transaction.unpaid ? null : (deeds.bay.visit?.payer ?? null)
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
          energy_Wh: known,
          reason: 'orphaned',
          disputed: 'end unknown, billed to the last register',
        },
      ],
    })
    deeds.bay = withConnector(deeds.bay, connector.connector, {
      transaction: null,
      orphan: { transaction, payer, billed_Wh: transaction.last_Wh },
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
function bill(deeds: Deeds, exit: string): void {
  const visit = deeds.bay.visit
  if (!visit) return
  const accounts = [...new Set(visit.closed.map((line) => line.accountId))]
  accounts.forEach((accountId, index) => {
    const lines = visit.closed.filter((line) => line.accountId === accountId)
    const sessionId = index === 0 ? `ses-${visit.visitId}` : `ses-${visit.visitId}-${index + 1}`
    billLines(deeds, visit, { sessionId, lines, idles: index === accounts.length - 1, exit })
  })
}

/** How the payer of a line was known: the visit's payer now, or who it was when the line ended. */
function rankOf(visit: Visit, line: Closed): Rank | null {
  if (line.accountId === null) return null
  if (visit.payer?.accountId === line.accountId) return visit.payer.rank
  return line.card !== null ? 'card' : 'plate'
}

type Bill = { readonly sessionId: string; readonly lines: readonly Closed[]; readonly idles: boolean; exit: string }

function billLines(deeds: Deeds, visit: Visit, { sessionId, lines, idles, exit }: Bill): void {
  const last = lines.at(-1)
  const idled_ms = visit.idle.total_ms + (visit.idle.since === null ? 0 : deeds.event.at - visit.idle.since)
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
    idle_s: idles ? Math.round(idled_ms / 1000) : 0,
    exit,
    disputed:
      lines
        .map((line) => line.disputed)
        .filter((why) => why !== null)
        .join('; ') || null,
  })
}

/** Energy flows again on a transaction that was left open: the bay is its own payer's once more, from where the bill stopped. */
export function revive(deeds: Deeds): void {
  const found = connectorsOf(deeds.bay).find((connector) => connector.orphan !== null && connector.flow.drawing)
  if (!found?.orphan) return
  if (deeds.bay.visit) close(deeds, 'exit-inferred')
  const { transaction, payer, billed_Wh } = found.orphan
  open(deeds)
  deeds.bay = withConnector(deeds.bay, found.connector, {
    transaction: { ...transaction, first_Wh: billed_Wh, last_Wh: billed_Wh },
    orphan: null,
    flow: found.flow,
  })
  change(deeds, { payer })
  calm(deeds, 'orphan')
  decide(deeds, 'TransactionRevived', { transactionId: transaction.transactionId, accountId: payer?.accountId ?? null })
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

/** Another vehicle was agreed on: the old visit closes before the new one claims. */
export function swapForPlate(deeds: Deeds): void {
  close(deeds, 'exit-inferred')
  open(deeds)
  claim(deeds)
}
