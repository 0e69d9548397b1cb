import { describe, expect, test } from 'vitest'
import type { PictureAnswer } from '../../../actors/ports.ts'
import { Fault } from '../../../machines/faults.ts'
import type { Starting } from '../server/plain-server.ts'
import { reading, type Started, startServer } from '../server/running-server.ts'
import {
  AXIS_EVENT,
  HIKVISION_XML,
  hikvisionPush,
  ITSAPI_BODY,
  itsapiPush,
  jpegOf,
  jsonPush,
  SAMPLES,
  type Sample,
} from './device-samples.ts'

const zones = {
  'bay-1': [
    [0, 0],
    [0.6, 0],
    [0.6, 1],
    [0, 1],
  ],
  'bay-2': [
    [0.6, 0],
    [1, 0],
    [1, 1],
    [0.6, 1],
  ],
} as const
const cameras = [{ cameraId: 'cam-1', token: 'cam-1-secret', zones, pictureSize: [1920, 1080] as const }]

const opened = (more: Starting = {}) => startServer({ cameras, timezone: 'Europe/London', ...more })
const push = ({ ask }: Started, dialect: string, { headers, body, path }: Sample) =>
  ask(`/in/cam-1-secret/${dialect}${path ? `/${path}` : ''}`, { method: 'POST', headers, body: new Uint8Array(body) })
const metrics = async ({ ask }: Started): Promise<string> => (await ask('/metrics')).text()

/** A reader that sees this plate, at this box of the picture, in the first zone that it is asked for. */
const sees = (text: string, [x, y]: readonly [number, number], seen: string[][] = []) =>
  ({
    async read(picture: Uint8Array, asked: object): Promise<PictureAnswer> {
      const [first = '', ...others] = Object.keys(asked)
      seen.push([first, ...others])
      const quad = [
        [x, y],
        [x + 0.1, y],
        [x + 0.1, y + 0.05],
        [x, y + 0.05],
      ] as const
      const read = { text, candidates: [], characters: [...text].map(() => 0.9), confidence: 0.9, quad }
      const look = { size: 1, grey: 'AA==' }
      const empty = others.map((zone) => [zone, { reads: [], look }])
      return {
        width: 1920,
        height: picture.length > 0 ? 1080 : 0,
        ms: 1,
        zones: Object.fromEntries([[first, { reads: [read], look }], ...empty]),
      }
    },
    close: async () => undefined,
  }) satisfies Starting['reader']

describe('what devices push', () => {
  test.each(Object.entries(SAMPLES))(
    '%s goes down the same line as reads, and hears what it must',
    async (dialect, sample) => {
      const server = await opened()
      const answer = await push(server, dialect, sample)
      expect([answer.status, await answer.json()]).toEqual([
        200,
        dialect === 'dahua-itsapi' ? { Result: true } : { accepted: true },
      ])
      const [message] = server.cameraDesk.seen
      expect(message).toMatchObject({ cameraId: 'cam-1', reader: 'device' })
      expect(message?.reads[0]?.plate.toUpperCase()).toMatch(/^(AB12CDE|A13709)$/)
      expect(message?.reads[0]?.box).toHaveLength(4)
    },
  )

  test('the answer comes only after the commit: where that fails it is 503, and the device sends again', async () => {
    const server = await opened()
    server.cameraDesk.fail = new Fault('STORE_UNWRITABLE')
    const failed = await push(server, 'dahua-itsapi', itsapiPush())
    expect(failed.status).toBe(503)
    expect(await failed.text()).not.toContain('Result')
    server.cameraDesk.fail = null
    expect((await push(server, 'dahua-itsapi', itsapiPush())).status).toBe(200)
  })

  test('a KeepAlive is answered as its plates are, and is a sign of life', async () => {
    const server = await opened()
    const alive = itsapiPush({ Active: 'keepAlive', DeviceID: 'cam-7' }, 'NotificationInfo/KeepAlive')
    expect(await (await push(server, 'dahua-itsapi', alive)).json()).toEqual({ Result: true })
    expect(server.cameraDesk.seen).toMatchObject([{ reads: [] }])
    expect(server.cameraDesk.seen[0]?.vehicles).toBeUndefined()
  })

  test('a vehicle that the device could not read is seen where it stands', async () => {
    const server = await opened()
    await push(server, 'hikvision', hikvisionPush(HIKVISION_XML.replaceAll('AB12CDE', 'unknown')))
    const [{ reads = null, sighted } = {}] = server.cameraDesk.seen
    expect([reads, sighted?.[0]?.box?.map((side) => Math.round(side * 1000))]).toEqual([[], [271, 0, 425, 426]])
  })

  test('what is broken is 400, counted, and one line for people that holds no plate', async () => {
    const server = await opened()
    const cut = hikvisionPush(HIKVISION_XML.slice(0, 400))
    for (let number = 0; number < 5; number += 1) expect((await push(server, 'hikvision', cut)).status).toBe(400)
    const wrong: readonly (readonly [string, Sample])[] = [
      ['dahua', { headers: {}, body: Buffer.from('Code=TrafficJunction;action=Pulse;index=0;data={"a":') }],
      ['axis', jsonPush([])],
      ['rekor', jsonPush({})],
      ['milesight', jsonPush({ hello: 1 })],
      ['platerecognizer', { headers: {}, body: Buffer.from('{') }],
      ['dahua-itsapi', { headers: {}, body: Buffer.alloc(0) }],
    ]
    for (const [dialect, sample] of wrong)
      expect([dialect, (await push(server, dialect, sample)).status]).toEqual([dialect, 400])
    expect(server.logged.filter((line) => line.includes('hikvision'))).toEqual([
      'Camera cam-1 sent what cannot be read: This hikvision message is not whole XML; look at what the device sends.',
    ])
    expect(server.logged.join()).not.toContain('AB12')
    expect(await metrics(server)).toContain('berth_intake_broken_total{camera="cam-1",dialect="hikvision"} 5\n')
  })

  test('a device that calls itself otherwise is kept out, by any of its names it is let in', async () => {
    const rules = [{ cameraId: 'cam-1', from: [], deviceId: 'B8A44F000000' }]
    const server = await opened({ rules })
    expect((await push(server, 'axis', jsonPush(AXIS_EVENT))).status).toBe(200)
    const other = { ...AXIS_EVENT, camera_info: { SerialNumber: 'another' } }
    expect((await push(server, 'axis', jsonPush(other))).status).toBe(403)
    expect((await push(server, 'milesight', SAMPLES['milesight'] as Sample)).status).toBe(403)
    expect(server.cameraDesk.seen).toHaveLength(1)
  })
})

