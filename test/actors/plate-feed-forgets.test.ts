import { expect, test } from 'vitest'
import type { CameraRead } from '../../actors/camera-desk.ts'
import { plateFeed } from '../../actors/plate-feed.ts'
import { DEFAULT_POLICY, type Observation } from '../../machines/events.ts'

const T0 = Date.parse('2026-11-22T10:00:00Z')
const zone = (bayId: string, left: number) => ({
  cameraId: 'cam-1',
  bayId,
  polygon: [
    [left, 0.3],
    [left + 0.4, 0.3],
    [left + 0.4, 0.95],
    [left, 0.95],
  ] as const,
})
const ZONES = [zone('bay-1', 0.05), zone('bay-2', 0.55)]
const IN_RIGHT = [0.7, 0.5, 0.1, 0.05] as const

/** A feed of two bays whose clock and journal are the test's. */
function world() {
  const delivered: { readonly bayId: string; readonly observation: Observation }[] = []
  const state = { now: T0, slow: Promise.resolve() }
  let names = 0
  const feed = plateFeed({
    clock: { now: () => state.now, after: () => () => {} },
    ids: { next: (kind) => `${kind}-${++names}` },
    keys: { vehicle: (folded) => `veh-${folded}`, findVehicle: (folded) => `veh-${folded}` },
    zones: () => ZONES,
    policy: () => DEFAULT_POLICY,
    deliver: async (bayId, observation) => {
      await state.slow
      delivered.push({ bayId, observation })
    },
    count: () => {},
  })
  const plates = (bayId = 'bay-1') =>
    delivered
      .filter((one) => one.bayId === bayId)
      .flatMap(({ observation }) => (observation.type.startsWith('plate.') ? [observation] : []))
  return { feed, plates, state }
}

let frames = 0
const seen = (message: { readonly frame?: string; readonly reads?: readonly CameraRead[] } = {}) => ({
  cameraId: 'cam-1',
  reads: [],
  frame: `frame-${++frames}`,
  capturedAt: null,
  reader: 'device' as const,
  ...message,
})
const plate = (text: string, more: Partial<CameraRead> = {}): CameraRead => ({
  id: null,
  plate: text,
  confidence: 0.93,
  characters: [],
  box: [0.2, 0.5, 0.1, 0.05],
  frame: null,
  capturedAt: null,
  ...more,
})

test('a plate that is forgotten is nowhere in the feed any more: its votes begin anew, those of other bays go on', async () => {
  const { feed, plates, state } = world()
  const types = (bayId: string) => plates(bayId).map(({ type }) => type)
  const both = (frame: string) =>
    seen({ frame, reads: [plate('AB12CDE', { frame }), plate('XY99ZZT', { frame, box: IN_RIGHT, id: `x${frame}` })] })
  await feed.see(both('f1'))
  await feed.see(both('f2'))
  expect([types('bay-1'), types('bay-2')]).toEqual(Array(2).fill(['plate.seen', 'plate.agreed']))
  feed.forget((text) => text.replace(' ', '') === 'AB12CDE')
  state.now += 1_000
  await feed.see(both('f3'))
  expect(types('bay-1')).toEqual(['plate.seen', 'plate.agreed', 'plate.seen'])
  expect(types('bay-2')).toEqual(['plate.seen', 'plate.agreed'])
})

test('a plate that is forgotten while its vote waits for the journal does not come back', async () => {
  const { feed, plates, state } = world()
  await feed.see(seen())
  let release = () => {}
  state.slow = new Promise((resolve) => {
    release = resolve
  })
  const seeing = feed.see(seen({ reads: [plate('AB12CDE')] }))
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve()
  feed.forget((text) => text === 'AB12CDE')
  release()
  await seeing
  await feed.see(seen({ reads: [plate('AB12CDE')] }))
  expect(plates().map(({ type }) => type)).toEqual(['plate.seen', 'plate.seen'])
})
