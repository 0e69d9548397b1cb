import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { plateFeed } from '../../../actors/plate-feed.ts'
import { DEFAULT_POLICY, type PlateNews } from '../../../machines/events.ts'
import { fold } from '../../../machines/plate.ts'
import { cameraLine } from '../../../src/cameras/camera-line.ts'
import { systemClock } from '../../../src/clock.ts'
import { REGULARS } from '../../../src/demo/cast.ts'
import { bayZone, LENS, parkedPose, plateBox } from '../../../src/demo/scene.ts'
import { developPicture, renderPixels } from '../../../src/demo/scene-picture.ts'
import { vehicleLength } from '../../../src/demo/vehicle-body.ts'
import { randomIds } from '../../../src/ids.ts'
import { readDevicePush } from '../../../src/server/device-push.ts'
import { openReader, type ReaderPool } from '../../../src/vision/reader.ts'
import { HIKVISION_XML, hikvisionPush, jsonPush, MILESIGHT_EVENT, type Sample } from './device-samples.ts'

let reader: ReaderPool
beforeAll(async () => {
  reader = await openReader()
}, 180_000)
afterAll(() => reader.close())

const zones = { 'bay-1': bayZone(0), 'bay-2': bayZone(1), 'bay-3': bayZone(2) }

/** One car in the middle bay, as the camera sees it; where its plate is, and what it says. */
async function parked(number: number) {
  const look = REGULARS[number]?.look
  if (!look) throw new Error(`there is no regular ${number}`)
  const vehicle = { look, pose: parkedPose(1, vehicleLength(look), 0) }
  const pixels = await renderPixels({ light: 'day', bayNumbers: ['1', '2', '3'], vehicles: [vehicle] })
  const picture = await developPicture(pixels, { seed: number + 1, noise: 4, blur_px: 0.6 })
  const [left, top, right, bottom] = plateBox(vehicle)
  // Devices draw the box around the plate, not around its letters.
  const [margin, across, down] = [6, LENS.width, LENS.height]
  const sides = [left - margin, top - margin, right - left + 2 * margin, bottom - top + 2 * margin] as const
  const box = [sides[0] / across, sides[1] / down, sides[2] / across, sides[3] / down] as const
  return { picture, box, text: look.plate.text.replaceAll(' ', '') }
}

/** The production line before the production feed: what the bays hear of pushes. */
function site() {
  const told: { readonly bayId: string; readonly news: PlateNews }[] = []
  const feed = plateFeed({
    clock: systemClock,
    ids: randomIds,
    keys: { vehicle: (folded) => `v-${folded}`, findVehicle: (folded) => `v-${folded}` },
    zones: () => Object.entries(zones).map(([bayId, polygon]) => ({ cameraId: 'cam-1', bayId, polygon })),
    policy: () => DEFAULT_POLICY,
    deliver: async (bayId, news) => {
      if ('tally' in news) told.push({ bayId, news })
    },
    count: () => {},
  })
  const line = cameraLine({ cameraDesk: feed, reader, judge: () => 'unknown' })
  const push = async (dialect: string, { headers, body }: Sample): Promise<void> => {
    const receivedAt = Date.now()
    const context = { timezone: 'UTC', receivedAt }
    const { dialect: words, message } = readDevicePush({ headers, query: {}, params: { dialect } }, body, context)
    await line.hear({ cameraId: 'cam-1', zones }, words, message, { receivedAt })
  }
  const heard = () => told.map(({ bayId, news }) => `${bayId} ${news.type} ${news.leader}`)
  return { push, heard, told, line }
}

const now = () => new Date().toISOString()
const hikvisionXml = (text: string, [x, y, width, height]: readonly number[]): string => {
  const mille = (side = 0) => Math.round(side * 1_000)
  return HIKVISION_XML.replaceAll('AB12CDE', text)
    .replace(/<dateTime>.*?<\/dateTime>/, `<dateTime>${now()}</dateTime>`)
    .replace(
      /<plateRect>.*?<\/plateRect>/,
      `<plateRect><X>${mille(x)}</X><Y>${mille(y)}</Y><width>${mille(width)}</width><height>${mille(height)}</height></plateRect>`,
    )
    .replace(/<vehicelRect>.*?<\/vehicelRect>/, '')
}

