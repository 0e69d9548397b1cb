import { appendFileSync, copyFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { backup, DatabaseSync } from 'node:sqlite'
import { expect, test, vi } from 'vitest'
import { systemChance } from '../../../src/chance.ts'
import { systemClock } from '../../../src/clock.ts'
import { checkpointLine, signCheckpoint } from '../../../src/journal/checkpoint.ts'
import { checkpointsBeside } from '../../../src/journal/checkpoint-file.ts'
import { openPostgresAsItIs } from '../../../src/journal/postgres-reader.ts'
import { openSiteJournal, type SiteStore } from '../../../src/journal/site-store.ts'
import { verifyRows, verifyStore } from '../../../src/journal/verification.ts'
import { openKeyStore } from '../../../src/privacy/key-store.ts'
import { draftOf, scratchFolder } from '../../contracts/journal-drafts.ts'
import { withPostgres } from '../../contracts/postgres-cluster.ts'
import { startAppender, until, wholeBatches } from './appended-batches.ts'

vi.setConfig({ testTimeout: 120_000 })

/** The file as one moment had it, taken while its owner writes: what `sqlite3 FILE ".backup COPY"` does. */
async function online(from: string, to: string): Promise<void> {
  const database = new DatabaseSync(from, { readOnly: true })
  await backup(database, to)
  database.close()
}

/** The journal's copy is there before the keys are copied: every record in it then has its key. */
async function copyKeys(from: string, to: string): Promise<void> {
  await online(`${from}.keys`, `${to}.keys`)
  if (existsSync(`${from}.keys.master`)) copyFileSync(`${from}.keys.master`, `${to}.keys.master`)
}

/** Opens what was put back as its owner, and writes on. Answers how many batches it has, and what was said of what is lost. */
async function goesOn(store: SiteStore, isKnown = false): Promise<{ batches: number; told: string[] }> {
  const [siteId, clock, told] = ['depot', systemClock, [] as string[]]
  const keys = openKeyStore({ path: `${store.path}.keys`, siteId, clock, chance: systemChance, env: {} })
  try {
    const restored = isKnown ? { restored: (says: string) => void told.push(says) } : {}
    const journal = await openSiteJournal(store, { siteId, clock, keys, ...restored })
    const batches = await wholeBatches(journal, keys)
    await journal.append([draftOf('bay:bay-1', journal.version('bay:bay-1') + 1)])
    await journal.close()
    return { batches, told }
  } finally {
    keys.close()
  }
}

/** What the site signed after the backup was made. */
function signBeside(path: string, seq: number): void {
  const keys = openKeyStore({
    path: `${path}.keys`,
    siteId: 'depot',
    clock: systemClock,
    chance: systemChance,
    env: {},
  })
  const head = { siteId: 'depot', seq, hash: 'f'.repeat(64), time: '2026-11-23T00:00:00.000Z' }
  appendFileSync(checkpointsBeside(path), `${checkpointLine(signCheckpoint(head, keys.signer()))}\n`)
  keys.close()
}

test('a file that was copied online while its owner wrote is restored whole: chain, batches and plates', async () => {
  const [path, back] = [join(scratchFolder(), 'site.db'), join(scratchFolder(), 'site.db')]
  const owner = startAppender(path)
  await until(() => owner.newest() > 5)
  const acknowledged = owner.newest()
  await online(path, back)
  await copyKeys(path, back)
  const later = owner.newest()
  await until(() => owner.newest() > later + 3)
  owner.child.kill('SIGKILL')
  const { batches } = await goesOn({ kind: 'sqlite', path: back })
  expect(batches).toBeGreaterThanOrEqual(acknowledged)
  expect(verifyStore(back)).toMatchObject({ broken: null })
})

withPostgres('a journal on a PostgreSQL that is dumped and restored', (cluster) => {
  test('a database that was dumped while its owner wrote is restored whole, and one older than a checkpoint only where that is known', async () => {
    const database = await cluster().newDatabase()
    const path = join(scratchFolder(), 'site.db')
    const owner = startAppender(path, { APPENDER_URL: cluster().url(database) })
    await until(() => owner.newest() > 5)
    const acknowledged = owner.newest()
    const dump = join(cluster().ownFolder('dumps'), `${database}.dump`)
    const where = ['-h', '127.0.0.1', '-p', String(cluster().port), '-U', 'berth']
    cluster().run('pg_dump', ...where, '--format', 'custom', '--schema', 'berth', '--file', dump, database)
    const later = owner.newest()
    await until(() => owner.newest() > later + 3)
    owner.child.kill('SIGKILL')

    const fresh = await cluster().newDatabase()
    cluster().run('pg_restore', ...where, '--dbname', fresh, '--single-transaction', '--no-owner', dump)
    const back = join(scratchFolder(), 'site.db')
    await copyKeys(path, back)
    const store: SiteStore = { kind: 'postgres', url: cluster().url(fresh), path: back }
    const log = await openPostgresAsItIs({ url: store.url, siteId: 'depot' })
    const verdict = await verifyRows(log, undefined, { checkpoints: [], key: null })
    await log.close()
    expect(verdict).toMatchObject({ broken: null })
    signBeside(back, verdict.records + 1)
    await expect(goesOn(store)).rejects.toThrow(/an older copy was put back.* `berth serve --restored` goes on/)
    const { batches, told } = await goesOn(store, true)
    expect(batches).toBeGreaterThanOrEqual(acknowledged)
    expect(batches).toBeLessThan(owner.newest())
    expect(told.join()).toContain(`ends at record ${verdict.records}`)
    expect(readFileSync(`${checkpointsBeside(back)}.before-${verdict.records + 1}`, 'utf8')).toContain('depot')
  })
})
