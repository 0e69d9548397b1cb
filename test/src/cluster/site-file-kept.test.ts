import { appendFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { parse } from 'yaml'
import { HostedSites } from '../../../src/cluster/hosted-sites.ts'
import { PostgresLine } from '../../../src/journal/postgres-line.ts'
import { scratchFolder } from '../../contracts/journal-drafts.ts'
import { withPostgres } from '../../contracts/postgres-cluster.ts'
import { PostgresProxy } from '../../contracts/postgres-proxy.ts'
import { until } from '../serve/serving-line.ts'
import { box, drawn } from '../zones/zone-scene.ts'
import { hostedFile, type NodeProcess, putSites, SECRETS, startNode } from './node-line.ts'

vi.setConfig({ testTimeout: 120_000 })

const ZONES = '/s/site-1/api/zones'
/** Of the one bay, as the site was put in and as somebody draws it. */
const NEW = box(0.1, 0.1, 0.6, 0.9)

withPostgres('the site file of a hosted site', (cluster) => {
  async function oneSite() {
    const name = await cluster().newDatabase()
    const database = cluster().url(name)
    await putSites(database, 1)
    const line = new PostgresLine(database)
    onTestFinished(() => line.close())
    const row = async () => (await line.read('SELECT file, version FROM berth.hosted'))[0] ?? {}
    const file = async () => String((await row())['file'])
    const polygon = async (): Promise<unknown> => parse(await file()).bays[0].zones[0].polygon
    return { name, database, row, file, polygon }
  }

  async function serving(node: NodeProcess): Promise<void> {
    await until(async () => (await node.ask('GET', ZONES)).status === 200, 60_000, node.said)
  }

  const publish = (node: NodeProcess, expectVersion = 1) => {
    const bays = drawn('bay-1', NEW)
    return node.ask('POST', ZONES, { id: `order-${Math.random()}`, expectVersion, reason: 'other', bays })
  }

  test('zones that were published are in the database before the answer: a node that is killed at once takes none of them along', async () => {
    const { database, polygon } = await oneSite()
    const first = await startNode(database)
    await serving(first)
    const published = await publish(first)
    const kept = await polygon()
    await first.kill()
    expect(published).toMatchObject({ status: 201, body: { version: 2 } })
    expect(kept).toEqual(NEW)

    const second = await startNode(database)
    await serving(second)
    const { version, bays } = (await second.ask('GET', ZONES)).body
    expect([version, bays]).toEqual([2, drawn('bay-1', NEW)])
  })

  test('while the database is away nothing is published, and the sentence says so; once it is back the zones are as they were, and can be published', async () => {
    const { name, row, polygon } = await oneSite()
    const proxy = await PostgresProxy.open(cluster().port)
    const data = join(scratchFolder(), 'node')
    const node = await startNode(cluster().url(name, proxy.port), { data })
    await serving(node)
    const before = await row()
    proxy.isAway = true
    proxy.cut()
    expect(await publish(node)).toMatchObject({
      status: 422,
      body: {
        detail: expect.stringMatching(
          /^The site file of site-1 cannot be kept in the database .* so nothing was published/,
        ),
      },
    })
    expect(readFileSync(join(data, 'site-1', 'site.yaml'), 'utf8')).toBe(before['file'])
    proxy.isAway = false
    await until(async () => (await publish(node)).status === 201, 30_000, node.said)
    expect(await polygon()).toEqual(NEW)
    expect((await node.ask('GET', ZONES)).body.version).toBe(2)
  })

  test('what was changed by hand a moment before the node ends is passed on', async () => {
    const { database, file } = await oneSite()
    const data = join(scratchFolder(), 'node')
    const node = await startNode(database, { data })
    await serving(node)
    appendFileSync(join(data, 'site-1', 'site.yaml'), '# changed on the machine\n')
    expect(await node.stop()).toBe(0)
    expect(await file()).toContain('# changed on the machine')
  })

  test('a site file in the database is told none of the node’s own secrets: such a site is not served, and says which variable it names', async () => {
    const { database } = await oneSite()
    const sites = new HostedSites(database)
    onTestFinished(() => sites.close())
    const text = (await hostedFile('site-1')).replace('Depot North', '$' + '{BERTH_MASTER_KEY}')
    expect(text).toContain('BERTH_MASTER_KEY')
    await sites.put('site-1', text, null)
    const own = (await hostedFile('site-2')).replace('Depot North', '$' + '{SITE_NAME}')
    await sites.put('site-2', own, null)
    const node = await startNode(database, { env: { SITE_NAME: 'Depot of the environment' } })
    const site = async () => (await node.ask('GET', '/s/site-2/api/site')).body
    await until(async () => (await site())?.site?.name === 'Depot of the environment', 30_000, node.said)
    const trouble = async () => (await sites.list()).find(({ siteId }) => siteId === 'site-1')?.trouble
    await until(async () => (await trouble()) != null, 30_000, node.said)
    expect(await trouble()).toMatch(/takes \$\{BERTH_MASTER_KEY\} from the environment; on nodes .* begin with SITE_/)
    expect(node.said()).not.toContain(SECRETS.BERTH_MASTER_KEY)
  })
})
