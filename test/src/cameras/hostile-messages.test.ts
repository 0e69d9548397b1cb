import { describe, expect, test } from 'vitest'
import { Fault } from '../../../machines/faults.ts'
import { mappedDialect } from '../../../src/cameras/mapped-dialect.ts'
import { readMessage } from '../../../src/cameras/message-reading.ts'
import { boundaryOf } from '../../../src/cameras/multipart.ts'
import { readDevicePush } from '../../../src/server/device-push.ts'
import { parseReads } from '../../../src/server/reads-body.ts'
import { hikvisionPush } from './device-samples.ts'

/** Long enough that whoever looks at each place of a run again for each place before it needs an hour, not a moment. */
const LONG = 4_000_000
const CONTEXT = { timezone: 'Asia/Kolkata', receivedAt: Date.UTC(2026, 4, 7), pictureSize: [1920, 1080] as const }
const FORM = 'multipart/form-data; boundary=zzz'

/** What a push comes to: the reads, or the sentence of the refusal. Anything else is thrown. */
function take(dialect: string, body: string | Buffer, headers: { [name: string]: string } = {}): string {
  try {
    const { message } = readDevicePush({ headers, query: {}, params: { dialect } }, Buffer.from(body), CONTEXT)
    return `${message.reads.length} reads`
  } catch (cause) {
    if (cause instanceof Fault && cause.code === 'BODY_INVALID') return cause.message
    throw cause
  }
}

const spaces = ' '.repeat(LONG)
const event = (time: string): string => JSON.stringify({ plate: 'AB12CDE', time, device: 'x' })
const SHAPES: readonly (readonly [name: string, dialect: string, body: string, type?: string])[] = [
  ['space inside JSON', 'axis', `{"plateText":"AB12CDE",${spaces}"carID":"1"}`],
  ['NULs inside JSON', 'axis', `{"a":1,${'\0'.repeat(LONG)}"b":1}`],
  ['space inside XML', 'hikvision', `<EventNotificationAlert>${' '.repeat(1_000_000)}</EventNotificationAlert>`],
  ['space after a time', 'milesight', event(`2026-05-07T17:48:03${spaces}x`)],
  ['space after a number', 'milesight', JSON.stringify({ plate: 'AB12CDE', confidence: `1${spaces}x` })],
  ['space after a value of a line', 'dahua', `Events[0].Code=a${spaces}x\n`],
  ['many lines with space in them', 'dahua', `Events[0].a=${' '.repeat(3_000)}x\n`.repeat(1_000)],
  ['line ends only', 'dahua', `Events[0].a=1${'\n'.repeat(LONG)}`],
  ['many events', 'dahua', 'Code=a;action=b;'.repeat(250_000)],
  ['an endless code', 'dahua', `Code=${'a'.repeat(LONG)}`],
  ['an endless index', 'dahua', `Code=T;action=a;index=${'1'.repeat(LONG)}`],
  ['braces', 'dahua', `Code=Traffic;action=Pulse;index=0;data={${'{'.repeat(LONG)}`],
  ['backslashes', 'axis', `{"a":"${'\\'.repeat(LONG)}"}`],
  ['escaped quotes', 'axis', `{"a":"${'\\"'.repeat(LONG)}"}`],
  ['dashes inside a line', 'axis', `junk\r\n${`--a${'-'.repeat(16_000)}b\r\n`.repeat(250)}`, FORM],
  ['dashes after the first delimiter', 'axis', `--zzz\r\n\r\n${`--a${'-'.repeat(200)}b\r\n`.repeat(20_000)}`, FORM],
  ['lines of dashes', 'axis', `--zzz\r\n${'--\n'.repeat(LONG)}`, FORM],
  ['tiny parts', 'axis', '--zzz\r\na:b\r\n\r\nx\r\n'.repeat(660_000), FORM],
  ['headers without end', 'axis', `--zzz\r\n${'a:b\r\n'.repeat(LONG / 5)}`, FORM],
  ['tags', 'dahua-itsapi', `<Picture>${'<b/>'.repeat(LONG / 4)}`],
  ['tags in tags', 'hikvision', `<EventNotificationAlert>${'<a>'.repeat(60_000)}</EventNotificationAlert>`],
  ['attributes', 'dahua-itsapi', `<Picture ${'a="'.repeat(LONG / 3)}`],
  ['comments', 'dahua-itsapi', `<Picture>${'<!--'.repeat(LONG / 4)}`],
  ['character data', 'dahua-itsapi', `<Picture>${'<![CDATA['.repeat(LONG / 9)}`],
  ['instructions', 'dahua-itsapi', `<Picture>${'<?'.repeat(LONG / 2)}`],
  ['entities', 'dahua-itsapi', `<!DOCTYPE a [${'<!ENTITY x "'.repeat(LONG / 12)}`],
  ['entities in text', 'dahua-itsapi', `<Picture><a>${'&amp;'.repeat(LONG / 5)}</a></Picture>`],
]

