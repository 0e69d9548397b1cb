import { expect, test } from 'vitest'
import type { CentreLanguage } from '../../../src/centre/centre-language.ts'
import { ordersPage } from '../../../src/centre/orders-page.ts'
import { reviewsPage } from '../../../src/centre/reviews-page.ts'
import { SiteFold } from '../../../src/centre/site-fold.ts'
import { inGerman } from '../../../src/inspector/page/sentences-german.ts'

/** Content of a record as a gateway that means harm writes it. */
const contentOf = (members: object): string => {
  const at = '2026-11-23T10:00:00.000Z'
  const record = {
    seq: 1,
    schema: 1,
    siteId: 'evil',
    stream: 'bay:bay-1',
    bayId: 'bay-1',
    version: 1,
    at,
    recordedAt: at,
  }
  const rest = { machine: 'bay-1', cause: { type: 'x' }, decisions: [], guards: [], effects: [], state: 'detecting' }
  return JSON.stringify({ ...record, ...rest, ...members })
}
const asked = (members: object): object => ({
  effects: [{ id: 'e-1', type: 'open.review', review: 'review-1', visitId: 'visit-1', reason: 'few', ...members }],
})
const around = (language: CentreLanguage) => ({ language, who: null, path: '/reviews' })

/** The pages of the centre over what these records come to. */
function shownOf(contents: readonly string[], language: CentreLanguage = 'en') {
  const fold = new SiteFold()
  for (const [index, content] of contents.entries()) fold.take(index + 1, content)
  const kept = SiteFold.of(fold.seq, SiteFold.form, fold.kept) ?? new SiteFold()
  const reviews = kept.reviews.map((row) => ({ site: 'evil', ...row }))
  const rightsAt = () => ({ answer: true, look: 'now' }) as const
  const desk = reviewsPage({ reviews, answers: [], rightsAt, newId: () => 'id-1', around: around(language) })
  const orders = ordersPage({
    ...{ site: 'evil', linked: true, behind: false, bays: kept.bays, orders: [], allowed: null },
    ...{ may: () => true, role: 'admin', nextId: 'id-2', around: around(language) },
  })
  return { reviews, bays: kept.bays, desk, orders }
}

const WHOLE = contentOf(asked({ review: 'review-whole' }))

test('records that no gateway of ours writes take no page of the centre away', () => {
  const hostile = [
    contentOf(asked({ review: 'review-\ud800' })),
    contentOf(asked({ review: 'x'.repeat(100_000) })),
    contentOf(asked({ review: { a: 1 }, id: { b: 2 } })),
    contentOf(
      asked({ review: 'review-2', candidates: [{ handle: '\udfff', witnesses: 1e308 }, { handle: 'y'.repeat(1e6) }] }),
    ),
    contentOf({ ...asked({ review: 'review-3' }), bayId: 7, stream: 'bay:7' }),
    contentOf({ bayId: 8, stream: 'bay:8' }),
    contentOf({ bayId: '\udbff', stream: 'bay:\udbff' }),
    contentOf({ state: '__proto__' }),
    contentOf({ state: ['vacant'] }),
    contentOf({ effects: null }),
    contentOf({ decisions: { length: 1e9 } }),
    'null',
    '[]',
  ]
  const { reviews, bays, desk, orders } = shownOf([...hostile, WHOLE])
  expect(reviews.map(({ reviewId }) => reviewId)).toEqual(['review-\ufffd', 'review-2', 'review-whole'])
  expect(desk).toContain('/reviews/evil/review-whole')
  expect(desk).toContain('/reviews/evil/review-%EF%BF%BD')
  expect(desk.length).toBeLessThan(50_000)
  expect(bays.every(({ bayId, state }) => typeof bayId === 'string' && typeof state === 'string')).toBe(true)
  expect(orders).toContain('value="1 bay-1"')
})

test('a reason of a million characters holds the centre up in no language, and fills no page', () => {
  const long = contentOf(asked({ reason: ' and '.repeat(200_000) }))
  const began = performance.now()
  for (const language of ['en', 'de'] as const)
    expect(shownOf([long, WHOLE], language).desk.length).toBeLessThan(50_000)
  expect(inGerman(' and '.repeat(200_000))).toBeNull()
  expect(performance.now() - began).toBeLessThan(10_000)
})

test('a site that asks thousands of times, or names thousands of states, leaves room for the others', () => {
  const effects = Array.from({ length: 20_000 }, (_, index) => ({
    ...{ id: `e-${index}`, type: 'open.review', review: `review-${index}`, visitId: 'visit-1', reason: 'few' },
  }))
  const states = Array.from({ length: 5_000 }, (_, index) =>
    contentOf({ stream: `bay:b-${index}`, bayId: `b-${index}`, state: `state-${index % 1_000}` }),
  )
  const { reviews, desk } = shownOf([contentOf({ effects })])
  expect([reviews.length, reviews[0]?.reviewId, reviews.at(-1)?.reviewId]).toEqual([200, 'review-0', 'review-199'])
  expect(desk.length).toBeLessThan(500_000)
  const fold = new SiteFold()
  for (const [index, content] of states.entries()) fold.take(index + 1, content)
  expect(Object.keys(fold.told.bays).length).toBe(13)
  expect(Object.values(fold.told.bays).reduce((sum, count) => sum + count, 0)).toBe(5_000)
})