test('one message of a Hikvision with its picture is an agreement of the device and both of our recognisers, in the right bay', async () => {
  for (const number of [0, 1, 2]) {
    const { picture, box, text } = await parked(number)
    const { push, heard, told } = site()
    await push('hikvision', hikvisionPush(hikvisionXml(text, box), [0, 1, 2], picture))
    await expect.poll(() => told.length, { timeout: 60_000 }).toBe(2)
    expect(heard()).toEqual([`bay-2 plate.seen v-${fold(text)}`, `bay-2 plate.agreed v-${fold(text)}`])
    expect(told[1]?.news.tally[0]).toMatchObject({ witnesses: 3, plausible: true })
  }
}, 180_000)

test('a device that is sure of another plate than its own picture shows agrees with nobody', async () => {
  const { picture, box, text } = await parked(0)
  const { push, told, line } = site()
  await push('hikvision', hikvisionPush(hikvisionXml('ZZ99ZZZ', box), [0, 1, 2], picture))
  await expect.poll(() => line.counts()['second_looks_done'], { timeout: 60_000 }).toBe(1)
  expect(told.map(({ news }) => news.type)).not.toContain('plate.agreed')
  // The same message with the plate that the picture shows is an agreement.
  await push(
    'hikvision',
    hikvisionPush(hikvisionXml(text, box).replace('000000000001', '000000000002'), [0, 1, 2], picture),
  )
  await expect.poll(() => told.at(-1)?.news.leader, { timeout: 60_000 }).toBe(`v-${fold(text)}`)
}, 180_000)

test('a plate that was cut out of the picture is read too: a Milesight’s message agrees with its own cut', async () => {
  const right: boolean[] = []
  for (const number of [0, 1, 2, 3]) {
    const { picture, box, text } = await parked(number)
    const [x, y, width, height] = box
    const cut = await sharp(picture)
      .extract({
        left: Math.round(x * LENS.width),
        top: Math.round(y * LENS.height),
        width: Math.round(width * LENS.width),
        height: Math.round(height * LENS.height),
      })
      .jpeg({ quality: 92 })
      .toBuffer()
    const [left, top] = [x * LENS.width, y * LENS.height]
    const corners = {
      resolution_width: String(LENS.width),
      resolution_height: String(LENS.height),
      coordinate_x1: String(Math.round(left)),
      coordinate_y1: String(Math.round(top)),
      coordinate_x2: String(Math.round(left + width * LENS.width)),
      coordinate_y2: String(Math.round(top + height * LENS.height)),
    }
    const time = now().replace('T', ' ').replace('Z', '')
    const { push, told, line } = site()
    await push(
      'milesight',
      jsonPush({ ...MILESIGHT_EVENT, ...corners, plate: text, time, plate_image: cut.toString('base64') }),
    )
    await expect.poll(() => told.length > 1 || line.counts()['second_looks_done'] === 1, { timeout: 60_000 }).toBe(true)
    right.push(told[1]?.news.type === 'plate.agreed' && told[1].bayId === 'bay-2')
  }
  expect(right.filter(Boolean).length).toBeGreaterThanOrEqual(3)
}, 120_000)

test('a plate that a device cut out is kept for people of the bay where the device saw it, and for nobody where it does not say', async () => {
  const asked: string[][] = []
  const cut = await sharp({ create: { width: 96, height: 42, channels: 3, background: '#fff' } })
    .jpeg()
    .toBuffer()
  const line = cameraLine({
    cameraDesk: { see: async () => {}, camera: () => {} },
    reader: {
      async read(_picture, zones) {
        asked.push(Object.entries(zones).map(([bayId, zone]) => `${bayId} of ${'camera' in zone ? zone.camera : '?'}`))
        return { width: 1, height: 1, ms: 1, zones: {} }
      },
      close: async () => {},
    },
    judge: () => 'unknown',
  })
  const [x = 0, y = 0] = (await parked(0)).box
  const milesight = {
    ...MILESIGHT_EVENT,
    resolution_width: '1000',
    resolution_height: '1000',
    plate_image: cut.toString('base64'),
  }
  const corners = { x1: x, y1: y, x2: x + 0.05, y2: y + 0.03 }
  const placed = Object.fromEntries(
    Object.entries(corners).map(([name, side]) => [`coordinate_${name}`, `${side * 1_000}`]),
  )
  for (const event of [
    { ...milesight, ...placed },
    { ...milesight, resolution_width: '-', plate: 'AB12CDF' },
  ]) {
    const context = { timezone: 'UTC', receivedAt: Date.now() }
    const push = { query: {}, params: { dialect: 'milesight' }, ...jsonPush(event) }
    const { dialect, message } = readDevicePush(push, jsonPush(event).body, context)
    await line.hear({ cameraId: 'cam-1', zones }, dialect, message, { receivedAt: Date.now() })
  }
  await expect.poll(() => asked).toEqual([['bay-2 of cam-1'], [' of cam-1']])
})
