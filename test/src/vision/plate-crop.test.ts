import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Polygon } from '../../../actors/ports.ts'
import { MAX_CROP_BYTES } from '../../../src/vision/plate-crop.ts'
import { openReader, type ReaderPool } from '../../../src/vision/reader.ts'
import { isSoundCrop } from '../../../src/vision/reader-answer.ts'
import { renderedPlate } from './rendered-plate.ts'

let reader: ReaderPool
let photo: Buffer

beforeAll(async () => {
  photo = await renderedPlate('KX19 TYP')
  reader = await openReader({ deadline_ms: 30_000, crops: true })
}, 180_000)
afterAll(() => reader.close())

const upTo = (bottom: number): Polygon => [
  [0, 0],
  [1, 0],
  [1, bottom],
  [0, bottom],
]

test('a crop shows the plate and little else: it reads as the plate again, and is a tenth of the picture at most', async () => {
  const [read] = (await reader.read(photo, { bay: upTo(1) })).zones['bay']?.reads ?? []
  const crop = read?.crop ?? new Uint8Array()
  expect(isSoundCrop(crop)).toBe(true)
  const { width, height } = await sharp(crop).metadata()
  expect(width * height).toBeLessThan((640 * 480) / 10)
  expect(crop.byteLength).toBeLessThan(photo.byteLength)
  const [again] = (await reader.read(crop, { crop: upTo(1) })).zones['crop']?.reads ?? []
  expect(again?.text).toBe('KX19TYP')
}, 180_000)

test('of a plate whose middle lies outside the zone there is no crop, and none reaches beyond the zone', async () => {
  // The plate stands from 0.42 to 0.58 of the height.
  const half = (await reader.read(photo, { bay: upTo(0.49) })).zones['bay']?.reads ?? []
  expect(half.filter(({ crop }) => crop !== undefined)).toEqual([])
  const most = (await reader.read(photo, { bay: upTo(0.53) })).zones['bay']?.reads ?? []
  for (const { crop } of most) {
    if (!crop) continue
    const { height } = await sharp(crop).metadata()
    expect(height).toBeLessThan(0.16 * 480)
  }
}, 180_000)

test('what is no small JPEG is no crop', () => {
  const jpeg = new Uint8Array(MAX_CROP_BYTES + 1)
  jpeg.set([0xff, 0xd8, 0xff])
  expect(isSoundCrop(jpeg)).toBe(false)
  expect(isSoundCrop(jpeg.slice(0, MAX_CROP_BYTES))).toBe(true)
  expect(isSoundCrop(new TextEncoder().encode('<svg onload="alert(1)"/>'))).toBe(false)
  expect(isSoundCrop('ÿØÿ')).toBe(false)
})
