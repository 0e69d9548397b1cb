import type { ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { systemClock } from '../../../src/clock.ts'
import { HostedSites } from '../../../src/cluster/hosted-sites.ts'
import type { Route } from '../../../src/cluster/roster.ts'
import { type ChargePointClient, openChargePointClient } from '../../../src/demo/charge-point-client.ts'
import { scratchFolder } from '../../contracts/journal-drafts.ts'
import { freePort } from '../serve/free-port.ts'
import { heardProcess } from '../serve/heard-process.ts'
import { type Answer, until, writeSite } from '../serve/serving-line.ts'

const BERTH = fileURLToPath(new URL('../../../src/berth.mjs', import.meta.url))

/** What every node of the tests' cluster has. */
export const SECRETS = {
  BERTH_MASTER_KEY: '0123456789abcdef'.repeat(4),
  BERTH_ADMIN_TOKEN: 'admin-token-of-the-nodes-of-a-test',
}
/** Of every charge point. */
export const PASSWORD = 'a-password-of-16'

/** The text of a site file for nodes: `bays` bays, each with a charge point that has a password. */
export async function hostedFile(siteId: string, bays = 1): Promise<string> {
  const { path } = await writeSite(bays, {
    policy: { voteWindow_s: 2 },
    chargePoint: () => ({ password: PASSWORD }),
    folder: join(scratchFolder(), siteId),
  })
  return readFileSync(path, 'utf8').replaceAll('depot-north', siteId)
}

/** Puts sites of `bays` bays each into the cluster, named `site-1` … */
export async function putSites(cluster: string, count: number, bays = 1): Promise<readonly string[]> {
  const sites = new HostedSites(cluster)
  const names = Array.from({ length: count }, (_, index) => `site-${index + 1}`)
  for (const name of names) await sites.put(name, await hostedFile(name, bays), null)
  await sites.close()
  return names
}

/** `berth node` as a process of its own. */
export type NodeProcess = {
  readonly child: ChildProcess
  readonly port: number
  said(): string
  /** Asks as the admin, of a site by its path, or of the node itself. */
  ask(method: string, path: string, body?: unknown): Promise<Answer>
  /** Where it believes each site to be. */
  sites(): Promise<readonly Route[]>
  /** A charge point of a site that calls at this node. */
  charge(siteId: string, number?: number): ChargePointClient
  kill(): Promise<void>
  stop(): Promise<number | null>
}

/** How a node is started, where not like any other. `words`: more of its command line. */
export type NodeStart = {
  readonly finish?: (clean: () => unknown) => void
  readonly data?: string
  readonly words?: readonly string[]
  readonly env?: NodeJS.ProcessEnv
}

/** Starts a node and waits until it is one. Rejects where it ends instead, with what it said. */
export async function startNode(
  cluster: string,
  {
    finish = (clean) => onTestFinished(() => void clean()),
    data = join(scratchFolder(), 'node'),
    words = [],
    env = {},
  }: NodeStart = {},
): Promise<NodeProcess> {
  const port = await freePort()
  const all = ['node', '--listen', `127.0.0.1:${port}`, '--data', data, ...words]
  const { child, said, gone, kill } = heardProcess([process.execPath, BERTH, ...all], {
    ...SECRETS,
    BERTH_CLUSTER: cluster,
    ...env,
  })
  finish(kill)
  const node: NodeProcess = {
    child,
    port,
    said,
    ask: (method, path, body) => askAt(port, method, path, body),
    sites: async () => (await askAt(port, 'GET', '/cluster')).body.sites,
    charge(siteId, number = 1) {
      const client = openChargePointClient({
        url: `ws://127.0.0.1:${port}/s/${siteId}/ocpp`,
        id: `CP-${number}`,
        password: PASSWORD,
        clock: systemClock,
        reconnect_ms: 100,
        habits: { meterInterval_s: 0.5, callTimeout_s: 3 },
      })
      finish(() => client.close())
      return client
    },
    kill,
    async stop() {
      child.kill('SIGTERM')
      await gone()
      return child.exitCode
    },
  }
  await until(
    () => {
      if (child.exitCode !== null) throw new Error(`it ended: ${said()}`)
      return said().includes('sites at')
    },
    120_000,
    said,
  )
  return node
}

/** Asks the node at `port`, as whoever has its admin token; a node that is not there answers 0. */
export async function askAt(port: number, method: string, path: string, body?: unknown): Promise<Answer> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${SECRETS.BERTH_ADMIN_TOKEN}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(20_000),
    })
    const text = await answer.text()
    const isJson = answer.headers.get('content-type')?.includes('json') ?? false
    return { status: answer.status, body: isJson && text !== '' ? JSON.parse(text) : text }
  } catch {
    return { status: 0, body: null }
  }
}
