import { expect, test } from 'vitest'
import type { Box, CameraMessage } from '../../../actors/camera-desk.ts'
import { SeenVehicles } from '../../../src/cameras/seen-vehicles.ts'
import { fc } from '../../seeded-check.ts'

const NOON = Date.UTC(2026, 10, 22, 12)
const [LEFT, RIGHT] = [[0.1, 0.2, 0.3, 0.4] as const, [0.6, 0.2, 0.3, 0.4] as const]

/** Vehicles by a clock that the test moves; `skew_s`: what is known of the cameras' clocks. */
function watched(skew_s: number | null = null) {
  let now = NOON
  const seen = new SeenVehicles({ clock: { now: () => now }, skew_s: () => skew_s })
  const hear = (more: Partial<CameraMessage>, cameraId = 'cam-1') =>
    seen.hear({ cameraId, reads: [], frame: null, capturedAt: null, reader: 'device', ...more })
  const boxes = (cameraId = 'cam-1') => seen.of(cameraId).map(({ box }) => box)
  const later = (seconds: number) => {
    now += seconds * 1000
  }
  return { seen, hear, boxes, later }
}
const sighted = (...boxes: readonly (Box | null)[]) => ({ sighted: boxes.map((box) => ({ box })) })

test('a vehicle of an event is shown for a minute beside others, told again it is one, and a list of vehicles is all of them', () => {
  const { hear, boxes, later } = watched()
  hear(sighted(LEFT))
  later(40)
  hear(sighted(RIGHT))
  expect(boxes()).toEqual([LEFT, RIGHT])
  const nearer: Box = [0.11, 0.2, 0.3, 0.4]
  hear(sighted(nearer))
  expect(boxes()).toEqual([RIGHT, nearer])
  later(61)
  expect(boxes()).toEqual([])
  hear(sighted(LEFT))
  hear({ vehicles: [{ box: RIGHT }] })
  expect(boxes()).toEqual([RIGHT])
  hear({ vehicles: [] })
  expect(boxes()).toEqual([])
})

test('what says nothing of here and now is not shown: no place, a copy that was kept, another camera, a late message by a clock that is known', () => {
  const { hear, boxes } = watched(3600)
  hear(sighted(null))
  hear({ ...sighted(LEFT), retained: true })
  hear(sighted(LEFT), 'cam-2')
  hear({ ...sighted(LEFT), capturedAt: NOON - 3_600_000 - 120_000 })
  expect([boxes(), boxes('cam-2')]).toEqual([[], [LEFT]])
  // An hour behind, and just now by that clock.
  hear({ ...sighted(LEFT), capturedAt: NOON - 3_600_000 })
  expect(boxes()).toEqual([LEFT])
})

test('whatever a camera sends, at most forty boxes are kept of it, and nothing but where they are and when that came', () => {
  const side = fc.double({ min: 0, max: 1, noNaN: true })
  const box = fc.tuple(side, side, side, side)
  const message = fc.record({ list: fc.boolean(), all: fc.array(box, { maxLength: 60 }) })
  fc.assert(
    fc.property(fc.array(message, { maxLength: 8 }), (messages) => {
      const { seen, hear } = watched()
      for (const { list, all } of messages)
        hear(list ? { vehicles: all.map((one) => ({ box: one })) } : sighted(...all))
      const kept = seen.of('cam-1')
      expect(kept.length).toBeLessThanOrEqual(40)
      for (const one of kept) expect(Object.keys(one)).toEqual(['box', 'at'])
    }),
  )
})
