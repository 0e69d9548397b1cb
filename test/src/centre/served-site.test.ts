import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { expect, onTestFinished, test, vi } from 'vitest'
import { openStoreReadOnly } from '../../../src/journal/sqlite-reader.ts'
import { withPostgres } from '../../contracts/postgres-cluster.ts'
import { PostgresProxy } from '../../contracts/postgres-proxy.ts'
import { freePort } from '../serve/free-port.ts'
import { readsBody, register, serveSite, until, untilState, writeSite } from '../serve/serving-line.ts'
import { openStage, verdictAt } from './link-stage.ts'

vi.setConfig({ testTimeout: 120_000 })

withPostgres('a running site with a centre', (cluster) => {
  test('locks its bays while nobody answers at its centre, and is whole there soon after somebody does', async () => {
    const store = cluster().url(await cluster().newDatabase())
    const first = await openStage(store)
    const { token } = await first.add('depot-north')
    await first.centre.close()
    const port = await freePort()
    const site = await writeSite(1)
    appendFileSync(site.path, `centre: { url: "ws://127.0.0.1:${port}/link", token: ${token} }\n`)
    const serving = await serveSite(site)
    const metric = async (name: string): Promise<number> => {
      const response = await fetch(`http://127.0.0.1:${site.httpPort}/metrics`)
      return Number(new RegExp(`^berth_${name} (\\d+)$`, 'm').exec(await response.text())?.[1])
    }
    const charge = serving.charge(1)
    await register(serving, 'AB12CDE', 'acc-1')
    await until(() => charge.online)
    for (const frame of ['f1', 'f2']) await serving.post(readsBody(site, [{ bay: 1, plate: 'AB12CDE' }], { frame }))
    charge.plug(1)
    await untilState(serving, 1, 'charging-locked')
    expect(await metric('centre_linked')).toBe(0)
    expect(await metric('centre_behind_records')).toBeGreaterThan(5)
    expect(serving.said()).toMatch(/The centre at 127.0.0.1:\d+ cannot be reached \(ECONNREFUSED\); records wait/)

    const stage = await openStage(store, port)
    await until(async () => (await metric('centre_behind_records')) === 0)
    expect(await metric('centre_linked')).toBe(1)
    const [told] = ((await (await fetch(`${stage.centre.pageUrl}/api/sites`)).json()) as { sites: object[] }).sites
    expect(told).toMatchObject({ site: 'depot-north', linked: true, bays: { 'charging-locked': 1 }, aside: 0 })
    await serving.stop()
    const { database, reader } = openStoreReadOnly(site.store)
    const shipped = (told as { seq: number }).seq
    // What was recorded while it stopped is shipped with the next start: the copy ends at one of its records.
    expect(reader.rows(0, 10_000).map(({ hash }) => hash)).toContain(await verdictAt(store, 'depot-north'))
    expect(reader.head().seq).toBeGreaterThanOrEqual(shipped)
    database.close()
    expect(
      JSON.stringify(await cluster().ask(new URL(store).pathname.slice(1), 'SELECT * FROM berth.record')),
    ).not.toContain('AB12CDE')
  })

  test('whose journal is on a PostgreSQL ships it like one in a file: each record once, sealed, also over a restart and while that server was away', async () => {
    const [atCentre, own] = [await cluster().newDatabase(), await cluster().newDatabase()]
    const stage = await openStage(cluster().url(atCentre))
    const { token } = await stage.add('depot-north')
    const proxy = await PostgresProxy.open(cluster().port)
    onTestFinished(() => proxy.close())
    const site = await writeSite(1)
    const address = cluster().url(own, proxy.port)
    const store = `store:\n  kind: postgres\n  url: ${address}\n  path: ./data/depot-north\n`
    const text = readFileSync(site.path, 'utf8').replace(/^store:\n(?: {2}.*\n)+/m, store)
    writeFileSync(site.path, `${text}centre: { url: "${stage.centre.url}", token: ${token} }\n`)
    const rowsOf = async (database: string) =>
      (await cluster().ask(database, 'SELECT seq, hash FROM berth.record ORDER BY seq')).map(
        ({ seq, hash }) => `${seq} ${hash}`,
      )
    const arrived = async (plate: string, least: number) => {
      const serving = await serveSite(site)
      const read = readsBody(site, [{ bay: 1, plate }], { frame: `f-${plate}` })
      await serving.post(read)
      await until(async () => {
        const [there, here] = [await rowsOf(atCentre), await rowsOf(own)]
        return there.length > least && there.length === here.length
      }, 60_000)
      return serving
    }
    const first = await arrived('AB12CDE', 0)
    const records = (await rowsOf(own)).length
    await first.kill()
    const second = await arrived('CD34EFG', records)
    // Every line to its own server breaks: appends and what ships go on over new ones.
    const before = (await rowsOf(own)).length
    proxy.cut()
    let frame = 0
    let lengths = ''
    await until(
      async () => {
        await second.post(readsBody(site, [{ bay: 1, plate: 'EF56GHJ' }], { frame: `g${frame++}` }))
        const [there, here] = [await rowsOf(atCentre), await rowsOf(own)]
        lengths = `${there.length} of ${here.length}, before ${before}`
        return here.length > before && there.length === here.length
      },
      25_000,
      () => `${lengths}\n${second.said()}`,
    )
    await second.stop()
    const third = await arrived('GH78JKL', before)
    expect(await rowsOf(atCentre)).toEqual(await rowsOf(own))
    await third.stop()
    const copy = JSON.stringify(await cluster().ask(atCentre, 'SELECT * FROM berth.record'))
    expect(copy).not.toMatch(/AB12CDE|CD34EFG|EF56GHJ|GH78JKL/)
    expect(await verdictAt(cluster().url(atCentre), 'depot-north')).toMatch(/^[0-9a-f]{64}$/)
  })
})
