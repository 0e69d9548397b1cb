import { expect, test } from 'vitest'
import type { BayEvent } from '../../machines/learn.ts'
import type { Draft } from '../../machines/record.ts'
import { opened, step } from '../../machines/step.ts'

const T0 = Date.parse('2026-11-22T10:00:00.000Z')

/** The records of a bay where one frame was read and nobody confirmed it: a second reader is asked, and has none. */
function toReview(): Draft[] {
  const drafts: Draft[] = []
  let snapshot = opened('bay-1')
  const tell = (seconds: number, told: { readonly type: string; readonly [field: string]: unknown }): void => {
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
  return drafts
}

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
