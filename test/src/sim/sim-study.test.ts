import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { STUDIES } from '../../../simulations/design/studies/study-list.ts'
import { simStudy } from '../../../src/commands/sim-study.ts'

let folder = ''
let said = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'berth-study-'))
  said = ''
  const hear = (text: unknown): boolean => {
    said += String(text)
    return true
  }
  vi.spyOn(process.stdout, 'write').mockImplementation(hear)
  vi.spyOn(process.stderr, 'write').mockImplementation(hear)
})
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(folder, { recursive: true, force: true })
})

test('without a name every study is listed with what it asks', async () => {
  expect(await simStudy([])).toBe(0)
  const lines = said.split('\n')
  for (const { name, asks } of STUDIES)
    expect(lines.some((line) => line.startsWith(`  ${name} `) && line.endsWith(asks))).toBe(true)
})

test('a study prints its sentence, its table and what was expected, and writes a report without script', async () => {
  const short = ['--days', '3', '--replications', '2']
  expect(await simStudy(['grid', ...short, '--out', folder])).toBe(0)
  expect(said).toContain('On 40 A a vehicle is full after')
  expect(said).toMatch(/40 A +[\d.,]+ \([\d.,]+ to [\d.,]+\) \[209\]/)
  expect(said).toContain('expected down:')
  const page = readFileSync(join(folder, 'report.html'), 'utf8')
  expect(page).toContain('On 40 A a vehicle is full after')
  expect(page).not.toContain('<script')
  const study = JSON.parse(readFileSync(join(folder, 'study.json'), 'utf8')) as { designs: unknown[] }
  expect(study.designs).toHaveLength(3)
})

test('a name or a number that is none gets a sentence that says what to write', async () => {
  expect(await simStudy(['grids'])).toBe(2)
  expect(said).toContain('There is no study grids; did you mean `berth sim study grid`?')
  said = ''
  expect(await simStudy(['grid', '--days', '0'])).toBe(2)
  expect(said).toContain('--days takes a whole number from 1.')
})
