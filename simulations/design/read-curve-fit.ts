import { PLATE_WIDTH_M, STROKE_M } from './camera-geometry.ts'

/** One read of a plate whose text is known. */
export type TriedRead = {
  /** Reads of one plate share its number: they say less than reads of as many plates. */
  readonly plate: number
  readonly plate_px: number
  readonly blur_px: number
  /** `right` but for look-alikes, `wrong` text, or `none` at all. */
  readonly outcome: 'right' | 'wrong' | 'none'
  /** A site would act on it: a plausible plate, and the reader as sure as the policy asks. */
  readonly sure: boolean
}

/** A coefficient with its standard error, clustered by plate. */
export type Estimate = { readonly value: number; readonly error: number }

/** The coefficients of a read curve, each with its error. */
export type FittedCurve = {
  readonly intercept: Estimate
  readonly perLnPixel: Estimate
  readonly perBlur: Estimate
  readonly ceiling: Estimate
}

/** Reads whose predicted chances are alike: their number, the mean prediction and the share that was right. */
export type CurveBin = { readonly reads: number; readonly predicted: number; readonly seen: number }

/** How well a curve predicts plates that it was not fitted on. `error` = mean distance of the bins, weighed by their reads. */
export type HeldOut = { readonly folds: number; readonly error: number; readonly bins: readonly CurveBin[] }

type Vector = readonly number[]
/** A read as the fit sees it: 1, ln pixels from the middle, minus blur over stroke; and whether it was right. */
type Row = { readonly plate: number; readonly x: Vector; readonly right: 0 | 1 }

/** Pixels are counted from here while fitting, so that coefficients do not pull at each other. */
const MIDDLE = 4
const ROUNDS = 200
const STILL = 1e-9
/** Half a read that fails however good the picture is: no finite number of reads shows a ceiling of 1. */
const DOUBT = 0.5
const START: Vector = [0, 2, 1, 3]
const FOLDS = 5
const BINS = 8

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))
const dot = (a: Vector, b: Vector): number => a.reduce((sum, one, at) => sum + one * (b[at] ?? 0), 0)

const rowsOf = (reads: readonly TriedRead[]): Row[] =>
  reads.map(({ plate, plate_px, blur_px, outcome }) => ({
    plate,
    x: [1, Math.log(plate_px) - MIDDLE, -blur_px / (plate_px * (STROKE_M / PLATE_WIDTH_M))],
    right: outcome === 'right' ? 1 : 0,
  }))

/**
 * The likeliest curve `ceiling · sigmoid(intercept + perLnPixel · ln px - perBlur · blur / stroke)` behind the reads, with errors clustered
 * by plate. Null where the reads do not say one: all right, all wrong, too few, or not better with more pixels and less blur.
 */
export function fitReadCurve(reads: readonly TriedRead[]): FittedCurve | null {
  const rows = rowsOf(reads)
  const at = likeliest(rows)
  if (!at) return null
  const spread = clusteredSpread(rows, at)
  if (!spread) return null
  const [a = 0, b = 0, c = 0, k = 0] = at
  if (!(b > 0 && c >= 0)) return null
  const error = (weights: Vector): number => Math.sqrt(Math.max(0, dot(weights, timesVector(spread, weights))))
  const ceiling = sigmoid(k)
  return {
    // The middle is taken out again.
    intercept: { value: a - MIDDLE * b, error: error([1, -MIDDLE, 0, 0]) },
    perLnPixel: { value: b, error: error([0, 1, 0, 0]) },
    perBlur: { value: c, error: error([0, 0, 1, 0]) },
    ceiling: { value: ceiling, error: ceiling * (1 - ceiling) * error([0, 0, 0, 1]) },
  }
}

/** The chance of a row to be right at these coefficients, and how it changes with each of them. */
function chanceOf({ x }: Row, at: Vector): { readonly p: number; readonly slope: Vector } {
  const s = sigmoid(dot(x, at))
  const ceiling = sigmoid(at[3] ?? 0)
  const p = Math.min(1 - 1e-9, Math.max(1e-9, ceiling * s))
  const steep = ceiling * s * (1 - s)
  return { p, slope: [...x.map((one) => one * steep), ceiling * (1 - ceiling) * s] }
}

function logLikelihood(rows: readonly Row[], at: Vector): number {
  const sum = rows.reduce((total, row) => {
    const { p } = chanceOf(row, at)
    return total + Math.log(row.right === 1 ? p : 1 - p)
  }, 0)
  return sum + DOUBT * Math.log(1 - Math.min(1 - 1e-12, sigmoid(at[3] ?? 0)))
}

/** Fisher scoring; a step that makes it worse is halved. Null where it comes to no rest at finite coefficients. */
function likeliest(rows: readonly Row[]): Vector | null {
  const right = rows.filter((row) => row.right === 1).length
  if (right === 0 || right === rows.length) return null
  let at = START
  let now = logLikelihood(rows, at)
  for (let round = 0; round < ROUNDS; round++) {
    const { score, information } = scored(rows, at)
    const step = solve(information, score)
    if (!step) return null
    let share = 1
    let next = at.map((one, i) => one + (step[i] ?? 0))
    while (share > 1e-6 && !(logLikelihood(rows, next) >= now)) {
      share /= 2
      next = at.map((one, i) => one + share * (step[i] ?? 0))
    }
    const better = logLikelihood(rows, next)
    if (!(better >= now)) return at
    at = next
    if (better - now < STILL) return at.every((one) => Number.isFinite(one) && Math.abs(one) < 100) ? at : null
    now = better
  }
  return null
}

