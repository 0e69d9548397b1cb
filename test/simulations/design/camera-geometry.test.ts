import { expect, test } from 'vitest'
import {
  coveringFocal,
  fieldOfView,
  motionAngle,
  type Pose,
  parallax,
  plateSight,
  type Sensor,
  seenAt,
  sensorNamed,
  sightHeight,
  type View,
  viewOf,
} from '../../../simulations/design/camera-geometry.ts'
import { blurPixels, defocusPixels, depthOfField, infraredLevel } from '../../../simulations/design/camera-optics.ts'
import { readChance } from '../../../simulations/design/read-model.ts'
import { STOCK_CURVE } from './stock-reader.ts'

// The figures of a Monte Carlo of the field: bays of 2.5 m, a pole of 3.5 m at 6 m from the bays' edge, plates half a metre inside.
const pose: Pose = { at: [0, -6, 3.5], aim: [0, 0, 0.6] }
const PLATE_AT_M = 0.5
const middles = (bays: number): readonly number[] => Array.from({ length: bays }, (_, i) => (i - (bays - 1) / 2) * 2.5)
const covering = (model: string, bays: number): View => {
  const sensor = sensorNamed(model) as Sensor
  return viewOf(sensor, coveringFocal(sensor, pose, bays * 2.5), pose)
}

test.each([
  [1, 0, [373, 524, 743]],
  [2, 11, [186, 262, 376]],
  [3, 21, [124, 174, 250]],
  [4, 30, [93, 131, 188]],
  [6, 44, [63, 87, 125]],
])(
  'the outermost plate of %i bays under one camera is as wide, and as far aside, as the field measured',
  (bays, aside_deg, widths) => {
    for (const [index, model] of ['2MP-1/2.7', '4MP-1/2.7', '8MP-1/2.7'].entries()) {
      const sight = plateSight(covering(model, bays), [middles(bays).at(-1) as number, PLATE_AT_M, 0.6])
      expect(Math.abs((sight?.width_px ?? 0) / (widths[index] as number) - 1)).toBeLessThan(0.015)
      expect(sight?.horizontal_deg).toBeCloseTo(aside_deg, -0.3)
      expect(sight?.isInside).toBe(true)
    }
  },
)

test('the picture is as wide as two arc tangents say, and a plate behind the lens is not seen', () => {
  const view = covering('4MP-1/2.7', 3)
  expect(fieldOfView(view)).toBeCloseTo((2 * Math.atan(7.5 / 2 / Math.hypot(6, 2.9)) * 180) / Math.PI, 6)
  expect(plateSight(view, [0, -8, 0.6])).toBeNull()
})

test('a plate is seen from before it alone: from behind the vehicle stands between', () => {
  const sensor = sensorNamed('4MP-1/2.7') as Sensor
  const behind = viewOf(sensor, 4.7, { at: [0, 6, 3.5], aim: [0, 0, 0.6] })
  expect(plateSight(behind, [0, PLATE_AT_M, 0.6])).toBeNull()
  const before = viewOf(sensor, 4.7, { at: [0, -5, 3.5], aim: [0, PLATE_AT_M, 0.6] })
  expect(plateSight(before, [0, PLATE_AT_M, 0.6])?.isInside).toBe(true)
})

test.each([
  [1, 1, 1],
  [2, 0.99, 0.99],
  [3, 0.97, 0.98],
  [4, 0.91, 0.95],
  [6, 0.69, 0.84],
])('reads of %i bays at 10 km/h are as likely as the field computed, at 1/250 and at 1/1000 s', (bays, slow, fast) => {
  const view = covering('4MP-1/2.7', bays)
  const curve = { ...STOCK_CURVE, ceiling: 1 }
  const mean = (shutter_s: number): number =>
    middles(bays).reduce((sum, x) => {
      const sight = plateSight(view, [x, PLATE_AT_M, 0.6])
      const blur = blurPixels(10, shutter_s, sight?.perMetre ?? 0, motionAngle(view, [x, PLATE_AT_M, 0.6]))
      // The field's curve knew no angles.
      return sum + readChance(curve, sight?.width_px ?? 0, blur, 0)
    }, 0) / bays
  expect(Math.abs(mean(1 / 250) - slow)).toBeLessThan(0.04)
  expect(Math.abs(mean(1 / 1000) - fast)).toBeLessThan(0.01)
  expect(mean(1 / 1000)).toBeGreaterThan(mean(1 / 250) - 1e-9)
})

