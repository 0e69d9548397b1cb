import { describe, expect, test } from 'vitest'
import { boundaryOf, type Part, PartSplitter } from '../../../src/cameras/multipart.ts'
import { partsOf } from '../../../src/cameras/multipart-body.ts'
import { fc } from '../../seeded-check.ts'
import { HIKVISION_XML, hikvisionPush, jpegOf } from './device-samples.ts'

const MB = 1 << 20

/** The parts of a text or of bytes, cut at these places. */
function split(body: string | Buffer, contentType: string | null, cuts: readonly number[] = [], largest = MB): Part[] {
  const bytes = Buffer.from(body)
  const parts: Part[] = []
  const splitter = new PartSplitter({ contentType, largest, onPart: (part) => parts.push(part) })
  const places = [0, ...cuts.filter((at) => at < bytes.length).toSorted((a, b) => a - b), bytes.length]
  for (const [at, from] of places.entries()) splitter.push(bytes.subarray(from, places[at + 1] ?? bytes.length))
  splitter.end()
  return parts
}
const bodies = (parts: readonly Part[]): string[] => parts.map(({ body }) => body.toString('latin1'))

const MIXED = 'multipart/mixed; boundary=b1'
const head = (type: string, length?: number | string): string =>
  `Content-Type: ${type}\r\n${length === undefined ? '' : `Content-Length: ${length}\r\n`}\r\n`

describe('what cameras write', () => {
  test('form-data with names, in any order', () => {
    const { headers, body } = hikvisionPush(HIKVISION_XML, [2, 0, 1])
    const parts = split(body, headers['content-type'] ?? null)
    expect(parts.map(({ name }) => name)).toEqual(['detectionPicture.jpg', 'anpr.xml', 'licensePlatePicture.jpg'])
    expect(parts[1]?.body.toString()).toBe(HIKVISION_XML)
    expect(parts[0]?.body).toEqual(jpegOf(2688, 1520))
  })

  test('bare line feeds', () => {
    const text = '--b1\nContent-Type: text/plain\n\none\n--b1\nContent-Type: text/plain\n\ntwo\n--b1--\n'
    expect(bodies(split(text, MIXED))).toEqual(['one', 'two'])
  })

  test('a Content-Length that is missing, too small, too large or no number', () => {
    for (const length of [undefined, 1, 2, 5_000, 'many', '-3', '99999999999999']) {
      const text = `--b1\r\n${head('text/plain', length)}first\r\nline\r\n--b1\r\n${head('text/plain', length)}second\r\n--b1--`
      expect(bodies(split(text, MIXED))).toEqual(['first\r\nline', 'second'])
    }
  })

  test('a byte order mark, status lines and other junk before the first delimiter', () => {
    for (const junk of [
      '\ufeff',
      'HTTP/1.1 200 OK\r\nServer: x\r\n\r\n',
      '\r\n\r\n',
      '-- not me\r\n',
      `${'x'.repeat(40_000)}\r\n`,
    ])
      expect(bodies(split(`${junk}--b1\r\n${head('text/plain')}one\r\n--b1--`, MIXED))).toEqual(['one'])
  })

  test('a boundary whose quotes or dashes differ from its header’s, another boundary, or none', () => {
    const types = ['b1', '"b1"', "'b1'", '"b1', '--b1', '"--b1"', '----b1--', 'somethingelse', '']
    for (const type of types)
      expect(
        bodies(
          split(
            `--b1\r\n${head('a/b')}one\r\n--b1\r\n${head('a/b')}two\r\n--b1--`,
            `multipart/mixed; boundary=${type}`,
          ),
        ),
      ).toEqual(['one', 'two'])
    expect(bodies(split(`--b1\r\n${head('a/b')}one\r\n--b1--`, null))).toEqual(['one'])
    expect(bodies(split(`----b1\r\n${head('a/b')}one\r\n----b1--`, MIXED))).toEqual(['one'])
  })

  test('a last part without its closing delimiter, and a closing delimiter without a line end', () => {
    expect(bodies(split(`--b1\r\n${head('a/b')}one`, MIXED))).toEqual(['one'])
    expect(bodies(split(`--b1\r\n${head('a/b')}one\r\n--b1--`, MIXED))).toEqual(['one'])
  })

  test('a stream’s part is given as soon as it is whole by its length, before the next delimiter comes', () => {
    const parts: Part[] = []
    const splitter = new PartSplitter({ contentType: MIXED, largest: MB, onPart: (part) => parts.push(part) })
    const xml = '<a>\r\n<b/></a>'
    splitter.push(Buffer.from(`--b1\r\n${head('application/xml', xml.length)}${xml}`))
    expect(bodies(parts)).toEqual([xml])
    splitter.push(Buffer.from(`\r\n--b1\r\n${head('image/jpeg', jpegOf(8, 8).length)}`))
    splitter.push(jpegOf(8, 8))
    expect(parts).toHaveLength(2)
  })

  test('a picture with line feeds and dashes in it comes out byte for byte', () => {
    const picture = Buffer.concat([
      jpegOf(8, 8).subarray(0, -2),
      Buffer.from('\r\n--\r\n--b\n--b12\r\n\n'),
      Buffer.from([0xff, 0xd9]),
    ])
    for (const length of [undefined, picture.length, 7]) {
      const body = Buffer.concat([
        Buffer.from(`--b1\r\n${head('image/jpeg', length)}`),
        picture,
        Buffer.from('\r\n--b1--\r\n'),
      ])
      expect(split(body, MIXED).map((part) => part.body)).toEqual([picture])
    }
  })

  test('a body that is no multipart is one part, whatever its header says', () => {
    for (const type of ['multipart/form-data; boundary=x', 'application/xml', ''])
      expect(
        partsOf({ 'content-type': type }, Buffer.from(HIKVISION_XML), MB).map(({ body }) => body.toString()),
      ).toEqual([HIKVISION_XML])
    const { body } = hikvisionPush()
    expect(partsOf({ 'content-type': 'application/octet-stream' }, body, MB)).toHaveLength(3)
  })

  test('the boundary of a header, however it is written', () => {
    expect(boundaryOf('multipart/mixed;boundary = "a b"; x=y')).toBe('a b')
    expect(boundaryOf('multipart/x-mixed-replace; boundary=--myboundary')).toBe('--myboundary')
    expect(boundaryOf('text/plain')).toBeNull()
  })
})

