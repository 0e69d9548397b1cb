import type { FactRecord } from '../machines/record.ts'
import type { ReviewRow } from './bay-view.ts'
import { listOf, numberOf, type Projection, textOf } from './projection.ts'

/** Open reviews by id, oldest first. Candidates' `plate` is the vehicle's handle. */
export type OpenReviews = Map<string, ReviewRow>

/** Reads that wait for a person: opened by an effect, closed by an answer, by the bay, or with their visit. */
export const reviewQueue: Projection<OpenReviews> = {
  name: 'review-queue',
  start: () => new Map(),
  fold(open, record) {
    if (record.cause.type === 'review.answered') open.delete(textOf(record.cause['review']) ?? '')
    for (const effect of record.effects) {
      const reviewId = textOf(effect['review']) ?? textOf(effect.id)
      if (reviewId === null) continue
      if (effect.type === 'close.review') open.delete(reviewId)
      if (effect.type !== 'open.review' || record.bayId === null) continue
      open.set(reviewId, {
        reviewId,
        bayId: record.bayId,
        visitId: textOf(effect['visitId']) ?? visitOf(record),
        since: record.at,
        by: textOf(effect['by']),
        reason: textOf(effect['reason']) ?? '',
        candidates: listOf(effect['candidates']).flatMap(candidateOf),
      })
    }
    for (const { type, visitId } of record.decisions) {
      if (type !== 'VisitEnded') continue
      for (const row of open.values()) if (row.visitId === visitId) open.delete(row.reviewId)
    }
    return open
  },
}

/** The visit that a record's decisions are about. */
function visitOf(record: FactRecord): string {
  return record.decisions.map((decision) => textOf(decision['visitId'])).find((visitId) => visitId !== null) ?? ''
}

function candidateOf(value: unknown): ReviewRow['candidates'] {
  if (typeof value !== 'object' || value === null) return []
  const { handle, plate, witnesses } = value as { handle?: unknown; plate?: unknown; witnesses?: unknown }
  const named = textOf(handle) ?? textOf(plate)
  return named === null ? [] : [{ plate: named, witnesses: numberOf(witnesses) }]
}
