import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { fileLines } from '../../../src/journal/export-file.ts'
import { packedPages, packPage } from '../../../src/journal/packed-pages.ts'
import { verifyExports } from '../../../src/journal/verification.ts'
import { scratchFolder } from '../../contracts/journal-drafts.ts'

const TOP = join(import.meta.dirname, '../../..')
const HEAD_BYTES = 20
const hasPython = spawnSync('python3', ['--version']).status === 0
if (!hasPython) console.log('skipped: the verifier in Python needs python3')

/** One piece of a packed file whose bytes unpack to so many spaces. */
function spaces(megabytes: number): Buffer {
  const packed = gzipSync(Buffer.alloc(megabytes << 20, ' '), { level: 1 }).subarray(10)
  const page = Buffer.concat([packPage('').subarray(0, HEAD_BYTES - 4), Buffer.alloc(4), packed])
  page.writeUInt32LE(page.length, HEAD_BYTES - 4)
  return page
}

function python(path: string): string {
  const { stdout, stderr } = spawnSync('python3', ['-B', join(TOP, 'docs/verify.py'), path], { encoding: 'utf8' })
  return `${stdout}${stderr}`.trim()
}

test('a small file that unpacks to more than berth ever writes is refused in one sentence, and never unpacked whole', () => {
  const path = join(scratchFolder(), 'bomb.jsonl.gz')
  writeFileSync(path, spaces(300))
  expect(verifyExports([path]).broken).toMatch(
    /^line 1: .*bomb.jsonl.gz: the packed piece at byte 0 unpacks to more than 256 MB/,
  )
  expect(() => [...fileLines(path)]).toThrow('more than 256 MB')
  if (hasPython) expect(python(path)).toBe('line 1: it is longer than 64 MB, and no line of berth is')
}, 180_000)

test('a line longer than any of berth’s is refused in one sentence, packed or not', () => {
  const folder = scratchFolder()
  const [plain, packed] = [join(folder, 'long.jsonl'), join(folder, 'long.jsonl.gz')]
  writeFileSync(plain, Buffer.alloc(65 << 20, ' '))
  writeFileSync(packed, spaces(65))
  for (const path of [plain, packed]) {
    expect(verifyExports([path]).broken).toMatch(/^line 1: .* holds a line longer than 64 MB, which none of berth’s is/)
    if (hasPython) expect(python(path)).toBe('line 1: it is longer than 64 MB, and no line of berth is')
  }
}, 180_000)

test('a bit that says nothing, behind the end of the packed ones, is found changed as any other', () => {
  const path = join(scratchFolder(), 'spare.jsonl.gz')
  let spare = 0
  for (let length = 1; length <= 40; length++) {
    const whole = packPage(`${'{"some":"record"} '.repeat(length)}\n`)
    writeFileSync(path, whole)
    expect([...packedPages(path)]).toHaveLength(1)
    for (let bit = 0; bit < 8; bit++) {
      const bytes = Buffer.from(whole)
      const at = whole.length - 9
      bytes[at] = (bytes[at] as number) ^ (1 << bit)
      writeFileSync(path, bytes)
      expect(() => [...packedPages(path)], `length ${length}, bit ${bit}`).toThrow(/is cut off or damaged/)
      // What follows the first 16 bytes is what any gunzip reads: it takes a spare bit for nothing.
      const plain = Buffer.concat([gzipSync('').subarray(0, 10), bytes.subarray(HEAD_BYTES)])
      try {
        gunzipSync(plain)
        spare++
      } catch {
        // A bit that says something.
      }
    }
  }
  expect(spare).toBeGreaterThan(20)
  if (!hasPython) return
  // The script says it of a piece whose packed bits end early in their last byte.
  const whole = packPage('{"some":"record"} \n')
  const bytes = Buffer.from(whole)
  bytes[whole.length - 9] = (bytes[whole.length - 9] as number) | 0x80
  writeFileSync(path, bytes)
  expect(python(path)).toBe('the packed piece at byte 0 is damaged')
}, 180_000)
