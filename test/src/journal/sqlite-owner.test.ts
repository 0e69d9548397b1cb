import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { openSqliteJournal } from '../../../src/journal/sqlite.ts'
import { openSqliteJournalReadOnly } from '../../../src/journal/sqlite-reader.ts'
import { verifyStore } from '../../../src/journal/verification.ts'
import { openKeyStore, openMemoryKeys } from '../../../src/privacy/key-store.ts'
import { codeOf, draftOf, openStore, scratchFolder, seededChance, stillClock } from '../../contracts/journal-drafts.ts'

const APPENDER = fileURLToPath(new URL('./crash-appender.ts', import.meta.url))

/** Starts an owner as a process of its own; `line` answers its next line. */
function startOwner(command: string, args: string[]) {
  const child: ChildProcessWithoutNullStreams = spawn(command, args)
  onTestFinished(() => void child.kill('SIGKILL'))
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  let trouble = ''
  child.stderr.on('data', (bytes) => (trouble += String(bytes)))
  const line = async (wanted: RegExp): Promise<string> => {
    for (;;) {
      const { done, value } = await lines.next()
      if (done) throw new Error(`the owner ended before it said ${wanted}: ${trouble}`)
      if (wanted.test(value)) return value
    }
  }
  return { child, line }
}

test('a second process is refused and told the first one’s pid; once the first is killed, the store is free at once', async () => {
  const folder = scratchFolder()
  const path = join(folder, 'site.db')
  const { child, line } = startOwner(process.execPath, [APPENDER, path])
  await line(/^batch 2$/)
  const keys = openMemoryKeys({ siteId: 'depot', clock: stillClock(), chance: seededChance(1) })
  const asJournal = openSqliteJournal({ path, siteId: 'depot', clock: stillClock(), keys })
  await expect(asJournal).rejects.toMatchObject({ code: 'STORE_OWNED', about: { pid: child.pid, epoch: 1 } })
  await expect(asJournal).rejects.toThrow(`process ${child.pid}`)
  expect(() =>
    openKeyStore({ path: `${path}.keys`, siteId: 'depot', clock: stillClock(), chance: seededChance(1), env: {} }),
  ).toThrow(`process ${child.pid}`)
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await gone
  const store = await openStore(folder)
  expect(store.journal.epoch).toBe(2)
  expect(store.journal.head().seq).toBeGreaterThan(0)
  await store.close()
}, 180_000)

test('an owner is refused a second opening of its own store, and may open it again after closing', async () => {
  const folder = scratchFolder()
  const store = await openStore(folder)
  await expect(
    openSqliteJournal({ path: store.path, siteId: 'depot', clock: stillClock(), keys: store.keys }),
  ).rejects.toMatchObject({ code: 'STORE_OWNED' })
  await store.close()
  const again = await openStore(folder)
  expect(again.journal.epoch).toBe(2)
  await again.close()
})

test('an owner that still runs after somebody took its store over writes nothing more, neither records nor keys', async () => {
  const folder = scratchFolder()
  const zombie = await openStore(folder)
  await zombie.journal.append([draftOf('site', 1)])
  // Without its lock files nothing but the epoch stands between the two.
  for (const lock of ['site.db.lock', 'site.db.keys.lock']) rmSync(join(folder, lock))
  const heir = await openStore(folder)
  expect(heir.journal.epoch).toBe(2)
  expect(await codeOf(() => zombie.journal.append([draftOf('site', 2)]))).toBe('STORE_FENCED')
  expect(
    await codeOf(() => zombie.journal.append([draftOf('site', 2, { [zombie.keys.vehicle('AB12CDE')]: 'x' })])),
  ).toBe('STORE_FENCED')
  expect(await codeOf(() => zombie.keys.startToken('start-1', 'visit-1', 16))).toBe('STORE_FENCED')
  await heir.journal.append([draftOf('site', 2)])
  expect(await codeOf(() => zombie.journal.append([draftOf('site', 3)]))).toBe('STORE_FENCED')
  expect(heir.keys.findVehicle('AB12CDE')).toBeNull()
  expect(heir.keys.tokenOf('start-1')).toBeNull()
  await zombie.close()
  await heir.close()
  expect(verifyStore(heir.path)).toMatchObject({ broken: null, records: 2 })
})

