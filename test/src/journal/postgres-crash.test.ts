import { once } from 'node:events'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openPostgresAsItIs } from '../../../src/journal/postgres-reader.ts'
import { verifyRows } from '../../../src/journal/verification.ts'
import { scratchFolder } from '../../contracts/journal-drafts.ts'
import { withPostgres } from '../../contracts/postgres-cluster.ts'
import { openPostgresStore } from '../../contracts/postgres-store.ts'
import { type Appender, startAppender, until, wholeBatches } from './appended-batches.ts'

/** `npm run crash` kills it a hundred times. */
const KILLS = Number(process.env['BERTH_KILLS'] ?? 8)

withPostgres('processes killed and frozen while they write to a PostgreSQL', (cluster) => {
  const appender = (url: string, folder: string) => startAppender(join(folder, 'site.db'), { APPENDER_URL: url })

  async function kill({ child }: Appender): Promise<void> {
    const gone = child.exitCode === null && child.signalCode === null ? once(child, 'close') : null
    child.kill('SIGKILL')
    await gone
  }

  /** Every batch once, whole and in its order; all that were acknowledged among them. */
  async function check(url: string, folder: string, acknowledged: number): Promise<void> {
    const store = await openPostgresStore(url, folder)
    expect(await wholeBatches(store.journal, store.keys)).toBeGreaterThanOrEqual(acknowledged)
    await store.close()
    const log = await openPostgresAsItIs({ url, siteId: 'depot' })
    expect(await verifyRows(log, undefined, { checkpoints: [], key: null })).toMatchObject({ broken: null })
    await log.close()
  }

  test(`an owner killed ${KILLS} times in the middle of its work, and the server now and then, lose no acknowledged record and leave no half batch`, async () => {
    const url = cluster().url(await cluster().newDatabase())
    const folder = scratchFolder()
    let acknowledged = 0
    for (let kills = 0; kills < KILLS; kills++) {
      const owner = appender(url, folder)
      await until(() => owner.newest() > acknowledged)
      await new Promise((go) => setTimeout(go, Math.random() * 60))
      if (kills % 4 === 3) {
        await cluster().kill()
        await cluster().start()
        const before = owner.newest()
        await until(() => owner.newest() > before)
      }
      await kill(owner)
      expect(owner.said.filter((line) => line.startsWith('fault'))).toEqual([])
      acknowledged = owner.newest()
    }
    await check(url, folder, acknowledged)
    expect(acknowledged).toBeGreaterThan(KILLS)
  }, 600_000)

  test('an owner that was frozen, and wakes after another took over, writes nothing any more', async () => {
    const url = cluster().url(await cluster().newDatabase())
    const [folder, elsewhere] = [scratchFolder(), scratchFolder()]
    const owner = appender(url, folder)
    await until(() => owner.newest() > 3)
    owner.child.kill('SIGSTOP')
    cpSync(folder, elsewhere, { recursive: true })
    const second = await openPostgresStore(url, elsewhere)
    const head = second.journal.head()
    owner.child.kill('SIGCONT')
    await until(() => owner.said.some((line) => line.startsWith('fault')))
    expect(owner.said.at(-1)).toBe('fault STORE_FENCED')
    expect(second.journal.head()).toEqual(head)
    const rows = await cluster().ask(
      url.split('/').at(-1) ?? '',
      'SELECT count(*) AS n, max(epoch) AS epoch FROM berth.record',
    )
    expect(rows).toEqual([{ n: String(head.seq), epoch: '1' }])
    await second.close()
  }, 120_000)
})
