import { change, type Deeds, decide, order } from './deeds.ts'
import type { Stamped } from './events.ts'
import { type Bay, type Visit, withVisit } from './knowledge.ts'
import type { ErasureAsked } from './site-news.ts'

/** Whom a visit knows: by its decided or agreed identity, or by any piece of evidence. One may be named more than once. */
export const visitNames = (visit: Visit): readonly string[] =>
  [visit.payer, visit.agreed, visit.claim, ...visit.tally, ...visit.evidence].flatMap((one) => one?.handle ?? [])

/** The running visit knows this vehicle or card, or this account pays for it. */
export const concerns = (visit: Visit, name: string): boolean =>
  visitNames(visit).includes(name) || visit.payer?.accountId === name

/** E32: what a running visit is billed by is kept until it ends. */
export function learnErasure(bay: Bay, { erasureId, handle }: Stamped<ErasureAsked>): Bay {
  const visit = bay.visit
  if (!visit || !concerns(visit, handle) || visit.erasures.some((one) => one.erasureId === erasureId)) return bay
  return withVisit(bay, { erasures: [...visit.erasures, { erasureId, handle }] })
}

/** An erasure waits for the end of this visit, or (where the visit does not know the vehicle) need not wait. */
export function noticeErasure(deeds: Deeds): void {
  const { event, was, bay } = deeds
  if (event.type !== 'erasure.asked') return
  const { erasureId, handle } = event
  if ((bay.visit?.erasures.length ?? 0) > (was.visit?.erasures.length ?? 0))
    return decide(deeds, 'ErasureQueued', { erasureId, handle, until: 'the visit ends' })
  if (!bay.visit?.erasures.some((one) => one.erasureId === erasureId)) due(deeds, erasureId, handle)
}

/** The visit is over: what waited for it is due. */
export function settleErasures(deeds: Deeds): void {
  for (const { erasureId, handle } of deeds.bay.visit?.erasures ?? []) due(deeds, erasureId, handle)
  change(deeds, { erasures: [] })
}

function due(deeds: Deeds, erasureId: string, handle: string): void {
  decide(deeds, 'ErasureDue', { erasureId, handle })
  order(deeds, 'erase.subject', { erasureId, handle })
}
