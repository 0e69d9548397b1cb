import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { withPostgres } from '../../contracts/postgres-cluster.ts'
import { PostgresProxy } from '../../contracts/postgres-proxy.ts'
import {
  berth,
  journalOf,
  type LineSite,
  readsBody,
  register,
  serveSite,
  until,
  untilState,
  writeSite,
} from './serving-line.ts'

vi.setConfig({ testTimeout: 180_000 })

const PLATE = 'AB12CDE'
const hashes = (records: readonly { hash: string }[]) => records.map(({ hash }) => hash)

/** A site whose journal is at an address that comes from the environment, as a password would. */
async function siteThere(): Promise<LineSite> {
  const site = await writeSite(1, { policy: { voteWindow_s: 2 } })
  const address = ['$', '{BERTH_DB}'].join('')
  const store = `store:\n  kind: postgres\n  url: ${address}\n  path: ./data/depot-north\n`
  writeFileSync(site.path, readFileSync(site.path, 'utf8').replace(/^store:\n(?: {2}.*\n)+/m, store))
  return site
}

withPostgres('a site served from a PostgreSQL', (cluster) => {
  test('a bay charges on a PostgreSQL; berth is killed again and again, the server too and the line cut, and every record and state is there', async () => {
    const site = await siteThere()
    const proxy = await PostgresProxy.open(cluster().port)
    const database = await cluster().newDatabase()
    const env = { BERTH_DB: cluster().url(database, proxy.port) }
    let serving = await serveSite(site, { env })
    const client = serving.charge(1)
    await register(serving, PLATE, 'acc-1')
    await until(() => client.online)
    for (const frame of ['f1', 'f2']) await serving.post(readsBody(site, [{ bay: 1, plate: PLATE }], { frame }))
    const starts = () =>
      client.frames.filter(({ frame }) => frame[0] === 2 && frame[2] === 'RemoteStartTransaction').length
    await until(() => starts() > 0)
    client.plug(1)
    const locked = await untilState(serving, 1, 'charging-locked')
    expect(locked).toMatchObject({ visit: { plate: PLATE, accountId: 'acc-1' } })

    for (let kills = 1; kills <= 2; kills++) {
      const before = await journalOf(serving)
      await serving.kill()
      serving = await serveSite(site, { env })
      const bay = await untilState(serving, 1, 'charging-locked')
      expect(bay).toMatchObject({ visit: locked.visit, session: { sessionId: locked.session.sessionId } })
      expect(hashes(await journalOf(serving)).slice(0, before.length)).toEqual(hashes(before))
    }
    expect(starts()).toBe(1)

    // The line breaks, then the server dies and comes back: a camera hears so, and everything goes on.
    proxy.cut()
    await register(serving, 'QX77ZZT', 'acc-2')
    await cluster().kill()
    expect(await serving.post(readsBody(site, [{ bay: 1, plate: 'QX77ZZT' }], { frame: 'f3' }))).toBe(503)
    await cluster().start()
    await until(
      async () => (await serving.post(readsBody(site, [{ bay: 1, plate: 'QX77ZZT' }], { frame: 'f4' }))) < 300,
    )
    client.unplug(1)
    await until(async () => (await serving.ask('GET', '/api/sessions')).body.items[0]?.endedAt !== null)
    expect(await serving.stop()).toBe(0)

    vi.stubEnv('BERTH_DB', env.BERTH_DB)
    const all = [
      await berth('check', site.path),
      await berth('verify', '--site', site.path),
      await berth('replay', '--site', site.path),
    ]
    vi.unstubAllEnvs()
    expect(all.map(({ code, err }) => ({ code, err }))).toEqual(all.map(() => ({ code: 0, err: '' })))
    expect(all[1]?.out).toMatch(/depot-north on postgres:\/\/127\.0\.0\.1:\d+\/\w+: depot-north: \d+ records hold/)
    const [site1] = await cluster().ask(database, 'SELECT epoch, state FROM berth.site')
    expect(site1).toEqual({ epoch: '3', state: 'left' })
    // What stays on this machine is beside the name that the site file gives; the journal is not among it.
    expect(existsSync(join(site.folder, 'data/depot-north.keys'))).toBe(true)
    expect(existsSync(join(site.folder, 'data/depot-north'))).toBe(false)
    expect(
      cluster().run('pg_dump', '-h', cluster().folder, '-p', String(cluster().port), '-U', 'berth', database),
    ).not.toContain(PLATE)
  })

  test('a site whose server is away says so at the check and at the start, without the password', async () => {
    const site = await siteThere()
    vi.stubEnv('BERTH_DB', 'postgres://ann:hunter2@127.0.0.1:1/berth')
    // Each waits a while for its server: both at once.
    const [checked, served] = await Promise.all([berth('check', site.path), berth('serve', '--site', site.path)])
    vi.unstubAllEnvs()
    expect(checked).toMatchObject({ code: 1 })
    expect(checked.out).toMatch(/error .*store.url.*PostgreSQL at postgres:\/\/127.0.0.1:1\/berth does not answer/)
    expect(served).toMatchObject({ code: 1 })
    expect(served.err).toMatch(/PostgreSQL at postgres:\/\/127.0.0.1:1\/berth does not answer \(.*\); start it/)
    expect(checked.out + checked.err + served.out + served.err).not.toContain('hunter2')
  })
})
