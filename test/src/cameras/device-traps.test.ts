import { describe, expect, test } from 'vitest'
import type { DeviceMessage } from '../../../src/cameras/camera-dialect.ts'
import { readDevicePush } from '../../../src/server/device-push.ts'
import {
  ALPR_GROUP,
  ALPR_HEARTBEAT,
  AXIS_EVENT,
  DAHUA_DATA,
  dahuaEvent,
  dahuaPush,
  formOf,
  HIKVISION_XML,
  hikvisionPush,
  ITSAPI_BODY,
  itsapiPush,
  jpegOf,
  jsonPush,
  MILESIGHT_EVENT,
  RECOGNITION,
  recognitionPush,
  type Sample,
  SNAP_TEXT,
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

describe('hikvision', () => {
  test('the order of the parts says nothing, and each picture is known for what it shows', () => {
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 0, 2],
      [2, 0, 1],
    ]) {
      const { reads, pictures } = heard('hikvision', hikvisionPush(HIKVISION_XML, order))
      expect(reads[0]?.plate).toBe('AB12CDE')
      expect(pictures.map(({ shows }) => shows).toSorted()).toEqual(['plate', 'scene'])
      expect(pictures.find(({ shows }) => shows === 'scene')?.bytes).toEqual(jpegOf(2688, 1520))
    }
  })

  test('an upload counted up is the same message, with a UUID or without one', () => {
    const bare = HIKVISION_XML.replace(/<UUID>.*<\/UUID>/, '')
    for (const xml of [HIKVISION_XML, bare]) {
      const later = xml.replace('<activePostCount>1', '<activePostCount>4')
      const ids = [xml, later].map((text) => heard('hikvision', hikvisionPush(text)).reads[0]?.id)
      expect(ids[0]).toBe(ids[1])
    }
    const other = bare.replace('17:48:03.847', '17:49:11.002')
    expect(heard('hikvision', hikvisionPush(other)).reads[0]?.id).not.toBe(
      heard('hikvision', hikvisionPush(bare)).reads[0]?.id,
    )
  })

  test('the other namespace, fewer fields, a prefix and a byte order mark are read alike', () => {
    const plain = `\ufeff<?xml version="1.0"?><h:EventNotificationAlert version="1.0" xmlns:h="http://www.hikvision.com/ver20/XMLSchema">
      <h:dateTime>2026-05-07T17:48:03+07:00</h:dateTime><h:eventType>ANPR</h:eventType>
      <h:ANPR><h:licensePlate>AB12CDE</h:licensePlate></h:ANPR></h:EventNotificationAlert>`
    const message = heard('hikvision', { headers: {}, body: Buffer.from(plain) })
    expect(message.reads).toMatchObject([{ plate: 'AB12CDE', confidence: null, box: null, characters: [] }])
    expect(utc(message)).toBe('2026-05-07T10:48:03.000Z')
  })

  test('fields in the address, only pictures in the body', () => {
    const query = { licensePlate: 'AB12CDE', dateTime: '2026-05-07T17:48:03+07:00', confidenceLevel: '91' }
    const form = formOf([{ name: 'detectionPicture', filename: 'a.jpg', type: 'image/jpeg', body: jpegOf(64, 64) }])
    const message = heard('hikvision', { ...form, query })
    expect(message.reads).toMatchObject([{ plate: 'AB12CDE', confidence: 0.91 }])
    expect(message.pictures).toMatchObject([{ shows: 'scene' }])
  })

  test('a heartbeat is a sign of life and nothing else', () => {
    const beat =
      '<EventNotificationAlert><ipAddress>192.0.2.40</ipAddress><eventType>videoloss</eventType><eventState>inactive</eventState></EventNotificationAlert>'
    const message = heard('hikvision', { headers: { 'content-type': 'application/xml' }, body: Buffer.from(beat) })
    expect([message.reads, message.unread, message.deviceIds]).toEqual([[], [], ['192.0.2.40']])
  })

  test('a plate without its own picture’s place has no box, and a box outside of the picture is none', () => {
    const wild = HIKVISION_XML.replace('<X>430</X>', '<X>4300</X>')
    expect(heard('hikvision', hikvisionPush(wild)).reads[0]?.box).toBeNull()
  })

  test('entities are not expanded into bombs', () => {
    const bomb = `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">${[...'bcdefgh'].map((name, at) => `<!ENTITY ${name} "${`&${'abcdefgh'[at]};`.repeat(10)}">`).join('')}]>${HIKVISION_XML.replace('SUVMPV', '&h;').replace(/^<\?xml.*\n/, '')}`
    const before = process.memoryUsage().rss
    try {
      heard('hikvision', { headers: {}, body: Buffer.from(bomb) })
    } catch (fault) {
      expect(fault).toMatchObject({ code: 'BODY_INVALID' })
    }
    expect(process.memoryUsage().rss - before).toBeLessThan(100 << 20)
  })
})

