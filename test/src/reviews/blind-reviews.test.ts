import { expect, test } from 'vitest'
import type { FactRecord } from '../../../machines/record.ts'
import { accuracyOf, blindReviews } from '../../../projections/blind-reviews.ts'
import { systemClock } from '../../../src/clock.ts'
import { openRoom } from '../../../src/open-room.ts'
import type { Room } from '../../../src/room.ts'
import type { Caller } from '../../../src/site-desk.ts'
import { readSiteFile } from '../../../src/site-file.ts'
import { cameraMessage, cameraRead } from '../../actors/camera-reads.ts'
import { berth, type LineSite, until, writeSite } from '../serve/serving-line.ts'
import { renderedPlate } from '../vision/rendered-plate.ts'

const BY: Caller = { name: 'Ada', role: 'operator' }
const PLATE = 'AB12CDE'

async function opened(blindShare: number, site?: LineSite): Promise<{ room: Room; path: string }> {
  const { path } = site ?? (await writeSite(1))
  const room = await openRoom({ ...(await readSiteFile(path, {})), review: { blindShare } }, systemClock, () => {}, {})
  await room.start()
  return { room, path }
}

/** Two frames of a picture that shows this plate agree on it, as our reader says. */
async function agree(room: Room, frames: readonly string[] = ['f-1', 'f-2']): Promise<void> {
  const picture = new Uint8Array(await renderedPlate(PLATE))
  for (const frame of frames) {
    const read = { text: PLATE, candidates: [], characters: [], confidence: 0.97, quad: [], crop: picture }
    const zones = { 'bay-1': { reads: [read], look: { size: 1, grey: '' } } }
    const reader = { read: async () => ({ width: 9, height: 9, ms: 1, zones }), close: async () => {} }
    await room.reviews.evidence.watching(reader).read(new Uint8Array(), {})
    const seen = cameraRead(PLATE)
    await room.feed.see(cameraMessage([{ ...seen, frame, capturedAt: null }], { reader: 'berth' }))
  }
}

test('a clear case is charged without waiting, checked by a person who is told nothing, and counted for its camera', async () => {
  const { room, path } = await opened(1)
  try {
    await room.register.putVehicle(PLATE, { accountId: 'acc-1' }, BY)
    await agree(room)
    await until(() => room.desk.bay('bay-1')?.visit?.accountId === 'acc-1')
    await until(() => room.desk.reviews.all().length === 1)
    const [review] = room.desk.reviews.all()
    expect(review).toMatchObject({ blind: true, by: null, candidates: [], crops: 1, reason: 'a check of a clear case' })
    const reviewId = review?.reviewId ?? ''
    const detail = await room.desk.reviews.detail(reviewId)
    expect(detail).toMatchObject({ votes: [], reads: [], opinions: [], near: [], shown: [{ plate: null }] })
    expect(JSON.stringify(detail)).not.toContain(PLATE)
    expect(JSON.stringify(detail)).not.toContain(room.keys.findVehicle('A812C0E') ?? '?')
    expect(await room.desk.reviews.look(reviewId, 0, BY)).not.toBeNull()
    const version = room.desk.bay('bay-1')?.version
    expect((await room.desk.reviews.answer(reviewId, { plate: 'ZZ99ZZZ' }, BY)).outcome).toBe('done')
    expect(room.desk.bay('bay-1'), 'the bay hears nothing of it').toMatchObject({
      version,
      visit: { accountId: 'acc-1' },
    })
    expect((await room.desk.reviews.answer(reviewId, { plate: PLATE }, BY)).outcome).toBe('refused')
    expect(room.desk.reviews.accuracy()).toMatchObject({
      cameras: [{ cameraId: 'cam-1', share: 0, of: 1, low: 0, unreadable: 0, waiting: 0 }],
      differences: [{ reviewId, bayId: 'bay-1', cameraId: 'cam-1', by: 'Ada' }],
    })
  } finally {
    await room.close()
  }
  const said = await berth('reviews', '--site', path)
  expect(said.out).toContain('cam-1  right in 0 of 1 clear cases: 0.0 % (95 %: 0.0 % to 79.3 %)')
  expect(said.out).toContain('bay-1  cam-1 read another plate than the person: visit bay-1-')
  expect(JSON.parse((await berth('reviews', '--site', path, '--json')).out)).toMatchObject({ waiting: 0, checks: 0 })
}, 180_000)

test('with a share of 0 nothing is checked, and where no picture was seen there is nothing to check', async () => {
  const none = await opened(0)
  await agree(none.room)
  await until(() => none.room.desk.bay('bay-1')?.visit !== null)
  await none.room.close()
  const { room } = await opened(1)
  for (const frame of ['f-1', 'f-2']) await room.feed.see(cameraMessage([cameraRead(PLATE, { confidence: 1, frame })]))
  await until(() => room.desk.counters()['blind_reviews_without_crop'] === 1)
  expect(room.desk.reviews.all()).toEqual([])
  for (const one of [none.room, room])
    expect(
      (await one.journal.readSite().catch(() => [])).filter(({ cause }) => cause.type.startsWith('blind')),
    ).toEqual([])
  await room.close()
}, 180_000)