describe('bounds', () => {
  test('a part that is too large is left out and counted, and the next one comes through', () => {
    const parts: Part[] = []
    const splitter = new PartSplitter({ contentType: MIXED, largest: 1_000, onPart: (part) => parts.push(part) })
    const filler = [Buffer.alloc(3 * MB, 'x'), Buffer.alloc(200_000, 'line\n')]
    for (const large of filler) {
      splitter.push(Buffer.from(`--b1\r\n${head('a/b')}`))
      splitter.push(large)
      splitter.push(Buffer.from(`\r\n--b1\r\n${head('a/b')}small\r\n--b1--\r\n`))
    }
    splitter.end()
    expect([bodies(parts), splitter.dropped]).toEqual([['small', 'small'], 2])
  })

  test('a stream that never makes a part holds no memory, and costs little time', { timeout: 180_000 }, () => {
    for (const chunk of [
      Buffer.alloc(MB, 'x'),
      Buffer.alloc(MB, 'x\n'),
      Buffer.alloc(MB, '--b1\r\n'),
      Buffer.alloc(MB, '--b1\r\nA: b\r\n'),
    ]) {
      const splitter = new PartSplitter({ contentType: MIXED, largest: 100_000, onPart: () => undefined })
      const before = process.memoryUsage().arrayBuffers
      const from = process.cpuUsage()
      for (let megabytes = 0; megabytes < 8; megabytes += 1) splitter.push(chunk)
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(4 * MB)
      expect(process.cpuUsage(from).user / 1_000).toBeLessThan(4_000)
    }
  })
})

/** Bodies as cameras might send them: right ones, wrong ones, and rubbish with pieces of both. */
const piece = fc.oneof(
  fc.constantFrom(
    '\r\n',
    '\n',
    '--b1',
    '--b1\r\n',
    '--b1--',
    '\r\n--b1\r\n',
    '\n--b1\n',
    '--',
    '\ufeff',
    '--zz\r\nA: b\r\n\r\n',
  ),
  fc.constantFrom(
    head('text/plain'),
    head('application/json', 9),
    head('image/jpeg', 4),
    'Content-Length: 3\n\n',
    '{"a":"b"}',
    '<a></a>',
  ),
  fc.string({ unit: 'binary', maxLength: 12 }),
)
const rubbish = fc.array(piece, { maxLength: 24 }).map((pieces) => Buffer.from(pieces.join('')))

describe('however a body is cut', () => {
  test('the same parts come out, of any bytes', () => {
    fc.assert(
      fc.property(
        rubbish,
        fc.array(fc.nat(400), { maxLength: 12 }),
        fc.integer({ min: 8, max: 300 }),
        (body, cuts, largest) => {
          const whole = split(body, MIXED, [], largest)
          expect(split(body, MIXED, cuts, largest)).toEqual(whole)
          const every = Array.from({ length: body.length }, (_, at) => at)
          expect(split(body, MIXED, every, largest)).toEqual(whole)
        },
      ),
      { numRuns: 3_000 },
    )
  })

  test('what was put in comes out, whatever the bodies are', () => {
    const part = fc.record({
      body: fc.uint8Array({ maxLength: 200 }),
      length: fc.constantFrom('right', 'none', 'wrong'),
      isBare: fc.boolean(),
    })
    fc.assert(
      fc.property(
        fc.array(part, { minLength: 1, maxLength: 5 }),
        fc.array(fc.nat(1_500), { maxLength: 8 }),
        (parts, cuts) => {
          const body = Buffer.concat([
            ...parts.flatMap(({ body: bytes, length, isBare }) => {
              const [said, end] = [
                length === 'right' ? bytes.length : length === 'wrong' ? bytes.length + 7 : undefined,
                isBare ? '\n' : '\r\n',
              ]
              const headers = head('application/octet-stream', said).replaceAll('\r\n', end)
              return [Buffer.from(`--b1${end}${headers}`), Buffer.from(bytes), Buffer.from('\r\n')]
            }),
            Buffer.from('--b1--\r\n'),
          ])
          const out = split(body, MIXED, cuts)
          // Bytes that happen to hold a delimiter are another body: chance does not make one.
          expect(out.map((one) => [...one.body])).toEqual(parts.map(({ body: bytes }) => [...bytes]))
        },
      ),
      { numRuns: 1_000 },
    )
  })
})
