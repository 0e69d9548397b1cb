import { describe, expect, test } from 'vitest'
import type { CameraMessage, CameraRead } from '../../actors/camera-desk.ts'
import { plateFeed } from '../../actors/plate-feed.ts'
import type { Polygon } from '../../actors/ports.ts'
import { DEFAULT_POLICY, type Json, type Observation, type PlateNews } from '../../machines/events.ts'
import { Fault } from '../../machines/faults.ts'

const T0 = Date.parse('2026-11-22T10:00:00Z')
const LEFT: Polygon = [
  [0.05, 0.3],
  [0.45, 0.3],
  [0.45, 0.95],
  [0.05, 0.95],
]
const RIGHT: Polygon = [
  [0.55, 0.3],
  [0.95, 0.3],
  [0.95, 0.95],
  [0.55, 0.95],
]
const ZONES = [
  { cameraId: 'cam-1', bayId: 'bay-1', polygon: LEFT },
  { cameraId: 'cam-1', bayId: 'bay-2', polygon: RIGHT },
  { cameraId: 'cam-2', bayId: 'bay-3', polygon: LEFT },
]
const IN_LEFT = [0.2, 0.5, 0.1, 0.05] as const
const IN_RIGHT = [0.7, 0.5, 0.1, 0.05] as const

type Delivered = {
  readonly bayId: string
  readonly observation: Observation
  readonly personal: { readonly [handle: string]: Json }
}

/** A feed whose clock, keys and journal are the test's. */
function world(zones = ZONES, policy = DEFAULT_POLICY) {
  const delivered: Delivered[] = []
  const handles = new Map<string, string>()
  const state = { now: T0, failing: false, slow: Promise.resolve() }
  let names = 0
  const feed = plateFeed({
    clock: { now: () => state.now, after: () => () => {} },
    ids: { next: (kind) => `${kind}-${++names}` },
    keys: {
      vehicle: (folded) => {
        const handle = handles.get(folded) ?? `v${handles.size + 1}`
        handles.set(folded, handle)
        return handle
      },
      findVehicle: (folded) => handles.get(folded) ?? null,
    },
    zones: () => zones,
    policy: () => policy,
    deliver: async (bayId, observation, personal) => {
      await state.slow
      if (state.failing) throw new Fault('STORE_UNWRITABLE')
      delivered.push({ bayId, observation, personal })
    },
    count: () => {},
  })
  const types = (bayId?: string): string[] =>
    delivered.filter((one) => bayId === undefined || one.bayId === bayId).map((one) => one.observation.type)
  const plates = (bayId?: string): PlateNews[] =>
    delivered
      .filter((one) => bayId === undefined || one.bayId === bayId)
      .map((one) => one.observation)
      .filter((one): one is PlateNews => 'tally' in one)
  return { feed, delivered, handles, state, types, plates }
}

let frames = 0
const seen = (message: Partial<CameraMessage> = {}): CameraMessage => ({
  cameraId: 'cam-1',
  reads: [],
  frame: `frame-${++frames}`,
  capturedAt: null,
  reader: 'device',
  ...message,
})
const plate = (text: string, more: Partial<CameraRead> = {}): CameraRead => ({
  id: null,
  plate: text,
  confidence: 0.93,
  characters: [],
  box: IN_LEFT,
  frame: null,
  capturedAt: null,
  ...more,
})

