import { expect, test } from 'vitest'
import type { CameraMessage } from '../../../actors/camera-desk.ts'
import type { PictureAnswer, PictureRead } from '../../../actors/ports.ts'
import { Fault } from '../../../machines/faults.ts'
import { SIGN_OF_LIFE } from '../../../src/cameras/camera-dialect.ts'
import { cameraLine } from '../../../src/cameras/camera-line.ts'
import { hikvision } from '../../../src/cameras/hikvision.ts'
import { newestWins } from '../../../src/cameras/newest-wins.ts'
import { frameOf } from '../../../src/cameras/seen-frames.ts'

const WHOLE = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
] as const
const CAMERA = { cameraId: 'cam-1', zones: { 'bay-1': WHOLE } }
const LOOK = { cells: [] } as never

const ourRead = (text: string): PictureRead => ({
  text,
  candidates: [],
  characters: [],
  confidence: 0.9,
  quad: [
    [0.4, 0.5],
    [0.5, 0.5],
    [0.5, 0.6],
    [0.4, 0.6],
  ],
})
const answer = (...texts: string[]): PictureAnswer => ({
  width: 1,
  height: 1,
  ms: Math.random(),
  zones: { 'bay-1': { reads: texts.map(ourRead), look: LOOK } },
})
const deviceRead = (id: string) => ({
  id,
  plate: 'AB12CDE',
  confidence: 0.9,
  characters: [],
  box: null,
  vehicleBox: null,
  frame: id,
  capturedAt: null,
  timeTrust: 'none' as const,
  phase: 'single' as const,
  told: null,
})

/** A line whose reader answers when the test says so, picture by picture. */
function stage() {
  const seen: CameraMessage[] = []
  const waiting = new Map<string, () => void>()
  const line = cameraLine({
    cameraDesk: { see: async (message) => void seen.push(message), camera: () => undefined },
    judge: () => 'unknown',
    reader: {
      read: async (picture) => {
        await new Promise<void>((go) => waiting.set(Buffer.from(picture).toString(), go))
        return answer('AB12CDE')
      },
      close: async () => undefined,
    },
  })
  const event = (picture: string, ...ids: string[]) =>
    line.hear(
      CAMERA,
      hikvision,
      {
        ...SIGN_OF_LIFE,
        reads: ids.map(deviceRead),
        pictures: [{ shows: 'scene', bytes: Buffer.from(picture), read: 0 }],
      },
      { receivedAt: 1 },
    )
  const read = async (picture: string): Promise<void> => {
    await expect.poll(() => [...waiting.keys()]).toContain(picture)
    waiting.get(picture)?.()
  }
  return { line, seen, event, read }
}
const TIMES = { receivedAt: 1, capturedAt: null }

test('every result of a message is remembered: one of them sent again alone is not read again', async () => {
  const { line, event, read } = stage()
  await event('first', 'a', 'b')
  await read('first')
  await expect.poll(() => line.counts()['second_looks_done']).toBe(1)
  await event('again', 'b')
  await event('again', 'a')
  expect(line.counts()['second_looks']).toBe(1)
  await event('next', 'c')
  expect(line.counts()['second_looks']).toBe(2)
})

test('new pictures of a camera never take the place of a second witness that waits', async () => {
  const { line, seen, event, read } = stage()
  const pictures = [line.see(CAMERA, Buffer.from('picture 1'), TIMES)]
  await event('enclosed', 'a')
  pictures.push(line.see(CAMERA, Buffer.from('picture 2'), TIMES))
  for (const picture of ['picture 1', 'enclosed', 'picture 2']) await read(picture)
  await Promise.all(pictures)
  await expect.poll(() => line.counts()['second_looks_done']).toBe(1)
  expect(line.counts()).toMatchObject({ second_looks_failed: 0, intake_pictures_overtaken: 0 })
  expect(seen.filter(({ reader, frame }) => reader === 'berth' && frame === 'a')).toHaveLength(1)
})

test('a job that a newer one overtakes is told so at once, and the newer one is done', async () => {
  const line = newestWins()
  let release = (): void => {}
  const running = line.offer('cam', () => new Promise<string>((done) => (release = () => done('first'))))
  const overtaken = line.offer('cam', async () => 'second').catch((fault: unknown) => fault)
  const newest = line.offer('cam', async () => 'third')
  const fault = await Promise.race([overtaken, new Promise((late) => setTimeout(late, 1_000, 'still waiting'))])
  expect(fault).toBeInstanceOf(Fault)
  expect(fault).toMatchObject({ code: 'READER_BUSY' })
  release()
  expect([await running, await newest, line.dropped()]).toEqual(['first', 'third', 1])
})

test('a picture’s frame is named by what it shows: the same twice is one frame, another is another', () => {
  const frames = [answer('AB12CDE'), answer('AB12CDE'), answer('AB12CDF')].map(frameOf)
  expect(frames[1]).toBe(frames[0])
  expect(frames[2]).not.toBe(frames[0])
})
