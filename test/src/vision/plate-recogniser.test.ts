import { stat } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { MODEL_FILES } from '../../../src/vision/model-files.ts'
import { decodePicture } from '../../../src/vision/picture.ts'
import { loadPlateRecogniser, recognisePlates } from '../../../src/vision/plate-recogniser.ts'
import { boxFigures } from '../../../src/vision/recogniser-bench.ts'
import { renderedPlate } from './rendered-plate.ts'

test('the plate recogniser reads plates, several at once, in the order of their boxes', async () => {
  const recogniser = await loadPlateRecogniser()
  const picture = await decodePicture(await renderedPlate('KXY583'))
  const box = { cx: 320, cy: 238, width: 350, height: 80, angle: 0 }
  const elsewhere = { cx: 60, cy: 40, width: 100, height: 40, angle: 0 }
  const [empty, first, second] = await recognisePlates(recogniser, picture, [elsewhere, box, { ...box, height: 96 }])
  expect([first?.[0]?.text, second?.[0]?.text]).toEqual(['KXY583', 'KXY583'])
  expect(first?.[0]?.characters).toHaveLength(6)
  expect(empty?.[0]?.text ?? '').not.toBe('KXY583')
})

test('the model is small enough to live in the repository', async () => {
  expect((await stat(MODEL_FILES.plates)).size).toBeLessThan(4 * 1024 * 1024)
})

test('agreement counts folded texts and leaves out photos where nothing was read', () => {
  const outcome = (own: string, text: string) => ({ file: '', plate: 'AB123C', own, text, own_ms: 1, text_ms: 10 })
  const figures = boxFigures([
    outcome('AB123C', 'A8I23C'),
    outcome('AB124C', 'AB124C'),
    outcome('', ''),
    outcome('AB123', 'AB123C'),
  ])
  expect(figures.agreed.value).toBe(0.5)
  expect(figures.agreedRight.value).toBe(0.5)
  expect(figures.either.value).toBe(0.5)
  expect(figures.own.exact.value).toBe(0.25)
})
