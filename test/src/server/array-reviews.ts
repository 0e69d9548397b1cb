import type { Clock } from '../../../actors/ports.ts'
import type { ReviewDetail, ReviewRow, ReviewView } from '../../../projections/bay-view.ts'
import { isSame, ReviewClaims } from '../../../src/reviews/review-claims.ts'
import { ReviewerPresence } from '../../../src/reviews/reviewer-presence.ts'
import type { ReviewsDesk } from '../../../src/site-desk.ts'

type Hand = {
  readonly rows: ReviewRow[]
  readonly clock: Clock
  /** What more there is to see of a review, by its id; absent = nothing but the row. */
  readonly details: Map<string, Partial<ReviewDetail>>
  readonly crops: Map<string, readonly Uint8Array[]>
  /** Who looked at what, in order. */
  readonly looks: string[]
  readonly claimed: () => void
  /** Writes the answer; resolves to its seq. */
  readonly write: (bayId: string) => Promise<number>
}

/** Reviews kept in arrays, with the real claims. */
export function arrayReviews({ rows, clock, details, crops, looks, claimed, write }: Hand): ReviewsDesk {
  const claims = new ReviewClaims(clock, claimed)
  const viewOf = (row: ReviewRow): ReviewView => {
    const claim = claims.of(row.reviewId)
    return {
      ...row,
      blind: details.get(row.reviewId)?.blind ?? false,
      crops: crops.get(row.reviewId)?.length ?? 0,
      claim: claim && { by: claim.by, until: new Date(claim.until).toISOString() },
    }
  }
  const rowOf = (reviewId: string) => rows.find((row) => row.reviewId === reviewId)
  return {
    presence: new ReviewerPresence(clock),
    all: () => rows.map(viewOf),
    accuracy: () => ({ cameras: [], differences: [] }),
    async detail(reviewId) {
      const row = rowOf(reviewId)
      const nothing = { shown: [], votes: [], reads: [], opinions: [], near: [], offered: ['card', 'qr'] as const }
      return row ? { ...viewOf(row), ...nothing, ...details.get(reviewId) } : null
    },
    claim(reviewId, who) {
      if (!rowOf(reviewId)) return null
      const claim = claims.take(reviewId, who)
      return { mine: isSame(claim, who), by: claim.by, until: new Date(claim.until).toISOString() }
    },
    release: (reviewId, who) => claims.release(reviewId, who),
    async look(reviewId, index, by) {
      const crop = crops.get(reviewId)?.[index] ?? null
      if (crop) looks.push(`${by.name} ${reviewId} ${index}`)
      return crop
    },
    async answer(reviewId, answer, by) {
      const held = claims.of(reviewId)
      if (held && !claims.admits(reviewId, { by: by.name, seat: answer.seat ?? null }))
        return { outcome: 'held', by: held.by, until: new Date(held.until).toISOString() }
      const [row] = rows.splice(
        rows.findIndex((one) => one.reviewId === reviewId),
        1,
      )
      if ('plate' in answer && answer.plate === 'NOBODY1')
        return { outcome: 'refused', why: 'This plate is not registered.' }
      return { outcome: 'done', seq: await write(row?.bayId ?? '') }
    },
  }
}
