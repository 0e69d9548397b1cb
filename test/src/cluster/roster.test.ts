import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test, vi } from 'vitest'
import { demandCluster } from '../../../src/cluster/cluster-tables.ts'
import { freeGone } from '../../../src/cluster/gone-peers.ts'
import { enterAt, lockData } from '../../../src/cluster/node-place.ts'
import { Roster } from '../../../src/cluster/roster.ts'
import { PostgresLine } from '../../../src/journal/postgres-line.ts'
import { scratchFolder } from '../../contracts/journal-drafts.ts'
import { withPostgres } from '../../contracts/postgres-cluster.ts'
import { freePort } from '../serve/free-port.ts'
import { putSites } from './node-line.ts'

vi.setConfig({ testTimeout: 180_000 })
const LEASE_S = 5

withPostgres('the roster of nodes', (cluster) => {
  /** A database with one site, and a roster for each of these addresses. */
  async function rosters(...urls: readonly string[]) {
    const database = cluster().url(await cluster().newDatabase())
    const line = new PostgresLine(database)
    onTestFinished(() => line.close())
    await demandCluster(line)
    await putSites(database, 1)
    const all = urls.map((url, index) => new Roster(line, { node: `node-${index + 1}`, url, lease_s: LEASE_S }))
    return { database, line, all: all as unknown as readonly [Roster, Roster] }
  }

  test.each([
    ['back', '1 hour'],
    ['forward', '-1 hour'],
  ])('the sites of a dead node are free although the clock of the database was set %s', async (_way, by) => {
    const { line, all } = await rosters('http://a', 'http://b')
    await all[0].beat(false)
    expect(await all[0].claim(4)).toHaveLength(1)
    await all[1].beat(false)
    expect(await all[1].claim(4)).toHaveLength(0)
    // What the server wrote before its clock was set is off by as much.
    await line.read(`UPDATE berth.node SET until = until + interval '${by}'`)
    expect((await all[1].beat(false)).share).toBe(1)
    expect(await all[1].claim(4)).toHaveLength(1)
  })

  test('a site that rests is tried again although the clock of the database was set back', async () => {
    const { line, all } = await rosters('http://a')
    const [mine] = await all[0].claim(1)
    await all[0].release(mine as NonNullable<typeof mine>, 'it could not be opened')
    expect(await all[0].claim(1)).toHaveLength(0)
    await line.read(`UPDATE berth.hosted SET rests = rests + interval '1 hour'`)
    expect(await all[0].claim(1)).toHaveLength(1)
  })

  test('two nodes at one address: the second does not come in while the first lives, and takes the place of a dead one', async () => {
    const { line, all } = await rosters('http://same', 'http://same')
    await enterAt(all[0], { url: 'http://same', lease_s: LEASE_S })
    const beats = setInterval(() => void all[0].beat(false), 500)
    await expect(enterAt(all[1], { url: 'http://same', lease_s: 1 })).rejects.toThrow(
      'Another node (node-1) is reached at http://same already; give each node an address of its own (--url).',
    )
    clearInterval(beats)
    expect((await all[0].beat(false)).twin).toBeNull()
    await line.read('UPDATE berth.node SET until = now()')
    await enterAt(all[1], { url: 'http://same', lease_s: LEASE_S })
    expect(await line.read('SELECT node FROM berth.node')).toEqual([{ node: 'node-2' }])
    // One that was only frozen learns that its place is taken.
    expect((await all[0].beat(false)).twin).toBe('node-2')
    expect((await all[1].beat(false)).twin).toBe('node-1')
  })

  test('a centre that makes its tables in the same database holds up no node that comes in', async () => {
    const { database, all } = await rosters('http://a')
    const centre = new PostgresLine(database)
    onTestFinished(() => centre.close())
    await centre.transaction(async (ask) => {
      // The centre's number, as centre-tables.ts has it.
      await ask('SELECT pg_advisory_xact_lock($1)', [732_437_843])
      expect(await Promise.race([all[0].enter(), sleep(30_000, 'held up')])).toBeNull()
    })
  })

  test('a silent node whose machine refuses connections has ended; one that still listens keeps its lease', async () => {
    const server = createServer()
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => void server.close())
    const urlOf = (port: number) => `http://127.0.0.1:${port}`
    const { line, all } = await rosters(urlOf(await freePort()), urlOf((server.address() as { port: number }).port))
    for (const one of all) await one.beat(false)
    await line.read(`UPDATE berth.node SET until = until - interval '3 seconds'`)
    const watcher = new Roster(line, { node: 'watcher', url: 'http://watcher', lease_s: LEASE_S })
    const { silent } = await watcher.beat(false)
    expect(silent.map(({ node }) => node).toSorted()).toEqual(['node-1', 'node-2'])
    await freeGone(silent, watcher)
    const left = await line.read('SELECT node FROM berth.node WHERE until > now() ORDER BY node')
    expect(left.map(({ node }) => node)).toEqual(['node-2', 'watcher'])
  })
})

test('a node’s folder is its own as long as it lives', () => {
  const data = scratchFolder()
  const lock = lockData(data)
  expect(() => lockData(data)).toThrow(/Another node of this machine works in .*; give each node a folder of its own/)
  lock.release()
  lockData(data).release()
})
