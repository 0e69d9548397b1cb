import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Picture } from '../../../src/vision/picture.ts'
import { loadPlaceRecogniser, readingsOf, readPlaces } from '../../../src/vision/place-recogniser.ts'
import { planTroubles } from '../../../src/vision/plan-trouble.ts'
import { findPlates, loadPlateDetector } from '../../../src/vision/plate-detector.ts'
import { openReader } from '../../../src/vision/reader.ts'
import { DEFAULT_PLAN, type SuppliedDetector, type SuppliedRecogniser } from '../../../src/vision/reader-plan.ts'
import { UnfitModel } from '../../../src/vision/supplied-model.ts'
import { renderedPlate } from './rendered-plate.ts'
import { type TinyTensor, tinyOnnx } from './tiny-onnx.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'berth-models-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Writes a model and answers where it is and its hash. */
async function kept(name: string, bytes: Buffer): Promise<{ file: string; sha256: string }> {
  const file = join(folder, name)
  await writeFile(file, bytes)
  return { file, sha256: createHash('sha256').update(bytes).digest('hex') }
}

/** Each pixel is a slot, its red, green and blue the figures of three classes: what it reads is what it is shown. */
const pixelReader = (input: Partial<TinyTensor> = {}, classes = 3): Buffer =>
  tinyOnnx({
    input: { name: 'pixels', type: 'uint8', sides: ['n', 2, 4, 3], ...input },
    output: { name: 'plate', type: 'float32', sides: ['n', 'slots', classes] },
    constants: [{ name: 'shape', sides: [3], values: [1, -1, classes], type: 'int64' }],
    nodes: [
      { op: 'Cast', inputs: ['pixels'], outputs: ['figures'], attributes: { to: 1 } },
      { op: 'Reshape', inputs: ['figures', 'shape'], outputs: ['plate'] },
    ],
  })

/** Finds one fixed box, as surely as the brightest figure of what it is shown. */
function brightFinder(rows: 'n×7' | '1×n×6', side: number, [left, top, right, bottom]: readonly number[]): Buffer {
  const corners = [left, top, right, bottom] as number[]
  const isLong = rows === 'n×7'
  const one = isLong ? [1, 1] : [1, 1, 1]
  const fore = isLong ? [0, ...corners, 0] : corners
  return tinyOnnx({
    input: { name: 'images', type: 'float32', sides: [1, 3, side, side] },
    output: { name: 'output', type: 'float32', sides: isLong ? ['n', 7] : [1, 'n', 6] },
    constants: [
      { name: 'one', sides: [one.length], values: one, type: 'int64' },
      { name: 'fore', sides: [...one.slice(1), fore.length], values: fore, type: 'float32' },
      ...(isLong ? [] : [{ name: 'class', sides: one, values: [0], type: 'float32' } as const]),
    ],
    nodes: [
      { op: 'ReduceMax', inputs: ['images'], outputs: ['most'], attributes: { keepdims: 0 } },
      { op: 'Reshape', inputs: ['most', 'one'], outputs: ['score'] },
      {
        op: 'Concat',
        inputs: isLong ? ['fore', 'score'] : ['fore', 'score', 'class'],
        outputs: ['output'],
        attributes: { axis: one.length - 1 },
      },
    ],
  })
}

const recogniser = async (bytes: Buffer, more: Partial<SuppliedRecogniser> = {}): Promise<SuppliedRecogniser> => ({
  ...(await kept(`${createHash('sha256').update(bytes).digest('hex').slice(0, 8)}.onnx`, bytes)),
  alphabet: 'AB_',
  pad: '_',
  ...more,
})
const detector = async (bytes: Buffer): Promise<SuppliedDetector> => ({
  ...(await kept(`${createHash('sha256').update(bytes).digest('hex').slice(0, 8)}.onnx`, bytes)),
  confidence: 0.6,
  size: 640,
})

/** Stripes of colours (R, G, B), each ten pixels wide. */
function stripes(colours: string): Picture {
  const [width, height] = [colours.length * 10, 20]
  const rgb = new Uint8Array(width * height * 3)
  for (let i = 0; i < width * height; i++)
    rgb[i * 3 + 'RGB'.indexOf(colours[Math.floor((i % width) / 10)] as string)] = 255
  return { width, height, rgb }
}

