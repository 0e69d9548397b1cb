import { expect, test, vi } from 'vitest'
import { withPostgres } from '../../contracts/postgres-cluster.ts'
import { readsBody, until } from '../serve/serving-line.ts'
import { type NodeProcess, putSites, startNode } from './node-line.ts'

vi.setConfig({ testTimeout: 180_000 })

const PLATE = 'AB12CDE'

/** The node that serves a site, as another one sees it. */
async function ownerOf(siteId: string, by: NodeProcess, nodes: readonly NodeProcess[]): Promise<NodeProcess | null> {
  const route = (await by.sites()).find((one) => one.siteId === siteId)
  if (!route?.ready) return null
  return nodes.find(({ port }) => route.url === `http://127.0.0.1:${port}`) ?? null
}

withPostgres('sites without a gateway', (cluster) => {
  test('two nodes share four sites; a charge goes on when its node is killed, with the same payer and one bill', async () => {
    const database = cluster().url(await cluster().newDatabase())
    const names = await putSites(database, 4)
    const nodes = [await startNode(database), await startNode(database)]
    const [first, second] = nodes as [NodeProcess, NodeProcess]
    const said = () => nodes.map((node) => node.said()).join('\n')
    await until(
      async () => {
        const sites = await first.sites()
        const of = (node: string) => sites.filter((one) => one.ready && one.node === node).length
        const both = new Set(sites.map(({ node }) => node))
        return sites.length === names.length && both.size === 2 && [...both].every((node) => of(String(node)) === 2)
      },
      60_000,
      said,
    )

    // The charge point and the camera call at the node that does not have the site.
    const siteId = 'site-1'
    const owner = (await ownerOf(siteId, first, nodes)) as NodeProcess
    const other = owner === first ? second : first
    const at = (path: string) => `/s/${siteId}${path}`
    const client = other.charge(siteId)
    await until(() => client.online, 60_000, said)
    expect((await other.ask('PUT', at('/api/accounts/acc-1'), { name: 'Account 1' })).status).toBeLessThan(300)
    expect((await other.ask('PUT', at(`/api/vehicles/${PLATE}`), { accountId: 'acc-1' })).status).toBeLessThan(300)
    for (const frame of ['f1', 'f2']) {
      const read = readsBody({ bays: 1 }, [{ bay: 1, plate: PLATE }], { frame })
      expect((await other.ask('POST', at('/in/cam-1-secret/reads'), read)).status).toBeLessThan(300)
    }
    const starts = () =>
      client.frames.filter(({ frame }) => frame[0] === 2 && frame[2] === 'RemoteStartTransaction').length
    await until(() => starts() > 0, 60_000, said)
    client.plug(1)
    const bay = async () => (await other.ask('GET', at('/api/bays/bay-1'))).body
    await until(async () => (await bay())?.state === 'charging-locked', 60_000, said)
    const locked = await bay()
    expect(locked).toMatchObject({ visit: { plate: PLATE, accountId: 'acc-1' } })

    await owner.kill()
    const killed = performance.now()
    await until(async () => (await ownerOf(siteId, other, nodes)) === other, 60_000, said)
    await until(async () => (await bay())?.state === 'charging-locked', 60_000, said)
    console.log(`served again after ${Math.round(performance.now() - killed)} ms`)
    expect(await bay()).toMatchObject({ visit: locked.visit, session: { sessionId: locked.session.sessionId } })
    await until(() => client.online, 60_000, said)
    expect(starts()).toBe(1)

    client.unplug(1)
    await until(async () => ['exiting', 'vacant'].includes((await bay())?.state), 60_000, said)
    const billed = async () => {
      const journal = await other.ask('GET', at('/api/journal?limit=500'))
      const records: { decisions: { type: string }[] }[] = journal.body.items
      return records.flatMap(({ decisions }) => decisions).filter(({ type }) => type === 'SessionBilled')
    }
    await until(async () => (await billed()).length > 0, 60_000, said)
    expect(await billed()).toHaveLength(1)
    // Each site that leaves is told, with its reason.
    const opened = () => other.said().split(`${siteId} is served here.`).length
    const before = opened()
    const drained = await other.ask('POST', '/cluster/drain')
    expect(drained.status).toBe(200)
    await until(() => other.said().includes(`${siteId} is served here no more: this node is drained.`), 60_000, said)
    await other.ask('DELETE', '/cluster/drain')
    await until(() => opened() > before, 60_000, said)
    expect(await other.stop()).toBe(0)
    expect(other.said()).toContain(`${siteId} is served here no more: this node stops. Another node may take it.`)
  })
})
