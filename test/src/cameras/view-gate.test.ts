import { expect, onTestFinished, test } from 'vitest'
import type { CameraMessage } from '../../../actors/camera-desk.ts'
import type { Clock } from '../../../actors/ports.ts'
import type { PictureView } from '../../../actors/zone-look.ts'
import { fold } from '../../../machines/plate.ts'
import { viewGate } from '../../../src/cameras/view-gate.ts'
import { systemClock } from '../../../src/clock.ts'
import { openRoom } from '../../../src/open-room.ts'
import { readSiteFile } from '../../../src/site-file.ts'
import { cameraRead } from '../../actors/camera-reads.ts'
import { until, writeSite } from '../serve/serving-line.ts'

const NEIGHBOUR = 'AB12CDE'
const SIZE = 32

/** A scene of blocks that another number paints quite otherwise. */
function view(scene: number): PictureView {
  const grey = Uint8Array.from({ length: SIZE * SIZE }, (_, i) => {
    const [x, y] = [(i % SIZE) >> 2, Math.floor(i / SIZE) >> 2]
    return 60 + (((x + 1) * (y + 3) * (scene * 37 + 11)) % 13) * 10
  })
  const look = { size: SIZE, grey: Buffer.concat([grey, new Uint8Array(SIZE * SIZE).fill(255)]).toString('base64') }
  return { look, sharpness: 1, spread: 40, mean: 120, glare: 0 }
}

/** A site of two bays before one camera, in which the neighbour's vehicle is registered; `knock` moves the camera. */
async function site() {
  let ahead_ms = 0
  const clock: Clock = { now: () => systemClock.now() + ahead_ms, after: systemClock.after }
  const room = await openRoom(await readSiteFile((await writeSite(2)).path, {}), clock, () => {}, {})
  onTestFinished(() => room.close())
  await room.start()
  await room.register.putVehicle(NEIGHBOUR, { accountId: 'acc-1' }, { name: 'the operator', role: 'operator' })
  const shows = (scene: number, seconds: number): void => {
    for (let second = 0; second < seconds; second += 1) {
      ahead_ms += 1_000
      room.senses.health.picture('cam-1', { width: 1, height: 1, ms: 1, zones: {}, view: view(scene) })
    }
  }
  shows(1, 60)
  return { room, shows }
}
const message = (frame: string, more: Partial<CameraMessage> = {}): CameraMessage => ({
  cameraId: 'cam-1',
  reads: [],
  frame,
  capturedAt: null,
  reader: 'device',
  ...more,
})
const read = (frame: string): CameraMessage['reads'][number] =>
  cameraRead(NEIGHBOUR, { confidence: 0.99, box: [0.2, 0.6, 0.1, 0.05], frame })
/** All that a camera can say of a bay, beside plates. */
const PRESENCE: readonly Partial<CameraMessage>[] = [
  { vehicles: [{ box: [0.15, 0.4, 0.2, 0.3] }] },
  { sighted: [{ box: [0.15, 0.4, 0.2, 0.3] }] },
  { presence: { 'bay-1': 'occupied', 'bay-2': 'occupied' } },
]

test('none of a moved camera’s plates counts: the neighbour’s plate starts nothing, and each read is counted', async () => {
  const { room, shows } = await site()
  shows(2, 15)
  expect(room.senses.health.isElsewhere('cam-1')).toBe(true)
  for (const frame of ['1', '2', '3']) await room.feed.see(message(frame, { reads: [read(frame)] }))
  await room.feed.settled()
  expect([...room.site.hosts.values()].map(({ bay }) => bay.visit)).toEqual([null, null])
  expect((await room.journal.readSite()).filter(({ cause }) => cause.type.startsWith('plate.'))).toEqual([])
  expect(room.desk.counters()).toMatchObject({ 'read.elsewhere': 3 })
  expect(room.desk.counters()['read'] ?? 0).toBe(0)
  expect(room.feed.cameras()).toMatchObject([{ cameraId: 'cam-1', status: 'live' }])
})

test('nor does a moved camera say that anybody is there, or that nobody is', async () => {
  const { room, shows } = await site()
  const told = async () =>
    (await room.journal.readSite()).filter(
      ({ cause }) => /^(zone|vehicle)\./.test(cause.type) && cause.type !== 'vehicle.registered',
    )
  shows(2, 15)
  for (const more of PRESENCE)
    for (const frame of ['1', '2', '3']) {
      shows(2, 1)
      await room.feed.see(message(frame, more))
    }
  for (const presence of ['empty', 'occupied'] as const) {
    shows(2, 5)
    await room.feed.see(message(presence, { presence: { 'bay-1': presence } }))
  }
  await room.feed.settled()
  expect((await told()).map(({ cause }) => cause.type)).toEqual([])
  expect([...room.site.hosts.values()].map(({ bay }) => bay.visit)).toEqual([null, null])
})

test.each(PRESENCE)('where it hangs as it did, the same is heard: %o', async (more) => {
  const { room, shows } = await site()
  for (const frame of ['1', '2', '3', '4', '5']) {
    shows(1, 1)
    await room.feed.see(message(frame, more))
  }
  await until(() => [...room.site.hosts.values()].some(({ bay }) => bay.visit !== null))
})

test('where it hangs as it did, the plate of a registered vehicle counts', async () => {
  const { room } = await site()
  const handle = String(room.keys.findVehicle(fold(NEIGHBOUR)))
  for (const frame of ['1', '2', '3']) await room.feed.see(message(frame, { reads: [read(frame)] }))
  await until(() => [...room.site.hosts.values()].some(({ bay }) => bay.visit?.payer?.handle === handle))
})

test('how a plate is forgotten reaches the feed behind the gate', () => {
  const heard: unknown[][] = []
  const feed = { forget: (...given: unknown[]) => void heard.push(given) } as unknown as Parameters<typeof viewGate>[0]
  const [isIts, how] = [() => true, (() => {}) as never]
  viewGate(
    feed,
    () => false,
    () => {},
  ).forget(isIts, how)
  expect(heard).toEqual([[isIts, how]])
})
