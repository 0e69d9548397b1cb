import sharp from 'sharp'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Entry, PictureAnswer } from '../../../actors/ports.ts'
import type { PictureView } from '../../../actors/zone-look.ts'
import type { FactRecord } from '../../../machines/record.ts'
import { CameraHealth } from '../../../src/cameras/camera-health.ts'
import { ViewWatch } from '../../../src/cameras/view-watch.ts'
import { REGULARS } from '../../../src/demo/cast.ts'
import { bayZone, type Light, parkedPose } from '../../../src/demo/scene.ts'
import { developPicture, renderPixels } from '../../../src/demo/scene-picture.ts'
import { vehicleLength } from '../../../src/demo/vehicle-body.ts'
import { decodePicture } from '../../../src/vision/picture.ts'
import { viewOf } from '../../../src/vision/picture-view.ts'
import { startServer } from '../server/running-server.ts'

const zones = [bayZone(0), bayZone(1), bayZone(2)]
const GRAIN = { noise: 4, blur_px: 0.6 }

/** A rendered picture of the car park; `parked`: places that are taken. */
async function scene(light: Light, parked: readonly number[], seed: number, grain = GRAIN): Promise<Buffer> {
  const vehicles = parked.flatMap((place) => {
    const look = REGULARS[place]?.look
    return look ? [{ look, pose: parkedPose(place, vehicleLength(look), 0) }] : []
  })
  return developPicture(await renderPixels({ light, bayNumbers: ['1', '2', '3'], vehicles }), { ...grain, seed })
}
const glance = async (picture: Buffer): Promise<PictureView> => viewOf(await decodePicture(picture), zones)
/** The same camera, knocked a little to the side: what was at its edge is gone. */
const knocked = (picture: Buffer): Promise<Buffer> =>
  sharp(picture)
    .extract({ left: 90, top: 40, width: 1190, height: 680 })
    .extend({ right: 90, bottom: 40, extendWith: 'mirror' })
    .jpeg()
    .toBuffer()
const flat = (grey: number): Promise<Buffer> =>
  sharp({ create: { width: 1280, height: 720, channels: 3, background: { r: grey, g: grey, b: grey } } })
    .jpeg()
    .toBuffer()

let views: { readonly [name: string]: readonly PictureView[] }
beforeAll(async () => {
  const several = async (light: Light, parked: readonly number[], grain = GRAIN): Promise<PictureView[]> =>
    Promise.all([1, 2, 3].map(async (seed) => glance(await scene(light, parked, seed, grain))))
  const day = await scene('day', [], 9)
  views = {
    day: await several('day', []),
    cars: [...(await several('day', [0, 1])), ...(await several('day', [0, 1, 2])), ...(await several('day', [2]))],
    night: await several('night', []),
    nightCars: await several('night', [0, 2]),
    snow: await several('snow', [1]),
    noisy: await several('day', [], { noise: 10, blur_px: 0.8 }),
    soft: await several('day', [], { noise: 4, blur_px: 1.2 }),
    unsharp: await several('day', [0], { noise: 4, blur_px: 4 }),
    knocked: [await glance(await knocked(day)), await glance(await knocked(await scene('day', [1], 4)))],
    covered: [await glance(await flat(60))],
    black: [await glance(await sharp(day).linear(0.03, 0).jpeg().toBuffer())],
    dazzled: [await glance(await sharp(day).linear(1.5, 120).jpeg().toBuffer())],
  }
}, 60_000)

/** Shows a watch these pictures, one a second for so long; gives the faults at the end. */
function watched(watch: ViewWatch, names: readonly string[], seconds: number, from: number): readonly string[] {
  const pictures = names.flatMap((name) => views[name] ?? [])
  for (let second = 0; second < seconds; second += 1) {
    const view = pictures[second % pictures.length]
    if (view) watch.see(view, (from + second) * 1_000)
  }
  return watch.faults()
}
/** A watch that has seen ten minutes of a usual day. */
function used(): ViewWatch {
  const watch = new ViewWatch()
  expect(watched(watch, ['day', 'cars'], 600, 0)).toEqual([])
  return watch
}

describe('what a camera shows, in rendered pictures', () => {
  test('cars that come and go, night, snow, noise and a lens a little soft are no fault', () => {
    const watch = used()
    for (const [at, names] of [
      ['cars'],
      ['noisy'],
      ['soft'],
      ['night'],
      ['nightCars', 'night'],
      ['day'],
      ['snow'],
      ['day', 'cars'],
    ].entries())
      expect([names, watched(watch, names, 400, 600 + at * 400)]).toEqual([names, []])
  })

  test.each([
    ['unsharp', 'blurred'],
    ['knocked', 'moved'],
    ['covered', 'blocked'],
    ['black', 'dark'],
    ['dazzled', 'glare'],
  ])('%s: it is found as %s within three minutes, and over within three minutes', (name, fault) => {
    const watch = used()
    expect(watched(watch, [name], 5, 600)).toEqual([])
    expect(watched(watch, [name], 180, 605)).toEqual([fault])
    expect(watched(watch, ['day', 'cars'], 180, 785)).toEqual([])
  })

  test('headlights that sweep and a van that passes are none', () => {
    const watch = used()
    for (let minute = 0; minute < 30; minute += 1) {
      watched(watch, [minute % 2 ? 'dazzled' : 'covered'], 20, 600 + minute * 60)
      expect(watched(watch, ['day'], 40, 620 + minute * 60)).toEqual([])
    }
  })
})

