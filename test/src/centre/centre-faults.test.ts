import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, onTestFinished, test, vi } from 'vitest'
import { addSite } from '../../../src/centre/centre-book.ts'
import { demandCentre } from '../../../src/centre/centre-tables.ts'
import { PostgresLine } from '../../../src/journal/postgres-line.ts'
import { withPostgres } from '../../contracts/postgres-cluster.ts'
import { PostgresProxy } from '../../contracts/postgres-proxy.ts'
import { SHORT } from '../../contracts/postgres-store.ts'
import { until } from '../journal/appended-batches.ts'
import { cutLine } from './cut-lines.ts'
import { more, openStage, rowsAt, ship, siteWith, verdictAt } from './link-stage.ts'
import { rowsOf } from './raw-link.ts'

const WEEK = Number(process.env['BERTH_WEEK'] ?? 4_000)
const KILLS = Number(process.env['BERTH_KILLS'] ?? 3)
/** Ten ms a record are enough on a busy machine, ms. */
const PATIENCE = 60_000 + WEEK * 10 + KILLS * 10_000
vi.setConfig({ testTimeout: PATIENCE })

const BERTH = join(import.meta.dirname, '../../../src/cli.ts')

/** A generator that repeats with its seed. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** `berth centre` as a process of its own, on this database and port; it goes when the test does. */
async function centreProcess(
  store: string,
  port: number,
): Promise<{ readonly child: ChildProcess; readonly port: number }> {
  const child = spawn(process.execPath, [BERTH, 'centre', '--port', String(port)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, BERTH_CENTRE_STORE: store },
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const [line] = await once(createInterface({ input: child.stdout as NonNullable<typeof child.stdout> }), 'line')
  return { child, port: Number(/:(\d+)\/link$/.exec(String(line))?.[1]) }
}

async function added(store: string): Promise<string> {
  const line = new PostgresLine(store, SHORT)
  try {
    await demandCentre(line)
    return (await addSite(line, 'depot', '2026-11-23T12:00:00.000Z')).token
  } finally {
    await line.close()
  }
}

/** Every record of the store is at the centre once, in order. */
async function arrived(store: string, site: Awaited<ReturnType<typeof siteWith>>): Promise<void> {
  const rows = await rowsAt(store)
  const { seq, hash } = site.journal.head()
  expect(rows.map((row) => row.seq)).toEqual(Array.from({ length: seq }, (_, i) => i + 1))
  expect(await verdictAt(store)).toBe(hash)
  for (let after = 0; after < seq; after += 256) expect(rows.slice(after, after + 256)).toEqual(rowsOf(site, after))
}

withPostgres('what befalls a link', (cluster) => {
  const database = async () => cluster().url(await cluster().newDatabase())

  test(`a gateway that was cut off for a week catches up over a line that breaks at random bytes: chain whole, none lost, none twice (${WEEK} records)`, async () => {
    const stage = await openStage(await database())
    const { token } = await stage.add('depot')
    const site = await siteWith(WEEK)
    const line = await cutLine(() => stage.centre.port, seeded(1), 150_000)
    const begun = performance.now()
    const { uplink, alarms } = ship(site, `ws://127.0.0.1:${line.port}/link`, token)
    while (uplink.place.sent < WEEK && performance.now() - begun < PATIENCE - 20_000) {
      if (uplink.place.sent > WEEK * 0.9) line.calm()
      await new Promise((go) => setTimeout(go, 20))
    }
    const took_s = (performance.now() - begun) / 1_000
    if (WEEK >= 50_000) process.stdout.write(`${WEEK} records in ${took_s.toFixed(1)} s over ${line.cuts()} cuts\n`)
    expect(line.cuts()).toBeGreaterThan(3)
    await arrived(stage.store, site)
    expect(alarms.size).toBe(0)
  })

  test('a centre that is killed between its commit and its answer has the records, and the gateway sends none of them again', async () => {
    const proxy = await PostgresProxy.open(cluster().port)
    const name = await cluster().newDatabase()
    const store = cluster().url(name)
    const token = await added(store)
    const site = await siteWith(700)
    const first = await centreProcess(cluster().url(name, proxy.port), 0)
    const dead = once(first.child, 'exit')
    proxy.troubles = [{ after: () => void first.child.kill('SIGKILL') }]
    const { uplink } = ship(site, `ws://127.0.0.1:${first.port}/link`, token)
    await dead
    expect(uplink.place.sent).toBe(0)
    await until(() => !uplink.place.linked)
    expect((await rowsAt(store)).length).toBe(256)
    await centreProcess(store, first.port)
    await until(() => uplink.place.sent === 700)
    await arrived(store, site)
  })

  test(`a centre that is killed ${KILLS} times at random moments loses nothing that it answered for, and doubles nothing`, async () => {
    const store = await database()
    const token = await added(store)
    const site = await siteWith(500)
    const chance = seeded(2)
    let { child, port } = await centreProcess(store, 0)
    const { uplink } = ship(site, `ws://127.0.0.1:${port}/link`, token)
    let answered = 0
    for (let kill = 0; kill < KILLS; kill++) {
      await more(site, 600, `kill ${kill}`)
      // However slow the machine, something was answered before the first kill.
      if (kill === 0) await until(() => uplink.place.sent > 0)
      await new Promise((go) => setTimeout(go, 100 + chance() * 500))
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
      answered = Math.max(answered, uplink.place.sent)
      expect((await rowsAt(store)).length).toBeGreaterThanOrEqual(answered)
      ;({ child, port } = await centreProcess(store, port))
    }
    await until(() => uplink.place.behind === 0)
    expect(answered).toBeGreaterThan(0)
    await arrived(store, site)
  })

  test('a database that is away, silent, or answers too late costs time and nothing else', async () => {
    const proxy = await PostgresProxy.open(cluster().port)
    const name = await cluster().newDatabase()
    const stage = await openStage(cluster().url(name, proxy.port))
    const { token } = await stage.add('depot')
    const site = await siteWith(1_500)
    proxy.troubles = ['cut-before', 'cut-after', 'silent-after', 'held', 'cut-after']
    const { uplink, alarms } = ship(site, stage.centre.url, token)
    await until(() => proxy.troubles.length === 0)
    proxy.release()
    proxy.isAway = true
    proxy.cut()
    await new Promise((go) => setTimeout(go, 500))
    proxy.isAway = false
    await until(() => uplink.place.sent === 1_500)
    await arrived(cluster().url(name), site)
    expect(alarms.size).toBe(0)
    expect(stage.told.length).toBeGreaterThan(0)
  })
})
