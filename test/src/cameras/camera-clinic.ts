import sharp from 'sharp'
import type { Entry, PictureAnswer } from '../../../actors/ports.ts'
import type { PictureView } from '../../../actors/zone-look.ts'
import type { FactRecord } from '../../../machines/record.ts'
import { CameraHealth } from '../../../src/cameras/camera-health.ts'
import { REGULARS } from '../../../src/demo/cast.ts'
import { bayZone, type Light, parkedPose } from '../../../src/demo/scene.ts'
import { developPicture, renderPixels } from '../../../src/demo/scene-picture.ts'
import { vehicleLength } from '../../../src/demo/vehicle-body.ts'
import { decodePicture } from '../../../src/vision/picture.ts'
import { viewOf } from '../../../src/vision/picture-view.ts'

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

/** What a camera makes of a picture: lighter, darker, flatter or without colour. */
const exposed = (picture: Buffer, gain: number, offset = 0): Promise<Buffer> =>
  sharp(picture).linear(gain, offset).jpeg().toBuffer()
const drawn = (picture: Buffer, svg: string): Promise<Buffer> =>
  sharp(picture)
    .composite([{ input: Buffer.from(`<svg width="1280" height="720">${svg}</svg>`) }])
    .jpeg()
    .toBuffer()
const LAMPS = `<defs><radialGradient id="g"><stop offset="0" stop-color="white"/><stop offset="1" stop-color="white" stop-opacity="0"/>
  </radialGradient></defs><circle cx="500" cy="420" r="320" fill="url(#g)"/><circle cx="800" cy="430" r="320" fill="url(#g)"/>`
const TRUCK = `<rect x="0" y="40" width="1280" height="640" fill="#d8d8d0"/><rect x="180" y="120" width="300" height="200" fill="#334"/>`
const STREAKS = Array.from({ length: 240 }, (_, at) => {
  const [x, y] = [(at * 379) % 1280, (at * 211) % 720]
  return `<line x1="${x}" y1="${y}" x2="${x + 6}" y2="${y + 60}" stroke="#c8c8d0" stroke-opacity="0.5"/>`
}).join('')

/** Glances in light that changes at once, with and without the camera knocked. */
export async function renderLights(): Promise<Glances> {
  const [day, cars, night, nightCars, snow] = await Promise.all([
    scene('day', [], 9),
    scene('day', [0, 1, 2], 4),
    scene('night', [], 5),
    scene('night', [0, 2], 6),
    scene('snow', [1], 7),
  ])
  const infrared = async (picture: Buffer): Promise<Buffer> =>
    exposed(await sharp(picture).greyscale().toBuffer(), 2, 20)
  const all = {
    day,
    cars,
    night,
    nightCars,
    snow,
    infrared: await infrared(night),
    infraredCars: await infrared(nightCars),
    lighter: await exposed(day, 1.25),
    darker: await exposed(day, 0.68),
    contrasty: await exposed(day, 1.3, -36),
    headlights: await drawn(night, LAMPS),
    truck: await drawn(day, TRUCK),
    rain: await drawn(await exposed(day, 0.65, 20), STREAKS),
    dim: await exposed(night, 0.25),
  }
  const glances = Object.entries(all).flatMap(([name, picture]) => [
    [name, async () => [await glance(picture)]] as const,
    [`${name}, knocked`, async () => [await glance(await knocked(picture))]] as const,
  ])
  return Object.fromEntries(await Promise.all(glances.map(async ([name, of]) => [name, await of()] as const)))
}

/** Glances at rendered pictures, by what they show. */
export type Glances = { readonly [name: string]: readonly PictureView[] }

/** Renders them: a day and a night with and without cars, and all that can be wrong with a lens. */
export async function renderGlances(): Promise<Glances> {
  const several = async (light: Light, parked: readonly number[], grain = GRAIN): Promise<PictureView[]> =>
    Promise.all([1, 2, 3].map(async (seed) => glance(await scene(light, parked, seed, grain))))
  const day = await scene('day', [], 9)
  return {
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
}

/** The camera that is watched. */
export const CAM = { cameraId: 'cam-1', zones: 'as drawn' }

/** Health on a clock of its own, with what it wrote and what the bays heard. */
export function clinic(glances: Glances) {
  const clock = { at: 0, now: () => clock.at }
  /** How the feed calls the camera. */
  const status: { of: 'live' | 'lost' | 'unheard' } = { of: 'live' }
  const written: Entry[] = []
  const told: string[] = []
  const write = async (entries: readonly Entry[]) => {
    for (const entry of entries) {
      written.push(entry)
      const at = new Date(clock.at).toISOString()
      health.hear({ stream: entry.stream, cause: entry.cause, at } as unknown as FactRecord)
    }
    return []
  }
  const health: CameraHealth = new CameraHealth({
    clock,
    scribe: () => ({ write }),
    cameraDesk: () => ({
      camera: (cameraId, news) => void told.push(`${cameraId} ${news}`),
      cameras: () => [{ cameraId: 'cam-1', status: status.of, lastSeenAt: null, lastReadAt: null, offset_ms: null }],
    }),
    failed: (cause) => {
      throw cause
    },
  })
  health.begin([CAM])
  /** So many seconds with so many pictures each of this kind. */
  const lives = async (seconds: number, rate: number, name = 'day'): Promise<void> => {
    for (let second = 0; second < seconds; second += 1) {
      clock.at += 1_000
      for (let number = 0; number < rate; number += 1) {
        const view = glances[name]?.[number % (glances[name]?.length ?? 1)]
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
  return { health, clock, status, written, told, lives, causes }
}
