import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { driverText, driverTexts, hasWords, wordedPairs } from '../../actors/driver-words-table.ts'
import { RANKS } from '../../machines/events.ts'
import { START_REASONS } from '../../machines/knowledge.ts'
import { SCENARIOS } from '../../simulations/scenario-list.ts'
import { SIGNS, TONES } from '../../src/driver/page-signs.ts'

const FOLDER = join(import.meta.dirname, '../../machines')
const sources = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.ts'))
  .map((name) => ({ name, text: readFileSync(join(FOLDER, name), 'utf8') }))
const all = sources.map(({ text }) => text).join('\n')

/** `'a' | 'b'` behind the first match of a pattern. */
const literals = (pattern: RegExp): string[] =>
  [...(pattern.exec(all)?.[1] ?? '').matchAll(/'([^']+)'/g)].map(([, one]) => one ?? '')

/** What stands where a reason is no text of its own, by the expression that stands there: every value that it can have. */
const DOMAINS: { readonly [expression: string]: readonly string[] } = {
  'sending.reason': START_REASONS,
  'payer.rank': RANKS,
  exit: literals(/export function close\(deeds: Deeds, exit: ([^)]+)\)/),
  // identity-acts.ts, refuse: the register's no, or a person's.
  'refuse: reason': [
    ...literals(/type: 'authorization\.refused'[\s\S]*?readonly reason: ([^\n]+)/),
    'operator',
    'unknown',
  ],
  // start-acts.ts, startFailed: as its callers say.
  'startFailed: reason': [...all.matchAll(/startFailed\(deeds, '([^']+)'\)/g)].map(([, one]) => one ?? ''),
  "isUnpaid ? 'nobody pays' : (deeds.bay.visit?.payer?.rank ?? 'nobody pays')": [...RANKS, 'nobody pays'],
  "cableIn(deeds.bay) ? 'take the cable out' : 'please leave'": ['take the cable out', 'please leave'],
}

/** Every call of `tell` and `offer` in the machines, as [message, reason]; a reason that is an expression becomes all its values. */
function emitted(): { readonly pairs: (readonly [string, string])[]; readonly unknown: string[] } {
  const pairs: (readonly [string, string])[] = []
  const unknown: string[] = []
  for (const { name, text } of sources) {
    for (const { 0: call, 1: verb, 2: rest, index } of text.matchAll(
      /(?<!function )\b(tell|offer)\(deeds, (.+)\)(?=,?\n|$)/gm,
    )) {
      const found = /^'([^']+)', ([\s\S]+)$/.exec(verb === 'tell' ? (rest ?? '') : `'present-card', ${rest}`)
      if (name === 'driver-words.ts') continue
      const [, message = '', expression = ''] = found ?? []
      const literal = /^'([^']+)'$/.exec(expression)?.[1]
      const act = [...text.slice(0, index).matchAll(/(\w+)(?: = \(|: \(|\()deeds: Deeds/g)].at(-1)?.[1] ?? ''
      const reasons = literal !== undefined ? [literal] : (DOMAINS[expression] ?? DOMAINS[`${act}: ${expression}`])
      if (message === '' || reasons === undefined || reasons.length === 0) unknown.push(`${name}: ${call} in ${act}`)
      else for (const reason of reasons) pairs.push([message, reason])
    }
  }
  return { pairs, unknown }
}

test('whatever the machine can tell a driver has words of its own, in every language', () => {
  const { pairs, unknown } = emitted()
  expect(unknown, 'a reason that this test cannot enumerate').toEqual([])
  expect(pairs.length).toBeGreaterThan(25)
  expect(new Set(pairs.map(([message]) => message)).size).toBeGreaterThanOrEqual(6)
  expect(pairs.filter(([message, reason]) => !hasWords(message, reason))).toEqual([])
})

test('every word that stands in the place of another while the charge point is away has words of its own', () => {
  const text = sources.find(({ name }) => name === 'driver-words.ts')?.text ?? ''
  const said = [...text.matchAll(/'(start waits|plug waits|charge point away)'/g)].map(([, reason]) => reason)
  expect(new Set(said)).toEqual(new Set(['start waits', 'plug waits', 'charge point away']))
  for (const [message, reason] of [
    ['offline', 'start waits'],
    ['offline', 'plug waits'],
    ['present-card', 'charge point away'],
    ['closed', 'charge point away'],
  ] as const)
    expect(hasWords(message, reason), `${message} (${reason})`).toBe(true)
})

test('no call of tell or offer escapes that search', () => {
  const calls = sources.flatMap(({ name, text }) =>
    name === 'driver-words.ts' ? [] : [...text.matchAll(/\b(?:tell|offer)\(deeds\b/g)],
  )
  const read = sources.flatMap(({ name, text }) =>
    name === 'driver-words.ts' ? [] : [...text.matchAll(/\b(?:tell|offer)\(deeds, (.+)\)(?=,?\n|$)/gm)],
  )
  expect(read).toHaveLength(calls.length)
})

test('a display of 32 characters shows every short word whole', () => {
  for (const [message, reason] of wordedPairs())
    for (const { short } of Object.values(driverTexts(message, reason)))
      expect(short.length, short).toBeLessThanOrEqual(32)
})

test('words never hold a plate, a figure or a place for one, and say the same of every refusal', () => {
  for (const [message, reason] of wordedPairs())
    for (const { short, long } of Object.values(driverTexts(message, reason)))
      expect(`${short} ${long}`).not.toMatch(/[\d${}<>]|undefined|null/)
  const refusals = [
    'unknown',
    'blocked',
    'expired',
    'out-of-hours',
    'unanswered',
    'no-alias',
    'alias-busy',
    'daily-limit',
  ].map((reason) => driverText('present-card', reason, 'en'))
  expect(new Set(refusals.map((text) => JSON.stringify(text))).size).toBe(1)
})

test('a word of another version of the machine reads as the offer that always works', () => {
  for (const message of ['dance', 'constructor', 'present-card'])
    expect(driverText(message, 'because', 'de').short).toBe('Bitte Karte vorhalten')
  expect(hasWords('toString', '')).toBe(false)
})

test('every message has a drawing and a tone on the driver page', () => {
  const messages = [...new Set(wordedPairs().map(([message]) => message))].sort()
  expect(Object.keys(SIGNS).sort()).toEqual(messages)
  expect(Object.keys(TONES).sort()).toEqual(messages)
})

test('every word that a driver gets in the edge cases of the field has words of its own', () => {
  const told = SCENARIOS.flatMap(({ stories }) => stories)
    .flatMap(({ outcome }) => Object.values(outcome.bays))
    .flatMap((bay) => bay.told)
  const pairs = new Set(told)
  expect(pairs.size).toBeGreaterThan(12)
  const wordless = [...pairs].filter((one) => {
    const [, message = '', reason = ''] = /^(\S+) \((.*)\)$/.exec(one) ?? []
    return !hasWords(message, reason)
  })
  expect(wordless).toEqual([])
})
