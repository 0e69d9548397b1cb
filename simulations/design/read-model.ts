import { PLATE_WIDTH_M, STROKE_M } from './camera-geometry.ts'

/**
 * How likely a frame is read right. Logistic in the plate's width in pixels and in its blur over a character's stroke, under a ceiling; the
 * frames of one visit share a quality that is drawn once, for a parked car's tenth frame says little that its first did not.
 */

/** `intercept + perLnPixel · ln(plate px) - perBlur · (blur / stroke)`, the sigmoid of it, times `ceiling`. */
export type ReadCurve = {
  readonly name: string
  readonly intercept: number
  readonly perLnPixel: number
  readonly perBlur: number
  readonly ceiling: number
  /** Of the frames that are not read right: how many are read wrong and believed, 0..1; absent = not measured. */
  readonly misreadShare?: number
}

/** Steeper than this to the side or from above the curve was not measured; from here on each degree costs, logits. */
const EASY_ANGLE_deg = 30
const PER_DEGREE = 0.04

/** Blur in strokes of a character on a plate of so many pixels: one seen from the side has narrower ones. */
export const strokesOf = (blur_px: number, plate_px: number): number =>
  blur_px / (plate_px * (STROKE_M / PLATE_WIDTH_M))

/**
 * Chance that a frame is read right, 0..1. `blur_px` over all causes; `angle_deg` the greater one of the two angles; `harder` what else
 * makes it hard (dirt), logits.
 */
export function readChance(curve: ReadCurve, plate_px: number, blur_px: number, angle_deg: number, harder = 0): number {
  if (plate_px <= 0) return 0
  const steep = Math.max(0, angle_deg - EASY_ANGLE_deg) * PER_DEGREE + harder
  const logit =
    curve.intercept + curve.perLnPixel * Math.log(plate_px) - curve.perBlur * strokesOf(blur_px, plate_px) - steep
  return curve.ceiling / (1 + Math.exp(-logit))
}

/** The normal distribution's share below z (Abramowitz and Stegun 7.1.26 by way of erf, off by less than 2e-7). */
export function normalShare(z: number): number {
  const x = Math.abs(z) / Math.SQRT2
  const t = 1 / (1 + 0.3275911 * x)
  const tail = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t
  const half = 0.5 * tail * Math.exp(-x * x)
  return z < 0 ? half : 1 - half
}

/** The inverse of `normalShare` (Acklam, off by less than 1.2e-9 relative); ±8 at the ends. */
export function normalQuantile(share: number): number {
  if (share <= 0) return -8
  if (share >= 1) return 8
  const low = Math.min(share, 1 - share)
  const sign = share < 0.5 ? 1 : -1
  if (low >= 0.02425) {
    const q = share - 0.5
    return q * ratio(CENTRE, q * q)
  }
  return sign * ratio(TAIL, Math.sqrt(-2 * Math.log(low)))
}

type Ratio = { readonly over: readonly number[]; readonly under: readonly number[] }
const CENTRE: Ratio = {
  over: [
    -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716, 2.506628277459239,
  ],
  under: [-54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572, 1],
}
const TAIL: Ratio = {
  over: [
    -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
    2.938163982698783,
  ],
  under: [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1],
}
const horner = (list: readonly number[], x: number): number => list.reduce((sum, one) => sum * x + one, 0)
const ratio = ({ over, under }: Ratio, x: number): number => horner(over, x) / horner(under, x)

/**
 * Chance of a frame in a visit of quality `z` (standard normal), so that over all visits the mean stays `mean` to the last digit: the
 * normal quantile of it shifted by the quality. `shared` is how much of the quality is the visit's, 0..1 below 1.
 */
export function chanceInVisit(mean: number, shared: number, z: number): number {
  if (shared <= 0 || mean <= 0 || mean >= 1) return mean
  return normalShare((normalQuantile(mean) + Math.sqrt(shared) * z) / Math.sqrt(1 - shared))
}

const shares = new Map<number, number>()

/**
 * How much of the quality must be the visit's so that two frames of it are right together as often as with the correlation `correlation`
 * of right and wrong, at a mean chance of `mean`. By halving; the mean is rounded to a hundredth, for which the answer is kept.
 */
export function sharedQuality(correlation: number, mean: number): number {
  const at = Math.min(0.99, Math.max(0.01, Math.round(mean * 100) / 100))
  const key = at * 1000 + correlation
  const known = shares.get(key)
  if (known !== undefined) return known
  let [low, high] = [0, 0.9999]
  for (let step = 0; step < 30; step++) {
    const middle = (low + high) / 2
    if (frameCorrelation(at, middle) < correlation) low = middle
    else high = middle
  }
  const found = correlation <= 0 ? 0 : (low + high) / 2
  shares.set(key, found)
  return found
}

/** Correlation of right and wrong of two frames of one visit, summed over its quality. */
export function frameCorrelation(mean: number, shared: number): number {
  let both = 0
  const STEP = 0.05
  for (let z = -6; z <= 6; z += STEP) {
    const weight = (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * STEP
    both += weight * chanceInVisit(mean, shared, z) ** 2
  }
  return (both - mean * mean) / (mean * (1 - mean))
}
