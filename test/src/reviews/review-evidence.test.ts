import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Clock, PictureAnswer } from '../../../actors/ports.ts'
import { fold } from '../../../machines/plate.ts'
import type { FactRecord } from '../../../machines/record.ts'
import { systemClock } from '../../../src/clock.ts'
import { openRoom } from '../../../src/open-room.ts'
import type { Room } from '../../../src/room.ts'
import type { Caller } from '../../../src/site-desk.ts'
import { readSiteFile, type SiteFile } from '../../../src/site-file.ts'
import { cameraMessage, cameraRead } from '../../actors/camera-reads.ts'
import { tracesUnder } from '../../clear-traces.ts'
import { until, writeSite } from '../serve/serving-line.ts'
import { renderedPlate } from '../vision/rendered-plate.ts'

const BY: Caller = { name: 'the operator', role: 'operator' }
const [OURS, THEIRS] = ['AB12CDE', 'AB12CDF']

/** The real clock, and a way to let it run ahead. */
function hastyClock(): Clock & { skip(ms: number): void } {
  let ahead = 0
  return {
    now: () => systemClock.now() + ahead,
    after: systemClock.after,
    skip: (ms) => {
      ahead += ms
    },
  }
}

async function opened(file: SiteFile, clock: Clock = systemClock): Promise<Room> {
  const room = await openRoom(file, clock, () => {}, {})
  onTestFinished(() => room.close())
  await room.start()
  return room
}

const siteOf = async (policy: object = {}): Promise<SiteFile> =>
  readSiteFile((await writeSite(1, { policy: { voteWindow_s: 0.3, ...policy } })).path, {})
const cropsOf = (file: SiteFile): string[] => {
  const folder = `${file.store.path}.crops`
  return existsSync(folder) ? readdirSync(folder) : []
}
const auditOf = async (room: Room): Promise<FactRecord[]> =>
  (await room.journal.readSite()).filter(({ stream, cause }) => stream === 'audit' && cause.type.startsWith('review.'))

/** One picture goes through the reader's door: the reader saw these plates in bay-1, each with its crop. */
async function look(room: Room, plates: readonly string[], picture: Uint8Array): Promise<PictureAnswer> {
  const reads = plates.map((text) => ({
    text,
    candidates: [],
    characters: [...text].map(() => 0.9),
    confidence: 0.9,
    quad: [],
    crop: picture,
  }))
  const answer = { width: 9, height: 9, ms: 1, zones: { 'bay-1': { reads, look: { size: 1, grey: '' } } } }
  return room.reviews.evidence.watching({ read: async () => answer, close: async () => {} }).read(new Uint8Array(), {})
}

let frames = 0
async function see(room: Room, plate: string): Promise<void> {
  frames += 1
  const read = cameraRead(plate, { frame: `f-${frames}` })
  await room.feed.see(cameraMessage([{ ...read, box: [0.4, 0.6, 0.1, 0.05] }]))
}

/** One frame says this, one that: a review opens. */
async function doubt(room: Room): Promise<string> {
  for (const plate of [OURS, THEIRS]) await see(room, plate)
  await until(() => room.desk.reviews.all().length === 1)
  return room.desk.reviews.all()[0]?.reviewId ?? ''
}

test('what the reader saw is taken out of its answer, and kept sealed for the review that needs it: one crop of each candidate', async () => {
  const file = await siteOf()
  const room = await opened(file)
  const picture = await renderedPlate(OURS)
  const answer = await look(room, [OURS, THEIRS, OURS], picture)
  expect(answer.zones['bay-1']?.reads.map((read) => 'crop' in read)).toEqual([false, false, false])
  expect(cropsOf(file), 'nothing is written as long as nobody needs it').toEqual([])
  const reviewId = await doubt(room)
  await until(() => room.reviews.evidence.crops(reviewId).length === 2)
  expect(cropsOf(file)).toHaveLength(2)
  const kept = (await auditOf(room)).filter(({ cause }) => cause.type === 'review.crop-kept')
  expect(kept.map(({ cause }) => cause)).toEqual(
    room.reviews.evidence
      .crops(reviewId)
      .map(({ ref, sha256, handle }) => expect.objectContaining({ review: reviewId, ref, sha256, handle })),
  )
  expect(new Set(kept.map(({ cause }) => cause['handle']))).toEqual(
    new Set([room.keys.findVehicle(fold(OURS)), room.keys.findVehicle(fold(THEIRS))]),
  )
  const shown = await room.reviews.evidence.look(reviewId, 0, 'Ada')
  expect(Buffer.from(shown ?? [])).toEqual(picture)
  expect(tracesUnder(join(file.store.path, '..'), { plates: [OURS, THEIRS], pictures: [picture] })).toEqual([])
}, 180_000)

