import { type InferenceSession, Tensor } from 'onnxruntime-node'
import { cropPicture, type Picture, type PixelBox } from './picture.ts'
import type { SuppliedDetector } from './reader-plan.ts'
import { inputShape, loadSupplied, shapeText, UnfitModel } from './supplied-model.ts'
import type { TextBox } from './text-box.ts'

/**
 * A plate detector of a site's own, by the contract of YOLO exports that end with their boxes: one picture 1 × 3 × side × side, floats 0..1,
 * red, green, blue, its spare edge grey; one output of rows: n × 7 (picture, left, top, right, bottom, class, confidence) or
 * 1 × n × 6 (left, top, right, bottom, confidence, class), in pixels of the input.
 */
export type PlateDetector = {
  readonly session: InferenceSession
  readonly side: number
  readonly confidence: number
}

/** What stands beside a picture that is not square. */
const GREY = 114 / 255

/** Loads such a model and holds it against the contract. Throws UnfitModel. */
export async function loadPlateDetector(
  model: SuppliedDetector,
  options: InferenceSession.SessionOptions,
): Promise<PlateDetector> {
  const session = await loadSupplied(model, options)
  const shape = inputShape(model, session)
  const [, channels, height, width] = shape.sides
  const isSquare = shape.sides.length === 4 && (channels ?? 3) === 3 && height === width
  if (shape.type !== 'float32' || !isSquare)
    throw new UnfitModel(`${model.file} takes ${shapeText(shape)}; expected float32 [1, 3, side, side]`)
  const detector = { session, side: height ?? model.size, confidence: model.confidence }
  const output = await run(detector, new Float32Array(3 * detector.side * detector.side).fill(GREY))
  if (rowsOf(output) === null)
    throw new UnfitModel(
      `${model.file} gives [${output.dims.join(', ')}]; expected rows [n, 7] or [1, n, 6]: a detector exported end to end, with its own choice of boxes`,
    )
  return detector
}

/** The plates in a part of a picture, in its pixels, surest first. */
export async function findPlates(detector: PlateDetector, picture: Picture, part: PixelBox): Promise<TextBox[]> {
  const { side, confidence } = detector
  const scale = side / Math.max(part.width, part.height)
  const [width, height] = [part.width, part.height].map((size) => Math.max(1, Math.round(size * scale))) as [
    number,
    number,
  ]
  const [left, top] = [Math.floor((side - width) / 2), Math.floor((side - height) / 2)]
  const { rgb } = await cropPicture(picture, part, width, height)
  const input = new Float32Array(3 * side * side).fill(GREY)
  for (let i = 0; i < width * height; i++) {
    const at = (top + Math.floor(i / width)) * side + left + (i % width)
    for (let c = 0; c < 3; c++) input[c * side * side + at] = (rgb[i * 3 + c] as number) / 255
  }
  const rows = rowsOf(await run(detector, input)) ?? []
  return rows
    .filter((row) => row.score >= confidence && row.right > row.left && row.bottom > row.top)
    .sort((a, b) => b.score - a.score)
    .map((row) => ({
      cx: part.x + ((row.left + row.right) / 2 - left) / scale,
      cy: part.y + ((row.top + row.bottom) / 2 - top) / scale,
      width: (row.right - row.left) / scale,
      height: (row.bottom - row.top) / scale,
      angle: 0,
    }))
}

type Row = {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
  score: number
}

/** The rows of an output; null where it has neither shape. */
function rowsOf({ data, dims }: Tensor): Row[] | null {
  const figures = data as Float32Array
  const isLong = dims.length === 2 && dims[1] === 7
  if (!isLong && !(dims.length === 3 && dims[0] === 1 && dims[2] === 6)) return null
  const [wide, from, score] = isLong ? [7, 1, 6] : [6, 0, 4]
  return Array.from({ length: figures.length / wide }, (_, row) => {
    const at = (place: number): number => figures[row * wide + place] as number
    return { left: at(from), top: at(from + 1), right: at(from + 2), bottom: at(from + 3), score: at(score) }
  })
}

async function run({ session, side }: PlateDetector, pixels: Float32Array): Promise<Tensor> {
  const input = new Tensor('float32', pixels, [1, 3, side, side])
  const output = await session.run({ [session.inputNames[0] as string]: input })
  return output[session.outputNames[0] as string] as Tensor
}
