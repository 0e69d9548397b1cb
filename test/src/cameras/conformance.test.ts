import { describe, expect, test } from 'vitest'
import type { DeviceMessage } from '../../../src/cameras/camera-dialect.ts'
import { PUSH_DIALECTS } from '../../../src/cameras/dialects.ts'
import { readDevicePush } from '../../../src/server/device-push.ts'
import {
  ALPR_GROUP,
  AXIS_EVENT,
  DAHUA_DATA,
  dahuaPush,
  HIKVISION_XML,
  hikvisionPush,
  ITSAPI_BODY,
  itsapiPush,
  jsonPush,
  MILESIGHT_EVENT,
  RECOGNITION,
  SAMPLES,
  type Sample,
} from './device-samples.ts'

type Site = { readonly timezone?: string; readonly receivedAt?: number; readonly pictureSize?: [number, number] }

/** What berth makes of a push at a site. */
function heard(dialect: string, { headers, body, path = '', query = {} }: Sample, site: Site = {}): DeviceMessage {
  const { timezone = 'Europe/London', receivedAt = Date.UTC(2026, 10, 22), pictureSize } = site
  const context = { timezone, receivedAt, ...(pictureSize ? { pictureSize } : {}) }
  return readDevicePush({ headers, query, params: { dialect, '*': path } }, body, context).message
}
const utc = (message: DeviceMessage): string | null =>
  message.capturedAt === null ? null : new Date(message.capturedAt).toISOString()

/** Each sample of the page: plate, box in 0..1 of the picture, confidence, and UTC at a site in London and in Bangkok. */
const EXPECTED = [
  ['hikvision', 'AB12CDE', [0.43, 0.275, 0.106, 0.065], 0.98, ['2026-05-07T10:48:03.847Z', '2026-05-07T10:48:03.847Z']],
  ['dahua', 'AB12CDE', [0.2442, 0.3575, 0.0938, 0.084], 0.87, ['2026-08-03T13:13:36.000Z', '2026-08-03T13:13:36.000Z']],
  [
    'dahua-itsapi',
    'AB12CDE',
    [0.1221, 0.2442, 0.2442, 0.061],
    0.95,
    ['2026-05-13T13:32:15.120Z', '2026-05-13T07:32:15.120Z'],
  ],
  [
    'axis',
    'AB12CDE',
    [0.2703, 0.5861, 0.0734, 0.0389],
    0.8688,
    ['2024-06-14T14:04:36.372Z', '2024-06-14T14:04:36.372Z'],
  ],
  [
    'milesight',
    'AB12CDE',
    [0.5281, 0.5778, 0.05, 0.0389],
    null,
    ['2024-02-01T06:00:05.509Z', '2024-01-31T23:00:05.509Z'],
  ],
  [
    'platerecognizer',
    'ab12cde',
    [0.2396, 0.0528, 0.0505, 0.0231],
    0.839,
    ['2021-09-29T05:56:13.606Z', '2021-09-29T05:56:13.606Z'],
  ],
  ['rekor', 'A13709', [0.1305, 0.1861, 0.4234, 0.5083], 0.92, ['2015-11-24T00:50:08.789Z', '2015-11-24T00:50:08.789Z']],
] as const

describe.each(EXPECTED)('%s', (dialect, plate, box, confidence, times) => {
  const sample = SAMPLES[dialect] as Sample
  const pictureSize: [number, number] = [1920, 1080]

  test('its plate is as the device wrote it, its box within 0.002, its figure a share', () => {
    const { reads } = heard(dialect, sample, { pictureSize })
    expect(reads.map((read) => read.plate)).toEqual([plate])
    for (const [at, side] of (reads[0]?.box ?? []).entries())
      expect(Math.abs(side - (box[at] ?? 0))).toBeLessThan(0.002)
    expect(reads[0]?.box).toHaveLength(4)
    if (confidence === null) expect(reads[0]?.confidence).toBeNull()
    else expect(reads[0]?.confidence).toBeCloseTo(confidence, 2)
  })

  test('its time is right at a site in London and at one in Bangkok', () => {
    const zones = ['Europe/London', 'Asia/Bangkok']
    expect(zones.map((timezone) => utc(heard(dialect, sample, { timezone })))).toEqual(times)
  })

  test('sent again it has the same id, whenever it comes', () => {
    const again = [1, 2].map((hour) => heard(dialect, sample, { receivedAt: Date.UTC(2026, 10, 22, hour) }))
    expect(again[0]?.reads[0]?.id).toBe(again[1]?.reads[0]?.id)
    expect(again[0]?.reads[0]?.id).not.toBe('')
  })

  test('what it says beyond the plate is kept as evidence, without pictures', () => {
    const told = JSON.stringify(heard(dialect, sample).reads[0]?.told)
    expect(told.length).toBeGreaterThan(20)
    expect(told.length).toBeLessThanOrEqual(2_000)
    expect(told).not.toMatch(/[A-Za-z0-9+/]{200}/)
  })

  test('it says what it promises: its shape, and where its samples are from', () => {
    const { reads, presence, samplesFrom } = PUSH_DIALECTS[dialect] ?? {}
    expect([reads, presence, samplesFrom]).toEqual(['per-vehicle', 'no', 'documentation'])
    expect(heard(dialect, sample).vehicles).toBeNull()
  })
})

test('every dialect that can be pushed stands in the table of expectations', () => {
  expect(Object.keys(PUSH_DIALECTS).toSorted()).toEqual(EXPECTED.map(([name]) => name).toSorted())
})

describe('a vehicle whose plate was not read is a vehicle without a plate', () => {
  const unread: readonly (readonly [string, Sample])[] = [
    ['hikvision', hikvisionPush(HIKVISION_XML.replaceAll('AB12CDE', 'unknown'))],
    ['dahua', dahuaPush(JSON.parse(JSON.stringify(DAHUA_DATA).replaceAll('AB12CDE', 'Unlicensed')) as object)],
    ['dahua-itsapi', itsapiPush(JSON.parse(JSON.stringify(ITSAPI_BODY).replace('"IsExist":true', '"IsExist":false')))],
    ['axis', jsonPush({ ...AXIS_EVENT, plateUTF8: '' })],
    ['milesight', jsonPush({ ...MILESIGHT_EVENT, plate: '-' })],
    ['platerecognizer', jsonPush({ ...RECOGNITION, data: { ...RECOGNITION.data, results: [{ plate: null }] } })],
    ['rekor', jsonPush({ ...ALPR_GROUP, best_plate_number: '' })],
  ]
  test.each(unread)('%s', (dialect, sample) => {
    const { reads, unread: vehicles } = heard(dialect, sample)
    expect([reads.length, vehicles.length]).toEqual([0, 1])
  })

  test('where the device says where it stands, that is kept', () => {
    const [first] = heard('hikvision', hikvisionPush(HIKVISION_XML.replaceAll('AB12CDE', 'unknown'))).unread
    expect(first?.box?.map((side) => Math.round(side * 1000))).toEqual([271, 0, 425, 426])
  })
})
