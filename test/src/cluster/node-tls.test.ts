import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { expect, onTestFinished, test, vi } from 'vitest'
import { systemClock } from '../../../src/clock.ts'
import type { Route } from '../../../src/cluster/roster.ts'
import { openChargePointClient } from '../../../src/demo/charge-point-client.ts'
import { scratchFolder } from '../../contracts/journal-drafts.ts'
import { withPostgres } from '../../contracts/postgres-cluster.ts'
import { ToyAuthority, writeIssued } from '../ocpp/toy-authority.ts'
import { until } from '../serve/serving-line.ts'
import { type NodeProcess, PASSWORD, putSites, SECRETS, startNode } from './node-line.ts'

vi.setConfig({ testTimeout: 400_000 })

/** Asks the node at `port` over TLS, checking its certificate. */
async function asked(port: number, path: string): Promise<{ status: number; text: string }> {
  const headers = { authorization: `Bearer ${SECRETS.BERTH_ADMIN_TOKEN}` }
  const answer = await fetch(`https://localhost:${port}${path}`, { headers, signal: AbortSignal.timeout(20_000) })
  return { status: answer.status, text: await answer.text() }
}

async function routes({ port }: NodeProcess): Promise<readonly Route[]> {
  return JSON.parse((await asked(port, '/cluster')).text).sites
}

withPostgres('nodes that speak TLS', (cluster) => {
  test('nodes with certificates of an authority of their own pass requests and charge points on to each other; one that does not know it says 503', async () => {
    const authority = new ToyAuthority('An authority of the operator')
    const folder = scratchFolder()
    const { cert, key } = writeIssued(folder, authority.issue('localhost'))
    const ca = join(folder, 'authority.pem')
    writeFileSync(ca, authority.cert)
    const before = getCACertificates('default')
    setDefaultCACertificates([...before, authority.cert])
    onTestFinished(() => setDefaultCACertificates(before))

    const database = cluster().url(await cluster().newDatabase())
    await putSites(database, 4)
    const words = ['--cert', cert, '--key', key]
    const trusting = { words, env: { NODE_EXTRA_CA_CERTS: ca } }
    const nodes = [await startNode(database, trusting), await startNode(database, trusting)] as const
    const said = () => nodes.map((node) => node.said()).join('\n')
    const shared = async () => {
      const sites = await routes(nodes[0])
      return sites.every(({ ready }) => ready) && new Set(sites.map(({ node }) => node)).size === 2 ? sites : null
    }
    await until(async () => (await shared()) !== null, 150_000, said)
    for (const { siteId, url } of (await shared()) ?? []) {
      expect(url).toMatch(/^https:/)
      for (const { port } of nodes)
        expect(await asked(port, `/s/${siteId}/api/bays/bay-1`), siteId).toMatchObject({ status: 200 })
      // The charge point calls at the node that does not have the site.
      const other = nodes.find(({ port }) => !url?.endsWith(`:${port}`)) as NodeProcess
      const client = openChargePointClient({
        url: `wss://localhost:${other.port}/s/${siteId}/ocpp`,
        ...{ id: 'CP-1', password: PASSWORD, clock: systemClock, reconnect_ms: 100 },
      })
      onTestFinished(() => client.close())
      await until(() => client.online, 60_000, said)
    }
    expect(said()).not.toContain('Warning')

    const blind = await startNode(database, { words, env: { NODE_EXTRA_CA_CERTS: '' } })
    await until(async () => (await routes(blind)).filter(({ ready }) => ready).length === 4, 150_000, said)
    const theirs = (await routes(blind)).filter(({ url }) => !url?.endsWith(`:${blind.port}`))
    expect(theirs.length).toBeGreaterThan(0)
    for (const { siteId } of theirs)
      expect((await asked(blind.port, `/s/${siteId}/api/bays/bay-1`)).status, siteId).toBe(503)
  })
})
