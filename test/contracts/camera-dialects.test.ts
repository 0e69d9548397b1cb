import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { CameraDialect } from '../../src/cameras/camera-dialect.ts'
import { PUSH_DIALECTS } from '../../src/cameras/dialects.ts'
import { frigate } from '../../src/cameras/frigate.ts'
import { hikvision } from '../../src/cameras/hikvision.ts'
import { mappedDialect } from '../../src/cameras/mapped-dialect.ts'
import {
  ALPR_GROUP,
  AXIS_EVENT,
  DAHUA_DATA,
  dahuaPush,
  FRIGATE_UPDATE,
  HIKVISION_XML,
  hikvisionPush,
  ITSAPI_BODY,
  itsapiPush,
  jsonPush,
  MILESIGHT_EVENT,
  RECOGNITION,
  SAMPLES,
  type Sample,
} from '../src/cameras/device-samples.ts'
import { heardBy, newsOf, promisesOfDialect } from './camera-dialect-contract.ts'

const DIALECTS: { readonly [name: string]: CameraDialect } = { ...PUSH_DIALECTS, frigate }

const ALL_SAMPLES: { readonly [name: string]: Sample } = { ...SAMPLES, frigate: jsonPush(FRIGATE_UPDATE) }

/** Each sample: plate, box in 0..1 of the picture, confidence, and UTC at a site in London and in Bangkok. */
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
  [
    'frigate',
    '123ABC',
    [0.4776, 0.4509, 0.0583, 0.0389],
    0.95,
    ['2020-12-04T23:19:18.748Z', '2020-12-04T23:19:18.748Z'],
  ],
  ['rekor', 'A13709', [0.1305, 0.1861, 0.4234, 0.5083], 0.92, ['2015-11-24T00:50:08.789Z', '2015-11-24T00:50:08.789Z']],
] as const

for (const [name, plate, box, confidence, times] of EXPECTED) {
  const dialect = DIALECTS[name]
  const sample = ALL_SAMPLES[name]
  if (!dialect || !sample) throw new Error(`there is no sample of ${name}`)
  const shape = { reads: 'per-vehicle', presence: 'no', samplesFrom: 'documentation' } as const
  promisesOfDialect({ dialect, sample, plate, box, confidence, times, ...shape })
}

test('every dialect stands in the table of expectations', () => {
  expect(Object.keys(DIALECTS).toSorted()).toEqual(EXPECTED.map(([name]) => name).toSorted())
})

test('the table of docs/cameras.md says of every dialect what it says of itself', () => {
  const page = readFileSync(new URL('../../docs/cameras.md', import.meta.url), 'utf8')
  const rows = [...page.matchAll(/^\| `([\w-]+)` +\|(.+)\|$/gm)].map(([, name = '', cells = '']) => {
    const [, oneA = '', presence = '', samples = ''] = cells.split('|').map((cell) => cell.trim())
    return [name, oneA, presence, samples]
  })
  for (const { name, reads, presence, samplesFrom } of [...Object.values(DIALECTS), mappedDialect({ plate: 'plate' })])
    expect(rows).toContainEqual([name, reads.replace('per-', ''), presence, samplesFrom])
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
    const { reads, unread: vehicles } = heardBy(DIALECTS[dialect] as CameraDialect, sample)
    expect([reads.length, vehicles.length]).toEqual([0, 1])
  })

  test('where the device says where it stands, that is kept', () => {
    const [first] = heardBy(hikvision, hikvisionPush(HIKVISION_XML.replaceAll('AB12CDE', 'unknown'))).unread
    expect(first?.box?.map((side) => Math.round(side * 1000))).toEqual([271, 0, 425, 426])
  })
})

describe('events of one vehicle under names of their own are one witness', () => {
  const results = (uuid: string, epoch_time: number) =>
    jsonPush({
      data_type: 'alpr_results',
      uuid,
      camera_id: 1,
      epoch_time,
      results: [{ plate: 'AB12CDE', confidence: 91 }],
    })
  const events: readonly (readonly [string, string, readonly Sample[]])[] = [
    [
      'two alerts of a Hikvision with two UUIDs',
      'hikvision',
      ['000000000001', '000000000002'].map((uuid) => hikvisionPush(HIKVISION_XML.replace('000000000001', uuid))),
    ],
    ['three frames of Rekor', 'rekor', [1, 2, 3].map((at) => results(`frame-${at}`, 1_700_000_000_000 + 1_000 * at))],
    [
      'a preview and the group of Rekor',
      'rekor',
      [jsonPush({ ...ALPR_GROUP, is_preview: true, best_uuid: 'cam-1-preview' }), jsonPush(ALPR_GROUP)],
    ],
    [
      'two of a Dahua without GroupID',
      'dahua',
      [1, 2].map((second) => dahuaPush({ ...DAHUA_DATA, GroupID: undefined, RealUTC: 1_785_762_816 + second })),
    ],
    [
      'two of an Axis without carID',
      'axis',
      [1, 2].map((packetCounter) => jsonPush({ ...AXIS_EVENT, carID: undefined, packetCounter })),
    ],
  ]
  test.each(events)('%s', async (_, name, samples) => {
    const dialect = DIALECTS[name] as CameraDialect
    const messages = samples.map((sample) => heardBy(dialect, sample))
    expect(new Set(messages.flatMap(({ reads }) => reads.map(({ id }) => id))).size).toBe(samples.length)
    expect(await newsOf(dialect, messages)).toEqual([['plate.seen', [1]]])
  })
})

test('fields that nobody knows are kept with the read, of a large message as deep as there is room', () => {
  const newer = { ...AXIS_EVENT, firmwareSays: 'a new thing', deep: { er: 'still here' } }
  const told = (event: object) => heardBy(DIALECTS['axis'] as CameraDialect, jsonPush(event)).reads[0]?.told
  expect(told(newer)).toMatchObject({ firmwareSays: 'a new thing', deep: { er: 'still here' } })
  const many = Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`field${at}`, 'x'.repeat(60)]))
  expect(told({ ...newer, many })).toMatchObject({ firmwareSays: 'a new thing', many: null })
})
