import { type InferenceSession, Tensor } from 'onnxruntime-node'
import { sampleBox } from './box-sampler.ts'
import type { Picture } from './picture.ts'
import type { SuppliedRecogniser } from './reader-plan.ts'
import { inputShape, loadSupplied, shapeText, UnfitModel } from './supplied-model.ts'
import type { TextBox } from './text-box.ts'
import { PLATE_CHARACTERS, type ReadText } from './text-decoder.ts'

/**
 * A recogniser of a site's own, by fast-plate-ocr's contract: one picture n × height × width × channels (1 grey or 3 red, green, blue), uint8
 * 0..255, stretched to its size; one output n × slots × alphabet (or the two joined), each slot a character or the pad.
 */
export type PlaceRecogniser = {
  readonly session: InferenceSession
  readonly output: string
  readonly width: number
  readonly height: number
  readonly channels: 1 | 3
  /** For each class its plate character; '' for the pad and for what no plate has. */
  readonly characters: readonly string[]
}

const MOST_READINGS = 12
const MOST_TAPS = 8

/** Loads such a model and holds it against the contract. Throws UnfitModel. */
export async function loadPlaceRecogniser(
  model: SuppliedRecogniser,
  options: InferenceSession.SessionOptions,
): Promise<PlaceRecogniser> {
  const session = await loadSupplied(model, options)
  const shape = inputShape(model, session)
  const [, height, width, channels] = shape.sides
  if (shape.type !== 'uint8' || shape.sides.length !== 4 || !height || !width || (channels !== 1 && channels !== 3))
    throw new UnfitModel(
      `${model.file} takes ${shapeText(shape)}; expected uint8 [?, height, width, 1 or 3], as fast-plate-ocr exports it`,
    )
  const characters = [...model.alphabet].map((one) =>
    one !== model.pad && PLATE_CHARACTERS.includes(one.toUpperCase()) ? one.toUpperCase() : '',
  )
  const recogniser: PlaceRecogniser = {
    session,
    output: session.outputNames.find((name) => name.includes('plate')) ?? (session.outputNames[0] as string),
    width,
    height,
    channels,
    characters,
  }
  const picture: Picture = { width: 64, height: 32, rgb: new Uint8Array(64 * 32 * 3) }
  const { size } = await run(recogniser, picture, { cx: 32, cy: 16, width: 64, height: 32, angle: 0 })
  if (size === 0 || size % characters.length !== 0)
    throw new UnfitModel(
      `${model.file} gives ${size} figures a plate, which are no slots of ${characters.length} characters; expected its own alphabet in \`alphabet\``,
    )
  return recogniser
}

/** Reads the plate in each box of a picture, best reading first; the answers stand in the boxes' order. */
export async function readPlaces(
  recogniser: PlaceRecogniser,
  picture: Picture,
  boxes: readonly TextBox[],
): Promise<ReadText[][]> {
  const answers: ReadText[][] = []
  for (const box of boxes) {
    const { data } = await run(recogniser, picture, box)
    answers.push(readingsOf(data, recogniser.characters))
  }
  return answers
}

/** The likeliest texts of one plate: the first choice of every slot, and those with one slot's second choice in its place. */
export function readingsOf(figures: Float32Array, characters: readonly string[]): ReadText[] {
  const classes = characters.length
  const places = Array.from({ length: figures.length / classes }, (_, place) =>
    ranked(shares(figures.subarray(place * classes, (place + 1) * classes))),
  )
  const first = places.map(([best]) => best as Choice)
  const sure = first.reduce((product, { chance }) => product * chance, 1)
  const texts = new Map<string, ReadText>()
  const add = (choices: readonly Choice[], chance: number): void => {
    const said = choices.filter(({ at }) => characters[at] !== '')
    const text = said.map(({ at }) => characters[at]).join('')
    const known = texts.get(text)
    if (known) texts.set(text, { ...known, chance: known.chance + chance })
    else if (text !== '') texts.set(text, { text, characters: said.map((one) => one.chance), chance })
  }
  add(first, sure)
  for (const [place, [best, next]] of places.entries()) {
    if (!best || !next) continue
    const chance = (sure * next.chance) / Math.max(1e-9, best.chance)
    add([...first.slice(0, place), next, ...first.slice(place + 1)], chance)
  }
  return [...texts.values()].sort((a, b) => b.chance - a.chance).slice(0, MOST_READINGS)
}

type Choice = { readonly at: number; readonly chance: number }

/** The two likeliest classes of a slot. */
function ranked(chances: readonly number[]): readonly Choice[] {
  const choices = chances.map((chance, at) => ({ at, chance }))
  return choices.sort((a, b) => b.chance - a.chance).slice(0, 2)
}

/** A slot's figures as chances that add up to 1: exports end with them, or one step before. */
function shares(figures: Float32Array): readonly number[] {
  const sum = figures.reduce((total, one) => total + one, 0)
  if (Math.abs(sum - 1) < 0.02 && figures.every((one) => one >= 0)) return [...figures]
  const most = Math.max(...figures)
  const powers = Array.from(figures, (one) => Math.exp(one - most))
  const total = powers.reduce((all, one) => all + one, 0)
  return powers.map((one) => one / total)
}

async function run(recogniser: PlaceRecogniser, picture: Picture, box: TextBox) {
  const { session, width, height, channels } = recogniser
  const input = new Tensor('uint8', cutOut(recogniser, picture, box), [1, height, width, channels])
  const output = (await session.run({ [session.inputNames[0] as string]: input }))[recogniser.output] as Tensor
  const data = Float32Array.from(output.data as ArrayLike<number>)
  return { data, size: data.length }
}

/** A turned box cut out and stretched to the model's size, each pixel the mean of what it covers. */
function cutOut({ width, height, channels }: PlaceRecogniser, picture: Picture, box: TextBox): Uint8Array {
  const taps = (step: number): number => Math.min(MOST_TAPS, Math.max(1, Math.round(step)))
  const grid = { columns: width, rows: height, tapsU: taps(box.width / width), tapsV: taps(box.height / height) }
  const plane = width * height
  const colours = new Float32Array(3 * plane)
  sampleBox(picture, box, grid, colours, { offset: 0, row: width, plane })
  const out = new Uint8Array(plane * channels)
  for (let at = 0; at < plane; at++) {
    const [red, green, blue] = [0, 1, 2].map((c) => colours[at + c * plane] as number) as [number, number, number]
    if (channels === 1) out[at] = Math.round(0.299 * red + 0.587 * green + 0.114 * blue)
    else out.set([red, green, blue].map(Math.round), at * 3)
  }
  return out
}
