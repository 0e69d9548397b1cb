import { expect, test, vi } from 'vitest'
import { HostedSites } from '../../../src/cluster/hosted-sites.ts'
import { withPostgres } from '../../contracts/postgres-cluster.ts'
import { openStage, verdictAt } from '../centre/link-stage.ts'
import { readsBody, until } from '../serve/serving-line.ts'
import { hostedFile, type NodeProcess, SECRETS, startNode } from './node-line.ts'

vi.setConfig({ testTimeout: 240_000 })

const SITE = 'site-1'
const at = (path: string) => `/s/${SITE}${path}`

withPostgres('a site that nodes serve and that has a centre', (cluster) => {
  const rowsOf = async (database: string) =>
    (await cluster().ask(database, `SELECT seq, hash FROM berth.record WHERE site = '${SITE}' ORDER BY seq`)).map(
      ({ seq, hash }) => `${seq} ${hash}`,
    )

  /** A centre, and two nodes, of which the first serves the site. */
  async function opened() {
    const [atCentre, own] = [await cluster().newDatabase(), await cluster().newDatabase()]
    const stage = await openStage(cluster().url(atCentre))
    const { token } = await stage.add(SITE)
    const section = `centre: { url: "${stage.centre.url}", token: "\${SITE_CENTRE_TOKEN}", orders: [out-of-service] }\n`
    const sites = new HostedSites(cluster().url(own))
    await sites.put(SITE, (await hostedFile(SITE)) + section, null)
    await sites.close()
    const env = { SITE_CENTRE_TOKEN: token }
    const first = await startNode(cluster().url(own), { env })
    await until(() => first.said().includes(`${SITE} is served here.`), 120_000, first.said)
    const second = await startNode(cluster().url(own), { env })
    return { stage, atCentre, own, first, second }
  }

  let frames = 0
  /** A vehicle is seen: records follow. Asked until the site answers, for it may be changing hands. */
  const seen = async (node: NodeProcess, plate: string) => {
    const read = readsBody({ bays: 1 }, [{ bay: 1, plate }], { frame: `f${++frames}` })
    await until(
      async () => (await node.ask('POST', at('/in/cam-1-secret/reads'), read)).status < 300,
      120_000,
      node.said,
    )
  }

  test('is shipped by whichever node has it: after a kill the next one goes on where the copy ends, and nothing is there twice or set aside', async () => {
    const { stage, atCentre, own, first, second } = await opened()
    const whole = async () => {
      const [there, here] = [await rowsOf(atCentre), await rowsOf(own)]
      return there.length > 0 && there.length === here.length
    }
    const told = () => `${first.said()}\n${second.said()}\n${stage.told.join('\n')}`
    await seen(first, 'AB12CDE')
    await until(whole, 120_000, told)
    // Recorded and perhaps not shipped when the node dies.
    await seen(first, 'CD34EFG')
    await first.kill()
    await until(() => second.said().includes(`${SITE} is served here.`), 120_000, told)
    const before = (await rowsOf(own)).length
    await seen(second, 'EF56GHJ')
    await until(async () => (await rowsOf(own)).length > before && (await whole()), 120_000, told)
    // What people at the centre order reaches the node that has the site now.
    const order = { id: 'order-0001', site: SITE, type: 'out-of-service', bayId: 'bay-1', reason: 'maintenance' }
    const given = await fetch(`${stage.centre.pageUrl}/api/orders`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...order, within_s: 600 }),
    })
    expect([given.ok, await given.text()]).toEqual([true, expect.any(String)])
    const bay = async () => (await second.ask('GET', at('/api/bays/bay-1'))).body
    await until(async () => (await bay())?.service === 'out-of-service', 120_000, told)
    await until(whole, 120_000, told)
    expect(await second.stop()).toBe(0)
    const rows = await rowsOf(own)
    const copy = await rowsOf(atCentre)
    expect(copy).toEqual(rows.slice(0, copy.length))
    expect(await cluster().ask(atCentre, 'SELECT seq FROM berth_centre.aside')).toEqual([])
    expect(await verdictAt(cluster().url(atCentre), SITE)).toBe(copy.at(-1)?.split(' ')[1])
    expect(stage.told).toEqual([])
  })

  test('who signed out of it at one node is signed out at the next one', async () => {
    const { first, second } = await opened()
    const call = (node: NodeProcess, method: string, path: string, more: RequestInit = {}) =>
      fetch(`http://127.0.0.1:${node.port}${at(path)}`, { method, ...more })
    const signIn = async () => {
      const answer = await call(first, 'POST', '/api/login', {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ token: SECRETS.BERTH_ADMIN_TOKEN }),
      })
      return (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
    }
    const [mine, other] = [await signIn(), await signIn()]
    const sees = async (node: NodeProcess, cookie: string) =>
      (await call(node, 'GET', '/api/site', { headers: { cookie } })).status
    expect([await sees(first, mine), await sees(first, other)]).toEqual([200, 200])
    expect((await call(first, 'POST', '/api/logout', { headers: { cookie: mine } })).status).toBe(204)
    await first.kill()
    await until(() => second.said().includes(`${SITE} is served here.`), 120_000, second.said)
    await until(async () => (await sees(second, other)) === 200, 60_000, second.said)
    expect(await sees(second, mine)).toBe(401)
  })
})
