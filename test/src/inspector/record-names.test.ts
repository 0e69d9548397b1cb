import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { AUDIT_WORDS } from '../../../src/inspector/page/audit-words.ts'
import { eventWord } from '../../../src/inspector/page/bay-words.ts'
import { EVENTS } from '../../../src/inspector/page/chart-german.ts'
import { NAMES as ENGLISH } from '../../../src/inspector/page/names-english.ts'
import { NAMES as GERMAN } from '../../../src/inspector/page/names-german.ts'
import { nameWord, recordWords } from '../../../src/inspector/page/told-words.ts'

const ROOT = new URL('../../../', import.meta.url)
/** Sources that write records, without the list of names itself, the page, and what only plays. */
const SOURCES = ['machines', 'actors', 'src']
  .flatMap((room) => readdirSync(new URL(room, ROOT), { recursive: true }).map((name) => `${room}/${name}`))
  .filter(
    (name) => name.endsWith('.ts') && !/record-types|\/page\/|^src\/(?:demo|chart)\/|^src\/commands\/sim/.test(name),
  )
  .map((name) => readFileSync(new URL(name, ROOT), 'utf8').replaceAll(/^\s*(?:\/\*\*|\*|\/\/).*$/gm, ''))

const found = (pattern: RegExp): readonly string[] =>
  [
    ...new Set(
      SOURCES.flatMap((text) => [...text.matchAll(pattern)].flatMap(([, one, other]) => [one ?? '', other ?? ''])),
    ),
  ].filter((name) => name !== '')

/** What is asked of the world or of the chart's engine: no record bears it as its own name. */
const EFFECTS =
  /^(?:xstate|raise|clear|tell|erase|stop|start|ask|open|close|claim|release|cancel)\.(?!released|lost|asked)/

test('every decision that is written anywhere has its word in English and in German, and no word is of one that is not', () => {
  const written = found(/\btype:\s*(?:[^,{}';]*\?\s*)?'([A-Z][a-z]+[A-Z]\w*)'(?:\s*:\s*'([A-Z]\w*)')?/g)
  expect(written.length).toBeGreaterThan(10)
  for (const names of [ENGLISH, GERMAN]) {
    expect(written.filter((type) => !(type in names.decisions))).toEqual([])
    const unknown = Object.keys(names.decisions).filter((type) => !SOURCES.some((text) => text.includes(`'${type}'`)))
    expect(unknown).toEqual([])
  }
})

test('everything that a record can say it heard has its word in English and in German', () => {
  const typed = found(/\btype:\s*(?:[^,{}';]*\?\s*)?'([a-z-]+(?:\.[a-z-]+)+)'(?:\s*:\s*'([a-z-]+(?:\.[a-z-]+)+)')?/g)
  const named = found(/\bconst [A-Z_]+ = '((?:[a-z-]+\.)+(?:adopted|made|seen|noted))'/g)
  const written = [...typed, ...named].filter((type) => !EFFECTS.test(type) && !(type in EVENTS))
  expect(written.length).toBeGreaterThan(70)
  for (const names of [ENGLISH, GERMAN]) {
    expect(written.filter((type) => !(type in names.notes))).toEqual([])
    const unknown = Object.keys(names.notes).filter((type) => !SOURCES.some((text) => text.includes(`'${type}'`)))
    expect(unknown).toEqual([])
  }
})

test('what is read on an English page are words, never names of code', async () => {
  await recordWords()
  const events = [...Object.keys(EVENTS), ...Object.keys(ENGLISH.notes)].map(eventWord)
  const decisions = Object.keys(ENGLISH.decisions).map((type) => nameWord('decisions', type))
  expect(nameWord('decisions', 'DrawResumed')).toBe('power flows again')
  expect(eventWord('personal.seen')).toBe('personal data looked at')
  expect([...events, ...decisions].filter((word) => !/^(?:PIN|[a-z][a-z-]*)(?: [a-z-]+)*$/.test(word))).toEqual([])
  // One that another berth wrote is spelt out.
  expect(nameWord('decisions', 'SomethingNewer')).toBe('something newer')
})

test('whatever shows personal data is told in words where it stands on record', () => {
  const looked: { readonly [call: string]: string } = AUDIT_WORDS.looked
  const calls = SOURCES.flatMap((text) =>
    text.split(/\bserve\(\s*(?:app|scope), serving, (?=')/).flatMap((part, at) => {
      const [handler = ''] = part.split(/\n {2}\)?\}?\)\n/)
      return at > 0 && /[{ ,(]sight\b/.test(handler) ? [/^'(\w+)'/.exec(part)?.[1] ?? ''] : []
    }),
  )
  const told = [...found(/\.saw\(\{[^}]*what: '(\w+)'/g), ...found(/\brecordLook\(\w+, '([\w-]+)'/g), ...calls]
  expect(told.length).toBeGreaterThan(20)
  const shown = [
    'report',
    'reportCsv',
    'reportLines',
    'sessions',
    'sessionsCsv',
    'bills',
    'billsCsv',
    'ocpiCdrs',
    'vehicles',
  ]
  expect([...told, ...shown].filter((call) => looked[call] === undefined)).toEqual([])
})
