import { expect, test } from 'vitest'
import { ChanceStreams } from '../../../simulations/design/chance-streams.ts'
import { meanInterval, pairedInterval, relativeHalfWidth, shareInterval } from '../../../simulations/design/interval.ts'
import { tBelow, tQuantile } from '../../../simulations/design/student-t.ts'
import { fc } from '../../seeded-check.ts'

test.each([
  [0.975, 1, 12.706204736],
  [0.975, 2, 4.30265273],
  [0.975, 10, 2.228138852],
  [0.975, 29, 2.045229642],
  [0.975, 200, 1.971896224],
  [0.95, 29, 1.699127027],
])('Student’s t of %d with %d degrees is the tables’ %d', (probability, freedom, wanted) => {
  expect(tQuantile(probability, freedom)).toBeCloseTo(wanted, 8)
})

test('quantile and probability of Student’s t undo each other', () => {
  fc.assert(
    fc.property(fc.double({ min: 0.6, max: 0.999, noNaN: true }), fc.integer({ min: 1, max: 500 }), (p, freedom) => {
      expect(tBelow(tQuantile(p, freedom), freedom)).toBeCloseTo(p, 9)
      expect(tBelow(-tQuantile(p, freedom), freedom)).toBeCloseTo(1 - p, 9)
    }),
  )
})

test('an interval of a known list is the textbook’s', () => {
  const { mean, low, high } = meanInterval([4, 5, 6, 7, 8])
  expect(mean).toBe(6)
  expect(high - mean).toBeCloseTo((2.776445105 * Math.sqrt(2.5)) / Math.sqrt(5), 8)
  expect(mean - low).toBeCloseTo(high - mean, 12)
  expect(meanInterval([3]).high).toBe(Number.POSITIVE_INFINITY)
})

test('Wilson’s interval of a thing never seen still has a top, near three over the tries', () => {
  const { low, high } = shareInterval(0, 1000)
  expect(low).toBe(0)
  expect(high).toBeCloseTo(0.003827, 5)
  expect(shareInterval(10, 100).low).toBeCloseTo(0.05523, 5)
  expect(shareInterval(10, 100).high).toBeCloseTo(0.17437, 5)
  expect(shareInterval(0, 0)).toMatchObject({ low: 0, high: 1 })
})

test('about 95 of 100 intervals hold the truth', () => {
  const streams = new ChanceStreams(3, 0)
  let held = 0
  for (let run = 0; run < 2000; run++) {
    const draws = streams.of('run', run)
    const { low, high } = meanInterval(Array.from({ length: 20 }, () => 10 + draws.normal()))
    if (low <= 10 && high >= 10) held += 1
  }
  expect(held / 2000).toBeGreaterThan(0.935)
  expect(held / 2000).toBeLessThan(0.965)
})

test('pairs that met the same vehicles leave only their difference', () => {
  const value = fc.double({ min: -1e3, max: 1e3, noNaN: true })
  fc.assert(
    fc.property(fc.array(value, { minLength: 2, maxLength: 40 }), value, (before, gain) => {
      const { mean, low, high } = pairedInterval(
        before,
        before.map((one) => one + gain),
      )
      expect(mean).toBeCloseTo(gain, 6)
      expect(high - low).toBeLessThan(1e-6)
    }),
  )
  expect(() => pairedInterval([1], [1, 2])).toThrow('same length')
})

test('the relative half-width says when to stop', () => {
  expect(relativeHalfWidth(meanInterval([1, 1, 1]))).toBe(0)
  expect(relativeHalfWidth(meanInterval([0, 0]))).toBe(0)
  expect(relativeHalfWidth(meanInterval([-1, 1]))).toBe(Number.POSITIVE_INFINITY)
  expect(relativeHalfWidth(meanInterval([9, 11]))).toBeCloseTo(1.27062, 5)
})
