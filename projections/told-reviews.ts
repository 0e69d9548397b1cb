import { listOf, numberOf, textOf } from './projection.ts'
import { type Row, type RowFold, type Rows, textIn } from './row-fold.ts'

/** One row a review: what was asked, who answered what, and how long it took. Blind checks stand beside them. */
export const toldReviews: RowFold = {
  name: 'reviews',
  shape: 1,
  fold(rows, record) {
    const { cause, at, bayId } = record
    const review = textOf(cause['review'])
    for (const effect of record.effects) {
      const reviewId = textOf(effect['review']) ?? effect.id
      if (effect.type === 'open.review')
        rows.put(reviewId, {
          ...asked(reviewId, at, 'visit'),
          bayId,
          visitId: textOf(effect['visitId']),
          reason: textOf(effect['reason']),
          by: textOf(effect['by']),
          candidates: listOf(effect['candidates']).flatMap(candidateOf),
        })
      if (effect.type === 'close.review') close(rows, reviewId, at, { verdict: 'settled' })
    }
    if (review !== null && cause.type === 'review.answered')
      close(rows, review, at, {
        verdict: textOf(cause['verdict']),
        answeredBy: textOf(cause['by']),
        handle: textOf(cause['handle']),
      })
    if (review !== null && cause.type === 'blind-review.opened')
      rows.put(review, {
        ...asked(review, at, 'blind'),
        bayId: textOf(cause['bayId']),
        visitId: textOf(cause['visitId']),
        cameraId: textOf(cause['cameraId']),
      })
    if (review !== null && (cause.type === 'blind-review.answered' || cause.type === 'blind-review.closed'))
      close(rows, review, at, {
        verdict: textOf(cause['result']) ?? textOf(cause['verdict']),
        answeredBy: textOf(cause['by']),
      })
  },
}

const asked = (reviewId: string, openedAt: string, kind: 'visit' | 'blind'): Row => ({
  reviewId,
  kind,
  bayId: null,
  cameraId: null,
  visitId: null,
  openedAt,
  reason: null,
  by: null,
  candidates: [],
  verdict: null,
  handle: null,
  answeredBy: null,
  answeredAt: null,
  took_s: null,
})

/** The first answer closes it. */
function close(rows: Rows, reviewId: string, at: string, answer: Row): void {
  const before = rows.get(reviewId)
  if (before === undefined || before['answeredAt'] !== null) return
  const took_s = Math.round((Date.parse(at) - Date.parse(textIn(before, 'openedAt') ?? at)) / 1000)
  rows.put(reviewId, { ...before, ...answer, answeredAt: at, took_s })
}

function candidateOf(value: unknown): readonly Row[] {
  if (typeof value !== 'object' || value === null) return []
  const { handle, witnesses } = value as { readonly handle?: unknown; readonly witnesses?: unknown }
  const named = textOf(handle)
  return named === null ? [] : [{ handle: named, witnesses: numberOf(witnesses) }]
}
