import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { crc32, deflateSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { PictureAnswer, Polygon } from '../../../actors/ports.ts'
import { Fault } from '../../../machines/faults.ts'
import { openReader, type ReaderPool } from '../../../src/vision/reader.ts'
import { isSoundAnswer } from '../../../src/vision/reader-answer.ts'
import { renderedPlate } from './rendered-plate.ts'

const whole: Polygon = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
]
const faults: Fault[] = []
let reader: ReaderPool
let photo: Buffer

beforeAll(async () => {
  photo = await renderedPlate('KX19 TYP')
  reader = await openReader({ children: 1, queue: 3, deadline_ms: 30_000, onFault: (fault) => faults.push(fault) })
}, 180_000)
afterAll(() => reader.close())

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'no fault',
    (error) => (error instanceof Fault ? error.code : `not a Fault: ${error}`),
  )

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    // A zombie that nobody waits for has ended too.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

/** A PNG whose header claims `side`×`side` pixels, with no more data than a few bytes. */
function boastingPng(side: number): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
    const frame = Buffer.alloc(8)
    frame.writeUInt32BE(data.length, 0)
    frame.writeUInt32BE(crc32(body), 4)
    return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)])
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(side, 0)
  header.writeUInt32BE(side, 4)
  header.set([8, 2, 0, 0, 0], 8)
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.alloc(1000))),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

describe('reading', () => {
  test('a rendered plate is read right, with its place, and each character has a confidence', async () => {
    const answer = await reader.read(photo, { bay: whole })
    const [read] = answer.zones['bay']?.reads ?? []
    expect(read?.text).toBe('KX19TYP')
    expect(read?.agreed, 'both recognisers read it so: two witnesses').toBe(true)
    expect(read?.characters).toHaveLength(7)
    expect(read?.confidence).toBeGreaterThan(0.8)
    expect(read?.candidates[0]?.text).toBe('KX19TYP')
    const [cx, cy] = [0, 1].map((axis) => (read?.quad ?? []).reduce((sum, corner) => sum + (corner[axis] ?? 0), 0) / 4)
    expect(cx).toBeCloseTo(0.5, 1)
    expect(cy).toBeCloseTo(0.5, 1)
    expect(answer).toMatchObject({ width: 640, height: 480 })
  }, 180_000)

  test('a zone sees its own part only', async () => {
    const answer = await reader.read(photo, {
      top: [
        [0, 0],
        [1, 0],
        [1, 0.3],
        [0, 0.3],
      ],
      middle: [
        [0.1, 0.3],
        [0.9, 0.3],
        [0.9, 0.7],
        [0.1, 0.7],
      ],
    })
    expect(answer.zones['top']?.reads).toEqual([])
    expect(answer.zones['middle']?.reads[0]?.text).toBe('KX19TYP')
  }, 180_000)

  test('what is ignored is never recognised, and says nothing of who is there', async () => {
    const middle: Polygon = [
      [0.1, 0.35],
      [0.9, 0.35],
      [0.9, 0.65],
      [0.1, 0.65],
    ]
    const answer = await reader.read(photo, { bay: { polygon: whole, masks: [middle] }, other: whole })
    expect(answer.zones['bay']?.reads).toEqual([])
    expect(answer.zones['other']?.reads[0]?.text).toBe('KX19TYP')
    const cells = Buffer.from(answer.zones['bay']?.look.grey ?? '', 'base64')
    expect(cells.readUInt8(24 * 24 + 12 * 24 + 12)).toBe(0)
    expect(cells.readUInt8(24 * 24)).toBe(255)
  }, 180_000)
})

describe('pictures that are none', () => {
  test('each bad picture gets one clear fault, and the child that saw it goes on', async () => {
    const before = reader.pids()
    const noise = Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7919 + 13) % 256))
    const bad: [string, Uint8Array, string][] = [
      ['no bytes', new Uint8Array(0), 'PICTURE_UNREADABLE'],
      ['one byte', new Uint8Array([0xff]), 'PICTURE_UNREADABLE'],
      ['noise', noise, 'PICTURE_UNREADABLE'],
      ['text', Buffer.from('hello, I am a camera'), 'PICTURE_UNREADABLE'],
      ['svg', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'), 'PICTURE_UNREADABLE'],
      ['half a photo', photo.subarray(0, photo.length / 2), 'PICTURE_UNREADABLE'],
      ['a JPEG start and noise', Buffer.concat([photo.subarray(0, 200), noise]), 'PICTURE_UNREADABLE'],
      ['a PNG that claims 400 megapixels', boastingPng(20_000), 'PICTURE_TOO_LARGE'],
      ['a PNG that ends early', boastingPng(3000), 'PICTURE_UNREADABLE'],
      ['more than 8 MB', Buffer.alloc(8 * 1024 * 1024 + 1, 0xff), 'PICTURE_TOO_LARGE'],
    ]
    for (const [name, bytes, code] of bad)
      expect([name, await codeOf(reader.read(bytes, { bay: whole }))]).toEqual([name, code])
    expect((await reader.read(photo, { bay: whole })).zones['bay']?.reads[0]?.text).toBe('KX19TYP')
    expect(reader.pids()).toEqual(before)
    expect(faults).toEqual([])
  }, 180_000)
})

