import { type InferenceSession, Tensor } from 'onnxruntime-node'
import { sampleBox } from './box-sampler.ts'
import type { Picture } from './picture.ts'
import type { TextBox } from './text-box.ts'
import { type CharacterMap, decodeText, type ReadText } from './text-decoder.ts'

const HEIGHT = 48
const MIN_WIDTH = 96
const MAX_WIDTH = 640
const MAX_BATCH = 8

/** Reads the text in each box of a picture; the answers stand in the boxes' order. */
export async function readTexts(
  recogniser: InferenceSession,
  characters: CharacterMap,
  picture: Picture,
  boxes: readonly TextBox[],
  { grey = false } = {},
): Promise<ReadText[][]> {
  const answers: ReadText[][] = boxes.map(() => [])
  const order = boxes.map((box, i) => ({ i, width: lineWidth(box) })).sort((a, b) => a.width - b.width)
  for (let from = 0; from < order.length; ) {
    const first = order[from] as { i: number; width: number }
    let to = from + 1
    // Lines of similar width share a batch: padding costs time and, when long, accuracy.
    while (to < order.length && to - from < MAX_BATCH && (order[to] as { width: number }).width <= first.width * 1.3)
      to++
    const batch = order.slice(from, to)
    const width = (batch[batch.length - 1] as { width: number }).width
    const input = new Float32Array(batch.length * 3 * HEIGHT * width)
    batch.forEach(({ i, width: own }, n) => {
      straighten(picture, boxes[i] as TextBox, own, width, input, n * 3 * HEIGHT * width, grey)
    })
    const output = await recogniser.run({
      [recogniser.inputNames[0] as string]: new Tensor('float32', input, [batch.length, 3, HEIGHT, width]),
    })
    const chances = output[recogniser.outputNames[0] as string] as Tensor
    const [, steps, classes] = chances.dims as [number, number, number]
    batch.forEach(({ i }, n) => {
      answers[i] = decodeText(
        (chances.data as Float32Array).subarray(n * steps * classes, (n + 1) * steps * classes),
        steps,
        classes,
        characters,
      )
    })
    from = to
  }
  return answers
}

function lineWidth(box: TextBox): number {
  const width = Math.ceil((HEIGHT * box.width) / Math.max(1, box.height) / 8) * 8
  return Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, width))
}

/** Samples a turned box into an upright line of 48 pixels height, `own` wide, as normalised BGR planes `width` wide; the rest stays 0. */
function straighten(
  picture: Picture,
  box: TextBox,
  own: number,
  width: number,
  out: Float32Array,
  offset: number,
  grey: boolean,
): void {
  const natural = Math.min(own, Math.max(8, Math.round((HEIGHT * box.width) / Math.max(1, box.height))))
  const taps = Math.min(4, Math.max(1, Math.round(box.height / HEIGHT)))
  const plane = HEIGHT * width
  sampleBox(picture, box, { columns: natural, rows: HEIGHT, tapsU: taps, tapsV: taps }, out, {
    offset,
    row: width,
    plane,
  })
  for (let y = 0; y < HEIGHT; y++) {
    for (let at = offset + y * width, end = at + natural; at < end; at++) {
      const [red, green, blue] = [out[at] as number, out[at + plane] as number, out[at + 2 * plane] as number]
      const level = 0.299 * red + 0.587 * green + 0.114 * blue
      out[at] = (grey ? level : blue) / 127.5 - 1
      out[at + plane] = (grey ? level : green) / 127.5 - 1
      out[at + 2 * plane] = (grey ? level : red) / 127.5 - 1
    }
  }
}
