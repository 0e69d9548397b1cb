import { expect, test } from 'vitest'
import { Site } from '../../actors/site.ts'
import type { SiteOptions } from '../../actors/site-options.ts'
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

test('records that were answered as lost and stand in the journal all the same have happened: bay, listeners and effects', async () => {
  const heard: number[] = []
  const fed: number[] = []
  const carried: string[] = []
  const { site, journal, failures, serve } = await bare({
    heard: (record) => void heard.push(record.seq),
    committed: (records) => void fed.push(...records.map(({ seq }) => seq)),
    carryOut: (effect, record) => void carried.push(`${record.seq} ${effect.type}`),
  })
  const append = journal.append.bind(journal)
  // Writes and says no; then says no and hands out what it had written.
  let late: readonly FactRecord[] = []
  const answers: ((drafts: Parameters<typeof append>[0]) => ReturnType<typeof append>)[] = [
    async (drafts) => {
      late = await append(drafts)
      throw new Error('no answer')
    },
    async () => {
      handed = late
      throw new Error('first take in what landed')
    },
  ]
  let handed: readonly FactRecord[] = []
  Object.assign(journal, {
    append: (drafts: Parameters<typeof append>[0]) => (answers.shift() ?? append)(drafts),
    landed: () => handed,
  })
  const carriedBefore = carried.length
  expect(await serve('one')).toBe('rejected')
  expect(site.bay('bay-1')?.service, 'lost, as far as anybody knows').toBe('in-service')
  const [landed] = late
  expect(await serve('two', 'in-service')).toBe('rejected')
  handed = []
  expect(site.bay('bay-1')?.service).toBe('out-of-service')
  expect(heard.at(-1)).toBe(landed?.seq)
  expect(fed.at(-1)).toBe(landed?.seq)
  expect(carried.slice(carriedBefore)).toEqual(landed?.effects.map(({ type }) => `${landed.seq} ${type}`))
  expect(await serve('three', 'in-service')).toMatchObject({ seq: journal.head().seq })
  expect(site.bay('bay-1')?.service).toBe('in-service')
  expect(failures).toEqual([true, false])
})
