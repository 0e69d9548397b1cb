import { describe, expect, test } from 'vitest'
import type { CameraMessage } from '../../actors/camera-desk.ts'
import { plateFeed } from '../../actors/plate-feed.ts'
import { type CameraClock, rememberedClock } from '../../machines/age.ts'
import { DEFAULT_POLICY, type Observation, type PlateNews } from '../../machines/events.ts'
import { cameraRead } from './camera-reads.ts'

const T0 = Date.parse('2026-11-22T10:00:00Z')
const HOUR = 3_600_000
const ZONE = {
  cameraId: 'cam-1',
  bayId: 'bay-1',
  polygon: [
    [0, 0],
    [1, 0],
    [1, 1],
    [0, 1],
  ] as const,
}

/** A feed of one camera and one bay that begins at T0; `known`: its clock as an earlier process knew it. */
function begun(known: CameraClock | null = null) {
  const heard: Observation[] = []
  const state = { now: T0 }
  let names = 0
  const feed = plateFeed({
    clock: { now: () => state.now, after: () => () => {} },
    ids: { next: (kind) => `${kind}-${++names}` },
    keys: { vehicle: (folded) => `v-${folded}`, findVehicle: (folded) => `v-${folded}` },
    zones: () => [ZONE],
    policy: () => DEFAULT_POLICY,
    count: () => {},
    knownClock: () => known,
    deliver: async (_bayId, observation) => void heard.push(observation),
  })
  /** One picture a second that shows the car; each was taken `lag_ms` before it arrives. */
  const sends = async (pictures: number, lag_ms: number, more: Partial<CameraMessage> = {}): Promise<void> => {
    for (let picture = 0; picture < pictures; picture += 1) {
      await feed.see({
        cameraId: 'cam-1',
        reads: [cameraRead('AB12CDE', { confidence: 0.9 })],
        vehicles: [{ box: [0.3, 0.4, 0.3, 0.4] }],
        frame: `f-${++names}`,
        capturedAt: state.now - lag_ms,
        reader: 'device',
        ...more,
      })
      state.now += 1000
    }
  }
  /** News that could trigger something: fresh reads, and presence. */
  const triggers = () =>
    heard.filter((one) => one.type === 'vehicle.seen' || ('fresh' in one && (one as PlateNews).fresh))
  return { feed, heard, state, sends, triggers }
}

describe('after a restart', () => {
  test('a camera three hours off works with its first picture, for its clock is on record', async () => {
    const { sends, triggers } = begun(rememberedClock(3 * HOUR, T0 - 5_000))
    await sends(2, 3 * HOUR)
    expect(triggers().map((one) => one.type)).toEqual(['plate.seen', 'plate.agreed'])
  })

  test('what piled up meanwhile and is replayed at its own pace stays evidence for ten minutes', async () => {
    const { feed, sends, triggers, heard } = begun(rememberedClock(0, T0 - 300_000))
    await sends(590, 295_000)
    expect(triggers()).toEqual([])
    expect(heard.some((one) => one.type === 'plate.seen')).toBe(true)
    expect(feed.cameras()[0]?.offset_ms).toBe(0)
    await sends(20, 0)
    expect(triggers().length).toBeGreaterThan(0)
  })

  test('a clock that was set while berth was away is learnt in ten seconds, whichever way it was set', async () => {
    for (const offset_ms of [-HOUR, HOUR]) {
      const { feed, sends, triggers } = begun(rememberedClock(0, T0 - 5_000))
      await sends(5, offset_ms)
      expect(triggers()).toEqual([])
      await sends(20, offset_ms)
      expect(feed.cameras()[0]?.offset_ms).toBe(offset_ms)
      expect(triggers().length).toBeGreaterThan(0)
    }
  })
})

test('copies that a broker kept are no sign of life and teach no clock', async () => {
  const { feed, heard, sends, state } = begun()
  await sends(40, 0, { retained: true })
  state.now += 60_000
  feed.tick()
  await feed.settled()
  expect(feed.cameras()).toMatchObject([{ lastSeenAt: null, offset_ms: null }])
  expect(heard.filter((one) => one.type.startsWith('camera.')).map((one) => one.type)).toEqual(['camera.lost'])
})

describe('what waited behind the door', () => {
  test('a picture that waited for its reader longer than it may be old is evidence only', async () => {
    const { feed, sends, triggers, heard, state } = begun()
    for (let picture = 0; picture < 4; picture += 1)
      await sends(1, 0, { capturedAt: null, receivedAt: state.now - 16_000 })
    expect(triggers()).toEqual([])
    expect(feed.counters()['message.untimed']).toBe(4)
    expect(heard.some((one) => one.type === 'plate.seen')).toBe(true)
    for (let picture = 0; picture < 2; picture += 1)
      await sends(1, 0, { capturedAt: null, receivedAt: state.now - 3_000 })
    expect(triggers().map((one) => one.type)).toContain('plate.agreed')
  })

  test('age at the door and the wait behind it add up, and the wait is not taken for the clock', async () => {
    const { feed, sends, triggers, state } = begun()
    for (let picture = 0; picture < 20; picture += 1)
      await sends(1, HOUR + 5_000, { receivedAt: state.now - 5_000, reads: [], vehicles: [] })
    expect(feed.cameras()[0]?.offset_ms).toBe(HOUR)
    await sends(4, HOUR + 17_000, { receivedAt: state.now - 9_000 })
    expect(triggers()).toEqual([])
  })
})
