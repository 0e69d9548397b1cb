import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { archive } from '../../../src/commands/archive.ts'
import { segmentsIn } from '../../../src/journal/segment.ts'
import { openStoreReadOnly } from '../../../src/journal/sqlite-reader.ts'
import { lockStore } from '../../../src/journal/store-lock.ts'
import { verifyExports, verifyStore } from '../../../src/journal/verification.ts'
import type { SiteFile } from '../../../src/site-file.ts'
import { seededRoll } from '../../bench/tamper-yard.ts'
import { openStore } from '../../contracts/journal-drafts.ts'
import { privateSite, startedRoom } from '../privacy/private-room.ts'
import { runCommand as run } from './run-command.ts'

const TOP = join(import.meta.dirname, '../../..')

/** `npm run crash` kills it a hundred times. */
const KILLS = Number(process.env['BERTH_KILLS'] ?? 6)

test(`an archive that drops, killed ${KILLS} times at any moment, leaves every record in the store or in the archive`, async () => {
  const file = await privateSite()
  const room = await startedRoom(file)
  await room.close()
  const { path } = file.store
  const clean = openStoreReadOnly(path)
  const start = clean.reader.head().seq
  clean.database.close()
  const roll = seededRoll(3)
  let newest = start
  for (let kill = 0; kill < KILLS; kill++) {
    newest = await grown(file, 3_000)
    const words = ['archive', '--site', file.path, '--before', '2100-01-01', '--drop']
    const child = spawn(process.execPath, [join(TOP, 'src/cli.ts'), ...words], { stdio: 'ignore' })
    const ended = once(child, 'exit')
    setTimeout(() => child.kill('SIGKILL'), 300 + roll() * 900)
    await ended
    const { broken, records } = verifyStore(path)
    expect(broken).toBeNull()
    expect(records).toBeGreaterThanOrEqual(newest)
  }
  expect((await run(archive, '--site', file.path, '--before', '2100-01-01', '--drop')).code).toBe(0)
  const verdict = verifyStore(path)
  expect(verdict.broken).toBeNull()
  expect(
    readdirSync(`${path}.archive`).filter((name) => !name.endsWith('.jsonl.gz') && name !== 'archive.lock'),
  ).toEqual([])
  expect(verifyExports(segmentsIn(`${path}.archive`).map((name) => join(`${path}.archive`, name))).records).toBe(
    verdict.records,
  )
}, 600_000)

test('an archive beside another one at work in the same folder says so and closes nothing', async () => {
  const file = await privateSite()
  await (await startedRoom(file)).close()
  const folder = `${file.store.path}.archive`
  mkdirSync(folder)
  const other = lockStore(join(folder, 'archive'))
  const words = ['--site', file.path, '--before', '2100-01-01']
  const refused = await run(archive, ...words).catch((fault: Error) => fault)
  other.release()
  expect(refused).toMatchObject({ code: 'STORE_OWNED', message: expect.stringContaining('Another `berth archive` is') })
  expect(segmentsIn(folder)).toEqual([])
  expect((await run(archive, ...words)).code).toBe(0)
  expect(segmentsIn(folder)).toHaveLength(1)
})

/** So many more records; answers the newest seq. */
async function grown({ store, site }: SiteFile, records: number): Promise<number> {
  const { journal, close } = await openStore(dirname(store.path), basename(store.path), site.id)
  const version = journal.version('site')
  const at = new Date(Date.parse((await journal.readSite(journal.head().seq - 1))[0]?.at ?? '') + 1).toISOString()
  const rest = { decisions: [], guards: [], effects: [], timers: { set: [], cleared: [] }, state: null, detail: null }
  await journal.append(
    Array.from({ length: records }, (_, n) => {
      const cause = { type: 'zone.learnt', nth: n, words: 'so that there is something to pack' }
      const place = { stream: 'site', bayId: null, version: version + 1 + n, at, machine: 'site-1' }
      return { schema: 1 as const, ...place, cause, ...rest, personal: {} }
    }),
  )
  const { seq } = journal.head()
  await close()
  return seq
}