describe('dahua', () => {
  test('UTC alone is local time, wherever the site is', () => {
    const { RealUTC: _, ...data } = DAHUA_DATA
    const at = (timezone: string) => utc(heard('dahua', dahuaPush(data), { timezone }))
    expect([at('Africa/Nairobi'), at('Europe/London')]).toEqual([
      '2026-08-03T13:13:36.000Z',
      '2026-08-03T15:13:36.000Z',
    ])
    expect(heard('dahua', dahuaPush(data)).reads[0]?.timeTrust).toBe('local')
  })

  test('braces in texts, bare line feeds and several events in one part do no harm', () => {
    const odd = { ...DAHUA_DATA, Comment: 'a } and a \\" { in a text' }
    const body = Buffer.from(
      `Heartbeat\nCode=VideoMotion;action=Start;index=0\n${dahuaEvent(odd)}\n${dahuaEvent({ ...DAHUA_DATA, GroupID: 2, IndexInGroup: 2 })}`,
    )
    expect(heard('dahua', { headers: {}, body }).reads.map(({ plate }) => plate)).toEqual(['AB12CDE', 'AB12CDE'])
  })

  test('heartbeats and other events say nothing', () => {
    for (const text of ['Heartbeat', 'Code=VideoMotion;action=Start;index=0', dahuaEvent({ A: 1 }, 'VideoBlind')])
      expect(heard('dahua', { headers: {}, body: Buffer.from(text) })).toMatchObject({ reads: [], unread: [] })
  })

  test('snapManager’s keys are an event, with its picture', () => {
    const form = formOf([
      { name: 'text', type: 'text/plain', body: SNAP_TEXT },
      { name: 'picture', type: 'image/jpeg', body: jpegOf(1920, 1080) },
    ])
    const { reads, pictures } = heard('dahua', form)
    expect(reads).toMatchObject([{ plate: 'AB12CDE', frame: 'group 77' }])
    expect(reads[0]?.box?.[0]).toBeCloseTo(4544 / 8191, 4)
    expect(pictures).toHaveLength(1)
  })
})

describe('dahua-itsapi', () => {
  test('a plain offset in TimeZone is believed, and the hour of summer with it', () => {
    const zoned = (more: object) => ({
      Picture: { ...ITSAPI_BODY.Picture, SnapInfo: { ...ITSAPI_BODY.Picture.SnapInfo, ...more } },
    })
    expect(utc(heard('dahua-itsapi', itsapiPush(zoned({ TimeZone: 'GMT+08:00' }))))).toBe('2026-05-13T06:32:15.120Z')
    expect(utc(heard('dahua-itsapi', itsapiPush(zoned({ TimeZone: '+01:00', DSTTune: 1 }))))).toBe(
      '2026-05-13T12:32:15.120Z',
    )
  })

  test('XML is read as JSON is, and a KeepAlive is a sign of life', () => {
    const xml =
      '<?xml version="1.0"?><Request><Picture><Plate><PlateNumber>AB12CDE</PlateNumber><BoundingBox>1000</BoundingBox><BoundingBox>2000</BoundingBox><BoundingBox>3000</BoundingBox><BoundingBox>2500</BoundingBox></Plate><SnapInfo><DeviceID>cam-7</DeviceID></SnapInfo></Picture></Request>'
    const message = heard('dahua-itsapi', { headers: {}, body: Buffer.from(xml) })
    expect([message.reads[0]?.plate, message.deviceIds]).toEqual(['AB12CDE', ['cam-7']])
    expect(message.reads[0]?.box?.[0]).toBeCloseTo(0.1221, 3)
    const alive = itsapiPush({ Active: 'keepAlive', DeviceID: 'cam-7' }, 'NotificationInfo/KeepAlive')
    expect(heard('dahua-itsapi', alive)).toMatchObject({ reads: [], unread: [], deviceIds: ['cam-7'] })
  })
})

