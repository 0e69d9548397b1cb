import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { Polygon } from '../../../actors/ports.ts'
import { tracesIn, tracesUnder } from '../../clear-traces.ts'
import {
  journalOf,
  type LineSite,
  register,
  type ServingProcess,
  serveSite,
  until,
  writeSite,
} from '../serve/serving-line.ts'
import { renderedPlate } from '../vision/rendered-plate.ts'

vi.setConfig({ testTimeout: 180_000 })

const WHOLE: Polygon = [
  [0.02, 0.02],
  [0.98, 0.02],
  [0.98, 0.98],
  [0.02, 0.98],
]
const PLATE = 'KX19TYP'

/** One frame is both recognisers' word, and one witness short of this quorum. */
const site = (policy: object = {}): Promise<LineSite> =>
  writeSite(1, {
    zones: () => WHOLE,
    policy: { quorum: 3, voteWindow_s: 1, absence_s: 600, reviewTimeout_s: 100, ...policy },
  })

/** Posts a picture as the camera does; answers it. */
async function photo({ site: { httpPort } }: ServingProcess, text: string): Promise<Buffer> {
  const picture = await renderedPlate(text)
  const answer = await fetch(`http://127.0.0.1:${httpPort}/in/cam-1-secret/frame`, {
    method: 'POST',
    headers: { 'content-type': 'image/jpeg' },
    body: new Uint8Array(picture),
  })
  if (!answer.ok) throw new Error(`the picture was refused: ${await answer.text()}`)
  return picture
}

// biome-ignore lint/suspicious/noExplicitAny: what the server answered
async function theReview(serving: ServingProcess): Promise<any> {
  // biome-ignore lint/suspicious/noExplicitAny: what the server answered
  let found: any = null
  await until(async () => {
    ;[found = null] = (await serving.ask('GET', '/api/reviews')).body.items
    return found !== null && found.crops > 0
  })
  return found
}

const addressOf = (reviewId: string, rest = ''): string => `/api/reviews/${encodeURIComponent(reviewId)}${rest}`

async function cropOf({ site: { httpPort } }: ServingProcess, reviewId: string): Promise<Buffer> {
  const answer = await fetch(`http://127.0.0.1:${httpPort}${addressOf(reviewId, '/crop')}`)
  expect(answer.headers.get('content-type')).toBe('image/jpeg')
  expect(answer.headers.get('cache-control')).toBe('no-store')
  return Buffer.from(await answer.arrayBuffer())
}

test('a picture that one frame alone shows goes to a person, who sees the crop, the reads and the neighbours, and answers; after kill -9 all of it is still there', async () => {
  const first = await serveSite(await site())
  await register(first, 'KX19TYR', 'acc-near')
  await register(first, 'KX19TVP', 'acc-other')
  const picture = await photo(first, 'KX19 TYP')
  const { reviewId } = await theReview(first)
  const crop = await cropOf(first, reviewId)
  await first.kill()

  const serving = await serveSite(first.site)
  const review = await theReview(serving)
  expect(review).toMatchObject({ reviewId, bayId: 'bay-1', blind: false, crops: 1, claim: null })
  expect(Date.parse(review.by)).toBeGreaterThan(Date.now())
  expect((await cropOf(serving, reviewId)).equals(crop), 'the crop survived').toBe(true)
  const { body: detail } = await serving.ask('GET', addressOf(reviewId))
  expect(detail).toMatchObject({
    shown: [{ plate: PLATE }],
    votes: [{ plate: PLATE, witnesses: 2, registered: false, accountId: null, charges: 0 }],
    opinions: [{ reader: 'berth', text: PLATE, witnesses: 1, of: 1, outcome: 'read' }],
    offered: ['card', 'qr'],
  })
  expect(detail.reads).toMatchObject([{ text: PLATE, cameraId: 'cam-1', reader: 'berth' }])
  expect(detail.near.map(({ plate, accountId }: { plate: string; accountId: string }) => [plate, accountId])).toEqual(
    expect.arrayContaining([
      ['KX19TYR', 'acc-near'],
      ['KX19TVP', 'acc-other'],
    ]),
  )
  expect((await serving.ask('GET', '/api/bays/bay-1')).body.next.expect).toContain('card')

  const answered = await serving.ask('POST', addressOf(reviewId, '/answer'), { plate: 'KX19TYR' })
  expect(answered.status).toBe(202)
  await until(async () => (await serving.ask('GET', '/api/bays/bay-1')).body.visit?.accountId === 'acc-near')
  const records = await journalOf(serving)
  const looks = records.filter(({ cause }) => cause.type === 'review.crop-seen')
  expect(looks.map(({ cause }) => [cause.review, cause.by])).toEqual([
    [reviewId, 'local'],
    [reviewId, 'local'],
  ])
  const reads = records.filter(({ cause }) => String(cause.type).startsWith('plate.'))
  const answers = records.filter(({ cause }) => cause.type === 'review.answered')
  expect(reads.length, 'the first reading stays').toBeGreaterThan(0)
  expect(answers).toHaveLength(1)
  expect(answers[0].cause.handle).not.toBe(reads[0].cause.leader)
  expect((await serving.ask('POST', addressOf(reviewId, '/answer'), { plate: PLATE })).status).toBe(404)

  const secrets = { plates: [PLATE, 'KX19 TYP', 'KX19TYR', 'KX19TVP'], pictures: [picture, crop] }
  expect(tracesUnder(join(serving.site.store, '..'), secrets), 'on disk').toEqual([])
  expect(tracesIn('what it said', Buffer.from(first.said() + serving.said()), secrets)).toEqual([])
})