describe('children that fail', () => {
  test.each(['SIGKILL', 'SIGSEGV'] as const)(
    '%s in mid-read costs that frame, tells once, and reading goes on',
    async (signal) => {
      faults.length = 0
      const [pid] = reader.pids()
      const lost = codeOf(reader.read(photo, { bay: whole }))
      const next = reader.read(photo, { bay: whole })
      process.kill(pid as number, signal)
      expect(await lost).toBe('READER_FAILED')
      expect((await next).zones['bay']?.reads[0]?.text).toBe('KX19TYP')
      expect(faults.map((fault) => fault.code)).toEqual(['READER_FAILED'])
      expect(reader.pids()).not.toContain(pid)
    },
    180_000,
  )

  test('a child that hangs is given up at the deadline and replaced', async () => {
    const hasty = await openReader({ children: 1, deadline_ms: 3000 })
    try {
      const [pid] = hasty.pids()
      process.kill(pid as number, 'SIGSTOP')
      expect(await codeOf(hasty.read(photo, { bay: whole }))).toBe('READER_FAILED')
      await expect.poll(() => hasty.pids().filter((other) => other !== pid).length, { timeout: 60_000 }).toBe(1)
      await expect.poll(() => isAlive(pid as number), { timeout: 60_000 }).toBe(false)
    } finally {
      await hasty.close()
    }
  }, 180_000)

  test('pictures beyond the queue are refused at once, the waiting ones are read', async () => {
    const reads = Array.from({ length: 6 }, () => codeOf(reader.read(photo, { bay: whole })))
    expect((await Promise.all(reads)).sort()).toEqual([
      'READER_BUSY',
      'READER_BUSY',
      'no fault',
      'no fault',
      'no fault',
      'no fault',
    ])
  }, 180_000)

  test('closing ends every child and refuses later pictures', async () => {
    const other = await openReader({ children: 2 })
    const pids = other.pids()
    expect(pids).toHaveLength(2)
    const pending = codeOf(other.read(photo, { bay: whole }))
    await other.close()
    expect(await pending).toBe('READER_FAILED')
    for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow()
    expect(await codeOf(other.read(photo, {}))).toBe('READER_FAILED')
  }, 180_000)

  test('children end when their parent is killed', async () => {
    const module = new URL('../../../src/vision/reader.ts', import.meta.url).href
    const script = `const { openReader } = await import(${JSON.stringify(module)}); const reader = await openReader({ children: 2 }); console.log(JSON.stringify(reader.pids())); setInterval(() => {}, 1000)`
    const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [line] = (await once(parent.stdout, 'data')) as [Buffer]
    const pids = JSON.parse(line.toString()) as number[]
    expect(pids).toHaveLength(2)
    parent.kill('SIGKILL')
    await expect.poll(() => pids.filter(isAlive), { timeout: 60_000 }).toEqual([])
  }, 180_000)
})

describe('what a child answers', () => {
  test('an answer out of shape is not believed', async () => {
    const answer = await reader.read(photo, { bay: whole })
    const bay = answer.zones['bay']
    const read = bay?.reads[0]
    expect(isSoundAnswer(answer, { bay: whole })).toBe(true)
    const broken: unknown[] = [
      null,
      'KX19TYP',
      { ...answer, zones: {} },
      { ...answer, zones: { bay, other: bay } },
      { ...answer, width: Number.NaN },
      { ...answer, zones: { bay: { ...bay, reads: [{ ...read, text: '<script>' }] } } },
      { ...answer, zones: { bay: { ...bay, reads: [{ ...read, confidence: 2 }] } } },
      { ...answer, zones: { bay: { ...bay, reads: [{ ...read, characters: [1] }] } } },
      { ...answer, zones: { bay: { ...bay, look: { size: 24, grey: 7 } } } },
    ]
    for (const one of broken) expect(isSoundAnswer(one as PictureAnswer, { bay: whole })).toBe(false)
  }, 180_000)
})
