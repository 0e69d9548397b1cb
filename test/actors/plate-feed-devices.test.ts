import { expect, test } from 'vitest'
import type { CameraMessage } from '../../actors/camera-desk.ts'
import { plateFeed } from '../../actors/plate-feed.ts'
import { DEFAULT_POLICY, type Json, type Observation } from '../../machines/events.ts'
import { fold } from '../../machines/plate.ts'

const LEFT = [
  [0, 0],
  [0.5, 0],
  [0.5, 1],
  [0, 1],
] as const
const RIGHT = LEFT.map(([x, y]) => [x + 0.5, y] as const)
const IN_LEFT = [0.2, 0.5, 0.1, 0.05] as const

/** A feed of one camera over two bays (or one), on a clock that the test moves. */
function stage(bays = 2) {
  const clock = { at: 1_000_000, now: () => clock.at, after: () => () => {} }
  const told: {
    bayId: string
    type: string
    observation: Observation
    personal: { readonly [handle: string]: Json }
  }[] = []
  let names = 0
  const zones = [
    { cameraId: 'cam-1', bayId: 'bay-1', polygon: LEFT },
    { cameraId: 'cam-1', bayId: 'bay-2', polygon: RIGHT },
  ].slice(0, bays)
  const feed = plateFeed({
    clock,
    ids: { next: (kind) => `${kind}-${++names}` },
    keys: { vehicle: (folded) => `v-${folded}`, findVehicle: (folded) => `v-${folded}` },
    zones: () => zones,
    policy: () => DEFAULT_POLICY,
    deliver: async (bayId, observation, personal) =>
      void told.push({ bayId, type: observation.type, observation, personal }),
    count: () => {},
  })
  const sees = async (message: Partial<CameraMessage>): Promise<void> => {
    clock.at += 1_000
    await feed.see({ cameraId: 'cam-1', reads: [], frame: null, capturedAt: null, reader: 'device', ...message })
  }
  // Every camera is told of as back when it is heard first.
  const news = () => told.filter(({ type }, at) => type !== 'camera.back' || at >= bays)
  return { clock, feed, news, sees, types: () => news().map(({ bayId, type }) => `${bayId} ${type}`) }
}
const read = (plate: string, more: object = {}) => ({
  id: null,
  plate,
  confidence: 0.9,
  characters: [],
  box: IN_LEFT,
  frame: 'car 7',
  capturedAt: null,
  ...more,
})

test('an event tells of a vehicle where it stands, and nothing of the other bays', async () => {
  const { sees, types } = stage()
  for (let number = 0; number < 3; number += 1) await sees({ sighted: [{ box: [0.1, 0.2, 0.2, 0.4] }] })
  expect(types()).toEqual(['bay-1 vehicle.seen'])
})

test('a vehicle without a place is in the one bay that the camera has, or nowhere', async () => {
  const [one, two] = [stage(1), stage(2)]
  for (const { sees } of [one, two])
    for (let number = 0; number < 3; number += 1) await sees({ sighted: [{ box: null }] })
  expect([one.types(), two.types()]).toEqual([['bay-1 vehicle.seen'], []])
  expect(two.feed.counters()['vehicle.unplaced']).toBe(3)
})

test('one frame that both of our recognisers read alike is agreed on, and one that a device calls so is not', async () => {
  const [ours, theirs, alone] = [stage(), stage(), stage()]
  await ours.sees({ reader: 'berth', reads: [read('AB12CDE', { agreed: true })] })
  await theirs.sees({ reader: 'device', reads: [read('AB12CDE', { agreed: true })] })
  await alone.sees({ reader: 'berth', reads: [read('AB12CDE')] })
  expect([ours.types(), theirs.types(), alone.types()]).toEqual([
    ['bay-1 plate.agreed'],
    ['bay-1 plate.seen'],
    ['bay-1 plate.seen'],
  ])
  expect(ours.news()[0]?.observation).toMatchObject({ tally: [{ witnesses: 2 }] })
  expect(ours.news()[0]?.personal[`v-${fold('AB12CDE')}`]).toMatchObject({ reads: [{ agreed: true }] })
})