/** Health on a clock of its own, with what it wrote and what the bays heard. */
function clinic() {
  const clock = { at: 0, now: () => clock.at }
  const written: Entry[] = []
  const told: string[] = []
  const write = async (entries: readonly Entry[]) => {
    for (const entry of entries) {
      written.push(entry)
      health.hear({ stream: entry.stream, cause: entry.cause } as unknown as FactRecord)
    }
    return []
  }
  const health: CameraHealth = new CameraHealth({
    clock,
    scribe: () => ({ write }),
    cameraDesk: () => ({ camera: (cameraId, news) => void told.push(`${cameraId} ${news}`) }),
    failed: (cause) => {
      throw cause
    },
  })
  health.begin(['cam-1'])
  /** So many seconds with so many pictures each of this kind. */
  const lives = async (seconds: number, rate: number, name = 'day'): Promise<void> => {
    for (let second = 0; second < seconds; second += 1) {
      clock.at += 1_000
      for (let number = 0; number < rate; number += 1) {
        const view = views[name]?.[number % (views[name]?.length ?? 1)]
        health.picture('cam-1', {
          width: 1,
          height: 1,
          ms: 1,
          zones: {},
          ...(view ? { view } : {}),
        } satisfies PictureAnswer)
      }
      health.tick()
      await Promise.resolve()
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  const causes = () => written.map(({ cause }) => `${cause.type} ${String(cause['fault'])}`)
  return { health, clock, written, told, lives, causes }
}

describe('on record', () => {
  test('a covered lens is one alarm with its cause and what to do; its bays are told that it is blind, and that it sees again', async () => {
    const { lives, written, told, causes } = clinic()
    await lives(60, 2)
    await lives(60, 2, 'covered')
    expect(told).toEqual(['cam-1 lost'])
    expect(causes()).toEqual(['camera.impaired blocked'])
    expect(written[0]?.effects).toMatchObject([
      {
        type: 'raise.alarm',
        alarmId: 'site/camera/cam-1/blocked',
        says: 'Camera cam-1 shows one grey and nothing else. Its bays count as unseen until then.',
        do: expect.stringContaining('Clean its lens'),
      },
    ])
    await lives(60, 2)
    expect(told).toEqual(['cam-1 lost', 'cam-1 back'])
    expect(causes()).toEqual(['camera.impaired blocked', 'camera.mended blocked'])
  })

  test('a camera that gives far fewer pictures than it used to is alarmed by its own habit, and a slow one is not', async () => {
    const fast = clinic()
    await fast.lives(200, 5)
    await fast.lives(100, 1)
    expect(fast.causes()).toEqual(['camera.impaired slow'])
    expect(fast.told).toEqual([])
    await fast.lives(60, 5)
    expect(fast.causes()).toEqual(['camera.impaired slow', 'camera.mended slow'])
    const slow = clinic()
    await slow.lives(300, 1)
    expect([slow.causes(), slow.health.conditions()]).toEqual([[], [{ cameraId: 'cam-1', fps: 1, faults: [] }]])
  })

  test('what a device says of itself counts: no picture there is blindness here', async () => {
    const { health, lives, told, written } = clinic()
    health.pulse('cam-1', { fps: 14, blind: null })
    await lives(2, 0)
    expect([told, health.conditions()[0]?.fps]).toEqual([[], 14])
    health.pulse('cam-1', { fps: 0, blind: 'its recogniser says that no picture comes in' })
    await lives(2, 0)
    expect(told).toEqual(['cam-1 lost'])
    expect(written[0]?.effects).toMatchObject([{ says: expect.stringContaining('no picture comes in') }])
    health.pulse('cam-1', { fps: 14, blind: null })
    await lives(2, 0)
    expect(told).toEqual(['cam-1 lost', 'cam-1 back'])
  })

  test('after a restart an alarm stands until the camera was seen well, and ends with a camera that is named no more', async () => {
    const { health, lives, causes } = clinic()
    const record = (cameraId: string) =>
      ({ stream: 'site', cause: { type: 'camera.impaired', cameraId, fault: 'blurred' } }) as unknown as FactRecord
    health.hear(record('cam-1'))
    health.hear(record('cam-9'))
    health.begin(['cam-1'])
    await lives(5, 0)
    expect(causes()).toEqual(['camera.mended blurred'])
    await lives(5, 1)
    expect(causes()).toEqual(['camera.mended blurred', 'camera.mended blurred'])
  })
})

test('metrics name each camera’s pictures a second and what is wrong with it', async () => {
  const sights = [
    { cameraId: 'cam-1', fps: 4.987, faults: ['blurred', 'slow'] as const },
    { cameraId: 'cam-2', fps: null, faults: [] },
  ]
  const { ask } = await startServer({ sights: () => sights })
  const text = await (await ask('/metrics')).text()
  expect(text).toContain('berth_camera_frames_per_second{camera="cam-1"} 4.99\n')
  expect(text).toContain('berth_camera_fault{camera="cam-1",fault="blurred"} 1\n')
  expect(text).not.toContain('cam-2')
})
