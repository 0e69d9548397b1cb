import { expect, test, vi } from 'vitest'
import { openSiteRows } from '../../../src/uplink/site-rows.ts'
import { withPostgres } from '../../contracts/postgres-cluster.ts'
import { until } from '../journal/appended-batches.ts'
import { more, openStage, rowsAt, ship, siteWith, verdictAt } from './link-stage.ts'

vi.setConfig({ testTimeout: 180_000 })

withPostgres('a site ships to its centre', (cluster) => {
  const database = async () => cluster().url(await cluster().newDatabase())

  test('what a site recorded while nobody listened arrives at the centre byte for byte, each record once, and what comes later follows', async () => {
    const stage = await openStage(await database())
    const { token } = await stage.add('depot')
    const site = await siteWith(1_203)
    const { uplink, alarms } = ship(site, stage.centre.url, token)
    await until(() => uplink.place.sent === 1_203)
    await more(site, 7)
    await until(() => uplink.place.sent === 1_210)
    const own = openSiteRows(site.path)
    const rows = Array.from({ length: 5 }, (_, page) => own.batch(page * 256)).flat()
    await own.close()
    expect(await rowsAt(stage.store)).toEqual(rows)
    expect(await verdictAt(stage.store)).toBe(site.journal.head().hash)
    expect(alarms.size).toBe(0)
    expect(stage.told).toEqual([])
  })
})