test('what a device says of a vehicle that is gone is evidence and never agrees', async () => {
  const { sees, news } = stage()
  await sees({ reads: [read('AB12CDE', { id: '1', frame: 'car 7', past: true })] })
  await sees({ reads: [read('AB12CDE', { id: '2', frame: 'car 8', past: true })] })
  expect(news().map(({ type, observation }) => [type, 'fresh' in observation && observation.fresh])).toEqual([
    ['plate.seen', false],
  ])
})

test('one vehicle’s refined results are one witness; the device’s result and our reading of its picture are two', async () => {
  const { sees, types } = stage()
  for (const id of ['1', '2', '3']) await sees({ reads: [read('AB12CDE', { id })] })
  expect(types()).toEqual(['bay-1 plate.seen'])
  await sees({ reads: [read('AB12CDE')], frame: 'car 7', reader: 'berth' })
  expect(types()).toEqual(['bay-1 plate.seen', 'bay-1 plate.agreed'])
})

test('what else the device said is sealed with the read, once', async () => {
  const { sees, news } = stage()
  await sees({ reads: [read('AB12CDE', { id: '1', told: { make: 'Skoda' } })] })
  expect(news()[0]?.personal[`v-${fold('AB12CDE')}`]).toMatchObject({
    reads: [{ text: 'AB12CDE', told: { make: 'Skoda' } }],
  })
  expect(JSON.stringify(news()[0]?.observation)).not.toContain('Skoda')
})

test('a blind camera’s bays hear that it is lost, and nothing it shows counts until it sees again', async () => {
  const { feed, sees, types } = stage()
  feed.camera('cam-1', 'lost')
  await feed.settled()
  expect(types()).toEqual(['bay-1 camera.lost', 'bay-2 camera.lost'])
  for (let number = 0; number < 5; number += 1) await sees({ presence: { 'bay-1': 'empty', 'bay-2': 'occupied' } })
  feed.tick()
  await feed.settled()
  expect(types()).toHaveLength(2)
  expect(feed.cameras()).toMatchObject([{ status: 'lost' }])
  feed.camera('cam-1', 'back')
  await feed.settled()
  for (let number = 0; number < 3; number += 1) await sees({ presence: { 'bay-1': 'empty', 'bay-2': 'occupied' } })
  expect(types().slice(2).toSorted()).toEqual([
    'bay-1 camera.back',
    'bay-1 zone.empty',
    'bay-2 camera.back',
    'bay-2 vehicle.seen',
  ])
})

test('a copy that a broker kept is evidence, and no sign of life', async () => {
  const { sees, feed, news } = stage()
  await sees({ reads: [read('AB12CDE', { id: '1' })], retained: true })
  await sees({ reads: [read('AB12CDE', { id: '2', frame: 'car 8' })], retained: true })
  expect(news().map(({ type, observation }) => [type, 'fresh' in observation && observation.fresh])).toEqual([
    ['plate.seen', false],
  ])
  expect(feed.cameras()).toMatchObject([{ status: 'unheard' }])
})

test('a camera that tells of vehicles only is not called lost between them; once its heartbeats are known, their end is', async () => {
  const { clock, feed, sees, types } = stage()
  const quiet = async (seconds: number): Promise<void> => {
    clock.at += seconds * 1_000
    feed.tick()
    await feed.settled()
  }
  await sees({ sort: 'vehicle', reads: [read('AB12CDE')] })
  await quiet(3_600)
  expect(types().filter((type) => type.endsWith('camera.lost'))).toEqual([])
  for (let number = 0; number < 5; number += 1) await sees({ sort: 'beat' })
  await quiet(31)
  expect(types().filter((type) => type.endsWith('camera.lost'))).toEqual(['bay-1 camera.lost', 'bay-2 camera.lost'])
})
