import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CameraMessage } from '../../../actors/camera-desk.ts'
import { cameraLine } from '../../../src/cameras/camera-line.ts'
import { SeenFrames } from '../../../src/cameras/seen-frames.ts'
import { REGULARS } from '../../../src/demo/cast.ts'
import { bayZone, parkedPose } from '../../../src/demo/scene.ts'
import { developPicture, type Pixels, renderPixels } from '../../../src/demo/scene-picture.ts'
import { vehicleLength } from '../../../src/demo/vehicle-body.ts'
import { decodePicture } from '../../../src/vision/picture.ts'
import { openReader, type ReaderPool } from '../../../src/vision/reader.ts'
import { cutZone } from '../../../src/vision/zone-cut.ts'
import { printOf } from '../../../src/vision/zone-print.ts'

let pixels: Pixels
let reader: ReaderPool
beforeAll(async () => {
  const look = REGULARS[0]?.look
  if (!look) throw new Error('there is no regular')
  const vehicle = { look, pose: parkedPose(1, vehicleLength(look), 0) }
  pixels = await renderPixels({ light: 'day', bayNumbers: ['1', '2', '3'], vehicles: [vehicle] })
  reader = await openReader()
}, 180_000)
afterAll(() => reader.close())

const taken = (seed: number, noise: number): Promise<Buffer> => developPicture(pixels, { seed, noise, blur_px: 0.6 })
const savedAgain = (picture: Buffer, quality: number): Promise<Buffer> => sharp(picture).jpeg({ quality }).toBuffer()
const EMPTY = { reads: [], look: { size: 24, grey: '' } }

/** The name that a picture's middle bay gets. */
async function nameOf(frames: SeenFrames, picture: Buffer, camera = 'cam-1'): Promise<string> {
  const print = printOf(cutZone(await decodePicture(picture), bayZone(1)))
  return frames.nameOf(camera, 'bay-2', { ...EMPTY, print }, 'unnamed')
}

describe('by its pixels', () => {
  test.each([0.5, 1, 2, 4, 7])('a picture saved again is the frame that it was, at noise %s', async (noise) => {
    const frames = new SeenFrames()
    const first = await taken(1, noise)
    const name = await nameOf(frames, first)
    for (const quality of [100, 97, 95, 90])
      expect(await nameOf(frames, await savedAgain(first, quality)), `quality ${quality}`).toBe(name)
    expect(await nameOf(frames, await sharp(first).png().toBuffer()), 'as PNG').toBe(name)
    const twice = await savedAgain(await savedAgain(first, 97), 95)
    expect(await nameOf(frames, twice), 'saved twice').toBe(name)
  })

  test.each([1, 2, 4, 7])('ten frames of a parked car are ten, where the sensor has noise of %s', async (noise) => {
    const frames = new SeenFrames()
    const names = []
    for (let seed = 1; seed <= 10; seed += 1) names.push(await nameOf(frames, await taken(seed, noise)))
    expect(new Set(names).size).toBe(10)
  })

  test('ten frames of a camera without any noise are one', async () => {
    const frames = new SeenFrames()
    const names = []
    for (let seed = 1; seed <= 10; seed += 1) names.push(await nameOf(frames, await taken(seed, 0)))
    expect(new Set(names).size).toBe(1)
  })

  test('what goes on in the next bay makes no new frame of this one, and another camera’s picture is its own', async () => {
    const frames = new SeenFrames()
    const first = await taken(1, 2)
    const beside = await sharp(first)
      .composite([{ input: { create: { width: 60, height: 60, channels: 3, background: '#fff' } }, left: 2, top: 200 }])
      .jpeg({ quality: 97 })
      .toBuffer()
    expect(await nameOf(frames, beside)).toBe(await nameOf(frames, first))
    expect(frames.nameOf('cam-2', 'bay-2', { ...EMPTY, print: [1] }, 'unnamed')).not.toBe(await nameOf(frames, first))
  })

  test('what gives no print is named otherwise', () => {
    expect(new SeenFrames().nameOf('cam-1', 'bay-2', EMPTY, 'by its words')).toBe('by its words')
    expect(new SeenFrames().nameOf('cam-1', 'bay-2', undefined, 'by its words')).toBe('by its words')
  })
})

test('pictures pushed again, saved anew each time, give one frame to the vote; the next real picture gives the second', async () => {
  const seen: CameraMessage[] = []
  const cameraDesk = { see: async (message: CameraMessage) => void seen.push(message), camera: () => {} }
  const line = cameraLine({ cameraDesk, reader, judge: () => 'unknown' })
  const camera = { cameraId: 'cam-1', zones: { 'bay-2': bayZone(1) } }
  const first = await taken(1, 4)
  const again = [first, await savedAgain(first, 97), await savedAgain(first, 93)]
  for (const picture of [...again, await taken(2, 4)])
    await line.see(camera, picture, { receivedAt: 0, capturedAt: null })
  const frames = seen.flatMap(({ reads }) => reads.slice(0, 1).map(({ frame }) => frame))
  expect(frames).toHaveLength(4)
  expect(new Set(frames.slice(0, 3)).size).toBe(1)
  expect(frames[3]).not.toBe(frames[0])
}, 180_000)
