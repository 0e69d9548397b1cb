import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { DEFAULT_POLICY } from '../machines/events.ts'
import { FAULTS } from '../machines/faults.ts'
import { COMMANDS } from '../src/cli.ts'
import { RECORD_RULES } from '../src/server/record-rights.ts'
import { RIGHTS, type Right } from '../src/server/roles.ts'
import {
  doorSigns,
  emptyNames,
  filesOf,
  hiddenPages,
  lostLinks,
  lostPaths,
  otherWords,
  sameNames,
  strayedSigns,
  strayTexts,
  tableBelow,
  tooLong,
  unequal,
  unknownCommands,
  unnamedSettings,
} from './tidy-rules.ts'

/** Files that were longer than 300 lines once, with the lines they may have: make a number smaller, never larger. */
const RATCHET: Readonly<Record<string, number>> = {
  'actors/site.ts': 335,
  'simulations/toy-site.ts': 375,
  'src/desk.ts': 343,
  'test/actors/plate-feed.test.ts': 430,
}

const TOP = join(import.meta.dirname, '..')
const files = filesOf(TOP)
const readme = files.get('README.md') ?? ''

test('there is a house to look at', () => {
  expect(files.size).toBeGreaterThan(100)
  expect(readme).toContain('berth')
})

test('no file is longer than 300 lines, and what was longer once only shrinks', () => {
  expect(tooLong(files, RATCHET)).toEqual([])
  expect(Object.keys(RATCHET).filter((path) => !files.has(path))).toEqual([])
})

test('every file stands on the door sign of its room, below the heading of its folder', () => {
  expect(doorSigns(files)).toEqual([])
  expect(strayedSigns(files)).toEqual([])
})

test('every file has a name of its own, a noun of the field', () => {
  expect(sameNames(files)).toEqual([])
  expect(emptyNames(files)).toEqual([])
})

test('names in code say the words of the vocabulary', () => {
  expect(otherWords(files)).toEqual([])
})

test('nothing in the files belongs to one machine or one afternoon', () => {
  expect(strayTexts(files)).toEqual([])
})

test('the README lists the faults of the catalogue, with what they say', () => {
  const rows = tableBelow(readme, 'Faults').map(([code, status, retry, says]) =>
    [code, status, retry, says].join(' | '),
  )
  const catalogue = Object.entries(FAULTS).map(([code, { status, retry, says }]) =>
    [code, status, retry ? 'yes' : 'no', says.replaceAll('`', '')].join(' | '),
  )
  expect(unequal(rows, catalogue, ['the README', 'machines/faults.ts'])).toEqual([])
})

test('docs/roles.md says which role may do what, and what it sees of the journal, as the code does', () => {
  const isRight = (name: string | undefined): name is Right => name !== undefined && name in RIGHTS
  const rows = tableBelow(files.get('docs/roles.md') ?? '', 'Roles')
  const may = rows.flatMap(([right, , roles]) => (isRight(right) ? [`${right}: ${roles}`] : []))
  const rights = Object.entries(RIGHTS).map(([right, roles]) => `${right}: ${roles.join(', ')}`)
  expect(unequal(may, rights, ['docs/roles.md', 'src/server/roles.ts'])).toEqual([])
  const sees = rows.flatMap(([what, right]) => (isRight(right) ? [`${what}: ${right}`] : []))
  const rules = RECORD_RULES.map(({ stream, causes, decisions, fields, right }) => {
    const what =
      fields !== undefined
        ? `fields ${fields.join(', ')}${stream === undefined ? '' : ` of stream ${stream}`}`
        : stream === undefined
          ? causes
            ? `causes ${causes.join(', ')}`
            : `decisions ${decisions?.join(', ')}`
          : `stream ${stream}`
    return `${what}: ${right}`
  })
  expect(unequal(sees, rules, ['docs/roles.md', 'src/server/record-rights.ts'])).toEqual([])
})

test('the README lists every key of the policy with its default, and so does the schema', () => {
  const schema = JSON.parse(files.get('src/site.schema.json') ?? '{}') as { properties: { policy: Schema } }
  const rows = tableBelow(readme, 'Policy').map(([key, value]) => `${key} = ${value}`)
  const rules = flat(DEFAULT_POLICY, '')
  expect(unequal(rows, rules, ['the README', 'machines/events.ts'])).toEqual([])
  expect(unequal(defaults(schema.properties.policy, ''), rules, ['site.schema.json', 'machines/events.ts'])).toEqual([])
})

test('every key of a site file has a description, and every number of the policy its unit', () => {
  const schema = JSON.parse(files.get('src/site.schema.json') ?? '{}') as Schema
  expect(undescribed(schema, '')).toEqual([])
})

test('the README and docs/commands.md list the commands that berth has, and no document names another', () => {
  const names = COMMANDS.map(({ name }) => name)
  const rows = tableBelow(readme, 'Commands').map(([command]) => /^berth ([a-z-]+)/.exec(command ?? '')?.[1] ?? '')
  expect(unequal([...new Set(rows)], names, ['the README', 'src/cli.ts'])).toEqual([])
  const described = [...(files.get('docs/commands.md') ?? '').matchAll(/^- `berth ([a-z-]+)/gm)].map(
    ([, name]) => name ?? '',
  )
  expect(unequal([...new Set(described)], names, ['docs/commands.md', 'src/cli.ts'])).toEqual([])
  expect(unknownCommands(files, names)).toEqual([])
})

test('every path that a document names is there', () => {
  expect(lostPaths(files)).toEqual([])
})

test('every link of a document leads to a file, and to a heading of it', () => {
  expect(lostLinks(files, (path) => existsSync(join(TOP, path)))).toEqual([])
})

test('the README leads to every page of docs', () => {
  expect(hiddenPages(files)).toEqual([])
})

test('berth reads no environment variable that the README does not name', () => {
  expect(unnamedSettings(files)).toEqual([])
})

type Schema = {
  readonly properties?: Readonly<Record<string, Schema>>
  readonly items?: Schema
  readonly description?: string
  readonly default?: unknown
  readonly type?: string
  readonly 'x-unit'?: string
}

/** `lock.on_A = 0.2` of every leaf; lists with commas. */
function flat(value: unknown, path: string): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return [`${path} = ${Array.isArray(value) ? value.join(', ') : value}`]
  return Object.entries(value).flatMap(([key, item]) => flat(item, path === '' ? key : `${path}.${key}`))
}

/** The schema's defaults in the same form. */
function defaults(schema: Schema, path: string): string[] {
  if (!schema.properties) return flat(schema.default, path)
  return Object.entries(schema.properties).flatMap(([key, item]) =>
    defaults(item, path === '' ? key : `${path}.${key}`),
  )
}

/** Keys without a description, and numbers of the policy without a unit. */
function undescribed(schema: Schema, path: string): string[] {
  const isNumber = schema.type === 'number' || schema.type === 'integer' || /_s$/.test(path)
  const own = path !== '' && schema.description === undefined ? [`${path} has no description`] : []
  const unit = path.startsWith('policy.') && isNumber && schema['x-unit'] === undefined ? [`${path} has no unit`] : []
  const inner = Object.entries(schema.items?.properties ?? schema.properties ?? {})
  return [...own, ...unit, ...inner.flatMap(([key, item]) => undescribed(item, path === '' ? key : `${path}.${key}`))]
}