test('cases that a person could not read count for nothing, and a check whose crop is gone is over', () => {
  const told = blindReviews.start()
  const record = (type: string, more: object): FactRecord =>
    ({ stream: 'audit', at: '2026-11-22T10:00:00.000Z', cause: { type, ...more } }) as unknown as FactRecord
  const results = ['right', 'right', 'right', 'wrong', 'unreadable', 'no-crop']
  for (const [index, result] of results.entries()) {
    const review = `blind-${index}`
    blindReviews.fold(told, record('blind-review.opened', { review, cameraId: 'cam-1', handle: 'veh-1' }))
    blindReviews.fold(told, record('blind-review.closed', { review, result, by: 'Ada' }))
    // Told twice, counted once.
    blindReviews.fold(told, record('blind-review.closed', { review, result, by: 'Ada' }))
  }
  blindReviews.fold(told, record('blind-review.opened', { review: 'blind-9', cameraId: 'cam-2', handle: 'veh-1' }))
  expect(accuracyOf(told)).toMatchObject([
    { cameraId: 'cam-1', share: 0.75, of: 4, unreadable: 1, waiting: 0 },
    { cameraId: 'cam-2', of: 0, waiting: 1 },
  ])
  blindReviews.fold(told, record('review.crops-destroyed', { review: 'blind-9' }))
  expect(accuracyOf(told)).toHaveLength(1)
})

test('which visits are drawn follows from the site’s key and the share alone', async () => {
  const { room } = await opened(0.25)
  const { BlindDesk } = await import('../../../src/reviews/blind-desk.ts')
  const drawn: string[] = []
  const desk = new BlindDesk({
    scribe: () => ({ write: async () => [] }),
    keys: room.keys,
    share: 0.25,
    seen: (bayId) => {
      drawn.push(bayId)
      return []
    },
    keep: async () => 0,
    count: () => {},
    failed: () => {},
  })
  for (let visit = 0; visit < 2000; visit += 1) {
    const effects = [{ id: '', type: 'claim.plate', visitId: `visit-${visit}` }]
    const decisions = [{ type: 'PlateAgreed', by: 'plate.agreed', handle: 'veh-1' }]
    const cause = { type: 'plate.agreed', cameraId: 'cam-1' }
    desk.hear({ stream: 'bay:bay-1', bayId: 'bay-1', cause, decisions, effects } as unknown as FactRecord, true)
  }
  await desk.settled()
  expect(drawn.length / 2000).toBeGreaterThan(0.2)
  expect(drawn.length / 2000).toBeLessThan(0.3)
  await room.close()
}, 180_000)

test('two cameras that see one bay are each checked by their own agreement on their own picture, once, also through a restart', async () => {
  const { room } = await opened(0)
  const { BlindDesk } = await import('../../../src/reviews/blind-desk.ts')
  const written: { readonly [key: string]: unknown }[] = []
  const kept: (readonly [string, string | undefined])[] = []
  const handle = room.keys.vehicle(PLATE)
  const crop = (cameraId: string) => ({
    bayId: 'bay-1',
    cameraId,
    folded: PLATE,
    confidence: 1,
    at: 0,
    picture: new Uint8Array(),
  })
  const open = () =>
    new BlindDesk({
      scribe: () => ({
        write: async (entries) => {
          written.push(...entries.map(({ cause }) => cause))
          return []
        },
      }),
      keys: room.keys,
      share: 1,
      seen: () => [crop('cam-2'), crop('cam-1')],
      keep: async (reviewId, [one]) => kept.push([reviewId, one?.cameraId]),
      count: () => {},
      failed: (cause) => {
        throw cause
      },
    })
  const agreed = (cameraId: string, isFirst: boolean) =>
    ({
      stream: 'bay:bay-1',
      bayId: 'bay-1',
      cause: { type: 'plate.agreed', cameraId, leader: handle },
      decisions: isFirst ? [{ type: 'PlateAgreed', by: 'plate.agreed', handle }] : [],
      effects: isFirst ? [{ id: '', type: 'claim.plate', visitId: 'visit-1' }] : [],
    }) as unknown as FactRecord
  const desk = open()
  for (const record of [agreed('cam-1', true), agreed('cam-2', false), agreed('cam-2', false), agreed('cam-3', false)])
    desk.hear(record, true)
  await desk.settled()
  expect(kept).toEqual([
    ['blind-visit-1', 'cam-1'],
    ['blind-visit-1-2', 'cam-2'],
  ])
  const again = open()
  again.hear(agreed('cam-1', true), false)
  for (const cause of written)
    again.hear({ stream: 'audit', bayId: null, cause, decisions: [], effects: [] } as unknown as FactRecord, false)
  for (const camera of ['cam-1', 'cam-2']) again.hear(agreed(camera, false), true)
  await again.settled()
  expect(kept).toHaveLength(2)
  await room.close()
}, 180_000)
