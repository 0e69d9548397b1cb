import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { runLockedIn } from '../../../src/commands/locked-in.ts'
import { replay } from '../../../src/commands/replay.ts'
import { whatIf } from '../../../src/commands/whatif.ts'
import { GENESIS_LINK, sha256 } from '../../../src/journal/chain.ts'
import { fullLine, headerLine, machinesLine } from '../../../src/journal/export-file.ts'
import { linkDrafts } from '../../../src/journal/journal-row.ts'
import { ownMachines } from '../../../src/journal/machines-bundle.ts'
import { draftOf, scratchFolder } from '../../contracts/journal-drafts.ts'
import { runCommand as run } from './run-command.ts'

const TOP = join(import.meta.dirname, '../../..')
const LOCK = pathToFileURL(join(TOP, 'src/commands/locked-in.ts')).href
const TIME = '2026-11-22T10:00:00.000Z'

/** An export of one record, which adopts the machines that it carries: `code` is what somebody put into them. */
function exportWith(code: string): { readonly file: string; readonly folder: string } {
  const folder = scratchFolder()
  mkdirSync(folder, { recursive: true })
  const source = ownMachines().source.replace("'use strict';", () => `'use strict';\n${code}`)
  const cause = { type: 'machines.adopted', bundle: sha256(source) }
  const draft = { ...draftOf('site', 1), bayId: null, cause, decisions: [], state: null, detail: null, personal: {} }
  const keys = { seal: () => null, salt: () => '', flush() {}, open() {}, storeId: '' }
  const [linked] = linkDrafts([draft], GENESIS_LINK, 'bundle', TIME, keys as never)
  if (!linked) throw new Error('no record was linked')
  const file = join(folder, 'strange.jsonl')
  const head = headerLine('bundle', { seq: 1, hash: linked.row.hash })
  writeFileSync(file, `${[head, machinesLine(sha256(source), source), fullLine(linked.row)].join('\n')}\n`)
  return { file, folder }
}

/** Machines that do this when a record is given to them: texts of records are read by nothing else. */
const ENDLESS = (work: string): string =>
  `const parsed = JSON.parse; JSON.parse = (text) => { if (text.includes('machines.adopted')) { ${work} } return parsed(text) }`

test.each([
  ['replay', replay, /come from a file .* Take --today, .* or add --strange-machines/],
  ['whatif', whatIf, /come from a file .* Take --machines today, .* or add --strange-machines/],
] as const)(
  'berth %s runs no machines of a file that berth does not know, unless it is asked to',
  async (_name, command, says) => {
    const { file, folder } = exportWith('/* somebody was here */')
    await expect(run(command, file)).rejects.toThrow(says)
    const machines = join(folder, 'theirs.js')
    writeFileSync(machines, `${ownMachines().source}// theirs\n`)
    await expect(run(command, join(TOP, 'test/golden/journal-0.1.0.jsonl'), '--machines', machines)).rejects.toThrow(
      says,
    )
    const asked = await run(command, file, '--strange-machines')
    expect(asked).toMatchObject({ code: 0, err: '' })
    const today = await run(command, file, ...(command === replay ? ['--today'] : ['--machines', 'today']))
    expect(today).toMatchObject({ code: 0, err: '' })
    expect(await run(command, '--site', 'site.yaml', '--strange-machines')).toMatchObject({ code: 2 })
  },
  180_000,
)

test('strange machines that reach out are refused in their own process too, and what it tells is written by this one', async () => {
  const { file } = exportWith("import('node:fs')")
  const asked = await run(replay, file, '--strange-machines')
  expect(asked).toMatchObject({ code: 1, err: expect.stringContaining('they import something') })
  const { file: quiet, folder } = exportWith('/* somebody was here */')
  const out = join(folder, 'report.txt')
  expect(await run(whatIf, quiet, '--strange-machines', '--out', out)).toMatchObject({ code: 0 })
  expect(readFileSync(out, 'utf8')).toContain('visits')
}, 180_000)

test.each([
  [
    'when they are opened',
    'globalThis.never = (() => { for (;;) {} })()',
    /cannot be opened: Script execution timed out/,
  ],
  ['when they are asked', ENDLESS('for (;;) {}'), /did not answer within 5 s; nothing more of them is run/],
  ['behind their answer', ENDLESS('const on = () => Promise.resolve().then(on); on()'), /did not answer within 5 s/],
  [
    'as an error that runs when it is read',
    ENDLESS('throw { toString() { for (;;) {} } }'),
    /did not answer within 5 s/,
  ],
])(
  'strange machines that never end %s are ended',
  async (_when, code, says) => {
    const { file } = exportWith(code)
    const begun = performance.now()
    expect(await run(replay, file, '--strange-machines')).toMatchObject({ code: 1, err: expect.stringMatching(says) })
    expect(performance.now() - begun).toBeLessThan(60_000)
  },
  90_000,
)

test('the process of strange machines can write nothing, start nothing and read no other file', async () => {
  const { file, folder } = exportWith('')
  const out = join(folder, 'copy.txt')
  const wrote = await runLockedIn('whatif', [file, '--machines', 'today', '--out', out], [file])
  expect(wrote.code).not.toBe(0)
  expect(existsSync(out)).toBe(false)
  expect(await runLockedIn('replay', [file, '--today'], [file])).toMatchObject({ code: 0 })
  const words = `import(${JSON.stringify(LOCK)}).then(({ forgetConstructors }) => {
    forgetConstructors()
    for (const one of [() => {}, async () => {}, function* () {}]) try { one.constructor('return process')() } catch { console.log('nothing') }
  })`
  expect(spawnSync(process.execPath, ['-e', words], { encoding: 'utf8' }).stdout).toBe('nothing\n'.repeat(3))
  const other = await runLockedIn('replay', [file, '--today'], [out])
  expect(other.code).not.toBe(0)
}, 180_000)
