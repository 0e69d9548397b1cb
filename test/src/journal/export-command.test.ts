import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { exportJournal } from '../../../src/commands/export.ts'
import { verify } from '../../../src/commands/verify.ts'
import { draftOf, openStore, type Store, scratchFolder } from '../../contracts/journal-drafts.ts'
import { runCommand as run } from './run-command.ts'

const SITE = `site: { id: depot, name: Depot, timezone: Europe/London }
store: { kind: sqlite, path: ./site.db }
http: { host: 127.0.0.1, port: 8080 }
ocpp: { host: 127.0.0.1, port: 9220, mode: csms }
cameras:
  - { id: cam-1, token: cam-1-secret, kind: push }
bays:
  - id: bay-1
    chargePoint: CP-1
    evse: 1
    zones: [{ camera: cam-1, polygon: [[0.05, 0.30], [0.45, 0.30], [0.45, 0.95], [0.05, 0.95]] }]
chargePoints:
  - { id: CP-1 }
`

/** A site with its file and ten records, the store still open as under a running owner. */
async function site(): Promise<{ folder: string; file: string; store: Store }> {
  const folder = scratchFolder()
  const file = join(folder, 'site.yaml')
  writeFileSync(file, SITE)
  const store = await openStore(folder)
  onTestFinished(() => store.close())
  for (let i = 1; i <= 5; i++) {
    await store.journal.append([
      draftOf('bay:bay-1', i, { [store.keys.vehicle('QX77ZZT')]: { plate: 'QX77ZZT' } }),
      draftOf('bay:bay-2', i),
    ])
  }
  return { folder, file, store }
}

const linesOf = (path: string) =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)

test('an export beside the running owner holds every record as the journal reads it, verifies, and shows no plate', async () => {
  const { folder, file, store } = await site()
  const out = join(folder, 'all.jsonl')
  expect(await run(exportJournal, '--site', file, '--out', out)).toEqual({
    code: 0,
    out: `${out}: 10 records, 0 left out as hashes\n`,
    // The owner here serves no API that could be told.
    err: expect.stringMatching(/^berth export: that this export was made is not on record: .* is owned by process \d+/),
  })
  const [header, ...records] = linesOf(out)
  expect(header).toEqual({ format: 'berth-journal-2', siteId: 'depot', ...store.journal.head() })
  expect(records).toEqual(await store.journal.readSite())
  expect(readFileSync(out, 'utf8')).not.toContain('QX77ZZT')
  expect(await run(verify, out)).toMatchObject({
    code: 0,
    out: `${out}: depot: 10 records hold; newest hash ${store.journal.head().hash}\nThere are no signed checkpoints, so a cut tail or a journal written anew cannot be noticed.\n`,
  })
  expect(await run(verify, '--site', file)).toMatchObject({ code: 0, err: '' })
  expect(await run(verify, store.path)).toMatchObject({ code: 0, err: '' })
  expect(readdirSync(folder)).not.toContain('all.jsonl.part')
})

test('records that a filter leaves out stand as their hashes, and the chain holds', async () => {
  const { folder, file } = await site()
  const out = join(folder, 'some.jsonl')
  const full = () =>
    linesOf(out)
      .slice(1)
      .filter((line) => 'cause' in line)
  await run(exportJournal, '--site', file, '--out', out, '--bay', 'bay-2')
  expect(full().map(({ bayId, version }) => [bayId, version])).toEqual(
    [1, 2, 3, 4, 5].map((version) => ['bay-2', version]),
  )
  expect(Object.keys(linesOf(out)[1] ?? {}).sort()).toEqual(['contentHash', 'hash', 'personalHash', 'prev', 'seq'])
  expect((await run(verify, out)).out).toContain('10 records hold, 5 of them as hashes only')
  await run(
    exportJournal,
    '--site',
    file,
    '--out',
    out,
    '--from',
    '2026-11-22T11:00:02+01:00',
    '--to',
    '2026-11-22T10:00:04Z',
  )
  expect(full().map(({ at }) => at)).toEqual(
    ['02', '02', '03', '03'].map((second) => `2026-11-22T10:00:${second}.000Z`),
  )
  expect((await run(verify, out)).code).toBe(0)
})

