import type { BayRun, Lived } from '../bay-run.ts'
import type { Law } from '../law.ts'
import { decided, isPlugged, isSame, mustLock } from '../plain-facts.ts'

/** The rules by which a vehicle that was known goes: none of them knows another vehicle. */
const SEEN_TO_LEAVE = ['leftSeen', 'leftInferred', 'lostSight', 'cableForgotten', 'absent']

/** The review that this step's word of a person answered: a reviewer who is slower is heard no more. */
const overruledBy = ({ was, event }: Lived): string | null =>
  event.type === 'operator.commanded' &&
  ((event.command === 'authorize' && event.accountId) || (event.command === 'correct-plate' && event.handle))
    ? (was.visit?.review?.review ?? null)
    : null

function plateStays({ lived }: BayRun): string | null {
  const overruled = new Set<string | null>()
  for (const one of lived) {
    const { was, now, event, draft } = one
    overruled.add(overruledBy(one))
    if (!was.visit || was.visit.visitId !== now.visit?.visitId) continue
    if (event.type === 'operator.commanded' && event.command === 'correct-plate' && event.handle) {
      const { agreed } = now.visit
      if (agreed?.handle !== event.handle || !agreed.person) return 'a person corrected the plate, and it is not so'
    }
    if (was.visit.agreed?.person !== true) continue
    if (event.type === 'operator.commanded') continue
    if (event.type === 'review.answered' && !overruled.has(event.review)) continue
    if (/^plate\./.test(event.type) && decided(draft, 'PlateAgreed').length > 0)
      return `${event.type} claims once more what a person named`
    if (!isSame(now.visit.agreed, was.visit.agreed)) return `${event.type} overwrote the plate that a person named`
  }
  return null
}

/** A person's payer may be relieved by a card that is shown, never by what cameras or the register say. */
function payerStays({ lived }: BayRun): string | null {
  const overruled = new Set<string | null>()
  for (const one of lived) {
    const { was, now, event } = one
    overruled.add(overruledBy(one))
    if (was.visit?.payer?.person !== true || was.visit.visitId !== now.visit?.visitId) continue
    if (['operator.commanded', 'token.presented', 'transaction.started'].includes(event.type)) continue
    // A reviewer is a person too, but one who was asked before that word was spoken is heard no more.
    if (event.type === 'review.answered' && was.visit.review?.verdict === null && !overruled.has(event.review)) continue
    if (!isSame(now.visit.payer, was.visit.payer)) return `${event.type} overwrote the payer that a person named`
  }
  return null
}

function visitStays({ lived }: BayRun): string | null {
  for (const { was, now, event, draft } of lived) {
    const visit = was.visit
    if (!visit || !/^(plate\.|second\.read)/.test(event.type)) continue
    if (visit.agreed?.person !== true && visit.payer?.person !== true) continue
    // Once the cable has been pulled the stay may be over: whoever is read next may be the next vehicle.
    if (visit.unpluggedAt !== null && !mustLock(was) && !isPlugged(was)) continue
    if (now.visit?.visitId === visit.visitId) continue
    if (now.visit !== null || !SEEN_TO_LEAVE.includes(draft.rule ?? ''))
      return `${draft.rule} closed a visit that a person named`
  }
  return null
}

/** A person's no stands until a person says yes, or names another plate. */
function noStays({ lived }: BayRun): string | null {
  for (const { was, now, event, draft, stateBefore } of lived) {
    const visit = now.visit
    if (!visit || was.visit?.visitId !== visit.visitId) continue
    const byPerson = event.type === 'operator.commanded'
    const isNo = byPerson && event.command === 'deny' && /^(detecting|authorizing)$/.test(stateBefore)
    if (isNo && (draft.detail !== 'denied' || visit.payer !== null)) return `denied, and the bay is ${draft.detail}`
    if (was.visit.denied === 'operator' && visit.denied === null && !byPerson && !visit.agreed?.person)
      return `${event.type} took back a person’s no`
  }
  return null
}

/** A person's yes leads to a start, or to the plug that it waits for. */
function yesCounts({ lived }: BayRun): string | null {
  for (const { was, now, event, draft, stateBefore, detailBefore } of lived) {
    if (event.type !== 'operator.commanded' || event.command !== 'authorize' || !event.accountId) continue
    if (!/^(detecting|authorizing)$/.test(stateBefore) || detailBefore === 'starting') continue
    if (was.visit?.visitId !== now.visit?.visitId || !now.visit) continue
    const pays = now.visit.payer?.accountId === event.accountId || now.visit.payer?.rank !== 'operator'
    if (!pays || !['starting', 'awaiting-plug'].includes(draft.detail ?? ''))
      return `authorized, and the bay is ${draft.detail}`
  }
  return null
}

/** Law 9. Who walked to the bay and looked has the last word: nobody wants to correct a machine twice. */
export const law: Law = {
  number: 9,
  promise: 'what a person corrected is never overwritten',
  matters: 'Who walked to the bay and looked has the last word: nobody wants to correct a machine twice.',
  own: [],
  bay: [
    { says: 'a plate that a person named for a visit is never replaced by a machine', breach: plateStays },
    { says: 'a payer whom a person named is relieved by nothing but a card or a person', breach: payerStays },
    {
      says: 'no read closes a visit whose plate or payer a person named while it holds or stays',
      breach: visitStays,
    },
    { says: 'a no of a person stands', breach: noStays },
    { says: 'a yes of a person leads to a start, or to the plug that it waits for', breach: yesCounts },
  ],
}
