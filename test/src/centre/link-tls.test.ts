import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { scratchFolder } from '../../contracts/journal-drafts.ts'
import { withPostgres } from '../../contracts/postgres-cluster.ts'
import { until } from '../journal/appended-batches.ts'
import { ToyAuthority } from '../ocpp/toy-authority.ts'
import { openStage, shipPath, siteWith, verdictAt } from './link-stage.ts'

vi.setConfig({ testTimeout: 180_000 })

withPostgres('a link over TLS', (cluster) => {
  test('a gateway ships to a centre whose certificate is of the authority in its site file, and to no other, and says why', async () => {
    const folder = scratchFolder()
    const put = (name: string, text: string): string => {
      writeFileSync(join(folder, name), text)
      return join(folder, name)
    }
    const [own, other] = [new ToyAuthority('own'), new ToyAuthority('other')]
    const good = own.issue('centre')
    const tls = { cert: put('centre.pem', good.cert), key: put('centre.key', good.key) }
    const { centre, add, store } = await openStage(cluster().url(await cluster().newDatabase()), 0, tls)
    expect(centre.url).toMatch(/^wss:/)
    const { token } = await add('depot')
    const site = await siteWith(40)
    const place = { path: site.path, keyStore: site.keys.storeId }
    const shipped = (url: string, ca: string | null) => shipPath(place, url, token, 'depot', 5_000, {}, ca)

    const at = `The centre at ${new URL(centre.url).host}`
    const refused: readonly (readonly [string | null, string])[] = [
      [put('other.pem', other.cert), 'is not trusted: its certificate is of no authority that is known here'],
      [null, 'is not trusted: its certificate is of no authority that is known here'],
      [join(folder, 'none.pem'), 'cannot be checked: `centre.ca`'],
    ]
    for (const [ca, says] of refused) {
      const { uplink, log, alarms } = shipped(centre.url, ca)
      await until(() => alarms.has('centre-away'))
      expect([log[0], alarms.get('centre-away')]).toEqual([
        expect.stringContaining(`${at} ${says}`),
        expect.stringContaining(says),
      ])
      expect(uplink.place).toMatchObject({ linked: false, sent: 0, behind: 40 })
      await uplink.close()
    }
    expect(await verdictAt(store).catch(() => 'none')).not.toBe(site.journal.head().hash)

    const { uplink, alarms } = shipped(centre.url, put('own.pem', own.cert))
    await until(() => uplink.place.sent === 40)
    expect(alarms.size).toBe(0)
    expect(await verdictAt(store)).toBe(site.journal.head().hash)
  })

  test('a certificate that has ended is said to have', async () => {
    const folder = scratchFolder()
    const own = new ToyAuthority('own')
    const { cert, key } = own.issue('centre', -1)
    for (const [name, text] of Object.entries({ 'c.pem': cert, 'c.key': key, 'ca.pem': own.cert }))
      writeFileSync(join(folder, name), text)
    const tls = { cert: join(folder, 'c.pem'), key: join(folder, 'c.key') }
    const { centre, add } = await openStage(cluster().url(await cluster().newDatabase()), 0, tls)
    const { token } = await add('depot')
    const site = await siteWith(1)
    const place = { path: site.path, keyStore: site.keys.storeId }
    const { alarms } = shipPath(place, centre.url, token, 'depot', 5_000, {}, join(folder, 'ca.pem'))
    await until(() => alarms.get('centre-away')?.includes('its certificate has ended') === true)
  })
})
