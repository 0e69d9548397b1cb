import type { FactRecord } from '../machines/record.ts'
import { listOf, type Projection, textOf } from './projection.ts'

/** A crop that was kept for a review: the sealed file's name, its SHA-256, and the vehicle that was read on it. */
export type ReviewCrop = {
  readonly ref: string
  readonly sha256: string
  readonly handle: string | null
  /** When the reader saw it, ISO 8601. */
  readonly at: string
}

/** A review as far as its crops are concerned. Times are ms since 1970, null while it has not come to that. */
export type CropHolder = {
  readonly reviewId: string
  readonly bayId: string
  readonly visitId: string
  readonly openedAt: number
  /** Everybody who may be on the crops: when one is forgotten, they go. */
  readonly handles: ReadonlySet<string>
  readonly crops: readonly ReviewCrop[]
  readonly closedAt: number | null
  readonly endedAt: number | null
  /** Sessions of the visit whose bills are disputed. */
  readonly disputed: readonly string[]
}

/** Reviews that are open, or whose crops are still kept, by id; and the visits of bills, as far as they matter here. */
export type CropHolders = { readonly reviews: Map<string, CropHolder>; readonly bills: Map<string, string> }

/** Which crops are kept for which review, whom they show, and since when nobody needs them: all that decides when they go. */
export const reviewCrops: Projection<CropHolders> = {
  name: 'review-crops',
  start: () => ({ reviews: new Map(), bills: new Map() }),
  fold(holders, record) {
    foldOpened(holders, record)
    foldAudit(holders, record)
    foldClosed(holders, record)
    foldVisits(holders, record)
    return holders
  },
}

function foldOpened({ reviews }: CropHolders, record: FactRecord): void {
  const { bayId, at, effects } = record
  for (const effect of effects) {
    if (effect.type !== 'open.review' || bayId === null) continue
    const named = listOf(effect['candidates']).flatMap((one) => handleOf(one) ?? [])
    const reviewId = textOf(effect['review']) ?? effect.id
    reviews.set(reviewId, opened(reviewId, bayId, textOf(effect['visitId']) ?? '', at, named))
  }
}

function opened(reviewId: string, bayId: string, visitId: string, at: string, handles: Iterable<string>): CropHolder {
  const openedAt = Date.parse(at)
  return {
    reviewId,
    bayId,
    visitId,
    openedAt,
    handles: new Set(handles),
    crops: [],
    closedAt: null,
    endedAt: null,
    disputed: [],
  }
}

function handleOf(value: unknown): string | null {
  return typeof value === 'object' && value !== null ? textOf((value as { handle?: never }).handle) : null
}

/** What stands in the audit stream: crops that were kept and destroyed, and reviews that no bay asked for. */
function foldAudit({ reviews }: CropHolders, { stream, cause, at }: FactRecord): void {
  if (stream !== 'audit') return
  const reviewId = textOf(cause['review']) ?? ''
  if (cause.type === 'blind-review.opened') {
    const handle = textOf(cause['handle'])
    const [bayId, visitId] = [textOf(cause['bayId']) ?? '', textOf(cause['visitId']) ?? '']
    reviews.set(reviewId, opened(reviewId, bayId, visitId, at, handle === null ? [] : [handle]))
  }
  const holder = reviews.get(reviewId)
  if (!holder) return
  const handle = textOf(cause['handle'])
  if (cause.type === 'review.crop-kept') {
    const crop = {
      ref: textOf(cause['ref']) ?? '',
      sha256: textOf(cause['sha256']) ?? '',
      handle,
      at: textOf(cause['seenAt']) ?? at,
    }
    reviews.set(reviewId, { ...holder, handles: withHandle(holder, handle), crops: [...holder.crops, crop] })
  }
  if (cause.type === 'blind-review.closed')
    close(reviews, { ...holder, handles: withHandle(holder, handle) }, Date.parse(at))
  if (cause.type !== 'review.crops-destroyed') return
  if (holder.closedAt === null) reviews.set(reviewId, { ...holder, crops: [] })
  else reviews.delete(reviewId)
}

const withHandle = ({ handles }: CropHolder, handle: string | null): ReadonlySet<string> =>
  handle === null ? handles : new Set([...handles, handle])

function foldClosed({ reviews }: CropHolders, { cause, effects, at }: FactRecord): void {
  const answered = cause.type === 'review.answered' ? reviews.get(textOf(cause['review']) ?? '') : undefined
  if (answered) close(reviews, { ...answered, handles: withHandle(answered, textOf(cause['handle'])) }, Date.parse(at))
  for (const effect of effects) {
    const holder = effect.type === 'close.review' ? reviews.get(textOf(effect['review']) ?? '') : undefined
    if (holder) close(reviews, holder, Date.parse(at))
  }
}

/** Without crops there is nothing left to keep in mind. A crop whose record is still on its way finds its review gone, and goes too. */
function close(reviews: CropHolders['reviews'], holder: CropHolder, at: number): void {
  if (holder.crops.length === 0) reviews.delete(holder.reviewId)
  else reviews.set(holder.reviewId, { ...holder, closedAt: holder.closedAt ?? at })
}

function foldVisits({ reviews, bills }: CropHolders, { decisions, at }: FactRecord): void {
  for (const { type, visitId, sessionId } of decisions) {
    const visit = typeof visitId === 'string' ? visitId : null
    const session = typeof sessionId === 'string' ? sessionId : null
    const holders = [...(type === 'VisitEnded' || type === 'SessionBilled' ? reviews.values() : [])]
    const mine = holders.filter((one) => one.visitId === visit)
    if (type === 'SessionBilled' && session !== null && visit !== null && mine.length > 0) bills.set(session, visit)
    if (type === 'VisitEnded')
      for (const one of mine) close(reviews, { ...one, endedAt: Date.parse(at) }, Date.parse(at))
    if ((type === 'SessionDisputed' || type === 'SessionSettled') && session !== null)
      foldDispute(reviews, bills.get(session) ?? '', session, type === 'SessionDisputed')
  }
}

function foldDispute(reviews: CropHolders['reviews'], visitId: string, sessionId: string, opens: boolean): void {
  for (const one of [...reviews.values()]) {
    if (one.visitId !== visitId) continue
    const others = one.disputed.filter((known) => known !== sessionId)
    reviews.set(one.reviewId, { ...one, disputed: opens ? [...others, sessionId] : others })
  }
}

/** Crops outlive a visit that never ends by no more than this, ms. */
const LONGEST_ms = 30 * 86_400_000

/** Whether nobody needs a review's crops any more: closed, its visit over for `days`, and no bill of it disputed. */
export function isOver(holder: CropHolder, now: number, days: number): boolean {
  if (holder.crops.length === 0 || holder.disputed.length > 0) return false
  const kept_ms = days * 86_400_000
  if (now - holder.openedAt >= LONGEST_ms + kept_ms) return true
  return (
    holder.closedAt !== null && holder.endedAt !== null && now - Math.max(holder.closedAt, holder.endedAt) >= kept_ms
  )
}
