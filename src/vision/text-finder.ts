import { type InferenceSession, Tensor } from 'onnxruntime-node'
import type { Picture } from './picture.ts'
import { grownBox, leastBox, type TextBox } from './text-box.ts'

/** A text box with the detector's own score, 0..1. */
export type FoundText = { readonly box: TextBox; readonly score: number }

/** A text map of the detector: the chance of text for each pixel. */
export type TextMap = { readonly width: number; readonly height: number; readonly chance: Float32Array }

const INK = 0.3
const MIN_SCORE = 0.5
const MIN_SIDE = 3
/** How far a found core grows back to the text's edges; along the line a quarter more, for first and last characters are easily clipped. */
const UNCLIP = 1.6
const UNCLIP_ALONG = 1.25 * UNCLIP
const MAX_COMPONENTS = 400
const MEAN = [0.485, 0.456, 0.406] as const
const DEVIATION = [0.229, 0.224, 0.225] as const

/** Finds text in a picture whose sides are multiples of 32; boxes in its pixels, best score first. */
export async function findText(detector: InferenceSession, picture: Picture): Promise<FoundText[]> {
  const { width, height } = picture
  const input = new Tensor('float32', detectorInput(picture), [1, 3, height, width])
  const output = await detector.run({ [detector.inputNames[0] as string]: input })
  const map = output[detector.outputNames[0] as string] as Tensor
  return boxesOf({ width, height, chance: map.data as Float32Array })
}

/** The text boxes of a map: components of likely pixels, the least turned rectangle of each, grown back to the text's full height. */
export function boxesOf(map: TextMap): FoundText[] {
  const found: FoundText[] = []
  for (const component of components(map)) {
    const box = leastBox(component.edge)
    if (box === null || Math.min(box.width, box.height) < MIN_SIDE || component.score < MIN_SCORE) continue
    const grow = (box.width * box.height) / (2 * (box.width + box.height))
    found.push({ box: grownBox(box, grow * UNCLIP_ALONG, grow * UNCLIP), score: component.score })
  }
  return found.sort((a, b) => b.score - a.score)
}

function detectorInput(picture: Picture): Float32Array {
  const pixels = picture.width * picture.height
  const input = new Float32Array(3 * pixels)
  for (let channel = 0; channel < 3; channel++) {
    const scale = 1 / (255 * (DEVIATION[channel] as number))
    const shift = (MEAN[channel] as number) / (DEVIATION[channel] as number)
    const from = 2 - channel // the model was trained on BGR
    const plane = channel * pixels
    for (let i = 0; i < pixels; i++) input[plane + i] = (picture.rgb[i * 3 + from] as number) * scale - shift
  }
  return input
}

type Component = { readonly edge: [number, number][]; readonly score: number }

function components(map: TextMap): Component[] {
  const seen = new Uint8Array(map.chance.length)
  const found: Component[] = []
  for (let start = 0; start < seen.length && found.length < MAX_COMPONENTS; start++) {
    if (seen[start] !== 0 || (map.chance[start] as number) <= INK) continue
    const component = flood(map, seen, start)
    if (component !== null) found.push(component)
  }
  return found
}

/** Collects one 8-connected component; its edge is each row's first and last pixel (corners of the pixel squares). */
function flood(map: TextMap, seen: Uint8Array, start: number): Component | null {
  const { width, height, chance } = map
  const stack = [start]
  const rows = new Map<number, [number, number]>()
  let [count, sum] = [0, 0]
  seen[start] = 1
  while (stack.length > 0) {
    const at = stack.pop() as number
    const [x, y] = [at % width, Math.floor(at / width)]
    count++
    sum += chance[at] as number
    const row = rows.get(y)
    if (row === undefined) rows.set(y, [x, x])
    else if (x < row[0]) row[0] = x
    else if (x > row[1]) row[1] = x
    for (let ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny++) {
      for (let nx = Math.max(0, x - 1); nx <= Math.min(width - 1, x + 1); nx++) {
        const next = ny * width + nx
        if (seen[next] !== 0 || (chance[next] as number) <= INK) continue
        seen[next] = 1
        stack.push(next)
      }
    }
  }
  if (count < MIN_SIDE * MIN_SIDE) return null
  const edge = [...rows].flatMap(([y, [left, right]]): [number, number][] => [
    [left, y],
    [right + 1, y],
    [left, y + 1],
    [right + 1, y + 1],
  ])
  return { edge, score: sum / count }
}
