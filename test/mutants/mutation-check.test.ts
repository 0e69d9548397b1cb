import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { LAWS } from '../properties/law-book.ts'
import { BAY_MUTANTS } from './bay-mutants.ts'
import { EQUIVALENT } from './equivalents.ts'
import { FEED_MUTANTS } from './feed-mutants.ts'
import { type FoldMutant, foldMutants, misfits } from './mutant.ts'
import { checkMutants, type Findings, textOf } from './mutation-check.ts'
import { VISIT_MUTANTS } from './visit-mutants.ts'

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

const FOLDS: readonly FoldMutant[] = [...BAY_MUTANTS, ...VISIT_MUTANTS, ...FEED_MUTANTS]

describe('the mutants', () => {
  test('each still fits the code that it breaks', () => {
    expect(misfits(FOLDS, textOf)).toEqual([])
  })

  test('each has a name of its own, and really changes something', () => {
    expect(new Set(FOLDS.map(({ name }) => name)).size).toBe(FOLDS.length)
    expect(FOLDS.filter(({ find, replace }) => find === replace)).toEqual([])
  })

  test('those said to be equivalent are there, and few', () => {
    const names = FOLDS.map(({ name }) => name)
    const strange = Object.keys(EQUIVALENT).filter((name) => !names.includes(name) && !/ always (yes|no)$/.test(name))
    expect(strange).toEqual([])
    expect(Object.keys(EQUIVALENT).length).toBeLessThanOrEqual(8)
  })

  test('every law stands in the book that they are held against', () => {
    const files = readdirSync(join(import.meta.dirname, '../properties/laws'))
    expect(LAWS.length).toBe(files.length)
    expect(LAWS.flatMap(({ number }) => number ?? [])).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  })
})

describe('a check that can fail', () => {
  const [survivor, caught, stray] = foldMutants(
    [1],
    [
      ['machines/lock.ts', 'a comment says something else', 'Energy flows now, by a live sample', 'Energy flows'],
      [
        'machines/lock.ts',
        'a bay never locks',
        'export function isHeld(bay: Bay): boolean {',
        'export function isHeld(bay: Bay): boolean {\n  if (bay) return false',
      ],
      ['machines/lock.ts', 'a text that is gone', 'no such words stand here', ''],
    ],
  )
  let findings: Findings
  beforeAll(async () => {
    findings = await checkMutants({
      folds: [survivor, caught, stray] as FoldMutant[],
      guards: () => false,
      equivalent: { 'a bay never locks': 'it is said so, and is not true' },
      workers: 1,
      effort: { stories: 30, quick: 30, ownRuns: 5, checks: 8, seed: 7 },
      seeks: true,
    })
  })

  test('reports a mutant that survives', () => {
    expect(findings.faults.filter((one) => one.startsWith('SURVIVED'))).toEqual([
      'SURVIVED: a comment says something else. Sharpen a law, tell a story, or remove what nobody notices.',
    ])
  })

  test('catches a mutant that breaks a law, and says by which', () => {
    const verdict = findings.verdicts.find(({ name }) => name === 'a bay never locks')
    expect(verdict?.caught[0]?.by).toMatch(/^law \d+: /)
  })

  test('reports a mutant whose text is gone, one that is no equivalent, and promises that caught nothing', () => {
    expect(findings.faults.join('\n')).toContain('“a text that is gone”: its text stands 0 times in machines/lock.ts')
    expect(findings.faults.join('\n')).toContain('“a bay never locks” is listed as equivalent and was caught')
    expect(findings.faults.filter((one) => one.startsWith('Caught nothing')).length).toBeGreaterThan(5)
  })
})
