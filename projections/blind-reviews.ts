import type { FactRecord } from '../machines/record.ts'
import { type Projection, textOf } from './projection.ts'
import { type Share, shareOf } from './share.ts'

/** A clear case that waits for a person's eyes: what the machine agreed on is here, and is not shown before the answer. */
export type BlindReview = {
  readonly reviewId: string
  readonly bayId: string
  readonly visitId: string
  readonly cameraId: string
  readonly handle: string
  readonly since: string
}

/** Answers on one camera's clear cases. `unreadable`: the person could not tell; such a case says nothing. */
type Counted = { readonly right: number; readonly wrong: number; readonly unreadable: number }

/** A clear case in which a person read something else. */
export type BlindDifference = {
  readonly reviewId: string
  readonly bayId: string
  readonly visitId: string
  readonly cameraId: string
  readonly at: string
  readonly by: string
}

export type BlindReviews = {
  readonly open: Map<string, BlindReview>
  readonly cameras: Map<string, Counted>
  /** The newest hundred, oldest first. */
  differences: readonly BlindDifference[]
}

const MOST_DIFFERENCES = 100
const NOTHING: Counted = { right: 0, wrong: 0, unreadable: 0 }

/** Blind reviews: which wait, and how often the machine was right by those that were answered. */
export const blindReviews: Projection<BlindReviews> = {
  name: 'blind-reviews',
  start: () => ({ open: new Map(), cameras: new Map(), differences: [] }),
  fold(told, record) {
    const { stream, cause } = record
    const reviewId = textOf(cause['review'])
    if (stream !== 'audit' || reviewId === null) return told
    if (cause.type === 'blind-review.opened') told.open.set(reviewId, openedBy(record, reviewId))
    if (cause.type === 'blind-review.closed') foldAnswer(told, record, reviewId)
    if (cause.type === 'blind-review.closed' || cause.type === 'review.crops-destroyed') told.open.delete(reviewId)
    return told
  },
}

function openedBy({ cause, at }: FactRecord, reviewId: string): BlindReview {
  const field = (name: string): string => textOf(cause[name]) ?? ''
  const [bayId, visitId, cameraId, handle] = ['bayId', 'visitId', 'cameraId', 'handle'].map(field) as [
    string,
    string,
    string,
    string,
  ]
  return { reviewId, bayId, visitId, cameraId, handle, since: at }
}

function foldAnswer(told: BlindReviews, { cause, at }: FactRecord, reviewId: string): void {
  const review = told.open.get(reviewId)
  const result = textOf(cause['result'])
  if (!review || (result !== 'right' && result !== 'wrong' && result !== 'unreadable')) return
  const before = told.cameras.get(review.cameraId) ?? NOTHING
  told.cameras.set(review.cameraId, { ...before, [result]: before[result] + 1 })
  if (result !== 'wrong') return
  const { bayId, visitId, cameraId } = review
  const one = { reviewId, bayId, visitId, cameraId, at, by: textOf(cause['by']) ?? '' }
  told.differences = [...told.differences, one].slice(-MOST_DIFFERENCES)
}

/** How often what one camera's frames agreed on was right, with its 95 % interval; `of` cases that a person could read. */
export type CameraAccuracy = Share & {
  readonly cameraId: string
  readonly unreadable: number
  readonly waiting: number
}

/** The measured accuracy of each camera, by its name. */
export function accuracyOf({ cameras, open }: BlindReviews): readonly CameraAccuracy[] {
  const waiting = [...open.values()].map(({ cameraId }) => cameraId)
  return [...new Set([...cameras.keys(), ...waiting])].toSorted().map((cameraId) => {
    const { right, wrong, unreadable } = cameras.get(cameraId) ?? NOTHING
    const mine = waiting.filter((one) => one === cameraId).length
    return { cameraId, ...shareOf(right, right + wrong), unreadable, waiting: mine }
  })
}
