import { InferenceSession, Tensor } from 'onnxruntime-node'
import { MODEL_FILES } from './model-files.ts'
import type { Picture } from './picture.ts'
import { type PlaceRecogniser, readPlaces } from './place-recogniser.ts'
import { SAMPLE_HEIGHT, SAMPLE_WIDTH, samplePlate } from './plate-sampler.ts'
import type { TextBox } from './text-box.ts'
import { characterMap, decodeText, PLATE_CHARACTERS, type ReadText } from './text-decoder.ts'

const MAX_BATCH = 8
/** Class 0 is the blank, then the plate characters in their order. */
const CHARACTERS = characterMap([...PLATE_CHARACTERS])

/** A small network that reads plates and nothing else: our own, or one that the site brings. */
export type PlateRecogniser = { readonly session: InferenceSession } | PlaceRecogniser

/** Loads the network; it runs on one thread. */
export async function loadPlateRecogniser(file: string = MODEL_FILES.plates): Promise<PlateRecogniser> {
  const session = await InferenceSession.create(file, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    enableMemPattern: false,
    logSeverityLevel: 3,
  })
  return { session }
}

/**
 * Reads the plate in each box of a picture, one line or two, best reading first; the answers stand in the boxes' order.
 * A box may hold the whole plate or only its text.
 */
export async function recognisePlates(
  recogniser: PlateRecogniser,
  picture: Picture,
  boxes: readonly TextBox[],
): Promise<ReadText[][]> {
  if ('characters' in recogniser) return readPlaces(recogniser, picture, boxes)
  const answers: ReadText[][] = []
  const size = 3 * SAMPLE_HEIGHT * SAMPLE_WIDTH
  for (let from = 0; from < boxes.length; from += MAX_BATCH) {
    const batch = boxes.slice(from, from + MAX_BATCH)
    const pixels = new Float32Array(batch.length * size)
    batch.forEach((box, i) => {
      samplePlate(picture, box, pixels, i * size)
    })
    const input = new Tensor('float32', pixels, [batch.length, 3, SAMPLE_HEIGHT, SAMPLE_WIDTH])
    const chances = (await recogniser.session.run({ pixels: input }))['chances'] as Tensor
    const [, steps, classes] = chances.dims as [number, number, number]
    for (let i = 0; i < batch.length; i++) {
      const own = (chances.data as Float32Array).subarray(i * steps * classes, (i + 1) * steps * classes)
      answers.push(decodeText(own, steps, classes, CHARACTERS))
    }
  }
  return answers
}
