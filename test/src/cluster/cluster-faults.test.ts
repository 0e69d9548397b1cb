import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../../src/clock.ts'
import { openChargePointClient } from '../../../src/demo/charge-point-client.ts'
import { withPostgres } from '../../contracts/postgres-cluster.ts'
import { PostgresProxy } from '../../contracts/postgres-proxy.ts'
import { until } from '../serve/serving-line.ts'
import { Balancer } from './balancer.ts'
import { checkHistory } from './history-check.ts'
import { HostedLife } from './hosted-life.ts'
import { askAt, type NodeProcess, PASSWORD, putSites, startNode } from './node-line.ts'

const SITES = Number(process.env['BERTH_SITES'] ?? 3)
const NODES = Number(process.env['BERTH_NODES'] ?? 2)
const FAULTS = Number(process.env['BERTH_FAULTS'] ?? 2)
/** How long a fault lasts that ends, ms: beyond a lease, so that the sites change hands. */
const LASTS_MS = 6_500
const BETWEEN_MS = 2_500

/** A node and its own line to the database. */
type Member = { node: NodeProcess; readonly line: PostgresProxy }

withPostgres('nodes that fail', (cluster) => {
  test(`${SITES} sites on ${NODES} nodes through ${FAULTS} faults: nothing acknowledged is lost or doubled, no gap, no second owner, no start without record, every bill is what was drawn`, async () => {
    const settings = ['max_connections=400']
    await cluster().stop()
    await cluster().start(...settings)
    const name = await cluster().newDatabase()
    const names = await putSites(cluster().url(name), SITES, 2)
    const balancer = await Balancer.open()
    onTestFinished(() => balancer.close())
    const start = async (line: PostgresProxy) => {
      const node = await startNode(cluster().url(name, line.port))
      balancer.add(node.port)
      return node
    }
    const members: Member[] = []
    for (let i = 0; i < NODES; i++) {
      const line = await PostgresProxy.open(cluster().port)
      members.push({ line, node: await start(line) })
    }
    const said = () => members.map(({ node }) => node.said().split('\n').slice(-12).join('\n')).join('\n--\n')
    const served = async () => {
      const { body } = await askAt(balancer.port, 'GET', '/cluster')
      return body?.sites?.filter(({ ready }: { ready: boolean }) => ready).length ?? 0
    }
    await until(async () => (await served()) === SITES, 120_000, said)

    const lives = names.map((siteId) => {
      const url = `ws://127.0.0.1:${balancer.port}/s/${siteId}/ocpp`
      const habits = { meterInterval_s: 1, callTimeout_s: 3 }
      const parts = { url, id: 'CP-1', password: PASSWORD, clock: systemClock, reconnect_ms: 200, habits }
      const client = openChargePointClient(parts)
      onTestFinished(() => client.close())
      return new HostedLife(siteId, balancer.port, client)
    })
    await Promise.all(lives.map((life) => life.begin()))
    await until(async () => lives.every(({ client }) => client.online), 60_000, said)

    const gaps: number[] = []
    const faults: readonly (readonly [string, () => Promise<void>])[] = [
      [
        'frozen',
        async () => {
          const { node } = members[0] as Member
          node.child.kill('SIGSTOP')
          await sleep(LASTS_MS)
          node.child.kill('SIGCONT')
        },
      ],
      [
        'cut off from the database',
        async () => {
          const { line } = members[0] as Member
          line.isAway = true
          line.cut()
          await sleep(LASTS_MS)
          line.isAway = false
        },
      ],
      [
        'without a database',
        async () => {
          await cluster().kill()
          await cluster().start(...settings)
        },
      ],
      [
        'ended in order',
        async () => {
          const member = members[0] as Member
          expect(await member.node.stop()).toBe(0)
          balancer.remove(member.node.port)
          member.node = await start(member.line)
        },
      ],
      [
        'killed',
        async () => {
          const member = members[0] as Member
          const mine = (await member.node.sites()).filter(({ url }) => url?.endsWith(`:${member.node.port}`))
          await member.node.kill()
          balancer.remove(member.node.port)
          gaps.push(...(await Promise.all(mine.map(({ siteId }) => gapOf(balancer.port, siteId)))))
          member.node = await start(member.line)
        },
      ],
    ]
    for (let turn = 0; turn < FAULTS; turn++) {
      const [what, befalls] = faults[turn % faults.length] as (typeof faults)[number]
      process.stdout.write(`fault ${turn + 1}: a node is ${what}\n`)
      await befalls()
      members.push(members.shift() as Member)
      await sleep(BETWEEN_MS)
    }
    await until(async () => (await served()) === SITES, 60_000, said)
    await Promise.all(lives.map((life) => life.end()))
    await until(
      () => lives.every(({ client }) => client.online && client.connector(1).transactionId === null),
      60_000,
      said,
    )
    await sleep(3_000)

    const ask = (text: string) => cluster().ask(name, text)
    const checked = await Promise.all(lives.map((life) => checkHistory(life, cluster().url(name), ask)))
    const sum = (of: (one: (typeof checked)[number]) => number) => checked.reduce((all, one) => all + of(one), 0)
    const acknowledged = lives.reduce((all, life) => all + life.acknowledged.length, 0)
    const charges = lives.reduce((all, life) => all + life.charges, 0)
    const worst = gaps.sort((a, b) => a - b)
    process.stdout.write(
      `${sum(({ records }) => records)} records of ${sum(({ owners }) => owners)} owners, ${acknowledged} orders answered, ${charges} charges, ${sum(({ bills }) => bills)} bills; ` +
        `after a kill a site was away ${Math.round(worst[Math.floor(worst.length / 2)] ?? 0)} ms (median), ${Math.round(worst.at(-1) ?? 0)} ms (worst of ${worst.length})\n`,
    )
    expect(checked.flatMap(({ wrong }) => wrong)).toEqual([])
    expect(acknowledged).toBeGreaterThan(0)
    expect(charges).toBeGreaterThan(0)
  }, 3_600_000)
})

/** How long a site answers nobody, ms. */
async function gapOf(port: number, siteId: string): Promise<number> {
  const from = performance.now()
  while ((await askAt(port, 'GET', `/s/${siteId}/api/bays`)).status !== 200) await sleep(50)
  return performance.now() - from
}
