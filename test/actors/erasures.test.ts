import { expect, test } from 'vitest'
import { erasures } from '../../actors/erasures.ts'
import type { Entry } from '../../actors/ports.ts'
import type { Site } from '../../actors/site.ts'
import type { FactRecord } from '../../machines/record.ts'

/** Erasures over an empty garage; a key in `broken` cannot be destroyed. */
function garage() {
  const causes: string[] = []
  const verified: unknown[] = []
  const failures: string[] = []
  const broken = new Set<string>()
  const deaf = new Set<string>()
  const erased: string[] = []
  const standing = { during: '', handle: '' }
  const hosts = new Map<string, object>()
  const arrive = (step: string): void => {
    if (standing.during === step)
      hosts.set('b', {
        bayId: 'b',
        bay: { visit: { payer: null, agreed: { handle: standing.handle }, tally: [], evidence: [] } },
      })
  }
  let named = 0
  const told = (entry: Entry): void => {
    causes.push(`${entry.cause.type} ${entry.cause['handle']}`)
    if (entry.cause['verified'] !== undefined) verified.push([entry.cause['erasureId'], entry.cause['verified']])
    requests.hear({ ...entry, at: '2026-11-22T10:00:00.000Z', bayId: null } as unknown as FactRecord, true)
  }
  const site = {
    now: () => 0,
    hosts,
    tell: async () => null,
    write: async (entries: readonly Entry[]) => {
      await Promise.resolve()
      for (const { stream } of entries) arrive(stream)
      entries.forEach(told)
      return []
    },
  }
  const requests = erasures({
    site: () => site as unknown as Site,
    ids: { next: (kind) => `${kind}-${++named}` },
    erase: (subject) => {
      if (broken.has(subject)) throw new Error(`${subject}: the disk is full`)
      erased.push(subject)
      return true
    },
    leaves: (handle) => ({ type: 'vehicle.removed', handle }),
    forget: async (handle) => {
      await Promise.resolve()
      arrive('forget')
      if (deaf.has(handle)) throw new Error(`${handle}: the relay does not say that it has forgotten them`)
    },
    failed: (cause) => failures.push((cause as Error).message),
  })
  const visitEnds = (): void => {
    hosts.clear()
    requests.hear(
      { stream: 'bay:b', bayId: 'b', cause: { type: 'zone.empty' }, decisions: [{ type: 'VisitEnded' }] } as never,
      true,
    )
  }
  const settle = () => new Promise<void>((done) => setImmediate(done))
  const statuses = () => requests.all().map(({ status }) => status)
  return { requests, causes, verified, failures, broken, deaf, erased, standing, visitEnds, settle, statuses }
}

test('a request that two ask to be carried out at once is carried out once', async () => {
  const { requests, causes } = garage()
  const { erasureId } = await requests.ask('veh-1', 'op')
  const effect = { id: 'e', type: 'erase.subject', erasureId, handle: 'veh-1' }
  await Promise.all([requests.resume(), requests.carryOut(effect), requests.carryOut(effect)])
  await requests.carryOut(effect)
  expect(causes).toEqual(['erasure.asked veh-1', 'vehicle.removed veh-1', 'erasure.done veh-1'])
})

test('a request that is asked again is one request, and how each was verified is on record', async () => {
  const { requests, causes, verified } = garage()
  const [first, second] = [{ verifiedBy: 'Anna Auditor' }, { kind: 'court', verifiedBy: 'Boris Auditor' }]
  const proven = (verified: typeof first) => ({ verified, personal: {} })
  const { erasureId } = await requests.ask('veh-1', 'op', proven(first))
  expect((await requests.ask('veh-1', 'op', proven(second))).erasureId).toBe(erasureId)
  expect(verified).toEqual([
    [erasureId, first],
    [erasureId, second],
  ])
  expect(causes).toEqual(['erasure.asked veh-1', 'claim.repeated veh-1'])
  expect(requests.all()).toHaveLength(1)
})

test('a key that cannot be destroyed is told, stops no other request, and is tried again when a visit ends', async () => {
  const { requests, failures, broken, visitEnds, settle, statuses } = garage()
  await requests.ask('veh-1', 'op')
  await requests.ask('veh-2', 'op')
  broken.add('veh-1')
  await requests.resume()
  expect(failures).toEqual(['veh-1: the disk is full'])
  expect(statuses()).toEqual(['due', 'done'])
  broken.clear()
  visitEnds()
  await settle()
  expect(statuses()).toEqual(['done', 'done'])
})

test('what another file still holds is not called erased: the request stays, and is tried again', async () => {
  const { requests, causes, failures, deaf, visitEnds, settle, statuses } = garage()
  await requests.ask('veh-1', 'op')
  deaf.add('veh-1')
  await requests.resume()
  expect(failures).toEqual(['veh-1: the relay does not say that it has forgotten them'])
  expect(statuses()).toEqual(['due'])
  expect(causes).not.toContain('erasure.done veh-1')
  deaf.clear()
  visitEnds()
  await settle()
  expect(statuses()).toEqual(['done'])
})

test.each(['register', 'forget'])(
  'a vehicle that arrives while it is being forgotten (at the step %s) keeps its key until that visit ends',
  async (during) => {
    const { requests, causes, erased, standing, visitEnds, settle } = garage()
    await requests.ask('veh-1', 'op')
    Object.assign(standing, { during, handle: 'veh-1' })
    await requests.resume()
    expect([erased, causes.includes('erasure.done veh-1')]).toEqual([[], false])
    expect(requests.all()).toMatchObject([{ status: 'queued', waitsFor: ['b'] }])
    Object.assign(standing, { during: '' })
    visitEnds()
    await settle()
    expect([erased, causes.at(-1)]).toEqual([['veh-1'], 'erasure.done veh-1'])
    expect(requests.all()).toMatchObject([{ status: 'done', waitsFor: [] }])
  },
)
