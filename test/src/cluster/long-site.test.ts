import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { Draft } from '../../../machines/record.ts'
import { systemChance } from '../../../src/chance.ts'
import { systemClock } from '../../../src/clock.ts'
import { SharedKeys } from '../../../src/cluster/shared-keys.ts'
import { openPostgresJournal } from '../../../src/journal/postgres.ts'
import { PostgresLine } from '../../../src/journal/postgres-line.ts'
import { openKeyStore } from '../../../src/privacy/key-store.ts'
import { asDraft } from '../../bench/long-site.ts'
import { scratchFolder } from '../../contracts/journal-drafts.ts'
import { withPostgres } from '../../contracts/postgres-cluster.ts'
import { livedPast } from '../../projections/lived-past.ts'
import { until } from '../serve/serving-line.ts'
import { askAt, putSites, SECRETS, startNode } from './node-line.ts'

/** So many records the site has when its node dies. */
const RECORDS = Number(process.env['BERTH_LONG'] ?? 3_000)
/** Appended at once. */
const AT_ONCE = 500
vi.setConfig({ testTimeout: 120_000 + RECORDS * 5 })

withPostgres('a site with a long past', (cluster) => {
  test(`a node that dies is followed by another one although the site has ${RECORDS} records`, async () => {
    const database = cluster().url(await cluster().newDatabase())
    await putSites(database, 1, 4)
    await livePast(database, 'site-1')
    const nodes = [await startNode(database), await startNode(database)] as const
    const owner = async () => {
      const [site] = await nodes[1].sites()
      return site?.ready ? nodes.find(({ port }) => site.url?.endsWith(`:${port}`)) : undefined
    }
    const begun = performance.now()
    await until(
      async () => (await owner()) !== undefined,
      120_000,
      () => nodes[0].said(),
    )
    const first_ms = performance.now() - begun
    const [gone, left] = (await owner()) === nodes[0] ? nodes : [nodes[1], nodes[0]]
    const from = performance.now()
    await gone.kill()
    const asked = async () => (await askAt(left.port, 'GET', '/s/site-1/api/bays')).status === 200
    await until(asked, 120_000, () => left.said())
    const gap_ms = performance.now() - from
    process.stdout.write(
      `a site of ${RECORDS} records: served ${Math.round(first_ms)} ms after its first node began, ${Math.round(gap_ms)} ms after that one was killed\n${left.said()}`,
    )
    // Enough for a state to be kept: whoever comes next has begun from it.
    expect(left.said()).not.toContain('whole journal')
    const { body } = await askAt(left.port, 'GET', '/s/site-1/api/bays')
    expect(body.items ?? body).toHaveLength(4)
  })
})

/** Gives the site a past of simulated days, as its nodes would have written it. */
async function livePast(database: string, siteId: string): Promise<void> {
  const line = new PostgresLine(database)
  const shared = new SharedKeys({ line, siteId })
  const path = join(scratchFolder(), 'store')
  const keys = openKeyStore({
    ...{ path: `${path}.keys`, siteId, clock: systemClock, chance: systemChance, env: SECRETS },
    opened: (own) => shared.watch(own),
  })
  const journal = await openPostgresJournal({ url: database, path, siteId, clock: systemClock, keys })
  onTestFinished(async () => {
    await journal.close()
    keys.close()
    await line.close()
  })
  shared.own(journal.epoch, keys.erasedList)
  keys.settled = shared.settled
  const past = await pastOf(RECORDS)
  for (let at = 0; at < past.length; at += AT_ONCE) await journal.append(past.slice(at, at + AT_ONCE))
  await journal.close()
  keys.close()
}

/** Simulated days until there are so many records. What a register says of people is sealed with keys that are not here. */
async function pastOf(count: number): Promise<readonly Draft[]> {
  let days = 1
  for (;;) {
    const past = (await livedPast(1, days)).filter(({ stream }) => stream !== 'register')
    if (past.length >= count) return past.slice(0, count).map(asDraft)
    days = Math.ceil((days * count * 1.1) / past.length)
  }
}
