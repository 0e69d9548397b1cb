import { expect, test, vi } from 'vitest'
import type { Policy } from '../../../machines/events.ts'
import { systemClock } from '../../../src/clock.ts'
import { openRoom } from '../../../src/open-room.ts'
import type { Room } from '../../../src/room.ts'
import type { Caller } from '../../../src/site-desk.ts'
import { readSiteFile } from '../../../src/site-file.ts'
import { cameraMessage, cameraRead } from '../../actors/camera-reads.ts'
import { journalOf, register, serveSite, until, writeSite } from '../serve/serving-line.ts'

vi.setConfig({ testTimeout: 180_000 })

const BY: Caller = { name: 'Ada', role: 'operator' }
const PLATE = 'AB12CDE'
const site = (policy: object = {}) => writeSite(2, { policy: { reviewTimeout_s: 60, voteWindow_s: 1, ...policy } })

async function opened(policy: object = {}, path?: string): Promise<{ room: Room; path: string }> {
  const file = path ?? (await site(policy)).path
  const room = await openRoom(await readSiteFile(file, {}), systemClock, () => {}, {})
  await room.start()
  return { room, path: file }
}

/** The camera reads a plate and does not say where. */
const reads = (room: Room, plate: string, frame: string): Promise<void> =>
  room.feed.see(cameraMessage([cameraRead(plate, { confidence: 0.9, box: null, frame })], { frame }))

const states = (room: Room) => ['bay-1', 'bay-2'].map((bayId) => room.desk.bay(bayId)?.state)

test('over HTTP: a read without a place, before two bays without a visit, asks a person which bay it is; only their word opens a visit, and it is the one that they name', async () => {
  const serving = await serveSite(await site())
  await register(serving, PLATE, 'acc-1')
  const push = (frame: string) =>
    fetch(`http://127.0.0.1:${serving.site.httpPort}/in/cam-1-secret/reads`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ frame, reads: [{ plate: PLATE, confidence: 1 }] }),
    })
  for (const frame of ['f-1', 'f-2', 'f-3']) expect((await push(frame)).status).toBe(200)
  const list = async () => (await serving.ask('GET', '/api/reviews')).body.items
  await until(async () => (await list()).length > 0)
  const items = await list()
  expect(items, 'one for one plate, however often it is read').toHaveLength(1)
  expect(items[0]).toMatchObject({
    bays: ['bay-1', 'bay-2'],
    bayId: '',
    blind: false,
    crops: 0,
    candidates: [{ plate: PLATE, witnesses: 1 }],
  })
  expect(Date.parse(items[0].by)).toBeGreaterThan(Date.now())
  for (const bayId of ['bay-1', 'bay-2'])
    expect((await serving.ask('GET', `/api/bays/${bayId}`)).body).toMatchObject({ state: 'vacant' })
  const address = `/api/reviews/${encodeURIComponent(items[0].reviewId)}`
  expect((await serving.ask('GET', address)).body).toMatchObject({
    votes: [{ plate: PLATE, registered: true, accountId: 'acc-1' }],
  })
  for (const answer of [{ plate: PLATE }, { plate: PLATE, bayId: 'bay-9' }]) {
    const refused = await serving.ask('POST', `${address}/answer`, answer)
    expect([refused.status, refused.body.detail]).toEqual([400, expect.stringContaining('bay-1, bay-2')])
  }
  expect((await serving.ask('POST', `${address}/answer`, { plate: PLATE, bayId: 'bay-2' })).status).toBe(202)
  await until(async () => (await serving.ask('GET', '/api/bays/bay-2')).body.visit?.accountId === 'acc-1')
  expect((await serving.ask('GET', '/api/bays/bay-1')).body.state).toBe('vacant')
  expect(await list()).toEqual([])
  expect((await serving.ask('POST', `${address}/answer`, { plate: PLATE, bayId: 'bay-1' })).status).toBe(404)
  const records = await journalOf(serving)
  expect(
    records.filter(({ cause }) => String(cause.type).startsWith('placing.')).map(({ cause }) => cause),
  ).toMatchObject([{ bays: ['bay-1', 'bay-2'] }, { verdict: 'plate', bayId: 'bay-2', by: 'local' }])
  expect(JSON.stringify(records.map(({ cause }) => cause))).not.toContain(PLATE)
})

test('it survives a restart, and a no closes it for a while: the next frames of the same plate ask nobody again', async () => {
  const first = await opened()
  await reads(first.room, PLATE, 'f-1')
  await until(() => first.room.desk.reviews.all().length === 1)
  await first.room.close()
  const { room } = await opened({}, first.path)
  try {
    const [review] = room.desk.reviews.all()
    expect(review).toMatchObject({ bays: ['bay-1', 'bay-2'] })
    expect(await room.desk.reviews.answer(review?.reviewId ?? '', { notAPlate: true }, BY)).toMatchObject({
      outcome: 'done',
    })
    expect(room.desk.reviews.all()).toEqual([])
    for (const frame of ['f-2', 'f-3']) await reads(room, PLATE, frame)
    await reads(room, 'KX19TYP', 'f-4')
    await until(() => room.desk.reviews.all().length === 1)
    expect(states(room)).toEqual(['vacant', 'vacant'])
  } finally {
    await room.close()
  }
})

test('a camera that reads plates everywhere fills no queue, and where nobody reviews nobody is asked', async () => {
  const { room } = await opened()
  const without = await opened({ reviewers: false } satisfies Partial<Policy>)
  try {
    for (const one of [room, without.room])
      for (let number = 10; number < 40; number += 1) await reads(one, `KX${number}TYP`, `f-${number}`)
    await until(() => room.desk.reviews.all().length >= 4)
    expect(room.desk.reviews.all()).toHaveLength(4)
    expect(without.room.desk.reviews.all()).toEqual([])
  } finally {
    await room.close()
    await without.room.close()
  }
})

test('what nobody answers in time is over', async () => {
  const { room } = await opened({ reviewTimeout_s: 1 })
  try {
    await reads(room, PLATE, 'f-1')
    await until(() => room.desk.reviews.all().length === 1)
    await until(() => {
      room.tick()
      return room.desk.reviews.all().length === 0
    })
    expect(states(room)).toEqual(['vacant', 'vacant'])
  } finally {
    await room.close()
  }
})
