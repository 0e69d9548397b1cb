import { closeSync, openSync, readSync } from 'node:fs'
import { gunzipSync, gzipSync } from 'node:zlib'
import { Fault } from '../../machines/faults.ts'

/** A piece of a packed file: where it begins and how many bytes it has. */
export type PackedPage = { readonly offset: number; readonly size: number }

/**
 * A packed file is gzip (RFC 1952) in pieces, one after the other: any gunzip reads it from the first to the last. Each piece names its
 * own size in an extra field of its head (`BE`, 4 bytes, little endian), so that one can be read without those before it. The rest of the
 * head is always the same: no byte of the file may differ unnoticed.
 */
const HEAD = Buffer.from([0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 255, 8, 0, 0x42, 0x45, 4, 0])
const HEAD_BYTES = HEAD.length + 4
/** What stands before the packed bytes when gzip writes them. */
const PLAIN_HEAD_BYTES = 10

/** Largest piece that is read, bytes: what is larger is none of berth's. */
const MOST_BYTES = 256 << 20

/** Largest piece once it is unpacked, MB: berth's are a thousandth of it. A small file may unpack to what no memory holds. */
const MOST_UNPACKED_MB = 256

/** Packs a text into one piece. */
export function packPage(text: string): Buffer {
  const page = Buffer.concat([HEAD, Buffer.alloc(4), gzipSync(text).subarray(PLAIN_HEAD_BYTES)])
  page.writeUInt32LE(page.length, HEAD.length)
  return page
}

/** True where the file begins as a packed one does. */
export function isPacked(path: string): boolean {
  return withFile(path, (file) => {
    const start = Buffer.alloc(2)
    return readSync(file, start, 0, 2, 0) === 2 && start.equals(HEAD.subarray(0, 2))
  })
}

/** Every piece of a packed file, in order, unpacked. Throws Fault STORE_CORRUPT where one is cut off or damaged, and the file system's error. */
export function* packedPages(path: string): Generator<PackedPage & { readonly bytes: Buffer }> {
  const file = openSync(path, 'r')
  try {
    for (let offset = 0; ; ) {
      const head = Buffer.alloc(HEAD_BYTES)
      const read = readSync(file, head, 0, HEAD_BYTES, offset)
      if (read === 0) return
      const page = { offset, size: sizeIn(path, head.subarray(0, read), offset) }
      const packed = packedBytes(path, file, page)
      const bytes = unpacked(path, packed, page)
      if (hasSparePart(packed, bytes)) throw damaged(path, offset)
      yield { ...page, bytes }
      offset += page.size
    }
  } finally {
    closeSync(file)
  }
}

/** One piece of a packed file, unpacked. Throws Fault STORE_CORRUPT where it is cut off or damaged, and the file system's error. */
export const readPacked = (path: string, page: PackedPage): Buffer =>
  withFile(path, (file) => unpacked(path, packedBytes(path, file, page), page))

function withFile<T>(path: string, work: (file: number) => T): T {
  const file = openSync(path, 'r')
  try {
    return work(file)
  } finally {
    closeSync(file)
  }
}

function sizeIn(path: string, head: Buffer, offset: number): number {
  const isHead = head.length === HEAD_BYTES && head.subarray(0, HEAD.length).equals(HEAD)
  const size = isHead ? head.readUInt32LE(HEAD.length) : 0
  if (size <= HEAD_BYTES || size > MOST_BYTES) throw damaged(path, offset)
  return size
}

function packedBytes(path: string, file: number, { offset, size }: PackedPage): Buffer {
  const bytes = Buffer.allocUnsafe(size)
  if (readSync(file, bytes, 0, size, offset) !== size) throw damaged(path, offset)
  return bytes
}

/** Bytes behind the packed ones: checksum and length. */
const TAIL_BYTES = 8

/**
 * Whether a bit that says nothing is set: the packed bits end within their last byte, and what is above them there is 0 in every piece of
 * berth's. The highest bit that is set must say something, or whatever is above the end was altered.
 */
function hasSparePart(packed: Buffer, bytes: Buffer): boolean {
  const at = packed.length - TAIL_BYTES - 1
  const last = packed[at] ?? 0
  if (last === 0) return false
  const without = Buffer.from(packed)
  without[at] = last & ~(1 << (31 - Math.clz32(last)))
  try {
    return gunzipSync(without, { maxOutputLength: bytes.length }).equals(bytes)
  } catch {
    return false
  }
}

function unpacked(path: string, bytes: Buffer, { offset }: PackedPage): Buffer {
  try {
    return gunzipSync(bytes, { maxOutputLength: MOST_UNPACKED_MB << 20 })
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      const says = `${path}: the packed piece at byte ${offset} unpacks to more than ${MOST_UNPACKED_MB} MB, which none of berth’s does; it was not made by berth.`
      throw new Fault('STORE_CORRUPT', { path, tooLarge: true }, { cause, says })
    }
    throw damaged(path, offset, cause)
  }
}

const damaged = (path: string, offset: number, cause?: unknown): Fault =>
  new Fault(
    'STORE_CORRUPT',
    { path, offset },
    { cause, says: `${path}: the packed piece at byte ${offset} is cut off or damaged; restore the file from a copy.` },
  )