test('that a person looked is on record before the picture is shown, once a minute and person', async () => {
  const clock = hastyClock()
  const room = await opened(await siteOf(), clock)
  await look(room, [OURS], await renderedPlate(OURS))
  const reviewId = await doubt(room)
  await until(() => room.reviews.evidence.crops(reviewId).length === 1)
  const looks = async () => (await auditOf(room)).filter(({ cause }) => cause.type === 'review.crop-seen')
  for (const by of ['Ada', 'Ada', 'Bob']) await room.reviews.evidence.look(reviewId, 0, by)
  expect((await looks()).map(({ cause }) => cause['by'])).toEqual(['Ada', 'Bob'])
  clock.skip(61_000)
  room.reviews.tick()
  await room.reviews.evidence.look(reviewId, 0, 'Ada')
  expect(await looks()).toHaveLength(3)
  expect(await room.reviews.evidence.look(reviewId, 1, 'Ada')).toBeNull()
  expect(await room.reviews.evidence.look('review-of-nobody', 0, 'Ada')).toBeNull()
}, 180_000)

test('a crop goes, key and file, once its review is answered and its visit is over; what stayed in memory goes too', async () => {
  const clock = hastyClock()
  const file = await siteOf()
  const room = await opened(file, clock)
  await look(room, [OURS], await renderedPlate(OURS))
  const reviewId = await doubt(room)
  await until(() => room.reviews.evidence.crops(reviewId).length === 1)
  await room.desk.reviews.answer(reviewId, { unreadable: true }, BY)
  room.reviews.tick()
  expect(cropsOf(file), 'the visit goes on').toHaveLength(1)
  expect(room.reviews.evidence.seen('bay-1')).toHaveLength(1)
  clock.skip(120_000)
  room.tick()
  await until(() => room.desk.bay('bay-1')?.visit === null)
  room.reviews.tick()
  await until(async () => (await auditOf(room)).some(({ cause }) => cause.type === 'review.crops-destroyed'))
  expect(cropsOf(file)).toEqual([])
  expect(room.reviews.evidence.crops(reviewId)).toEqual([])
  expect(room.reviews.evidence.seen('bay-1')).toEqual([])
}, 180_000)

test('whoever is forgotten takes along every crop that may show them, whatever was read on it', async () => {
  const clock = hastyClock()
  const file = await siteOf()
  const room = await opened({ ...file, privacy: { ...file.privacy, crops_days: 30 } }, clock)
  await look(room, [OURS], await renderedPlate(OURS))
  const reviewId = await doubt(room)
  await until(() => room.reviews.evidence.crops(reviewId).length === 1)
  await room.desk.reviews.answer(reviewId, { unreadable: true }, BY)
  clock.skip(120_000)
  room.tick()
  await until(() => room.desk.bay('bay-1')?.visit === null)
  room.reviews.tick()
  expect(cropsOf(file), 'kept for the days that the site file names').toHaveLength(1)
  const proof = { kind: 'sale', from: '2020-01-01T00:00:00Z', to: '2099-01-01T00:00:00Z' } as const
  await room.desk.privacy.erase({ plate: OURS, proof }, BY)
  await until(async () => (await auditOf(room)).some(({ cause }) => cause.type === 'review.crops-destroyed'))
  expect(cropsOf(file)).toEqual([])
}, 180_000)

test('after a restart a review still has its crops, and what a crash left without a record is swept away', async () => {
  const file = await siteOf()
  const first = await opened(file)
  const picture = await renderedPlate(OURS)
  await look(first, [OURS], picture)
  const reviewId = await doubt(first)
  await until(() => first.reviews.evidence.crops(reviewId).length === 1)
  await first.close()
  writeFileSync(join(`${file.store.path}.crops`, 'crop-of-a-crash.sealed'), 'noise')
  const second = await opened(file)
  expect(second.desk.reviews.all().map((review) => review.reviewId)).toEqual([reviewId])
  expect(Buffer.from((await second.reviews.evidence.look(reviewId, 0, 'Ada')) ?? [])).toEqual(picture)
  expect(cropsOf(file)).toHaveLength(1)
}, 180_000)

test('where nobody reviews, nothing is kept; and a review that opened before the first picture takes what comes later', async () => {
  const file = await siteOf({ reviewers: false })
  const unwatched = await opened(file)
  await look(unwatched, [OURS], await renderedPlate(OURS))
  for (const plate of [OURS, THEIRS]) await see(unwatched, plate)
  await until(() => unwatched.desk.bay('bay-1')?.detail === 'fallback')
  await unwatched.reviews.evidence.settled()
  expect(cropsOf(file)).toEqual([])

  const watched = await opened(await siteOf())
  const reviewId = await doubt(watched)
  expect(watched.reviews.evidence.crops(reviewId)).toEqual([])
  await look(watched, [OURS], await renderedPlate(OURS))
  await until(() => watched.reviews.evidence.crops(reviewId).length === 1)
}, 180_000)

test('at its deadline a review leaves the bay to card and code, and who answers late is still heard', async () => {
  const room = await opened(await siteOf({ reviewTimeout_s: 0.4 }))
  await room.register.putVehicle(OURS, { accountId: 'acc-1' }, BY)
  const reviewId = await doubt(room)
  await until(() => room.desk.bay('bay-1')?.detail === 'fallback')
  const [late] = room.desk.reviews.all()
  expect(Date.parse(late?.by ?? '')).toBeLessThan(Date.now())
  expect((await room.desk.reviews.answer(reviewId, { plate: OURS }, BY)).outcome).toBe('done')
  await until(() => room.desk.bay('bay-1')?.visit?.accountId === 'acc-1')
  expect(room.desk.reviews.all()).toEqual([])
}, 180_000)
