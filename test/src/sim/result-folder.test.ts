import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type ResultFiles, resultsTrouble } from '../../../src/commands/sim/result-folder.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'berth-results-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const ABOUT = { form: 'berth-sim-1' }
const PICTURE = Uint8Array.of(1, 2, 3)
const write = (files: ResultFiles): string | null => resultsTrouble(folder, files, ABOUT, new AbortController().signal)
const inside = (): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map((one) => join(one.parentPath, one.name).slice(folder.length + 1))
    .sort()

/** Results with these journals. */
const results = (...journals: string[]): ResultFiles => ({
  'metrics.json': ['{}'],
  'report.html': ['a report'],
  'plots/day.png': PICTURE,
  ...Object.fromEntries(journals.map((name) => [`journals/${name}.jsonl`, [`of ${name}`, '\n']])),
})
const LAST = ['manifest.json', 'metrics.json', 'plots/day.png', 'report.html']

test('a later run leaves its own journals alone, and what somebody else put there or changed', () => {
  expect(write(results('slow-0-1', 'slow-0-2', 'wrong-bay-1-3'))).toBeNull()
  writeFileSync(join(folder, 'journals', 'slow-0-2.jsonl'), 'with a note of mine')
  writeFileSync(join(folder, 'journals', 'late-release-0-9.jsonl'), 'a copy from elsewhere')
  writeFileSync(join(folder, 'notes.txt'), 'mine')
  expect(write(results('slow-0-4'))).toBeNull()
  expect(inside()).toEqual([
    'journals/late-release-0-9.jsonl',
    'journals/slow-0-2.jsonl',
    'journals/slow-0-4.jsonl',
    ...LAST.slice(0, 2),
    'notes.txt',
    ...LAST.slice(2),
  ])
  expect(readFileSync(join(folder, 'journals', 'slow-0-4.jsonl'), 'utf8')).toBe('of slow-0-4\n')
})

test('designs side by side in the folder of a run take its journals, visits and pictures away', () => {
  expect(write({ ...results('slow-0-1'), 'visits.csv': ['a,b\n'], 'plots/plan.png': PICTURE })).toBeNull()
  expect(write(results())).toBeNull()
  expect(inside()).toEqual(LAST)
})

test('where results cannot be written those of before stay whole, and nothing of the new ones is left', () => {
  expect(write(results('slow-0-1'))).toBeNull()
  const before = inside()
  // No file can be written in the place of a folder.
  mkdirSync(join(folder, 'visits.csv.part'))
  expect(write({ ...results('slow-0-2'), 'visits.csv': ['a,b\n'] })).toContain('cannot be written into')
  expect(inside()).toEqual(before)
  expect(readFileSync(join(folder, 'journals', 'slow-0-1.jsonl'), 'utf8')).toBe('of slow-0-1\n')
})

test('what a run that was killed while it wrote left goes with the next one', () => {
  expect(write(results('slow-0-1', 'slow-0-2'))).toBeNull()
  const of = (name: string): string => join(folder, name)
  // As it stands between the first file that is moved into its place and the last.
  renameSync(of('manifest.json'), of('manifest.json.part'))
  renameSync(of('journals/slow-0-2.jsonl'), of('journals/slow-0-2.jsonl.part'))
  rmSync(of('report.html'))
  expect(write(results('slow-0-3'))).toBeNull()
  expect(inside()).toEqual(['journals/slow-0-3.jsonl', ...LAST])
})

test('a manifest that somebody made up takes nothing away that berth could not have written', () => {
  const [beside, named] = [join(folder, '..', `${Date.now()}-mine.json`), join(folder, 'mine.txt')]
  for (const path of [beside, named]) writeFileSync(path, 'mine')
  const listed = { [`../${beside.split('/').at(-1)}`]: { sha256: '' }, 'mine.txt': { sha256: '' } }
  for (const manifest of [{ files: listed, pictures: Object.keys(listed) }, { files: null }, [], 'none']) {
    writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest))
    expect(write(results())).toBeNull()
  }
  expect([beside, named].map((path) => existsSync(path))).toEqual([true, true])
  rmSync(beside)
})