describe('axis', () => {
  test('without a picture’s size its pixels are no place; an enclosed picture gives the size', () => {
    expect(heard('axis', jsonPush(AXIS_EVENT)).reads[0]?.box).toBeNull()
    const form = formOf([
      { name: 'event', type: 'application/json', body: JSON.stringify(AXIS_EVENT) },
      { name: 'image', filename: 'scene.jpg', type: 'image/jpeg', body: jpegOf(1920, 1080) },
    ])
    expect(heard('axis', form).reads[0]?.box?.[0]).toBeCloseTo(519 / 1920, 4)
    const written = {
      ...AXIS_EVENT,
      ImageArray: [{ ImageType: 'plate', BinaryImage: jpegOf(96, 32).toString('base64') }],
    }
    expect(heard('axis', jsonPush(written)).pictures).toMatchObject([{ shows: 'plate' }])
  })

  test('new, update and lost of one car are one witness with three names, and what is lost is past', () => {
    const states = ['new', 'update', 'lost'].map((carState, at) =>
      heard('axis', jsonPush({ ...AXIS_EVENT, carState, packetCounter: String(13046 + at) })),
    )
    expect(new Set(states.map(({ reads }) => reads[0]?.frame)).size).toBe(1)
    expect(new Set(states.map(({ reads }) => reads[0]?.id)).size).toBe(3)
    expect(states.map(({ reads }) => reads[0]?.phase)).toEqual(['new', 'update', 'lost'])
  })

  test('a plate in escapes and in any alphabet comes through', () => {
    const body = Buffer.from(
      JSON.stringify({ ...AXIS_EVENT, plateUTF8: undefined, plateText: 'Б' }).replace('Б', '\\u0411'),
    )
    expect(heard('axis', { headers: {}, body }).reads[0]?.plate).toBe('Б')
  })
})

test('a decimal comma is a decimal point', () => {
  expect(heard('milesight', jsonPush({ ...MILESIGHT_EVENT, confidence: '0,70' })).reads[0]?.confidence).toBe(0.7)
})

describe('platerecognizer', () => {
  test('its box counts in the pixels of the picture beside it', () => {
    const [read] = heard('platerecognizer', recognitionPush(RECOGNITION, [1600, 900])).reads
    expect(read?.box?.[0]).toBeCloseTo(460 / 1600, 4)
    expect(heard('platerecognizer', jsonPush(RECOGNITION)).reads[0]?.box).toBeNull()
  })

  test('a time without an offset is the site’s own', () => {
    const data = { ...RECOGNITION.data, timestamp: '2021-09-29T05:56:13.606', timestamp_local: undefined }
    const message = heard('platerecognizer', jsonPush({ ...RECOGNITION, data }), { timezone: 'Asia/Bangkok' })
    expect(utc(message)).toBe('2021-09-28T22:56:13.606Z')
  })
})

describe('rekor', () => {
  test('old builds write seconds', () => {
    const old = { ...ALPR_GROUP, best_uuid: undefined, epoch_start: 1448326208 }
    expect(utc(heard('rekor', jsonPush(old)))).toBe('2015-11-24T00:50:08.000Z')
  })

  test('a heartbeat tells how fast the camera streams, and whether it does', () => {
    expect(heard('rekor', jsonPush(ALPR_HEARTBEAT)).pulse).toEqual({ fps: 14, blind: null })
    const dead = { ...ALPR_HEARTBEAT, video_streams: [{ fps: 0, is_streaming: false }] }
    expect(heard('rekor', jsonPush(dead)).pulse?.blind).toContain('no picture')
  })

  test('the results of one picture are one frame', () => {
    const [best] = [ALPR_GROUP.best_plate]
    const results = [
      { plate: 'AB12CDE', confidence: 90, coordinates: best.coordinates },
      { plate: 'XY34ZZZ', confidence: 80, coordinates: best.coordinates },
    ]
    const message = {
      data_type: 'alpr_results',
      uuid: 'u-1',
      epoch_time: 1448326208789,
      img_width: 1280,
      img_height: 720,
      results,
    }
    const { reads } = heard('rekor', jsonPush(message))
    expect(reads.map(({ plate, frame, id }) => [plate, frame, id])).toEqual([
      ['AB12CDE', 'u-1', 'u-1 0'],
      ['XY34ZZZ', 'u-1', 'u-1 1'],
    ])
  })
})

describe('clocks', () => {
  test('the hour that happens twice is the one nearer to the arrival', () => {
    const at = (receivedAt: number) =>
      utc(heard('milesight', jsonPush({ ...MILESIGHT_EVENT, time: '2026-10-25 01:30:00.000' }), { receivedAt }))
    expect(at(Date.UTC(2026, 9, 25, 0, 30, 2))).toBe('2026-10-25T00:30:00.000Z')
    expect(at(Date.UTC(2026, 9, 25, 1, 30, 2))).toBe('2026-10-25T01:30:00.000Z')
  })

  test('a clock that was never set says no time', () => {
    expect(heard('milesight', jsonPush({ ...MILESIGHT_EVENT, time: '1970-01-01 00:00:07.000' })).capturedAt).toBeNull()
  })
})
