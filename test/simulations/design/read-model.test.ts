import { expect, test } from 'vitest'
import { cameraTable } from '../../../simulations/design/camera-table.ts'
import { blurOf, frameChance, placeCameras, sightOf } from '../../../simulations/design/design-cameras.ts'
import {
  chanceInVisit,
  frameCorrelation,
  normalQuantile,
  normalShare,
  readChance,
  sharedQuality,
} from '../../../simulations/design/read-model.ts'
import { ratesScenario } from './rates-scenario.ts'
import { STOCK_CURVE } from './stock-reader.ts'

test('more pixels read better, blur and steep angles worse, and nothing above the ceiling', () => {
  expect(readChance(STOCK_CURVE, 150, 0, 0)).toBeGreaterThan(readChance(STOCK_CURVE, 70, 0, 0))
  expect(readChance(STOCK_CURVE, 100, 4, 0)).toBeLessThan(readChance(STOCK_CURVE, 100, 0, 0))
  expect(readChance(STOCK_CURVE, 85, 0, 45)).toBeLessThan(readChance(STOCK_CURVE, 85, 0, 20))
  expect(readChance(STOCK_CURVE, 5000, 0, 0)).toBeLessThanOrEqual(STOCK_CURVE.ceiling)
  expect(readChance(STOCK_CURVE, 0, 0, 0)).toBe(0)
})

test.each([
  [70, 0.8],
  [85, 0.91],
  [100, 0.94],
  [150, 0.97],
  [200, 1],
])('the curve reads plates of %i px as often as they were read when it was fitted', (plate_px, seen) => {
  expect(Math.abs(readChance({ ...STOCK_CURVE, ceiling: 1 }, plate_px, 0, 0) - seen)).toBeLessThan(0.05)
})

test('the normal quantile is the inverse of the normal share', () => {
  for (const share of [0.001, 0.02, 0.3, 0.5, 0.85, 0.99])
    expect(normalShare(normalQuantile(share))).toBeCloseTo(share, 6)
})

/** Mean over all visits of the chance that most of `frames` are right. */
function majority(frames: number, mean: number, shared: number): number {
  const choose = (n: number, k: number): number => (k === 0 ? 1 : (choose(n, k - 1) * (n - k + 1)) / k)
  let total = 0
  for (let z = -6; z <= 6; z += 0.05) {
    const chance = chanceInVisit(mean, shared, z)
    let most = 0
    for (let k = Math.floor(frames / 2) + 1; k <= frames; k++)
      most += choose(frames, k) * chance ** k * (1 - chance) ** (frames - k)
    total += (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * 0.05 * most
  }
  return total
}

test.each([
  [0, [0.85, 0.939, 0.973, 0.994]],
  [0.2, [0.85, 0.898, 0.916, 0.931]],
  [0.5, [0.85, 0.865, 0.87, 0.873]],
])(
  'with frames correlated by %d a majority of 1, 3, 5 and 9 gains as little as the field says',
  (correlation, wanted) => {
    const shared = sharedQuality(correlation, 0.85)
    for (const [index, frames] of [1, 3, 5, 9].entries())
      expect(Math.abs(majority(frames, 0.85, shared) - (wanted[index] as number))).toBeLessThan(0.004)
  },
)

test('however much frames share, their mean stays what the curve says', () => {
  for (const shared of [0.1, 0.5, 0.9]) expect(majority(1, 0.7, shared)).toBeCloseTo(0.7, 4)
  expect(frameCorrelation(0.85, sharedQuality(0.5, 0.85))).toBeCloseTo(0.5, 3)
})

test('the blur that a plan tells of is the one that its reads meet, from the side too', () => {
  const [camera] = ratesScenario().cameras
  if (!camera) throw new Error('There is a camera.')
  const pose = { x_m: 9, y_m: -4, height_m: 3, aim: [1.25, 0, 0.6] as const }
  const scenario = ratesScenario({
    cameras: [{ ...camera, covers: [1], pose, shutter_s: 0.01 }],
    reader: { ...ratesScenario().reader, curve: { name: 'test', intercept: 1, perLnPixel: 0, perBlur: 1, ceiling: 1 } },
  })
  const [placed] = placeCameras(scenario)
  const [told] = cameraTable(scenario)
  const stance = { aside_m: 0, behind_m: 0.2, height_m: 0.35, backedIn: false }
  const sight = placed && sightOf(scenario, placed, 0, stance)
  if (!placed || !sight || !told) throw new Error('The plate is seen.')
  expect(told.horizontal_deg).toBeGreaterThan(45)
  const conditions = { dark: false, snowed: false, dirty: false, van: false }
  const [still, moving] = [false, true].map((one) =>
    frameChance(scenario, placed, 0, stance, sight, conditions, one),
  ) as [number, number]
  const logit = (p: number): number => Math.log(p / (1 - p))
  const ownBlur = blurOf(scenario, placed, 0, stance, sight, 0) / (sight.width_px * (0.014 / 0.52))
  expect(sight.width_px).toBeCloseTo(told.plate_px, 6)
  expect(told.blurStrokes).toBeCloseTo(logit(still) - logit(moving) + ownBlur, 6)
})
