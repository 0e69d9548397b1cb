import { crc32, deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { Fault } from '../../../machines/faults.ts'
import { decodePicture } from '../../../src/vision/picture.ts'

const codeOf = (bytes: Uint8Array): Promise<string> =>
  decodePicture(bytes).then(
    ({ fileWidth, fileHeight }) => `${fileWidth}×${fileHeight}`,
    (error: unknown) => (error instanceof Fault ? error.code : `not a fault: ${error}`),
  )

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data])
  const ends = Buffer.alloc(8)
  ends.writeUInt32BE(data.length, 0)
  ends.writeUInt32BE(crc32(body), 4)
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)])
}

/** A PNG of one colour; `kind`: 2 RGB, 6 RGBA. Its data is cut off unless `bytes` says how much there is. */
function png(width: number, height: number, depth: number, kind: number, interlaced: boolean, bytes = 1_000): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([depth, kind, 0, 0, interlaced ? 1 : 0], 8)
  const start = Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10])
  const data = deflateSync(Buffer.alloc(bytes), { level: 1 })
  return Buffer.concat([start, chunk('IHDR', header), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))])
}

test('a strip one pixel wide is refused by its header, whole as it may be', async () => {
  expect(await codeOf(png(1, 39_999_999, 8, 0, false, 79_999_998))).toBe('PICTURE_TOO_LARGE')
  expect(await codeOf(png(39_999_999, 1, 8, 0, false, 40_000_000))).toBe('PICTURE_TOO_LARGE')
})

test('what must be opened whole before it can be shrunk may be smaller only', async () => {
  expect(await codeOf(png(6_300, 6_300, 16, 6, true))).toBe('PICTURE_TOO_LARGE')
  const grey = sharp({ create: { width: 6_300, height: 6_300, channels: 3, background: '#888' } })
  const turned = await grey.withMetadata({ orientation: 6 }).jpeg({ progressive: true }).toBuffer()
  expect(await codeOf(turned)).toBe('PICTURE_TOO_LARGE')
  // The largest of real cameras, however they write it.
  const real = sharp({ create: { width: 4_000, height: 3_000, channels: 3, background: '#888' } })
  expect(await codeOf(await real.withMetadata({ orientation: 6 }).jpeg({ progressive: true }).toBuffer())).toBe(
    '3000×4000',
  )
}, 180_000)
