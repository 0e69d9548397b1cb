import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Fault } from '../../../machines/faults.ts'
import { whatIf } from '../../../src/commands/whatif.ts'
import { policyChange } from '../../../src/whatif/policy-change.ts'
import { scratchFolder } from '../../contracts/journal-drafts.ts'
import { runCommand as run } from '../journal/run-command.ts'

const GOLDEN = join(import.meta.dirname, '../../golden/journal-0.1.0.jsonl')

/** A file with this text in a folder of its own. */
function fileOf(name: string, text: string): string {
  const folder = scratchFolder()
  mkdirSync(folder, { recursive: true })
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

test('an export without keys is tried: the same bytes each time, as text, as JSON and into a file', async () => {
  const one = await run(whatIf, GOLDEN, '--policy', 'quorum=3', 'lock.on_A=0.5', '--json')
  expect(one).toMatchObject({ code: 0, err: '' })
  expect((await run(whatIf, GOLDEN, '--policy', 'quorum=3', 'lock.on_A=0.5', '--json')).out).toBe(one.out)
  const report = JSON.parse(one.out) as { rules: string[]; totals: object; visits: object[]; cannotSee: string[] }
  expect(report).toMatchObject({ rules: ['quorum 3', 'lock.on_A 0.5'], totals: { visits: 5, changed: 4 } })
  const rules = fileOf('rules.yaml', 'policy: { quorum: 3, lock: { on_A: 0.5 } }\n')
  const out = join(scratchFolder(), 'report.txt')
  mkdirSync(join(out, '..'), { recursive: true })
  expect(await run(whatIf, GOLDEN, '--policy', rules, '--out', out)).toMatchObject({ code: 0, out: '' })
  expect(readFileSync(out, 'utf8')).toMatch(
    /^Tried: quorum 3; lock\.on_A 0\.5\.\n145 records, 5 visits: 4 changed, 4 of them unknown[\s\S]*they part at record 88 \(plate\.agreed, .*\n.*agreed → authorizing\.claiming[\s\S]*What this cannot see:/,
  )
})

test.each([
  ['a rule that there is none', ['quorun=3'], /The policy has no quorun; did you mean quorum\?/],
  ['a rule of the lock that there is none', ['lock.om_A=1'], /The policy has no lock\.om_A; did you mean lock\.on_A\?/],
  ['a value that is none', ['quorum=many'], /The policy's quorum must be integer/],
  ['a value out of bounds', ['quorum=0'], /The policy's quorum must be >= 1/],
  [
    'what decided before the journal',
    ['freshness_s=5'],
    /freshness_s cannot be tried over a journal: how old a read is/,
  ],
  ['who was there', ['reviewers=present'], /reviewers=present cannot be tried/],
  ['a file that is not there', ['no-such.yaml'], /--policy no-such\.yaml: there is no such file.*quorum=3/],
])('%s is said in one sentence', (_what, words, says) => {
  expect(() => policyChange(words)).toThrow(Fault)
  expect(() => policyChange(words)).toThrow(says)
})

test('the wrong command line, missing machines and zones without keys are said in one sentence', async () => {
  expect(await run(whatIf, '--policy', 'quorum=3')).toMatchObject({
    code: 2,
    err: expect.stringContaining('say over what'),
  })
  expect(await run(whatIf, GOLDEN, '--from', 'yesterday')).toMatchObject({
    code: 2,
    err: expect.stringContaining('--from yesterday is not a time'),
  })
  const name = 'f'.repeat(64)
  await expect(whatIf([GOLDEN, '--machines', name])).rejects.toThrow(/The machines f+ are not here; .*--machines today/)
  await expect(whatIf([GOLDEN, '--machines', 'no-such.js'])).rejects.toThrow(
    /--machines no-such\.js: there is no such file/,
  )
  await expect(whatIf([GOLDEN, '--machines', GOLDEN])).rejects.toThrow(/come from a file and are not berth's/)
  const zones = fileOf(
    'zones.yaml',
    'bays: [{ id: bay-1, zones: [{ camera: cam-1, polygon: [[0, 0], [1, 0], [1, 1]] }] }]\n',
  )
  expect(await run(whatIf, GOLDEN, '--zones', zones)).toMatchObject({
    code: 2,
    err: expect.stringContaining('which the keys beside the store open'),
  })
  const broken = fileOf('zones.yaml', 'bays: [{ id: bay-1, zones: [{ camera: cam-1, polygon: [[0, 0], [2, 0]] }] }]\n')
  await expect(whatIf([GOLDEN, '--zones', broken])).rejects.toThrow(
    /a zone of bay-1 needs a camera and a polygon of three/,
  )
})
