import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { withPostgres } from '../../contracts/postgres-cluster.ts'
import { until } from '../serve/serving-line.ts'
import { FaultStage } from './fault-stage.ts'
import { checkHistory, type History } from './history-check.ts'
import { HostedLife } from './hosted-life.ts'
import { FULL_DISK, FAULTS as KINDS } from './node-faults.ts'

const SITES = Number(process.env['BERTH_SITES'] ?? 3)
const NODES = Number(process.env['BERTH_NODES'] ?? 2)
const FAULTS = Number(process.env['BERTH_FAULTS'] ?? 2)
const BETWEEN_MS = 1_000
/** So many sites live at full pace. */
const LIVELY = 12
/** A site that was served by a killed node is away for less, ms; every one but one in a hundred. Two sites on a machine that tests much else say nothing of that. */
const GAP_MS = FAULTS >= KINDS.length ? 10_000 : Number.POSITIVE_INFINITY

withPostgres('nodes that fail', (cluster) => {
  test(`${SITES} sites on ${NODES} nodes through ${FAULTS} faults: nothing acknowledged is lost or doubled, no gap, no second owner, no command without record, every bill is what was drawn`, async () => {
    const begun = performance.now()
    const stage = await FaultStage.open(cluster(), SITES, NODES)
    if (stage.disk === null) process.stdout.write('skipped: a full disk of the database; only root may mount one\n')
    await stage.settled(120_000)
    const headNow = async (siteId: string) => {
      const [row] = await stage.line.read('SELECT seq FROM berth.site WHERE site = $1', [siteId])
      return Number(row?.['seq'] ?? 0)
    }
    const pace = Math.max(1, SITES / LIVELY)
    const lives = stage.names.map((siteId) => {
      const life = new HostedLife({ siteId, port: stage.balancer.port, pace, headNow: () => headNow(siteId) })
      onTestFinished(() => life.client.close())
      return life
    })
    const quiet = () => lives.every(({ client }) => client.online && client.connector(1).transactionId === null)
    await Promise.all(lives.map((life) => life.begin()))
    await until(
      () => lives.every(({ client }) => client.online),
      60_000,
      () => stage.said(),
    )

    const kinds = KINDS.filter(([what]) => stage.disk !== null || what !== FULL_DISK)
    const { gaps } = stage
    for (let turn = 0; turn < FAULTS; turn++) {
      const [what, befalls] = kinds[turn % kinds.length] as (typeof KINDS)[number]
      const from = performance.now()
      const before = gaps.length
      await befalls(stage)
      const away = gaps.slice(before)
      process.stdout.write(
        `${seconds(performance.now() - begun)} fault ${turn + 1}: ${what} (${seconds(performance.now() - from)})${away.length > 0 ? `; its sites were away ${away.map(seconds).join(', ')}` : ''}\n`,
      )
      stage.members.push(stage.members.shift() as (typeof stage.members)[number])
      await sleep(BETWEEN_MS)
    }
    await stage.settled()
    // Two faults may be over before anybody has plugged in; a history without a charge would show nothing.
    await until(
      () => lives.some(({ charges }) => charges > 0),
      60_000,
      () => stage.said(),
    )
    await Promise.all(lives.map((life) => life.end()))
    await until(quiet, 60_000, () => stage.said())
    await sleep(3_000)

    const checked: History[] = []
    for (const life of lives) checked.push(await checkHistory(life, stage.url, stage.line))
    const sum = (of: (one: History) => number) => checked.reduce((all, one) => all + of(one), 0)
    const acknowledged = lives.reduce((all, life) => all + life.acknowledged.length, 0)
    const charges = lives.reduce((all, life) => all + life.charges, 0)
    process.stdout.write(
      `${sum(({ records }) => records)} records of ${sum(({ owners }) => owners)} owners, ${acknowledged} orders answered, ${charges} charges, ${sum(({ bills }) => bills)} bills, ` +
        `${sum(({ commands }) => commands)} starts and stops (${sum(({ blind }) => blind)} while the database could not be asked); ` +
        `after a kill a site was away ${seconds(share(gaps, 0.5))} (median), ${seconds(share(gaps, 0.99))} (99 of 100), ${seconds(share(gaps, 1))} (worst of ${gaps.length}); ${seconds(performance.now() - begun)} in all\n`,
    )
    const wrong = checked.flatMap((one) => one.wrong)
    if (wrong.length > 0) process.stdout.write(`${stage.members.map(({ node }) => node.said()).join('\n--\n')}\n`)
    expect(wrong).toEqual([])
    expect(acknowledged).toBeGreaterThan(0)
    expect(charges).toBeGreaterThan(0)
    expect(share(gaps, 0.99)).toBeLessThan(GAP_MS)
  }, 7_200_000)
})

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`

/** The value below which so large a share of all is. */
function share(all: readonly number[], part: number): number {
  const sorted = all.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(part * sorted.length) - 1)] ?? 0
}