describe('a recogniser of fixed slots that the site brings', () => {
  const box = { cx: 20, cy: 10, width: 40, height: 20, angle: 0 }

  test('gets the plate stretched to its size as red, green and blue bytes, row by row, and its slots are read without pads', async () => {
    const model = await loadPlaceRecogniser(await recogniser(pixelReader()), {})
    const [texts] = await readPlaces(model, stripes('RGBG'), [box])
    expect(texts?.[0]?.text).toBe('ABBABB')
    expect(texts?.[0]?.characters).toHaveLength(6)
    expect(texts?.[0]?.chance).toBeGreaterThan(0.99)
  })

  test('gets grey where its input has one channel', async () => {
    const grey = pixelReader({ sides: ['n', 2, 6, 1] })
    const model = await loadPlaceRecogniser(await recogniser(grey), {})
    // Each slot is three neighbouring pixels: green is lighter than red, red lighter than blue.
    const [texts] = await readPlaces(model, stripes('RGBBGR'), [{ cx: 30, cy: 10, width: 60, height: 20, angle: 0 }])
    expect(texts?.[0]?.text).toBe('BBBB')
  })

  test('offers the second choice of every slot, by its chance', () => {
    const texts = readingsOf(Float32Array.from([0.7, 0.3, 0, 0, 0.9, 0.1]), ['A', 'B', ''])
    expect(texts.map(({ text }) => text)).toEqual(['AB', 'BB', 'A'])
    expect(texts[1]?.chance).toBeCloseTo(0.27, 5)
    expect(texts[0]?.characters.map((one) => Math.round(one * 10))).toEqual([7, 9])
  })
})

describe('a detector that the site brings', () => {
  const white: Picture = { width: 400, height: 300, rgb: new Uint8Array(400 * 300 * 3).fill(255) }
  const part = { x: 100, y: 50, width: 200, height: 100 }

  test.each(['n×7', '1×n×6'] as const)(
    'answers %s rows; its boxes are placed in the picture, the grey edge taken off',
    async (rows) => {
      const model = await loadPlateDetector(await detector(brightFinder(rows, 64, [16, 24, 48, 40])), {})
      expect(await findPlates(model, white, part)).toEqual([{ cx: 200, cy: 100, width: 100, height: 50, angle: 0 }])
    },
  )

  test('is not believed below the site’s confidence', async () => {
    const model = await loadPlateDetector(await detector(brightFinder('n×7', 64, [16, 24, 48, 40])), {})
    const black: Picture = { ...white, rgb: new Uint8Array(white.rgb.length) }
    expect(await findPlates(model, black, part)).toEqual([])
  })

  test('finds the plate that both recognisers then read', async () => {
    // The rendered plate (150, 200, 340 × 76 of 640 × 480) in a square of 320 with an edge of 40.
    const plan = { ...DEFAULT_PLAN, detector: await detector(brightFinder('n×7', 320, [80, 142, 240, 176])) }
    const reader = await openReader({ plan, deadline_ms: 60_000 })
    try {
      const whole = [
        [0, 0],
        [1, 0],
        [1, 1],
        [0, 1],
      ] as const
      const { zones } = await reader.read(await renderedPlate('KXY583'), { zone: whole })
      expect(zones['zone']?.reads[0]).toMatchObject({ text: 'KXY583', agreed: true })
    } finally {
      await reader.close()
    }
  }, 180_000)
})

describe('a model that does not fit is named with its file and never loaded', () => {
  const says = async (model: Promise<SuppliedRecogniser>): Promise<string> => {
    const [trouble] = await planTroubles({ ...DEFAULT_PLAN, recogniser: await model })
    return trouble?.says ?? ''
  }

  test('one that is missing, or another than the hash says', async () => {
    expect(await says(recogniser(pixelReader(), { file: join(folder, 'absent.onnx') }))).toMatch(
      /absent\.onnx.*no such file/i,
    )
    expect(await says(recogniser(pixelReader(), { sha256: '0'.repeat(64) }))).toMatch(
      /has the sha256 [0-9a-f]{64}, and not/,
    )
  })
  test('one that is no network', async () => {
    expect(await says(recogniser(Buffer.from('weights')))).toMatch(/is no ONNX model that can be loaded/)
  })
  test('one that takes other pictures, or gives figures that are not its alphabet’s', async () => {
    const taller = pixelReader({ sides: ['n', 3, 2, 4] })
    expect(await says(recogniser(taller))).toContain(
      'takes uint8 [?, 3, 2, 4]; expected uint8 [?, height, width, 1 or 3]',
    )
    expect(await says(recogniser(pixelReader(), { alphabet: 'ABCDEFGHIJ_' }))).toContain('gives 24 figures a plate')
  })
  test('a detector that leaves the choice of boxes to others', async () => {
    const raw = tinyOnnx({
      input: { name: 'images', type: 'float32', sides: [1, 3, 32, 32] },
      output: { name: 'output', type: 'float32', sides: [1, 3, 32, 32] },
      nodes: [{ op: 'Identity', inputs: ['images'], outputs: ['output'] }],
    })
    const [trouble] = await planTroubles({ ...DEFAULT_PLAN, detector: await detector(raw) })
    expect(trouble).toMatchObject({ model: 'detector', says: expect.stringContaining('gives [1, 3, 32, 32]') })
  })
  test('a reader with it does not start, and says why at once', async () => {
    const plan = { ...DEFAULT_PLAN, recogniser: await recogniser(pixelReader(), { sha256: 'f'.repeat(64) }) }
    await expect(openReader({ plan })).rejects.toMatchObject({
      code: 'READER_FAILED',
      message: expect.stringMatching(/^The plate reader cannot start: .*has the sha256/),
    })
    await expect(loadPlaceRecogniser(plan.recogniser, {})).rejects.toBeInstanceOf(UnfitModel)
  }, 180_000)
})