test('a full disk refuses appends and leaves nothing half written; with room again they succeed', async (context) => {
  if (process.platform !== 'linux') return context.skip()
  const path = join(scratchFolder(), 'site.db')
  // The soft limit on file size stands for the disk: writes beyond it fail with the system's own error.
  const { child, line } = startOwner('bash', [
    '-c',
    'ulimit -S -f 600; exec "$0" "$@"',
    process.execPath,
    APPENDER,
    path,
    'once-more',
  ])
  expect(await line(/^fault/)).toBe('fault STORE_UNWRITABLE')
  const { broken, records } = verifyStore(path)
  expect(broken).toBeNull()
  expect(records).toBeGreaterThan(10)
  const raise = ['prlimit', '--pid', String(child.pid), '--fsize=unlimited:unlimited'] as const
  execFileSync(raise[0], raise.slice(1))
  child.stdin.write('go\n')
  await line(/^done$/)
  expect(verifyStore(path)).toMatchObject({ broken: null })
  expect(verifyStore(path).records).toBeGreaterThan(records)
}, 180_000)

test('a store whose file may not be written is refused at opening, and can be read', async (context) => {
  if (process.platform !== 'linux') return context.skip()
  const folder = scratchFolder()
  const store = await openStore(folder)
  await store.journal.append([draftOf('site', 1)])
  await store.close()
  execFileSync('chmod', ['-R', 'a-w,a+rX', folder])
  const { line } = startOwner(process.execPath, ['-e', UNPRIVILEGED, folder])
  expect(await line(/^fault/)).toBe('fault STORE_UNWRITABLE')
  expect(await line(/^read/)).toBe('read 1')
  execFileSync('chmod', ['-R', 'u+w', folder])
}, 180_000)

/** Gives root away first, for which permissions do not count. */
const UNPRIVILEGED = `
  const { openSqliteJournal } = await import(${JSON.stringify(new URL('../../../src/journal/sqlite.ts', import.meta.url).href)})
  const { openSqliteJournalReadOnly } = await import(${JSON.stringify(new URL('../../../src/journal/sqlite-reader.ts', import.meta.url).href)})
  if (process.getuid() === 0) process.seteuid(65534)
  const path = process.argv[1] + '/site.db'
  await openSqliteJournal({ path, siteId: 'depot', clock: { now: () => 0 }, keys: { storeId: 'x' } }).catch((error) => console.log('fault', error.code))
  const journal = await openSqliteJournalReadOnly({ path, keys: { open: () => undefined } })
  console.log('read', (await journal.readSite()).length)`

test('a journal belongs to one site and one key store: another’s is refused in words that say which', async () => {
  const folder = scratchFolder()
  const store = await openStore(folder)
  const { path, keys } = store
  await store.journal.close()
  await expect(openSqliteJournal({ path, siteId: 'elsewhere', clock: stillClock(), keys })).rejects.toThrow(
    'belongs to the site depot',
  )
  const others = openMemoryKeys({ siteId: 'depot', clock: stillClock(), chance: seededChance(2) })
  await expect(openSqliteJournal({ path, siteId: 'depot', clock: stillClock(), keys: others })).rejects.toMatchObject({
    code: 'KEY_UNAVAILABLE',
  })
  keys.close()
})

test('who only reads sees what the owner commits meanwhile, and can write nothing', async () => {
  const store = await openStore(scratchFolder())
  const reader = await openSqliteJournalReadOnly({ path: store.path, keys: store.keys })
  expect(reader.head().seq).toBe(0)
  await store.journal.append([draftOf('site', 1, { 'acc-1': { name: 'Ann' } })])
  expect(reader.head()).toEqual(store.journal.head())
  const [record] = await reader.readSite()
  expect(reader.open(record as NonNullable<typeof record>)).toEqual({ 'acc-1': { name: 'Ann' } })
  expect(reader.epoch).toBe(1)
  expect(await codeOf(() => reader.append([draftOf('site', 2)]))).toBe('STORE_UNWRITABLE')
  await reader.close()
  await store.close()
})

test('a file that is no journal is named as such and left as it was', async () => {
  const folder = scratchFolder()
  const path = join(folder, 'nothing.db')
  expect(await codeOf(() => openSqliteJournalReadOnly({ path, keys: { open: () => undefined } }))).toBe('NOT_FOUND')
  expect(await codeOf(() => openSqliteJournalReadOnly({ path: APPENDER, keys: { open: () => undefined } }))).toBe(
    'STORE_CORRUPT',
  )
  const keys = openMemoryKeys({ siteId: 'depot', clock: stillClock(), chance: seededChance(1) })
  execFileSync('cp', [APPENDER, path])
  expect(await codeOf(() => openSqliteJournal({ path, siteId: 'depot', clock: stillClock(), keys }))).toBe(
    'STORE_CORRUPT',
  )
})
