import { expect, test } from 'vitest'
import type { BayEvent } from '../../machines/learn.ts'
import type { Draft } from '../../machines/record.ts'
import { opened, step } from '../../machines/step.ts'

const T0 = Date.parse('2026-11-22T10:00:00.000Z')

type Told = { readonly type: string; readonly [field: string]: unknown }

/** The records of a bay where one frame was read and nobody confirmed it: a second reader is asked, and has none. `later`: what comes after the review opened. */
function toReview(
  later: readonly (readonly [seconds: number, told: (drafts: readonly Draft[]) => Told])[] = [],
): Draft[] {
  const drafts: Draft[] = []
  let snapshot = opened('bay-1')
  const tell = (seconds: number, told: Told): void => {
    const event = {
      id: `o-${drafts.length}`,
      source: 'test',
      ...told,
      at: T0 + seconds * 1000,
      version: drafts.length + 1,
    }
    const next = step(snapshot, event as unknown as BayEvent)
    snapshot = next.snapshot
    drafts.push(next.draft)
  }
  const timer = (): string =>
    drafts.flatMap(({ timers }) => timers.set).find(({ id }) => id.startsWith('xstate.after.'))?.id ?? ''
  tell(0, {
    type: 'plate.seen',
    cameraId: 'cam-1',
    trackId: 't-1',
    leader: 'veh-1',
    tally: [{ handle: 'veh-1', witnesses: 1, share: 1, plausible: true, chance: null }],
    clear: true,
    fresh: true,
    windowFrom: T0,
    thinned: 0,
  })
  tell(8, { type: timer() })
  tell(8.1, { type: 'second.read', ask: 'second-bay-1-2', handle: null, outcome: 'unavailable' })
  for (const [seconds, told] of later) tell(seconds, told(drafts))
  return drafts
}

const isOver = (drafts: readonly Draft[]): Told => ({
  type:
    drafts
      .flatMap(({ timers }) => timers.set)
      .filter(({ id }) => id.includes('in-review'))
      .at(-1)?.id ?? 'no timer',
})
const answered = (handle: string) => (): Told => ({
  type: 'review.answered',
  review: 'review-bay-1-3',
  verdict: 'plate',
  handle,
  accountId: `acc-${handle}`,
  by: 'Ann',
})
const card = (): Told => ({
  type: 'token.presented',
  token: { kind: 'card', handle: 'tok-1', accountId: 'acc-card', standing: 'accepted' },
})

test('fallback is offered beside a review, not after it: one record opens the review and offers the card', () => {
  const record = toReview().at(-1) as Draft
  expect([record.state, record.detail]).toEqual(['detecting', 'in-review'])
  const types = record.effects.map(({ type }) => type)
  expect(types).toContain('open.review')
  expect(record.effects.find(({ type }) => type === 'tell.driver')).toMatchObject({
    message: 'present-card',
    reason: 'review',
    leaves: true,
  })
  expect(record.decisions).toContainEqual(expect.objectContaining({ type: 'FallbackOffered', reason: 'review' }))
})

test('before the review nothing is offered: the driver is not sent to a card while reads still come', () => {
  const earlier = toReview().slice(0, -1)
  expect(earlier.flatMap(({ effects }) => effects).filter(({ type }) => type === 'tell.driver')).toEqual([])
})

test('an answer after the deadline still counts while the vehicle stands there: its plate is claimed', () => {
  const drafts = toReview([
    [130, isOver],
    [200, answered('veh-2')],
  ])
  expect(drafts.slice(-2).map(({ state, detail }) => [state, detail])).toEqual([
    ['authorizing', 'fallback'],
    ['authorizing', 'claiming'],
  ])
  expect(drafts.at(-1)?.effects).toContainEqual(expect.objectContaining({ type: 'claim.plate', handle: 'veh-2' }))
})

test('a late answer takes no charge from the card that was shown meanwhile', () => {
  const drafts = toReview([
    [130, isOver],
    [150, card],
    [200, answered('veh-2')],
  ])
  expect(drafts.at(-2)).toMatchObject({ state: 'authorizing', detail: 'awaiting-plug' })
  expect(drafts.at(-1)?.effects.filter(({ type }) => type === 'claim.plate' || type === 'start.charging')).toEqual([])
  expect(drafts.at(-1)).toMatchObject({ state: 'authorizing', detail: 'awaiting-plug' })
})
