import { decodePicture } from '../../src/vision/picture.ts'
import { recognisePlates } from '../../src/vision/plate-recogniser.ts'
import { percentile } from '../../src/vision/reader-bench.ts'
import { loadTextModels } from '../../src/vision/text-models.ts'
import { readTexts } from '../../src/vision/text-reader.ts'
import { renderedPlate } from '../src/vision/rendered-plate.ts'
import { type Figure, times } from './figure-table.ts'

/** One plate by our recogniser and by the text recogniser, in turn, so that a busy machine is busy for both: processor ms, medians, and their ratio. */
export async function recogniserBench(rounds = 60): Promise<Figure[]> {
  const models = await loadTextModels()
  const picture = await decodePicture(await renderedPlate('KXY583'))
  const boxes = [{ cx: 320, cy: 238, width: 300, height: 60, angle: 0 }]
  const own: number[] = []
  const text: number[] = []
  for (let round = 0; round < rounds; round++) {
    own.push(await cpuOf(() => recognisePlates(models.plates, picture, boxes)))
    text.push(await cpuOf(() => readTexts(models.recogniser, models.characters, picture, boxes)))
  }
  const [a, b] = [percentile(own, 0.5), percentile(text, 0.5)]
  return [
    {
      name: 'one plate by the plate recogniser, CPU ms, median',
      ...times(a, b),
      note: 'floor: by the text recogniser',
    },
  ]
}

async function cpuOf(read: () => Promise<unknown>): Promise<number> {
  const from = process.cpuUsage()
  await read()
  const { user, system } = process.cpuUsage(from)
  return (user + system) / 1000
}