function scored(rows: readonly Row[], at: Vector): { readonly score: number[]; readonly information: number[][] } {
  const ceiling = sigmoid(at[3] ?? 0)
  const score = [0, 0, 0, -DOUBT * ceiling]
  // A grain on the diagonal, for coefficients that the reads leave open.
  const information = score.map((_, i) => score.map((__, j) => (i === j ? 1e-9 : 0)))
  ;(information[3] as number[])[3] = DOUBT * ceiling * (1 - ceiling) + 1e-9
  for (const row of rows) {
    const { p, slope } = chanceOf(row, at)
    const weight = 1 / (p * (1 - p))
    for (const [i, one] of slope.entries()) {
      score[i] = (score[i] as number) + (row.right - p) * weight * one
      const line = information[i] as number[]
      for (const [j, other] of slope.entries()) line[j] = (line[j] as number) + weight * one * other
    }
  }
  return { score, information }
}

/** How far the coefficients may be off, with the reads of a plate taken as one: the sandwich of both informations. */
function clusteredSpread(rows: readonly Row[], at: Vector): number[][] | null {
  const { information } = scored(rows, at)
  const sums = new Map<number, number[]>()
  for (const row of rows) {
    const { p, slope } = chanceOf(row, at)
    const sum = sums.get(row.plate) ?? [0, 0, 0, 0]
    sums.set(
      row.plate,
      sum.map((one, i) => one + ((row.right - p) / (p * (1 - p))) * (slope[i] ?? 0)),
    )
  }
  if (sums.size < 2) return null
  const scale = sums.size / (sums.size - 1)
  const inverse = inverted(information)
  if (!inverse) return null
  const own = inverse.map(() => inverse.map(() => 0))
  for (const sum of sums.values()) {
    const moved = timesVector(inverse, sum)
    for (const [i, one] of moved.entries())
      for (const [j, other] of moved.entries())
        (own[i] as number[])[j] = ((own[i] as number[])[j] ?? 0) + scale * one * other
  }
  return own
}

const timesVector = (matrix: readonly Vector[], vector: Vector): number[] => matrix.map((line) => dot(line, vector))

function inverted(matrix: readonly Vector[]): number[][] | null {
  const columns = matrix.map((_, at) =>
    solve(
      matrix,
      matrix.map((__, i) => (i === at ? 1 : 0)),
    ),
  )
  if (columns.some((one) => one === null)) return null
  return matrix.map((_, i) => columns.map((column) => column?.[i] ?? 0))
}

/** Gauss with the greatest pivot; null where there is none. */
function solve(matrix: readonly Vector[], right: Vector): number[] | null {
  const size = right.length
  const rows = matrix.map((line, i) => [...line, right[i] ?? 0])
  for (let at = 0; at < size; at++) {
    const best = rows
      .slice(at)
      .reduce((most, row, i) => (Math.abs(row[at] ?? 0) > Math.abs(rows[most]?.[at] ?? 0) ? at + i : most), at)
    const [top, pivot] = [rows[at] as number[], rows[best] as number[]]
    rows[at] = pivot
    rows[best] = top
    const by = pivot[at] ?? 0
    if (!(Math.abs(by) > 1e-300)) return null
    for (const [i, row] of rows.entries()) {
      if (i === at) continue
      const share = (row[at] ?? 0) / by
      for (let j = at; j <= size; j++) row[j] = (row[j] ?? 0) - share * (pivot[j] ?? 0)
    }
  }
  return rows.map((row, i) => (row[size] ?? 0) / (row[i] ?? 1))
}

/**
 * How well curves fitted on some plates predict the others: five parts by plate, each predicted by the other four. Null where one of them
 * cannot be fitted.
 */
export function heldOutCalibration(reads: readonly TriedRead[]): HeldOut | null {
  const numbers = [...new Set(reads.map(({ plate }) => plate))]
  const foldOf = new Map(numbers.map((plate, at) => [plate, at % FOLDS]))
  const told: { readonly p: number; readonly right: 0 | 1 }[] = []
  for (let fold = 0; fold < FOLDS; fold++) {
    const at = likeliest(rowsOf(reads.filter(({ plate }) => foldOf.get(plate) !== fold)))
    if (!at) return null
    for (const row of rowsOf(reads.filter(({ plate }) => foldOf.get(plate) === fold)))
      told.push({ p: chanceOf(row, at).p, right: row.right })
  }
  told.sort((a, b) => a.p - b.p)
  const bins = Array.from({ length: BINS }, (_, bin) =>
    binOf(told.slice(Math.floor((bin * told.length) / BINS), Math.floor(((bin + 1) * told.length) / BINS))),
  )
  const error = bins.reduce((sum, { reads: many, predicted, seen }) => sum + many * Math.abs(predicted - seen), 0)
  return { folds: FOLDS, error: error / told.length, bins }
}

function binOf(told: readonly { readonly p: number; readonly right: 0 | 1 }[]): CurveBin {
  const mean = (of: (one: { readonly p: number; readonly right: 0 | 1 }) => number): number =>
    told.reduce((sum, one) => sum + of(one), 0) / Math.max(1, told.length)
  return { reads: told.length, predicted: mean(({ p }) => p), seen: mean(({ right }) => right) }
}
