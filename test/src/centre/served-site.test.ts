import { appendFileSync } from 'node:fs'
import { expect, test, vi } from 'vitest'
import { openStoreReadOnly } from '../../../src/journal/sqlite-reader.ts'
import { withPostgres } from '../../contracts/postgres-cluster.ts'
import { freePort, readsBody, register, serveSite, until, untilState, writeSite } from '../serve/serving-line.ts'
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
})
