import { readdirSync, readFileSync } from 'node:fs'
import { beforeAll, expect, test, vi } from 'vitest'
import { bay } from '../../machines/bay.ts'
import { fc } from '../seeded-check.ts'
import { livedThrough } from './bay-commands.ts'
import { moves } from './bay-moves.ts'

// A law that no story leads to cannot fail. One seed, so that what is reached does not change from run to run.

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const RUNS_HERE = 2000
const SEED = 20_261_122
const MACHINES = new URL('../../machines/', import.meta.url)

/** Rules that no story of one bay told one after the other can reach, each with why. */
const RULES_OUT_OF_REACH: { readonly [rule: string]: string } = {}
/** Decisions that no story of one bay can reach, each with why. */
const DECISIONS_OUT_OF_REACH: { readonly [type: string]: string } = {}

const rules = new Map<string, number>()
const decisions = new Map<string, number>()

/** Every rule that the chart names, from the chart itself. */
function rulesOf(node: unknown, found = new Set<string>()): Set<string> {
  if (node === null || typeof node !== 'object') return found
  const { type, params } = node as { type?: unknown; params?: { rule?: unknown } }
  if (type === 'act' && typeof params?.rule === 'string') found.add(params.rule)
  for (const part of Object.values(node)) rulesOf(part, found)
  return found
}

/** Every type of decision that the machines' sources write. */
function decisionsOf(): Set<string> {
  const found = new Set<string>()
  for (const file of readdirSync(MACHINES).filter((name) => name.endsWith('.ts'))) {
    const source = readFileSync(new URL(file, MACHINES), 'utf8')
    for (const [, said = ''] of source.matchAll(/\bdecide\(\s*deeds,\s*([^,)]+)/g))
      for (const [, name] of said.matchAll(/'([A-Z][A-Za-z]+)'/g)) found.add(name as string)
  }
  return found
}

const count = (counts: Map<string, number>, name: string) => counts.set(name, (counts.get(name) ?? 0) + 1)

beforeAll(() => {
  for (const story of fc.sample(moves, { seed: SEED, numRuns: RUNS_HERE })) {
    for (const { draft } of livedThrough(story).lived) {
      if (draft.rule) count(rules, draft.rule)
      for (const decision of draft.decisions) count(decisions, decision.type)
    }
  }
  if (process.env['BERTH_REACHED'] !== undefined) {
    const rarest = [...rules, ...decisions].sort((one, other) => one[1] - other[1])
    process.stdout.write(`${rarest.map(([name, times]) => `${times} ${name}`).join('\n')}\n`)
  }
})

test('the stories of the laws fire every rule of the bay', () => {
  const known = rulesOf(bay.config)
  expect(known.size).toBeGreaterThan(40)
  const missed = [...known].filter((rule) => !rules.has(rule) && !(rule in RULES_OUT_OF_REACH))
  expect(missed).toEqual([])
})

test('the stories of the laws make every decision that a bay can make', () => {
  const known = decisionsOf()
  expect(known.size).toBeGreaterThan(20)
  const missed = [...known].filter((type) => !decisions.has(type) && !(type in DECISIONS_OUT_OF_REACH))
  expect(missed).toEqual([])
})

test('what is said to be out of reach is', () => {
  for (const rule of Object.keys(RULES_OUT_OF_REACH)) expect(rules.has(rule)).toBe(false)
  for (const type of Object.keys(DECISIONS_OUT_OF_REACH)) expect(decisions.has(type)).toBe(false)
})
