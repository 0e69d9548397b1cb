import { bill, orphan } from './billing.ts'
import { free } from './blocked.ts'
import { calm, change, type Deeds, decide, iso, order } from './deeds.ts'
import { endDoubts } from './doubts.ts'
import { tell } from './driver-words.ts'
import { settleErasures } from './erasure.ts'
import { vehicleOf } from './identity.ts'
import { claim, closeReview } from './identity-acts.ts'
import { withEvidence } from './identity-evidence.ts'
import { type Closed, connectorsOf, type Payer, type Visit, withConnector } from './knowledge.ts'
import { forgetOwed } from './late-ends.ts'
import { NOT_REPORTED } from './learn-transaction.ts'
import { openConnector } from './lock.ts'
import { cancelStarts } from './start-acts.ts'

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
    goneAt: null,
    contradiction: null,
    idle: { since: null, shares: [] },
    overruled: [],
    evidence: [],
    chargedUntil: null,
    blocked: null,
    erasures: [],
    released: false,
    resumedAt: null,
  }
  deeds.bay = withEvidence({ ...deeds.bay, visit: fresh }, event)
  decide(deeds, 'VisitOpened', { by: event.type })
}

/** The visit ends: starts die, the plate is free, the session is billed; a transaction whose end nobody knows stays behind as an orphan. */
export function close(deeds: Deeds, exit: 'exit-seen' | 'exit-inferred' | 'exit-unconfirmed'): void {
  const visit = deeds.bay.visit
  if (!visit) return
  cancelStarts(deeds, 'left')
  closeReview(deeds)
  endDoubts(deeds, exit)
  orphan(deeds)
  if (
    visit.claim &&
    (visit.claim.state === 'granted' || visit.claim.state === 'asked' || visit.claim.state === 'contested')
  )
    order(deeds, 'release.plate', { handle: visit.claim.handle, visitId: visit.visitId })
  bill(deeds, exit)
  decide(deeds, 'VisitEnded', {
    exit,
    openedAt: iso(visit.openedAt),
    lastSign: iso(visit.lastSign),
    accountId: visit.payer?.accountId ?? null,
  })
  free(deeds)
  settleErasures(deeds)
  tell(deeds, 'free', exit)
  for (const kind of [
    'suggested',
    'clone',
    'camera-empty',
    'other-plate',
    'dead-token',
    'disputed',
    'nobody-pays',
  ] as const)
    calm(deeds, kind)
  deeds.bay = { ...deeds.bay, visit: null, endedAt: deeds.event.at, swapped: null }
}

const NOBODY: Payer = { rank: 'guess', handle: null, accountId: null, person: false }

/** Energy flows again on a transaction that was left open: the bay is its own payer's once more, from where the bill stopped. */
export function revive(deeds: Deeds): void {
  const found = connectorsOf(deeds.bay).find(
    ({ connector, orphan, flow }) =>
      orphan !== null && flow.drawing && (!('connector' in deeds.event) || deeds.event.connector === connector),
  )
  if (!found?.orphan) return
  const { transaction, payer, billed_Wh } = found.orphan
  const beside = openConnector(deeds.bay) !== null
  const line = deeds.bay.visit?.closed.find((one) => one.transactionId === transaction.transactionId)
  if (!beside && !line) {
    if (deeds.bay.visit) close(deeds, 'exit-inferred')
    open(deeds)
    change(deeds, { payer })
  }
  if (line) goesOn(deeds, line)
  // Beside another open transaction it keeps its own payer, be it nobody: two cables of one bay never mix two.
  const isOthers = line !== undefined && line.accountId !== (deeds.bay.visit?.payer?.accountId ?? null)
  const own = beside || isOthers ? { payer: payer ?? NOBODY } : {}
  deeds.bay = withConnector(deeds.bay, found.connector, {
    transaction: { ...transaction, ...own, first_Wh: billed_Wh, last_Wh: billed_Wh },
    orphan: null,
    flow: found.flow,
  })
  calm(deeds, 'orphan')
  forgetOwed(deeds, transaction.transactionId)
  decide(deeds, 'TransactionRevived', { transactionId: transaction.transactionId, accountId: payer?.accountId ?? null })
}

/** Its visit is still here: it goes on from where it was taken for dead, and what it drew until then is no more in doubt. */
function goesOn(deeds: Deeds, line: Closed): void {
  const settled = line.disputed === NOT_REPORTED ? { ...line, disputed: null } : line
  const closed = (deeds.bay.visit?.closed ?? []).map((one) => (one === line ? settled : one))
  change(deeds, { closed, unpluggedAt: null })
}

/** Another vehicle was agreed on: the old visit closes before the new one claims. */
export function swapForPlate(deeds: Deeds): void {
  const left = deeds.bay.visit ? vehicleOf(deeds.bay.visit) : null
  close(deeds, 'exit-inferred')
  if (left !== null) deeds.bay = { ...deeds.bay, swapped: { handle: left, at: deeds.event.at } }
  open(deeds)
  claim(deeds)
}
