import { alarm, change, type Deeds, decide, iso, order } from './deeds.ts'
import { offer } from './driver-words.ts'
import { cancelStarts } from './start-acts.ts'

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

type Candidates = readonly { readonly handle: string; readonly witnesses: number }[]

/** A person is asked which of the candidates it is. `by`: until when somebody waits for it, ISO 8601; absent where nobody does. */
export function openReview(
  deeds: Deeds,
  { reason, candidates, by }: { readonly reason: string; readonly candidates: Candidates; readonly by?: string },
): void {
  const visit = deeds.bay.visit
  if (!visit) return
  const review = `review-${deeds.bay.bayId}-${deeds.event.version}`
  change(deeds, { review: { review, verdict: null } })
  order(deeds, 'open.review', {
    review,
    visitId: visit.visitId,
    reason,
    candidates,
    ...(by === undefined ? {} : { by }),
  })
}

/** Who was read in this visit, as candidates of a review. */
export function readHere({ bay }: Deeds): Candidates {
  const read = (bay.visit?.tally ?? []).map(({ handle, witnesses }) => ({ handle, witnesses }))
  const more = [bay.visit?.payer?.rank === 'plate' ? bay.visit.payer.handle : null, bay.visit?.contradiction?.handle]
  const missing = more.filter((handle) => handle != null && !read.some((one) => one.handle === handle))
  return [...read, ...missing.map((handle) => ({ handle: String(handle), witnesses: 0 }))]
}

/** A person looks; the driver is offered a card at the same time. */
export function askReview(deeds: Deeds): void {
  const visit = deeds.bay.visit
  if (!visit) return
  openReview(deeds, {
    reason: visit.unclear ? 'between two zones' : visit.contested ? 'reads disagree' : 'not enough witnesses',
    candidates: readHere(deeds),
    by: iso(deeds.event.at + deeds.bay.policy.reviewTimeout_s * 1000),
  })
  offer(deeds, 'review')
}

/** Two plates that differ little, or one read as often as the other, and more than one of them pays: a person says which it is (E04, E06). */
export function reviewReads(deeds: Deeds, reason: string): void {
  if (deeds.bay.visit?.review?.verdict !== null) openReview(deeds, { reason, candidates: readHere(deeds) })
}

/** Nobody needs to answer any more; who does all the same is not heard. */
export function closeReview(deeds: Deeds): void {
  const review = deeds.bay.visit?.review
  if (review?.verdict !== null) return
  change(deeds, { review: { ...review, verdict: 'settled' } })
  order(deeds, 'close.review', { review: review.review })
}

/** A no, with its reason, and the way out. */
export function refuse(deeds: Deeds): void {
  const reason = deeds.bay.visit?.denied ?? deeds.bay.visit?.asked?.reason ?? 'unknown'
  change(deeds, { denied: reason })
  cancelStarts(deeds, 'denied')
  decide(deeds, 'VisitRefused', { reason, handle: deeds.bay.visit?.agreed?.handle ?? null })
  offer(deeds, reason)
}

/** Two bays with one plate: people look at both. */
export function alarmClone(deeds: Deeds, rival: string | null): void {
  alarm(
    deeds,
    'clone',
    `The plate of the vehicle here is at ${rival ?? 'another bay'} too: one of the two is a clone or a misread.`,
    'Look at both bays and authorize the right one by hand.',
  )
}

/** The plate is at another bay: neither starts by itself, both are shown. */
export function refuseClaim(deeds: Deeds): void {
  const rival = deeds.bay.visit?.claim?.rival ?? null
  if (rival === null) return offer(deeds, 'timeout')
  alarmClone(deeds, rival)
  offer(deeds, 'plate-elsewhere')
}