describe('reads become a bay’s news', () => {
  test('two frames of one plate in the zone are an agreement of that bay only, by handle', async () => {
    const { feed, delivered, plates } = world()
    await feed.see(seen({ reads: [plate('AB12 CDE')] }))
    await feed.see(seen({ reads: [plate('A812CDE')] }))
    expect(plates('bay-1').map((one) => one.type)).toEqual(['plate.seen', 'plate.agreed'])
    expect(plates('bay-2')).toEqual([])
    expect(plates('bay-1')[1]).toMatchObject({
      leader: 'v1',
      clear: true,
      fresh: true,
      tally: [{ handle: 'v1', witnesses: 2, share: 1, plausible: true, chance: null }],
    })
    expect(JSON.stringify(delivered.map((one) => one.observation))).not.toMatch(/AB12|A812/)
    expect(delivered.at(-1)?.personal).toMatchObject({
      v1: { plate: 'A812CDE', texts: ['AB12CDE', 'A812CDE'], reads: [{ text: 'AB12CDE' }, { text: 'A812CDE' }] },
    })
  })

  test('see resolves only when its news is durable', async () => {
    const { feed, delivered, state } = world()
    let release = () => {}
    state.slow = new Promise((resolve) => {
      release = resolve
    })
    let done = false
    const seeing = feed.see(seen({ reads: [plate('AB12CDE')] })).then(() => {
      done = true
    })
    await Promise.resolve()
    expect([done, delivered.length]).toEqual([false, 0])
    release()
    await seeing
    expect(delivered.length).toBeGreaterThan(0)
  })

  test('news whose commit failed is told when the camera sends again', async () => {
    const { feed, state, types } = world()
    await feed.see(seen({ reads: [plate('AB12CDE', { id: 'e1' })] }))
    state.failing = true
    const message = seen({ reads: [plate('AB12CDE', { id: 'e2' })] })
    await expect(feed.see(message)).rejects.toMatchObject({ code: 'STORE_UNWRITABLE' })
    state.failing = false
    await feed.see(message)
    expect(types('bay-1')).toEqual(['camera.back', 'plate.seen', 'plate.agreed'])
  })

  test('a camera whose messages pile up is refused, and nothing is lost of what was taken', async () => {
    const { feed, state } = world()
    let release = () => {}
    state.slow = new Promise((resolve) => {
      release = resolve
    })
    const all = Array.from({ length: 80 }, () =>
      feed.see(seen({ vehicles: [] })).then(
        () => 'taken',
        (fault: Fault) => fault.code,
      ),
    )
    release()
    const answers = await Promise.all(all)
    expect(answers.filter((one) => one === 'STORE_UNWRITABLE')).toHaveLength(16)
    expect(answers.filter((one) => one === 'taken')).toHaveLength(64)
  })

  test('E03: an implausible read makes no news and no handle, and is counted', async () => {
    const { feed, handles, plates } = world()
    for (let number = 0; number < 5; number += 1) await feed.see(seen({ reads: [plate('C00D'), plate('???')] }))
    expect(plates()).toEqual([])
    expect(handles.size).toBe(0)
    expect(feed.counters()).toMatchObject({ read: 10, 'read.implausible': 5, 'read.blank': 5 })
  })

  test('a single odd read of a parked car gets no handle', async () => {
    const { feed, handles, state } = world()
    for (let number = 0; number < 400; number += 1) {
      state.now += 200
      await feed.see(seen({ reads: [plate(number % 50 === 30 ? `AB12CD${number % 7}` : 'AB12CXE')] }))
    }
    expect([...handles.keys()]).toEqual(['A812CXE'])
  })

  test('E14: a read captured long ago is evidence, and a retained copy never fresh', async () => {
    const { feed, plates } = world()
    await feed.see(seen({ reads: [plate('AB12CDE')], capturedAt: T0 - 60_000 }))
    await feed.see(seen({ reads: [plate('XY99ZZT', { box: IN_RIGHT })], retained: true }))
    expect(plates().map((one) => [one.type, one.fresh])).toEqual([
      ['plate.seen', false],
      ['plate.seen', false],
    ])
  })

  test('E13: a camera three hours off is believed once its clock is learnt', async () => {
    const { feed, plates, state } = world()
    for (let second = 0; second < 16; second += 1) {
      state.now = T0 + second * 1_000
      await feed.see(seen({ reads: [plate('AB12CDE')], capturedAt: state.now - 10_800_000 }))
    }
    expect(plates('bay-1').map((one) => [one.type, one.fresh])).toEqual([
      ['plate.seen', false],
      ['plate.seen', true],
      ['plate.agreed', true],
    ])
    expect(feed.cameras().find((one) => one.cameraId === 'cam-1')?.offset_ms).toBe(10_800_000)
  })

  test('after a restart of its votes a bay hears the next agreement at once, from new reads only', async () => {
    const { feed, plates, state } = world()
    for (let number = 0; number < 20; number += 1) {
      state.now += 200
      await feed.see(seen({ reads: [plate('AB12CDE')] }))
    }
    feed.restart('bay-1')
    const from = state.now
    for (let number = 0; number < 3; number += 1) {
      state.now += 200
      await feed.see(seen({ reads: [plate('AB12CDE')] }))
    }
    expect(plates('bay-1').map((one) => one.type)).toEqual(['plate.seen', 'plate.agreed', 'plate.seen', 'plate.agreed'])
    expect(plates('bay-1').at(-1)?.windowFrom).toBeGreaterThan(from)
  })

  test('votes restarted while the journal writes stay restarted', async () => {
    const { feed, plates, state } = world()
    await feed.see(seen())
    let release = () => {}
    state.slow = new Promise((resolve) => {
      release = resolve
    })
    const first = feed.see(seen({ reads: [plate('AB12CDE')] }))
    await feed.see(seen({ cameraId: 'cam-9' }))
    feed.restart('bay-1')
    release()
    await first
    await feed.see(seen({ reads: [plate('AB12CDE')] }))
    expect(plates('bay-1').map((one) => one.type)).toEqual(['plate.seen', 'plate.seen'])
  })

  test('each subject’s personal part holds its own reads only, and a confirmation few of them', async () => {
    const { feed, delivered, plates, state } = world()
    for (let number = 0; number < 6; number += 1)
      await feed.see(seen({ reads: [plate(number % 2 ? 'XY99ZZT' : 'AB12CXE')] }))
    const contested = delivered.at(-1)?.personal ?? {}
    expect(plates('bay-1').at(-1)?.type).toBe('plate.contested')
    expect(Object.keys(contested).sort()).toEqual(['v1', 'v2'])
    expect(JSON.stringify(contested['v1'])).not.toContain('XY99ZZT')
    expect(JSON.stringify(contested['v2'])).not.toContain('AB12CXE')
    for (let number = 0; number < 400; number += 1) {
      state.now += 200
      await feed.see(seen({ reads: [plate('AB12CXE')] }))
    }
    expect(
      plates('bay-1')
        .map((one) => one.type)
        .slice(-2),
    ).toEqual(['plate.agreed', 'plate.agreed'])
    expect(delivered.at(-1)?.personal['v1']).toMatchObject({ reads: { length: 4 } })
  })

  test('a plate that is gone for two minutes is lost, once', async () => {
    const { feed, types, state } = world()
    await feed.see(seen({ reads: [plate('AB12CDE')] }))
    for (let second = 0; second < 300; second += 1) {
      state.now += 1_000
      await feed.see(seen())
      feed.tick()
      await feed.settled()
    }
    expect(types('bay-1')).toEqual(['camera.back', 'plate.seen', 'plate.lost'])
  })
})