/** Share of plates that seem to stand in another bay, to somebody who takes them to be `assumed_m` high: a grid of places, weighed by how usual they are. */
function strayShare(bays: number, camera_m: number, assumed_m: number): number {
  const view = viewOf(sensorNamed('4MP-1/2.7') as Sensor, 5, { at: [0, -6, camera_m], aim: [0, 0, 0.6] })
  let [stray, all] = [0, 0]
  for (const x of middles(bays))
    for (let high = 0; high < 50; high++)
      for (let off = -44; off <= 44; off++) {
        const aside = off / 40
        const weight = Math.exp(-((aside / 0.22) ** 2) / 2)
        const [seen] = seenAt(view, [x + aside, PLATE_AT_M, 0.35 + (0.65 * (high + 0.5)) / 50], assumed_m)
        all += weight
        if (Math.abs(seen - x) > 1.25) stray += weight
      }
  return (100 * stray) / all
}

test.each([
  [2, 3.5, 0.13],
  [3, 3.5, 2.15],
  [4, 3.5, 9.5],
  [6, 3.5, 27.7],
  [3, 2.5, 18.5],
  [4, 2.5, 28.9],
  [6, 2.5, 48.5],
  [4, 4, 4.2],
  [6, 5, 9.1],
  [6, 6, 3.6],
])(
  'a polygon on the ground puts plates of %i bays under a camera at %d m into wrong bays, as measured',
  (bays, camera_m, percent) => {
    expect(Math.abs(strayShare(bays, camera_m, 0) - percent)).toBeLessThan(2.7)
  },
)

test('a polygon at plate height puts next to none into a wrong bay', () => {
  expect(strayShare(4, 3.5, 0.6)).toBeLessThan(0.3)
  expect(strayShare(6, 3.5, 0.6)).toBeLessThan(0.6)
})

test('a plate moves off its place by its height: 0.21 at 3.5 m, 0.32 at 2.5 m', () => {
  expect(parallax(3.5, 0.6)).toBeCloseTo(0.207, 3)
  expect(parallax(2.5, 0.6)).toBeCloseTo(0.316, 3)
})

test('a van in the aisle hides a plate, a car does not', () => {
  const line_m = sightHeight(3.5, 0.6, 6.5, 2.5)
  expect(line_m).toBeCloseTo(1.72, 2)
  expect(line_m).toBeGreaterThan(1.5)
  expect(line_m).toBeLessThan(2.2)
})

test('blur grows with speed, shutter and the sine of the angle, and stays under one stroke by the field’s rule', () => {
  expect(blurPixels(36, 0.001, 300, 90)).toBeCloseTo(3, 9)
  expect(blurPixels(36, 0.001, 300, 30)).toBeCloseTo(1.5, 9)
  // The longest shutter of the rule, 1 / (11 · km/h), lets a plate travel 25.3 mm: at 30 degrees about one stroke of 14 mm.
  const stroke_px = 300 * 0.014
  expect(blurPixels(20, 1 / (11 * 20), 300, 30)).toBeLessThan(stroke_px)
})

test('a lens of 14 mm at F1.6, focused at 7 m, is sharp from 6.3 to 7.9 m, and a plate beyond smears', () => {
  const { near_m, far_m } = depthOfField(14, 1.6, 7)
  expect(near_m).toBeCloseTo(6.3, 1)
  expect(far_m).toBeCloseTo(7.9, 1)
  const perMm = 2688 / 5.37
  expect(defocusPixels(14, 1.6, 7, far_m, perMm)).toBeCloseTo(0.002 * perMm, 2)
  expect(defocusPixels(14, 1.6, 7, 7, perMm)).toBe(0)
  expect(depthOfField(4, 1.6, 7).far_m).toBe(Number.POSITIVE_INFINITY)
})

test('infrared falls with the square of the way and comes back from a plate that is seen straight', () => {
  expect(infraredLevel(20, 30, 0.004, 0) / infraredLevel(10, 30, 0.004, 0)).toBeCloseTo(0.25, 9)
  expect(infraredLevel(10, 30, 0.001, 0) / infraredLevel(10, 30, 0.004, 0)).toBeCloseTo(0.25, 9)
  expect(infraredLevel(10, 30, 0.004, 60)).toBeLessThan(infraredLevel(10, 30, 0.004, 10) / 5)
})
