import type { FactRecord } from '../machines/record.ts'
import { listOf, type Projection, textOf } from './projection.ts'

/** A plate that a camera read without saying where, before several bays: a person says in which one it stands. Times are ISO 8601 UTC. */
export type UnplacedRead = {
  readonly reviewId: string
  readonly cameraId: string
  /** Where it may stand. */
  readonly bays: readonly string[]
  readonly handle: string
  readonly since: string
  /** Until when a person's word is waited for. */
  readonly by: string
}

/** `closed`: when the last one of each camera and plate was over, ms since 1970; the newest few hundred. */
export type UnplacedReads = { readonly open: Map<string, UnplacedRead>; readonly closed: Map<string, number> }

const MOST_CLOSED = 256

/** Names one camera's plate. */
export const unplacedKey = (one: Pick<UnplacedRead, 'cameraId' | 'handle'>): string =>
  JSON.stringify([one.cameraId, one.handle])

/** Reads without a place that wait for a person. */
export const unplacedReads: Projection<UnplacedReads> = {
  name: 'unplaced-reads',
  start: () => ({ open: new Map(), closed: new Map() }),
  fold(told, record) {
    const { stream, cause, at } = record
    const reviewId = textOf(cause['review'])
    if (stream !== 'audit' || reviewId === null) return told
    if (cause.type === 'placing.opened') told.open.set(reviewId, openedBy(record, reviewId))
    const over = cause.type === 'placing.closed' ? told.open.get(reviewId) : undefined
    if (over === undefined) return told
    told.open.delete(reviewId)
    told.closed.delete(unplacedKey(over))
    told.closed.set(unplacedKey(over), Date.parse(at))
    for (const key of told.closed.keys()) if (told.closed.size > MOST_CLOSED) told.closed.delete(key)
    return told
  },
}

function openedBy({ cause, at }: FactRecord, reviewId: string): UnplacedRead {
  const field = (name: string): string => textOf(cause[name]) ?? ''
  const bays = listOf(cause['bays']).flatMap((bayId) => textOf(bayId) ?? [])
  return { reviewId, cameraId: field('cameraId'), bays, handle: field('handle'), since: at, by: field('by') }
}