describe('the place of a read', () => {
  test('a plate outside all zones belongs to nobody', async () => {
    const { feed, plates } = world()
    await feed.see(seen({ reads: [plate('AB12CDE', { box: [0.46, 0.5, 0.08, 0.05] })] }))
    expect(plates()).toEqual([])
    expect(feed.counters()['read.outside']).toBe(1)
  })

  test('a read without a box counts where the camera serves one bay', async () => {
    const { feed, plates } = world()
    await feed.see(seen({ cameraId: 'cam-2', reads: [plate('AB12CDE', { box: null })] }))
    expect(plates('bay-3')).toMatchObject([{ type: 'plate.seen', clear: true }])
  })

  test('a read without a box where the camera serves two is unclear, and never for a bay seen empty', async () => {
    const { feed, plates } = world()
    for (let number = 0; number < 2; number += 1) await feed.see(seen({ vehicles: [{ box: [0.6, 0.4, 0.3, 0.4] }] }))
    await feed.see(seen({ reads: [plate('AB12CDE', { box: null })] }))
    expect(plates('bay-1')).toEqual([])
    expect(plates('bay-2')).toMatchObject([{ clear: false }])
  })

  test('E08: a neighbour’s plate at the rim of a zone’s crop is not this bay’s', async () => {
    const { feed, plates } = world()
    await feed.see(
      seen({
        reads: [
          plate('AB12CDE', { box: IN_RIGHT, bayId: 'bay-1' }),
          plate('AB12CDE', { box: IN_RIGHT, bayId: 'bay-2' }),
        ],
        reader: 'berth',
      }),
    )
    expect(plates('bay-1')).toEqual([])
    expect(plates('bay-2')).toHaveLength(1)
    expect(feed.counters()['read.outside']).toBe(1)
  })

  test('a camera without zones and a box that is no box do no harm', async () => {
    const { feed, delivered } = world()
    await feed.see(seen({ cameraId: 'cam-9', reads: [plate('AB12CDE')], vehicles: [] }))
    await feed.see(
      seen({ cameraId: 'cam-2', reads: [plate('AB12CDE', { box: [Number.NaN, 1, 2, 3], confidence: Number.NaN })] }),
    )
    expect(delivered.map((one) => one.observation.type)).toEqual(['camera.back'])
    expect(feed.counters()).toMatchObject({ 'message.unzoned': 1, 'read.outside': 2 })
  })
})

