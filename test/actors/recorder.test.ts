import { expect, test } from 'vitest'
import { Site, type SiteOptions } from '../../actors/site.ts'
import { DEFAULT_POLICY } from '../../machines/events.ts'
import type { FactRecord } from '../../machines/record.ts'
import { toyClock } from '../../simulations/toy-clock.ts'
import { toyJournal } from '../../simulations/toy-journal.ts'
import { TOY_START } from '../../simulations/toy-site.ts'

/** A bare site of one bay whose listeners are the test's. */
async function bare(listeners: Partial<SiteOptions>) {
  const world = toyClock(TOY_START)
  const wrong = { ms: 0 }
  const clock = { ...world, now: () => world.now() + wrong.ms }
  const journal = toyJournal('toy', clock.now)
  const stumbled: string[] = []
  const failures: boolean[] = []
  const site = new Site({
    journal,
    clock,
    ids: { next: (kind) => `${kind}-${journal.head().seq}` },
    bays: [{ bayId: 'bay-1', policy: DEFAULT_POLICY, connectors: [], zones: [] }],
    heard: () => {},
    carryOut: () => {},
    store: (failing) => void failures.push(failing),
    committed: () => {},
    stumbled: (what, cause) => void stumbled.push(`${what}: ${(cause as Error).message}`),
    ...listeners,
  })
  const settled = async <T>(work: Promise<T>): Promise<T | 'rejected'> => {
    const answer = work.catch(() => 'rejected' as const)
    await clock.settle()
    return answer
  }
  await settled(site.start(null))
  const serve = (id: string, command: 'out-of-service' | 'in-service' = 'out-of-service') =>
    settled(site.tell('bay-1', { type: 'operator.commanded', id, source: 'operator', command, by: 'op' }))
  return { site, wrong, journal, stumbled, failures, serve }
}

const bang = (): never => {
  throw new Error('bang')
}

test('a fold that throws loses nothing that is durable, and the next record follows on it', async () => {
  const heard: number[] = []
  const { site, journal, stumbled, failures, serve } = await bare({
    heard: (record: FactRecord) => (record.cause['id'] === 'one' ? bang() : void heard.push(record.seq)),
  })
  expect(await serve('one')).toMatchObject({ seq: journal.head().seq })
  expect(site.bay('bay-1')?.service).toBe('out-of-service')
  expect(await serve('two', 'in-service')).toMatchObject({ seq: journal.head().seq })
  expect(heard.at(-1)).toBe(journal.head().seq)
  expect(stumbled).toEqual(['fold: bang'])
  expect(failures).toEqual([])
})

test('a feed and an effect that throw keep nothing from the others', async () => {
  const carried: string[] = []
  let commits = 0
  const { journal, stumbled, failures, serve } = await bare({
    committed: () => {
      commits += 1
      bang()
    },
    carryOut: (effect) => void carried.push(effect.type),
  })
  const before = commits
  expect(await serve('one')).toMatchObject({ seq: journal.head().seq })
  expect(commits).toBe(before + 1)
  expect(stumbled).toContain('feed: bang')
  expect(failures).toEqual([])
})

test('a clock that steps back more than 5 s is said once, and once more when it has caught up', async () => {
  const said: (number | null)[] = []
  const { site, wrong } = await bare({ clockBehind: (behind_ms) => void said.push(behind_ms) })
  const at = site.now()
  wrong.ms = -4_000
  site.now()
  expect(said).toEqual([])
  wrong.ms = -60_000
  expect([site.now(), site.now()]).toEqual([at, at])
  expect(said).toEqual([60_000])
  wrong.ms = -1_000
  site.now()
  expect(said).toEqual([60_000])
  wrong.ms = 1
  expect(site.now()).toBe(at + 1)
  expect(said).toEqual([60_000, null])
})
