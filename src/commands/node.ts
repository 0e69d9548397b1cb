import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { Fault } from '../../machines/faults.ts'
import { systemClock } from '../clock.ts'
import { ClusterNode } from '../cluster/cluster-node.ts'
import { Hop } from '../cluster/hop.ts'
import { HostedSites } from '../cluster/hosted-sites.ts'
import { openNodeDoor } from '../cluster/node-door.ts'
import { demandSiteVariables, siteVariables } from '../cluster/site-variables.ts'
import { logLine } from '../log-line.ts'
import { demandLongToken } from '../server/admin-token.ts'
import { readSiteFile } from '../site-file.ts'

const USAGE = `Say what: berth node --listen HOST:PORT --url URL --data DIR
       or berth node put SITE.yaml | list | remove SITE
The database stands in --cluster or BERTH_CLUSTER.
`

/** The command `berth node`: serves a fair share of the sites that a database names, until SIGTERM; `put`, `list` and `remove` say which sites those are. */
export async function node(argv: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      cluster: { type: 'string' },
      listen: { type: 'string', default: '127.0.0.1:8080' },
      url: { type: 'string' },
      data: { type: 'string', default: './node' },
      cert: { type: 'string' },
      key: { type: 'string' },
    },
  })
  const cluster = values.cluster ?? process.env['BERTH_CLUSTER']
  if (cluster === undefined) {
    process.stderr.write(USAGE)
    return 2
  }
  const [what, name] = positionals
  if (what === undefined) return run({ ...values, cluster })
  const sites = new HostedSites(cluster)
  try {
    if (what === 'put' && name !== undefined) return await put(sites, name)
    if (what === 'remove' && name !== undefined) return await remove(sites, name)
    if (what === 'list') return await list(sites)
  } finally {
    await sites.close()
  }
  process.stderr.write(USAGE)
  return 2
}

async function put(sites: HostedSites, path: string): Promise<number> {
  if (existsSync(path)) demandSiteVariables(readFileSync(path, 'utf8'))
  const file = await readSiteFile(path, siteVariables(process.env))
  const version = await sites.put(file.site.id, readFileSync(path, 'utf8'), tokensOf(file.store.path))
  process.stdout.write(`${file.site.id} is in, version ${version}; a node serves it within seconds.\n`)
  return 0
}

function tokensOf(store: string): string | null {
  try {
    return readFileSync(`${store}.tokens`, 'utf8')
  } catch {
    return null
  }
}

async function remove(sites: HostedSites, siteId: string): Promise<number> {
  if (await sites.remove(siteId)) {
    process.stdout.write(`${siteId} is out: no node serves it any more. Its journal and keys stay in the database.\n`)
    return 0
  }
  process.stderr.write(`There is no site ${siteId} here; \`berth node list\` names them.\n`)
  return 1
}

async function list(sites: HostedSites): Promise<number> {
  for (const { siteId, version, node: by, ready, trouble } of await sites.list())
    process.stdout.write(
      `${siteId}  version ${version}  ${ready ? `served by ${by}` : `not served${trouble === null ? '' : `: ${trouble}`}`}\n`,
    )
  return 0
}

type RunValues = {
  readonly cluster: string
  readonly listen: string
  readonly url?: string | undefined
  readonly data: string
  readonly cert?: string | undefined
  readonly key?: string | undefined
}

async function run({ cluster, listen, url, data, cert, key }: RunValues): Promise<number> {
  const secrets = { master: process.env['BERTH_MASTER_KEY'], adminToken: process.env['BERTH_ADMIN_TOKEN'] }
  const { master, adminToken } = secrets
  if (!master || !adminToken)
    throw new Fault(
      'SITE_FILE_INVALID',
      {},
      {
        says: `${master ? 'BERTH_ADMIN_TOKEN' : 'BERTH_MASTER_KEY'} is not set; every node of a cluster needs the same one (\`openssl rand -hex 32\`).`,
      },
    )
  demandLongToken(adminToken)
  const [, host = '', port = ''] = /^(.*):(\d{1,5})$/.exec(listen) ?? []
  if (host === '')
    throw new Fault('SITE_FILE_INVALID', {}, { says: `--listen ${listen} is no address; write HOST:PORT.` })
  const log = (line: string): void => void process.stderr.write(logLine(Date.now(), line))
  const stopped = new Promise<void>((stop) => {
    process.once('SIGTERM', stop)
    process.once('SIGINT', stop)
  })
  const tls = cert !== undefined && key !== undefined ? { cert: resolve(cert), key: resolve(key) } : null
  const hop = new Hop(master)
  const own = new ClusterNode({
    cluster,
    node: `${hostname()}-${randomBytes(4).toString('hex')}`,
    url: url ?? `${tls ? 'https' : 'http'}://${host}:${port}`,
    data: resolve(data),
    log,
    env: process.env,
    hop,
  })
  const door = await openNodeDoor({ host, port: Number(port), tls, node: own, hop, adminToken, clock: systemClock })
  try {
    await own.start()
    process.stdout.write(`${own.node}: sites at ${url ?? listen}\n`)
    await stopped
  } finally {
    await own.stop()
    await door.close()
  }
  return 0
}