describe('the second witness of a camera that sends one result a vehicle', () => {
  const own = ({ cameraDesk }: Started) => cameraDesk.seen.filter(({ reader }) => reader === 'berth')

  test('is our own reading of the enclosed picture: same frame, other reader, in the zone', async () => {
    const server = await opened({ reader: sees('AB12CDE', [0.43, 0.28]) })
    await push(server, 'hikvision', hikvisionPush())
    await expect.poll(() => own(server).length).toBe(1)
    const [device] = server.cameraDesk.seen
    expect(own(server)[0]).toMatchObject({
      capturedAt: device?.capturedAt,
      reads: [{ plate: 'AB12CDE', bayId: 'bay-1', frame: device?.reads[0]?.frame }],
    })
  })

  test('what the device prints into its picture is no witness: only where the plate was does a read count', async () => {
    const server = await opened({ reader: sees('AB12CDE', [0.02, 0.02]) })
    await push(server, 'hikvision', hikvisionPush())
    await expect.poll(() => metrics(server)).toContain('berth_second_looks_total 1\n')
    expect(own(server)).toEqual([])
  })

  test('where only the plate is enclosed, that is read, and its place is the device’s', async () => {
    const asked: string[][] = []
    const server = await opened({ reader: sees('AB12CDE', [0, 0], asked) })
    await push(server, 'milesight', SAMPLES['milesight'] as Sample)
    await expect.poll(() => own(server).length).toBe(1)
    expect(asked).toEqual([['bay-1']])
    expect(own(server)[0]?.reads[0]?.box).toEqual(server.cameraDesk.seen[0]?.reads[0]?.box)
  })

  test('where nothing is enclosed, a snapshot is fetched; where none can be, that is counted', async () => {
    const fetched: string[] = []
    const snapshot = async (cameraId: string) => {
      fetched.push(cameraId)
      return jpegOf(1920, 1080)
    }
    const asking = await opened({ snapshot, reader: sees('AB12CDE', [0.1, 0.1]) })
    await push(asking, 'dahua', SAMPLES['dahua'] as Sample)
    await expect.poll(() => own(asking).length).toBe(1)
    expect(fetched).toEqual(['cam-1'])
    const silent = await opened()
    await push(silent, 'dahua', SAMPLES['dahua'] as Sample)
    await expect.poll(() => metrics(silent)).toContain('berth_second_looks_without_picture_total 1\n')
  })

  test('a message that is sent again is not read again, and one whose commit failed is', async () => {
    const asked: string[][] = []
    const server = await opened({ reader: sees('AB12CDE', [0.43, 0.28], asked) })
    server.cameraDesk.fail = new Fault('STORE_UNWRITABLE')
    await push(server, 'hikvision', hikvisionPush())
    server.cameraDesk.fail = null
    for (let number = 0; number < 3; number += 1) await push(server, 'hikvision', hikvisionPush())
    await expect.poll(() => own(server).length).toBe(1)
    expect(asked).toHaveLength(1)
  })

  test('a reader that fails costs the device nothing', async () => {
    const reader = reading(async () => {
      throw new Fault('READER_FAILED')
    })
    const server = await opened({ reader })
    expect((await push(server, 'hikvision', hikvisionPush())).status).toBe(200)
    await expect.poll(() => metrics(server)).toContain('berth_second_looks_failed_total 1\n')
  })
})

test('a message without pictures or plates of 12 MB is refused, and one of 8 MB is taken', async () => {
  const server = await opened()
  const large = (megabytes: number) => ({
    ...ITSAPI_BODY.Picture,
    NormalPic: {
      PicName: 'x',
      Content: `${jpegOf(8, 8).toString('base64').slice(0, 100)}${'A'.repeat(megabytes << 20)}`,
    },
  })
  expect((await push(server, 'dahua-itsapi', itsapiPush({ Picture: large(8) }))).status).toBe(200)
  expect((await push(server, 'dahua-itsapi', itsapiPush({ Picture: large(13) }))).status).toBe(413)
})