describe('a message of the longest kind costs no more than its length', () => {
  for (const [name, dialect, body, type] of SHAPES)
    test(name, () => {
      const said = take(dialect, body.slice(0, 12 << 20), type === undefined ? {} : { 'content-type': type })
      expect(said).toMatch(/reads$|^(This|A) /)
      expect(said.length).toBeLessThan(300)
    })

  test('a boundary, a disposition and a capture time of any length', () => {
    expect(boundaryOf(`multipart/mixed; boundary${' '.repeat(LONG)}`)).toBeNull()
    const disposition = `Content-Disposition: form-data; name${' '.repeat(16_000)}x`
    expect(take('axis', `--zzz\r\n${disposition}\r\n\r\n{"carID":"1"}\r\n--zzz--`, { 'content-type': FORM })).toMatch(
      /./,
    )
    const late = JSON.stringify({ reads: [], capturedAt: `2026-01-01T${'Z'.repeat(1_000_000)}` })
    expect(() => parseReads('cam-1', late)).toThrow(/capturedAt/)
  })
})

const DEEP = '['.repeat(200_000) + ']'.repeat(200_000)
const deep = (message: object): string => JSON.stringify(message).replaceAll('"DEEP"', DEEP)
const ODD: readonly (readonly [string, string, string])[] = [
  ['rekor results', 'rekor', deep({ data_type: 'alpr_results', camera_id: 'DEEP', results: [{ plate: 'AB12CDE' }] })],
  ['rekor group', 'rekor', deep({ data_type: 'alpr_group', camera_id: 'DEEP', best_plate_number: 'AB12CDE' })],
  ['platerecognizer', 'platerecognizer', deep({ data: { camera_id: 'DEEP', results: [{ plate: 'AB12CDE' }] } })],
  ['milesight', 'milesight', deep({ plate: 'AB12CDE', detection_region: 'DEEP' })],
  ['axis', 'axis', deep({ plateText: 'AB12CDE', carID: 'DEEP', plateCoordinates: 'DEEP' })],
  ['dahua events', 'dahua', `${'{"Events":['.repeat(50_000)}1${']}'.repeat(50_000)}`],
  ['dahua data', 'dahua', `Code=Traffic;action=Pulse;index=0;data=${deep({ Object: 'DEEP', UTC: 'DEEP' })}`],
  [
    'itsapi',
    'dahua-itsapi',
    deep({ Picture: { SnapInfo: { AccurateTime: 'DEEP' }, Plate: { PlateNumber: 'AB12CDE' } } }),
  ],
  [
    'itsapi, no text',
    'dahua-itsapi',
    '{"Picture":{"Plate":{"IsExist":{"toString":1,"valueOf":1},"PlateNumber":"AB12CDE"}}}',
  ],
  ['itsapi, XML', 'dahua-itsapi', `<Picture>${'<Plate>'.repeat(1_900)}</Picture>`],
  [
    'hikvision, XML',
    'hikvision',
    `<EventNotificationAlert><ANPR><licensePlate>AB12CDE</licensePlate></ANPR><macAddress>${'<a>'.repeat(1_900)}</EventNotificationAlert>`,
  ],
]

describe('a message of a shape that nobody thought of is refused with one sentence, or read', () => {
  test.each(ODD)('%s', (_name, dialect, body) => {
    expect(take(dialect, body)).toMatch(/^1 reads$|^0 reads$|nested deeper|cannot be taken apart|^This /)
  })

  test('also one that a broker passes on', () => {
    const part = { headers: {}, name: null, filename: null, body: Buffer.from(deep({ plate: 'AB12CDE', x: 'DEEP' })) }
    const envelope = { parts: [part], query: {}, path: '', arrivedAt: 0, timezone: 'UTC', pictureSize: null }
    expect(() => readMessage(mappedDialect({ plate: 'plate' }), envelope)).toThrow(/nested deeper/)
  })

  test('a dialect that stumbles says that the message is the trouble', () => {
    const stumbling = {
      ...mappedDialect({ plate: 'plate' }),
      read: () => {
        throw new RangeError('Maximum call stack size exceeded')
      },
    }
    const envelope = { parts: [], query: {}, path: '', arrivedAt: 0, timezone: 'UTC', pictureSize: null }
    expect(() => readMessage(stumbling, envelope)).toThrow(/This mapped message has a shape that cannot be taken apart/)
  })

  test('what real devices send is none of this', () => {
    const { headers, body } = hikvisionPush()
    expect(take('hikvision', body, { 'content-type': headers['content-type'] ?? '' })).toBe('1 reads')
  })
})
