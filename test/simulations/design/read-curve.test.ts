import { expect, test } from 'vitest'
import defaultFile from '../../../simulations/design/read-curve.json' with { type: 'json' }
import { DEFAULT_CURVE, readCurveFile, worseOf } from '../../../simulations/design/read-curve-file.ts'
import { fitReadCurve, heldOutCalibration, type TriedRead } from '../../../simulations/design/read-curve-fit.ts'
import { readChance } from '../../../simulations/design/read-model.ts'
import { seededDice } from '../../../src/demo/dice.ts'
import { fc } from '../../seeded-check.ts'

const STROKE_OF_PLATE = 0.014 / 0.52

type Truth = {
  readonly intercept: number
  readonly perLnPixel: number
  readonly perBlur: number
  readonly ceiling: number
  readonly seed: number
}

/** Reads of plates by a reader of which the curve is known; each plate is as much easier or harder, logits, as `spread` says. */
function readsBy(truth: Truth, plates: number, spread = 0): TriedRead[] {
  const dice = seededDice(truth.seed)
  return Array.from({ length: plates }, (_, plate) => {
    const own = spread * (dice.next() + dice.next() + dice.next() - 1.5) * 2
    return Array.from({ length: 4 }, (): TriedRead => {
      const plate_px = 20 * 8.5 ** dice.next()
      const blur_px = dice.next() * 4 * plate_px * STROKE_OF_PLATE
      const curve = { ...truth, name: '', intercept: truth.intercept + own }
      const isRight = dice.next() < readChance(curve, plate_px, blur_px, 0)
      return { plate, plate_px, blur_px, outcome: isRight ? 'right' : 'none', sure: isRight }
    })
  }).flat()
}

test('a fit finds the curve behind reads again, within its own errors', () => {
  fc.assert(
    fc.property(
      fc.record({
        half_px: fc.double({ min: 35, max: 70, noNaN: true }),
        perLnPixel: fc.double({ min: 3, max: 6, noNaN: true }),
        perBlur: fc.double({ min: 0.8, max: 2, noNaN: true }),
        ceiling: fc.double({ min: 0.85, max: 0.99, noNaN: true }),
        seed: fc.nat(),
      }),
      ({ half_px, ...rest }) => {
        const truth = { ...rest, intercept: -rest.perLnPixel * Math.log(half_px) }
        const fitted = fitReadCurve(readsBy(truth, 500))
        expect(fitted).not.toBeNull()
        if (!fitted) return
        for (const key of ['intercept', 'perLnPixel', 'perBlur'] as const)
          expect(Math.abs(fitted[key].value - truth[key]) / fitted[key].error).toBeLessThan(4.5)
        expect(Math.abs(fitted.ceiling.value - truth.ceiling)).toBeLessThan(0.02 + 4.5 * fitted.ceiling.error)
        expect(fitted.ceiling.value).toBeLessThan(1)
      },
    ),
    { numRuns: 12, endOnFailure: true },
  )
})

test('plates that differ from one another widen the errors, reads of one plate taken as one', () => {
  const truth = { intercept: -16, perLnPixel: 4, perBlur: 1.2, ceiling: 0.97, seed: 3 }
  const reads = readsBy(truth, 500, 2)
  const clustered = fitReadCurve(reads)?.intercept.error ?? 0
  const alone = fitReadCurve(reads.map((one, plate) => ({ ...one, plate })))?.intercept.error ?? 0
  expect(clustered).toBeGreaterThan(0)
  expect(fitReadCurve([...reads, ...reads])?.intercept.error ?? 0).toBeCloseTo(clustered, 1)
  expect(fitReadCurve([...reads, ...reads].map((one, plate) => ({ ...one, plate })))?.intercept.error).toBeLessThan(
    0.8 * alone,
  )
})

test('plates held out are predicted as often as they are read where the curve is the true one', () => {
  const truth = { intercept: -16, perLnPixel: 4, perBlur: 1.2, ceiling: 0.97, seed: 5 }
  const held = heldOutCalibration(readsBy(truth, 500))
  expect(held?.error).toBeLessThan(0.03)
  expect(held?.bins.reduce((sum, { reads }) => sum + reads, 0)).toBe(2000)
})

test('reads that are all right, all wrong, or worse with more pixels say no curve', () => {
  const truth = { intercept: -16, perLnPixel: 4, perBlur: 1.2, ceiling: 0.97, seed: 5 }
  const reads = readsBy(truth, 100)
  const all = (outcome: TriedRead['outcome']): TriedRead[] => reads.map((one) => ({ ...one, outcome }))
  expect(fitReadCurve(all('right'))).toBeNull()
  expect(fitReadCurve(all('none'))).toBeNull()
  expect(fitReadCurve(readsBy({ ...truth, intercept: 16, perLnPixel: -4 }, 300))).toBeNull()
  expect(fitReadCurve([])).toBeNull()
})

test('the curve that ships is of berth’s own reader: 300 plates or more, held out within 5 points, models named', () => {
  const { rendered, models } = defaultFile
  expect(rendered.plates).toBeGreaterThanOrEqual(300)
  expect(rendered.heldOut.error).toBeLessThan(0.05)
  for (const hash of Object.values(models)) expect(hash).toMatch(/^[0-9a-f]{64}$/)
  expect(Object.keys(models)).toEqual(['plates', 'textDetector', 'textRecogniser'])
  expect(DEFAULT_CURVE.name).toContain('berth’s own reader')
  expect(DEFAULT_CURVE.ceiling).toBeLessThan(1)
})

test('a file that is no curve gets one sentence', () => {
  expect(readCurveFile([])).toContain('berth sim calibrate-reader')
  expect(readCurveFile({ ...defaultFile, uses: 'none' })).toContain('uses')
  expect(readCurveFile({ ...defaultFile, uses: 'photos', photos: null })).toContain('photos')
  expect(readCurveFile({ ...defaultFile, uses: 'rendered', rendered: { ...defaultFile.rendered, ceiling: 2 } })).toBe(
    '`rendered.ceiling` is no number from 0 to 1.',
  )
})

test('of two curves the one that reads less counts', () => {
  const curve = { ...defaultFile.rendered }
  const worse = { ...curve, intercept: curve.intercept - 1 }
  expect(worseOf(curve, null)).toBe('rendered')
  expect(worseOf(curve, worse)).toBe('photos')
  expect(worseOf(worse, curve)).toBe('rendered')
})