test('one person at a time works on a review: others see who, and their answers wait', async () => {
  const serving = await serveSite(await site(), { env: { BERTH_ADMIN_TOKEN: 'first-token' } })
  const ask = async (method: string, path: string, body?: object) => {
    const answer = await fetch(`http://127.0.0.1:${serving.site.httpPort}${path}`, {
      method,
      headers: { authorization: 'Bearer first-token', ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    const text = await answer.text()
    return { status: answer.status, body: text === '' ? null : JSON.parse(text) }
  }
  await photo(serving, 'KX19 TYP')
  let reviewId = ''
  await until(async () => {
    reviewId = (await ask('GET', '/api/reviews')).body.items[0]?.reviewId ?? ''
    return reviewId !== ''
  })
  expect((await fetch(`http://127.0.0.1:${serving.site.httpPort}${addressOf(reviewId, '/crop')}`)).status).toBe(401)
  const wall = await ask('POST', addressOf(reviewId, '/claim'), { seat: 'wall' })
  expect(wall).toMatchObject({ status: 200, body: { by: 'admin' } })
  const [shown] = (await ask('GET', '/api/reviews')).body.items
  expect(shown.claim).toEqual(wall.body)
  const phone = await ask('POST', addressOf(reviewId, '/claim'), { seat: 'phone' })
  expect(phone).toMatchObject({ status: 409, body: { code: 'VERSION_CONFLICT', by: 'admin' } })
  expect(await ask('POST', addressOf(reviewId, '/answer'), { plate: PLATE, seat: 'phone' })).toMatchObject({
    status: 409,
    body: { detail: expect.stringContaining('admin is at this review until') },
  })
  expect((await ask('DELETE', addressOf(reviewId, '/claim?seat=phone'))).status).toBe(409)
  expect((await ask('DELETE', addressOf(reviewId, '/claim?seat=wall'))).status).toBe(204)
  expect((await ask('POST', addressOf(reviewId, '/claim'), { seat: 'phone' })).status).toBe(200)
  const both = await Promise.all(
    [1, 2].map(() => ask('POST', addressOf(reviewId, '/answer'), { unreadable: true, seat: 'phone' })),
  )
  // The later one finds it answered, or gone already.
  expect(both.map(({ status }) => status).toSorted()).toEqual([202, expect.toBeOneOf([404, 422])])
})

test('while nobody who may review is there, a review is skipped at once and the driver is told to present a card', async () => {
  const serving = await serveSite(await site({ reviewers: 'present' }))
  await photo(serving, 'KX19 TYP')
  await until(async () => (await serving.ask('GET', '/api/bays/bay-1')).body.detail === 'fallback')
  const answers = (await journalOf(serving)).filter(({ cause }) => cause.type === 'review.answered')
  expect(answers.map(({ cause }) => cause.verdict)).toEqual(['no-reviewer'])
  await serving.kill()

  const watched = await serveSite(await site({ reviewers: 'present' }))
  const page = new WebSocket(`ws://127.0.0.1:${watched.site.httpPort}/api/live`)
  onTestFinished(() => page.close())
  await new Promise((resolve) => page.addEventListener('open', resolve))
  await photo(watched, 'KX19 TYP')
  expect((await theReview(watched)).bayId).toBe('bay-1')
})

test('hostile answers change nothing: one in pieces, one too long, one of half a character, one for a review of nobody', async () => {
  const serving = await serveSite(await site())
  await photo(serving, 'KX19 TYP')
  const { reviewId } = await theReview(serving)
  const bodies = [
    {},
    '{"plate":',
    { plate: '' },
    { plate: '-' },
    { plate: 'A'.repeat(33) },
    { plate: { $gt: '' } },
    { plate: PLATE, unreadable: true },
    { unreadable: false },
    { plate: PLATE, seat: 'x'.repeat(65) },
    { notAPlate: 1 },
    null,
  ]
  for (const body of bodies) {
    const { status } = await serving.ask('POST', addressOf(reviewId, '/answer'), body)
    expect([400, 422], JSON.stringify(body)).toContain(status)
  }
  for (const id of ['review-bay-9-1', '..%2f..%2fetc', '%00', 'x'.repeat(400)]) {
    expect((await serving.ask('POST', `/api/reviews/${id}/answer`, { plate: PLATE })).status, id).toBe(404)
    expect((await serving.ask('GET', `/api/reviews/${id}/crop`)).status, id).toBe(404)
  }
  for (const index of ['-1', '1e9', 'x', '0.5'])
    expect([400, 404]).toContain((await serving.ask('GET', addressOf(reviewId, `/crop?index=${index}`))).status)
  expect((await theReview(serving)).reviewId).toBe(reviewId)
  expect(readdirSync(`${serving.site.store}.crops`)).toHaveLength(1)
})