test('an altered export and a broken store end with 1 and one sentence that names the record', async () => {
  const { folder, file } = await site()
  const out = join(folder, 'all.jsonl')
  await run(exportJournal, '--site', file, '--out', out)
  writeFileSync(out, readFileSync(out, 'utf8').replace('"seq":7,', '"seq":7,"extra":1,'))
  const { code, out: said, err } = await run(verify, out)
  expect([code, said]).toEqual([1, ''])
  expect(err).toMatch(
    /^berth verify: .*all\.jsonl: line 8: record 7: its content was altered .*\. Records 1 to 6 hold\. .*\n$/,
  )
})

test('what cannot be read or written, and a command line that says too little, end with a sentence', async () => {
  const { folder, file } = await site()
  expect(await run(verify, join(folder, 'none.jsonl'))).toMatchObject({
    code: 1,
    err: expect.stringContaining('there is no file'),
  })
  expect(await run(verify, folder)).toMatchObject({ code: 1, err: expect.stringContaining('it is a folder') })
  expect(await run(verify)).toMatchObject({ code: 2 })
  expect(await run(verify, '--site', file, 'also.jsonl')).toMatchObject({ code: 2 })
  expect(await run(exportJournal, '--site', file)).toMatchObject({ code: 2 })
  expect(
    await run(exportJournal, '--site', file, '--out', join(folder, 'x.jsonl'), '--from', 'yesterday'),
  ).toMatchObject({
    code: 2,
    err: expect.stringContaining('--from yesterday is not a time'),
  })
  expect(await run(exportJournal, '--site', file, '--out', join(folder, 'no', 'x.jsonl'))).toMatchObject({
    code: 1,
    err: expect.stringContaining('cannot be written (ENOENT)'),
  })
  expect(await run(exportJournal, '--site', file, '--out', join(folder, 'nope.jsonl'), '--bay', 'nope')).toMatchObject({
    code: 1,
    err: expect.stringContaining('the journal has no record of nope; check its id'),
  })
  writeFileSync(join(folder, 'empty.jsonl'), '')
  expect(await run(verify, join(folder, 'empty.jsonl'))).toMatchObject({
    code: 1,
    err: expect.stringContaining('the file is empty'),
  })
  writeFileSync(file, SITE.replace('./site.db', './other.db'))
  await expect(verify(['--site', file])).rejects.toThrow('There is no journal at')
})

test('the verifier in Python reads a real export', async (context) => {
  if (spawnSync('python3', ['--version']).status !== 0) {
    console.log('skipped: the verifier in Python needs python3')
    return context.skip()
  }
  const { folder, file } = await site()
  const script = join(import.meta.dirname, '../../../docs/verify.py')
  await run(exportJournal, '--site', file, '--out', join(folder, 'some.jsonl'), '--bay', 'bay-1')
  expect(spawnSync('python3', ['-B', script, join(folder, 'some.jsonl')], { encoding: 'utf8' })).toMatchObject({
    status: 0,
    stdout: '10 records hold\n',
  })
})

test('an export is itself on record: written before it is made, by whom, and of what span', async () => {
  const { folder, file, store } = await site()
  await store.close()
  const out = join(folder, 'bay.jsonl')
  expect(await run(exportJournal, '--site', file, '--out', out, '--to', '2026-11-23')).toMatchObject({
    code: 0,
    err: '',
  })
  const newest = linesOf(out).at(-1)
  expect(newest).not.toHaveProperty('cause')
  expect(await run(exportJournal, '--site', file, '--out', out)).toMatchObject({ code: 0, err: '' })
  const looks = linesOf(out).filter((line) => line['stream'] === 'audit')
  expect(looks).toMatchObject([
    {
      seq: 11,
      cause: {
        type: 'personal.seen',
        what: 'export',
        about: 'bay.jsonl',
        role: 'admin',
        to: '2026-11-23T00:00:00.000Z',
      },
    },
    { seq: 12, cause: { type: 'personal.seen', what: 'export', to: null, count: 0 } },
  ])
  expect(JSON.stringify(looks[0])).toMatch(/"by":"[^"]+ \(berth export\)"/)
  expect(await run(verify, out)).toMatchObject({ code: 0 })
})
