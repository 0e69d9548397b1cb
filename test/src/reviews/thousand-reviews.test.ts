import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Polygon } from '../../../actors/ports.ts'
import { systemClock } from '../../../src/clock.ts'
import { openRoom } from '../../../src/open-room.ts'
import type { Room } from '../../../src/room.ts'
import type { Caller } from '../../../src/site-desk.ts'
import { readSiteFile } from '../../../src/site-file.ts'
import { cameraMessage, cameraRead } from '../../actors/camera-reads.ts'
import { until, writeSite } from '../serve/serving-line.ts'

const BY: Caller = { name: 'Ada', role: 'operator' }
const BAYS = 1000
const PICTURE = new Uint8Array(8_000).map((_, index) => (index * 7919) & 0xff)
const plateOf = (bay: number): string => `AB${String(bay).padStart(4, '0')}`

/** One frame in which every bay shows its plate, read by our reader. */
async function everyBay(room: Room, frame: string): Promise<void> {
  const bays = Array.from({ length: BAYS }, (_, index) => index + 1)
  const zones = bays.map((bay) => {
    const read = { text: plateOf(bay), candidates: [], characters: [], confidence: 0.9, quad: [], crop: PICTURE }
    return [`bay-${bay}`, { reads: [read], look: { size: 1, grey: '' } }] as const
  })
  const answer = { width: 9, height: 9, ms: 1, zones: Object.fromEntries(zones) }
  await room.reviews.evidence.watching({ read: async () => answer, close: async () => {} }).read(new Uint8Array(), {})
  for (let camera = 1; camera <= BAYS / 10; camera += 1)
    await room.feed.see(
      cameraMessage(
        bays.slice((camera - 1) * 10, camera * 10).map((bay, place) =>
          cameraRead(plateOf(bay), {
            confidence: 0.9,
            box: [(place + 0.4) / 10, 0.6, 0.02, 0.05],
            bayId: `bay-${bay}`,
            frame,
          }),
        ),
        { cameraId: `cam-${camera}`, reader: 'berth' },
      ),
    )
}

/** Ten bays a camera, side by side. */
const stripOf = (bay: number): Polygon => {
  const left = ((bay - 1) % 10) / 10
  return [
    [left + 0.005, 0.3],
    [left + 0.095, 0.3],
    [left + 0.095, 0.95],
    [left + 0.005, 0.95],
  ]
}

const timed = async (work: () => unknown): Promise<number> => {
  const from = performance.now()
  await work()
  return performance.now() - from
}

test('a thousand open reviews are listed at once, each with its crop and its answer; after a restart the others still wait', async () => {
  const { path } = await writeSite(BAYS, {
    cameraOf: (bay) => Math.ceil(bay / 10),
    zones: stripOf,
    policy: { voteWindow_s: 0.5, absence_s: 3600, reviewTimeout_s: 600 },
  })
  const file = { ...(await readSiteFile(path, {})), review: { blindShare: 0 } }
  const first = await openRoom(file, systemClock, () => {}, {})
  await first.start()
  await everyBay(first, 'f-1')
  await until(
    () => first.desk.reviews.all().length === BAYS,
    60_000,
    () => `${first.desk.reviews.all().length} are open; ${JSON.stringify(first.feed.counters())}`,
  )
  await until(() => first.desk.reviews.all().every(({ crops }) => crops === 1))
  expect(readdirSync(`${file.store.path}.crops`)).toHaveLength(BAYS)
  const list = await timed(() => JSON.stringify(first.desk.reviews.all()))
  const some = first.desk.reviews.all().slice(0, 20)
  const detail = await timed(async () => {
    for (const { reviewId } of some) expect((await first.desk.reviews.detail(reviewId))?.reads).toHaveLength(1)
  })
  const answers = await timed(async () => {
    for (const { reviewId } of some)
      expect((await first.desk.reviews.answer(reviewId, { unreadable: true }, BY)).outcome).toBe('done')
  })
  console.log(
    `1,000 open reviews: list ${list.toFixed(1)} ms, detail ${(detail / 20).toFixed(1)} ms, answer ${(answers / 20).toFixed(1)} ms`,
  )
  expect(list).toBeLessThan(200)
  expect(detail / 20).toBeLessThan(200)
  await first.close()
  const second = await openRoom(file, systemClock, () => {}, {})
  await second.start()
  const left = second.desk.reviews.all()
  expect(left).toHaveLength(BAYS - some.length)
  expect(left.every(({ crops }) => crops === 1)).toBe(true)
  await second.close()
}, 120_000)
