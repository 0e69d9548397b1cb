import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import type { FactRecord } from '../../../machines/record.ts'
import { openPostgresAsItIs } from '../../../src/journal/postgres-reader.ts'
import { verifyRows } from '../../../src/journal/verification.ts'
import { scratchFolder } from '../../contracts/journal-drafts.ts'
import { withPostgres } from '../../contracts/postgres-cluster.ts'
import { openPostgresStore } from '../../contracts/postgres-store.ts'

/** `npm run crash` kills it a hundred times. */
const KILLS = Number(process.env['BERTH_KILLS'] ?? 8)
const APPENDER = fileURLToPath(new URL('./crash-appender.ts', import.meta.url))

type Appender = { readonly child: ChildProcess; readonly said: string[]; newest(): number }

withPostgres('processes killed and frozen while they write to a PostgreSQL', (cluster) => {
  /** An owner as a process of its own, which appends as fast as it can. */
  function appender(url: string, folder: string): Appender {
    const env = { ...process.env, APPENDER_URL: url }
    const child = spawn(process.execPath, [APPENDER, join(folder, 'site.db')], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env,
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    const said: string[] = []
    createInterface({ input: child.stdout as NonNullable<typeof child.stdout> }).on('line', (line) => said.push(line))
    const newest = () => Number(said.findLast((line) => line.startsWith('batch'))?.slice(6) ?? 0)
    return { child, said, newest }
  }

  async function until(reached: () => boolean): Promise<void> {
    for (let i = 0; i < 6_000 && !reached(); i++) await new Promise((go) => setTimeout(go, 10))
    expect(reached()).toBe(true)
  }

  async function kill({ child }: Appender): Promise<void> {
    const gone = child.exitCode === null && child.signalCode === null ? once(child, 'close') : null
    child.kill('SIGKILL')
    await gone
  }

  /** Every batch once, whole and in its order; all that were acknowledged among them. */
  async function check(url: string, folder: string, acknowledged: number): Promise<void> {
    const store = await openPostgresStore(url, folder)
    const records: FactRecord[] = []
    for (
      let page = await store.journal.readSite();
      page.length > 0;
      page = await store.journal.readSite(records.length)
    )
      records.push(...page)
    const batches = Map.groupBy(records, ({ cause }) => Number(cause['batch']))
    expect([...batches.keys()]).toEqual(Array.from({ length: batches.size }, (_, i) => i + 1))
    expect(batches.size).toBeGreaterThanOrEqual(acknowledged)
    for (const [batch, inBatch] of batches) {
      expect(inBatch.map(({ cause }) => cause['nth'])).toEqual(Array.from({ length: 1 + (batch % 16) }, (_, i) => i))
      const vehicle = store.keys.findVehicle(`PLATE${batch}`) ?? 'lost'
      const token = store.keys.tokenOf(`start-${batch}`)
      expect(store.journal.open(inBatch[0] as FactRecord)).toEqual({ [vehicle]: { plate: `PLATE${batch}`, token } })
    }
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
