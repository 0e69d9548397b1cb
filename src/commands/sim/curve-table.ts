import type { MeasuredCurve, MisreadsOfWidths, ReadCurveFile } from '../../../simulations/design/read-curve-file.ts'
import { fitReadCurve, heldOutCalibration, type TriedRead } from '../../../simulations/design/read-curve-fit.ts'

/** Decimals that are kept of a coefficient or a share: its error is far greater. */
const DECIMALS = 4

/** The curve behind reads, with its errors and how well it predicts plates held out; null where they say none. */
export function measuredCurve(reads: readonly TriedRead[]): MeasuredCurve | null {
  const fitted = fitReadCurve(reads)
  const heldOut = heldOutCalibration(reads)
  if (!fitted || !heldOut) return null
  const missed = reads.filter(({ outcome }) => outcome !== 'right')
  const misread = missed.filter(({ outcome, sure }) => outcome === 'wrong' && sure)
  const of = (pick: 'value' | 'error'): MeasuredCurve['errors'] => ({
    intercept: rounded(fitted.intercept[pick]),
    perLnPixel: rounded(fitted.perLnPixel[pick]),
    perBlur: rounded(fitted.perBlur[pick]),
    ceiling: rounded(fitted.ceiling[pick]),
  })
  return {
    plates: new Set(reads.map(({ plate }) => plate)).size,
    reads: reads.length,
    ...of('value'),
    errors: of('error'),
    outcomes: outcomesOf(reads),
    misreadShare: rounded(misread.length / Math.max(1, missed.length)),
    misreads: misreadsOf(missed),
    heldOut: {
      folds: heldOut.folds,
      error: rounded(heldOut.error),
      bins: heldOut.bins.map(({ reads: many, predicted, seen }) => ({
        reads: many,
        predicted: rounded(predicted),
        seen: rounded(seen),
      })),
    },
  }
}

/** How often each came out, by how sure the reader was. */
function outcomesOf(reads: readonly TriedRead[]): MeasuredCurve['outcomes'] {
  const many = (outcome: TriedRead['outcome'], sure: boolean): number =>
    reads.filter((one) => one.outcome === outcome && one.sure === sure).length
  return {
    right: { sure: many('right', true), unsure: many('right', false) },
    wrong: { sure: many('wrong', true), unsure: many('wrong', false) },
    none: many('none', false) + many('none', true),
  }
}

/** Widths by which misreads are counted, pixels: narrow plates are not read, wide ones are read wrong or right. */
const WIDTHS_PX = [20, 30, 45, 70, 110, 171] as const

function misreadsOf(missed: readonly TriedRead[]): MisreadsOfWidths[] {
  return WIDTHS_PX.slice(1).map((to_px, at) => {
    const from_px = WIDTHS_PX[at] as number
    const within = missed.filter(({ plate_px }) => plate_px >= from_px && plate_px < to_px)
    const misread = within.filter(({ outcome, sure }) => outcome === 'wrong' && sure).length
    return { from_px, to_px, missed: within.length, misread }
  })
}

const rounded = (value: number): number => Number(value.toFixed(DECIMALS))

/** Both curves of a calibration as text, and which of them counts. */
export function curveLines({ rendered, photos, uses }: ReadCurveFile): string[] {
  const both = photos === null ? [] : ['', ...linesOf('Photographs', photos)]
  const used = uses === 'photos' ? 'photographs' : 'rendered plates'
  const why = photos === null ? 'no photographs were given.' : 'they are read less often.'
  return [...linesOf('Rendered plates', rendered), ...both, '', `The curve of the ${used} counts: ${why}`]
}

function linesOf(what: string, curve: MeasuredCurve): string[] {
  const { errors, heldOut, outcomes, misreads = [] } = curve
  const byWidth = misreads.map(({ from_px, misread, missed }) => `from ${from_px} px ${misread} of ${missed}`)
  const give = (value: number, error: number): string => `${value.toFixed(2)} (± ${error.toFixed(2)})`
  const { right, wrong, none } = outcomes
  return [
    `${what}: ${curve.plates} plates, ${curve.reads} reads.`,
    `  logit = ${give(curve.intercept, errors.intercept)} + ${give(curve.perLnPixel, errors.perLnPixel)} · ln(plate px) − ${give(curve.perBlur, errors.perBlur)} · blur/stroke,`,
    `  times a ceiling of ${curve.ceiling.toFixed(3)} (± ${errors.ceiling.toFixed(3)}); standard errors, clustered by plate.`,
    `  Right ${right.sure + right.unsure} (${right.sure} surely enough to act on), wrong text ${wrong.sure + wrong.unsure} (${wrong.sure} surely enough to act on), nothing read ${none}.`,
    `  Of reads that are not right ${percent(curve.misreadShare)} would be acted on as another plate${byWidth.length > 0 ? `: ${byWidth.join(', ')}` : ''}.`,
    `  Plates held out (${heldOut.folds} parts): ${(100 * heldOut.error).toFixed(1)} points off on average.`,
    `  ${'predicted'.padEnd(12)}${heldOut.bins.map(({ predicted }) => percent(predicted).padStart(8)).join('')}`,
    `  ${'seen'.padEnd(12)}${heldOut.bins.map(({ seen }) => percent(seen).padStart(8)).join('')}`,
  ]
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`