describe('presence', () => {
  test('a list of vehicles occupies and empties zones, and a message without one says nothing', async () => {
    const { feed, types } = world()
    await feed.see(seen({ vehicles: [{ box: [0.1, 0.4, 0.3, 0.4] }] }))
    await feed.see(seen())
    await feed.see(seen({ vehicles: [] }))
    await feed.see(seen({ vehicles: [] }))
    expect(types('bay-1')).toEqual(['camera.back', 'vehicle.seen', 'zone.empty'])
    expect(types('bay-2')).toEqual(['camera.back', 'zone.empty'])
  })

  test('pictures say occupied, empty or unknown, and the stronger word of one message wins', async () => {
    const { feed, types } = world()
    await feed.see(
      seen({
        presence: { 'bay-1': 'unknown', 'bay-2': 'empty', 'bay-7': 'occupied' },
        vehicles: [{ box: [0.6, 0.4, 0.3, 0.4] }],
      }),
    )
    expect(types('bay-1')).toEqual(['camera.back'])
    expect(types('bay-2')).toEqual(['camera.back', 'vehicle.seen'])
    await feed.see(seen({ presence: { 'bay-1': 'unknown' } }))
    expect(types('bay-1')).toEqual(['camera.back', 'zone.unknown'])
  })

  test('a plate read in the picture is a vehicle there, whatever the picture looks like', async () => {
    const { feed, types, state } = world()
    for (let number = 0; number < 4; number += 1) {
      state.now += 200
      await feed.see(seen({ reads: [plate('AB12CDE')], presence: { 'bay-1': 'empty' } }))
    }
    expect(types('bay-1')).toEqual(['camera.back', 'plate.seen', 'plate.agreed'])
    for (let number = 0; number < 2; number += 1) await feed.see(seen({ presence: { 'bay-1': 'empty' } }))
    expect(types('bay-1').slice(3)).toEqual(['zone.empty'])
  })

  test('a read occupies a zone that was said to be empty, so that empty is told again when the vehicle left', async () => {
    const { feed, types } = world()
    for (let number = 0; number < 2; number += 1) await feed.see(seen({ vehicles: [] }))
    await feed.see(seen({ reads: [plate('AB12CDE')] }))
    for (let number = 0; number < 2; number += 1) await feed.see(seen({ vehicles: [] }))
    expect(types('bay-1')).toEqual(['camera.back', 'zone.empty', 'plate.seen', 'zone.empty'])
  })

  test('a parked vehicle that is listed and read costs one record a minute, and two signs within a short absence', async () => {
    for (const [absence_s, most] of [
      [300, 12],
      [20, 62],
    ] as const) {
      const { feed, types, state } = world(ZONES, { ...DEFAULT_POLICY, absence_s })
      for (let second = 0; second < 600; second += 1) {
        state.now += 1_000
        await feed.see(seen({ reads: [plate('AB12CDE')], vehicles: [{ box: [0.1, 0.4, 0.3, 0.4] }] }))
      }
      expect(types('bay-1').length).toBeLessThanOrEqual(most)
      expect(types('bay-1').length).toBeGreaterThanOrEqual(Math.min(most - 3, (2 * 600) / absence_s))
    }
  })

  test('an old message says nothing about now', async () => {
    const { feed, types } = world()
    for (let number = 0; number < 3; number += 1) await feed.see(seen({ vehicles: [], capturedAt: T0 - 60_000 }))
    expect(types('bay-1')).toEqual(['camera.back'])
    expect(feed.counters()['presence.stale']).toBe(6)
  })
})

describe('a silent camera', () => {
  test('is lost to its bays after thirty seconds, once, and its next message brings it back with what it sees', async () => {
    const { feed, types, state } = world()
    for (let number = 0; number < 5; number += 1) {
      state.now += 1_000
      await feed.see(seen({ vehicles: [] }))
    }
    for (let second = 0; second < 60; second += 1) {
      state.now += 1_000
      feed.tick()
      await feed.settled()
    }
    expect(types('bay-1')).toEqual(['camera.back', 'zone.empty', 'camera.lost'])
    expect(feed.cameras().find((one) => one.cameraId === 'cam-1')?.status).toBe('lost')
    for (let number = 0; number < 2; number += 1) await feed.see(seen({ vehicles: [] }))
    expect(types('bay-1').slice(3)).toEqual(['camera.back', 'zone.empty'])
  })

  test('that was never heard is lost too', async () => {
    const { feed, types, state } = world()
    expect(feed.cameras().map((one) => one.status)).toEqual(['unheard', 'unheard'])
    state.now += 31_000
    feed.tick()
    await feed.settled()
    expect(types('bay-3')).toEqual(['camera.lost'])
  })

  test('whose adapter says so is lost at once, and told again if the journal failed', async () => {
    const { feed, types, state } = world()
    await feed.see(seen())
    state.failing = true
    feed.camera('cam-1', 'lost')
    await feed.settled()
    state.failing = false
    feed.tick()
    await feed.settled()
    feed.camera('cam-1', 'back')
    await feed.settled()
    expect(types('bay-1')).toEqual(['camera.back', 'camera.lost', 'camera.back'])
    expect(feed.counters()['commit.failed']).toBe(1)
  })

  test('a clock that steps back neither loses a camera nor turns arrival back', async () => {
    const { feed, plates, state } = world()
    await feed.see(seen({ reads: [plate('AB12CDE')] }))
    state.now -= 3_600_000
    await feed.see(seen({ reads: [plate('AB12CDE')] }))
    expect(plates('bay-1').map((one) => one.windowFrom)).toEqual([T0, T0])
  })
})
