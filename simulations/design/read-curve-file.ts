import defaultFile from './read-curve.json' with { type: 'json' }
import type { HeldOut } from './read-curve-fit.ts'
import type { ReadCurve } from './read-model.ts'

/** Of the frames of plates from so wide to less than so wide (pixels) that were not read right: how many were believed as another. */
export type MisreadsOfWidths = {
  readonly from_px: number
  readonly to_px: number
  readonly missed: number
  readonly misread: number
}

/** One fitted curve with what it was fitted on. Errors are standard errors, clustered by plate. */
export type MeasuredCurve = {
  readonly plates: number
  readonly reads: number
  readonly intercept: number
  readonly perLnPixel: number
  readonly perBlur: number
  readonly ceiling: number
  readonly errors: {
    readonly intercept: number
    readonly perLnPixel: number
    readonly perBlur: number
    readonly ceiling: number
  }
  /** How often each came out; `sure` = enough to act on by the default policy. */
  readonly outcomes: {
    readonly right: { readonly sure: number; readonly unsure: number }
    readonly wrong: { readonly sure: number; readonly unsure: number }
    readonly none: number
  }
  /** Of the frames that were not read right: how many gave another text of which the reader was sure enough to act on, 0..1. */
  readonly misreadShare: number
  /** The same by the plate's width in pixels; absent in calibrations from before it was counted. */
  readonly misreads?: readonly MisreadsOfWidths[]
  readonly heldOut: HeldOut
}

/** A calibration as a file: which reader was tried on what, every curve that came out, and which of them counts. */
export type ReadCurveFile = {
  readonly version: 1
  readonly name: string
  readonly seed: number
  /** SHA-256 of each model that read. */
  readonly models: { readonly [model: string]: string }
  readonly uses: 'rendered' | 'photos'
  readonly rendered: MeasuredCurve
  readonly photos: MeasuredCurve | null
}

/** The curve that a calibration file says, or one sentence about what is wrong with it. */
export function readCurveFile(value: unknown): ReadCurve | string {
  if (!isObject(value) || value['version'] !== 1 || typeof value['name'] !== 'string')
    return 'this is no read curve of version 1; `berth sim calibrate-reader --out FILE` writes one.'
  const { name, uses } = value as { readonly name: string; readonly uses?: unknown }
  if (uses !== 'rendered' && uses !== 'photos') return '`uses` says neither rendered nor photos.'
  const curve: unknown = value[uses]
  if (!isObject(curve)) return `\`${uses}\` is missing, and \`uses\` names it.`
  const numbers: { [key: string]: number } = {}
  for (const [key, [least, most]] of Object.entries(BOUNDS)) {
    const given = curve[key]
    if (typeof given !== 'number' || !(given >= least && given <= most))
      return `\`${uses}.${key}\` is no number from ${least} to ${most}.`
    numbers[key] = given
  }
  return { name, ...(numbers as Omit<ReadCurve, 'name'>) }
}

const BOUNDS = {
  intercept: [-100, 100],
  perLnPixel: [0, 100],
  perBlur: [0, 100],
  ceiling: [0, 1],
  misreadShare: [0, 1],
} as const

const isObject = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Which of two curves reads less: the one with the lower mean chance over the widths and blurs that sites are planned with. */
export function worseOf(rendered: MeasuredCurve, photos: MeasuredCurve | null): 'rendered' | 'photos' {
  return photos !== null && meanChance(photos) < meanChance(rendered) ? 'photos' : 'rendered'
}

const PLANNED_PX = [40, 60, 80, 100, 130, 170] as const
const PLANNED_STROKES = [0, 0.5, 1, 1.5] as const

function meanChance({ intercept, perLnPixel, perBlur, ceiling }: MeasuredCurve): number {
  const chances = PLANNED_PX.flatMap((plate_px) =>
    PLANNED_STROKES.map(
      (strokes) => ceiling / (1 + Math.exp(-(intercept + perLnPixel * Math.log(plate_px) - perBlur * strokes))),
    ),
  )
  return chances.reduce((sum, one) => sum + one, 0) / chances.length
}

function shipped(): ReadCurve {
  const curve = readCurveFile(defaultFile)
  if (typeof curve === 'string') throw new TypeError(curve)
  return curve
}

/** What a scenario's `reader.curve: default` means: berth's own reader, as `berth sim calibrate-reader` found it. */
export const DEFAULT_CURVE: ReadCurve = shipped()
