import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import { PostgresLine } from '../../../src/journal/postgres-line.ts'
import { scratchFolder } from '../../contracts/journal-drafts.ts'
import type { PostgresCluster } from '../../contracts/postgres-cluster.ts'
import { PostgresProxy } from '../../contracts/postgres-proxy.ts'
import { until } from '../serve/serving-line.ts'
import { Balancer } from './balancer.ts'
import { callWitness } from './history-check.ts'
import { askAt, type NodeProcess, putSites, startNode } from './node-line.ts'
import { openSmallDisk, type SmallDisk } from './small-disk.ts'

const STEPPED_CLOCK = new URL('./stepped-clock.ts', import.meta.url).href
/** Room for the journals of a whole run, MB. */
const DISK_MB = 800
const LOOK_MS = 100
/** A site that is away for longer counts as lost. */
const LOST_MS = 60_000

/** A node, its own line to the database, its folder, and the file that says how far its clock is off. */
export type Member = { node: NodeProcess; readonly line: PostgresProxy; readonly data: string; readonly clock: string }

/** Nodes that share sites, a load balancer before them, and everything that can befall them. */
export class FaultStage {
  readonly cluster: PostgresCluster
  readonly settings = ['max_connections=400', 'commit_siblings=0']
  readonly names: readonly string[]
  readonly balancer: Balancer
  /** Asks the database as nobody's node, and straight. */
  readonly line: PostgresLine
  /** Null where this user may not mount one. */
  readonly disk: SmallDisk | null
  /** The first of them is whom the next fault befalls. */
  readonly members: Member[] = []
  /** How long each site was away after each kill of its node, ms. */
  readonly gaps: number[] = []
  readonly #database: string
  #started = 0

  private constructor(parts: Pick<FaultStage, 'cluster' | 'names' | 'balancer' | 'line' | 'disk'>, database: string) {
    this.cluster = parts.cluster
    this.names = parts.names
    this.balancer = parts.balancer
    this.line = parts.line
    this.disk = parts.disk
    this.#database = database
  }

  static async open(cluster: PostgresCluster, sites: number, nodes: number): Promise<FaultStage> {
    await cluster.stop()
    await cluster.start('max_connections=400', 'commit_siblings=0')
    const disk = await openSmallDisk(cluster, DISK_MB)
    const name = await cluster.newDatabase(disk === null ? '' : `TABLESPACE ${disk.tablespace}`)
    const names = await putSites(cluster.url(name), sites, 2)
    const line = new PostgresLine(cluster.url(name))
    const balancer = await Balancer.open()
    onTestFinished(async () => {
      await balancer.close()
      await line.close()
    })
    await callWitness(line)
    const stage = new FaultStage({ cluster, names, balancer, line, disk }, name)
    for (let i = 0; i < nodes; i++) await stage.#join()
    return stage
  }

  /** The address of the database itself. */
  get url(): string {
    return this.cluster.url(this.#database)
  }

  get member(): Member {
    return this.members[0] as Member
  }

  async #join(): Promise<void> {
    const folder = scratchFolder()
    const place = { data: join(folder, 'node'), clock: join(folder, 'clock') }
    const line = await PostgresProxy.open(this.cluster.port)
    const node = await this.startNode({ line, ...place })
    this.members.push({ node, line, ...place })
    this.balancer.add(node.port)
  }

  /** A process of its own at this member's place. The database knows its connections by its number. */
  startNode({ line, data, clock }: Omit<Member, 'node'>, words: readonly string[] = []): Promise<NodeProcess> {
    const url = `${this.cluster.url(this.#database, line.port)}?application_name=node-${++this.#started}`
    const env = { BERTH_TEST_CLOCK: clock, NODE_OPTIONS: `--import=${STEPPED_CLOCK}` }
    return startNode(url, { data, words, env })
  }

  /** Another process takes the place of one that has ended. */
  async replace(member: Member): Promise<void> {
    this.balancer.remove(member.node.port)
    member.node = await this.startNode(member)
    this.balancer.add(member.node.port)
  }

  /** Until every site is served, as the nodes see it. */
  async settled(patience_ms = LOST_MS): Promise<void> {
    await until(
      async () => {
        const { body } = await askAt(this.balancer.port, 'GET', '/cluster')
        return body?.sites?.filter(({ ready }: { ready: boolean }) => ready).length === this.names.length
      },
      patience_ms,
      () => this.said(),
    )
  }

  /** Sites that the member serves now. */
  async sitesOf({ node }: Member): Promise<readonly string[]> {
    return (await node.sites())
      .filter(({ url, ready }) => ready && url?.endsWith(`:${node.port}`))
      .map((one) => one.siteId)
  }

  /** Kills it; answers for each of its sites how long it answered nobody from then on, ms. */
  async killed(member: Member): Promise<readonly number[]> {
    const mine = await this.sitesOf(member)
    const from = performance.now()
    const gone = member.node.kill()
    const back = mine.map(async (siteId) => {
      while ((await askAt(this.balancer.port, 'GET', `/s/${siteId}/api/bays/bay-1`)).status !== 200) {
        if (performance.now() - from > LOST_MS) throw new Error(`${siteId} is away for ever\n${this.said()}`)
        await sleep(LOOK_MS)
      }
      return performance.now() - from
    })
    await gone
    return Promise.all(back)
  }

  /** The newest of what the nodes said. */
  said(): string {
    return this.members.map(({ node }) => node.said().split('\n').slice(-12).join('\n')).join('\n--\n')
  }
}
