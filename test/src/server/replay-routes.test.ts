import { expect, test } from 'vitest'
import { E10 } from '../../../simulations/scenarios/e10-silent-swap.ts'
import { inspectStory } from '../../../src/commands/recorded-story.ts'
import { closeAfterwards, ROLE_TOKENS, startServer } from './running-server.ts'

const as = (role: string) => ({ headers: { authorization: `Bearer ${role}-token` } })

async function recorded() {
  const [story] = E10.stories
  if (!story) throw new Error('E10 has no story')
  const { http, played, close } = await inspectStory({ scenario: E10, story, seed: 0 }, 0)
  closeAfterwards(close)
  const ask = async (path: string) => (await fetch(http.url + path)).json() as Promise<Record<string, never>>
  return { ask, records: played.records }
}

test('the site at every record of a story is what each bay was then; stepping tells only what changed', async () => {
  const { ask, records } = await recorded()
  const last = records.length
  const kept = new Map<string, unknown>()
  for (let seq = 1; seq <= last; seq += 1) {
    const whole = (await ask(`/api/replay?seq=${seq}`)) as unknown as {
      bays: { bayId: string }[]
      whole: boolean
      newest: number
    }
    expect([whole.whole, whole.newest]).toEqual([true, last])
    const step = (await ask(`/api/replay?seq=${seq}${seq === 1 ? '' : `&from=${seq - 1}`}`)) as unknown as typeof whole
    for (const bay of step.bays) kept.set(bay.bayId, bay)
    expect([...kept.values()].map((bay) => JSON.stringify(bay)).toSorted()).toEqual(
      whole.bays.map((bay) => JSON.stringify(bay)).toSorted(),
    )
    for (const { bayId } of whole.bays) {
      const one = (await ask(`/api/bays/${bayId}/at?seq=${seq}`)) as object
      const clear = (await ask(`/api/replay?seq=${seq}&bay=${bayId}`)) as unknown as typeof whole
      expect(clear.bays.find((bay) => bay.bayId === bayId)).toEqual(one)
    }
    expect(step.bays.length).toBeLessThanOrEqual(seq === 1 ? 9 : 1)
  }
}, 180_000)

test('a time stands for the last record that had come by then', async () => {
  const { ask, records } = await recorded()
  const middle = records[Math.floor(records.length / 2)]
  const then = (await ask(`/api/replay?time=${middle?.at}`)) as unknown as { seq: number; at: string }
  expect(then.seq).toBe(records.findLast(({ at }) => at <= (middle?.at ?? ''))?.seq)
})

test('records come in short and without personal fields, of one bay and one lane, from either side', async () => {
  const { ask, records } = await recorded()
  type Page = { items: { seq: number; lane: string; decisions: string[] }[]; next: string | null }
  const all = (await ask('/api/replay/records?limit=500')) as unknown as Page
  expect(all.items.map(({ seq }) => seq)).toEqual(records.map(({ seq }) => seq))
  expect(JSON.stringify(all)).not.toMatch(/personal|hash/i)
  const decided = (await ask('/api/replay/records?lane=decisions&bay=bay-1')) as unknown as Page
  expect(decided.items.map(({ seq }) => seq)).toEqual(
    records.filter(({ bayId, decisions }) => bayId === 'bay-1' && decisions.length > 0).map(({ seq }) => seq),
  )
  const cameras = all.items.filter(({ lane }) => lane === 'camera').map(({ seq }) => seq)
  expect(cameras.length).toBeGreaterThan(2)
  const before = (await ask(`/api/replay/records?lane=camera&before=${cameras.at(-1)}&limit=2`)) as unknown as Page
  expect(before.items.map(({ seq }) => seq)).toEqual(cameras.slice(-3, -1))
})

test("today's machines say the same of a journal that they wrote, and a difference names each place that changed", async () => {
  const { ask, records } = await recorded()
  let told = { lived: 0, of: 1, difference: null }
  while (told.lived < told.of) told = (await ask('/api/replay/today')) as unknown as typeof told
  expect(told).toEqual({ lived: records.length, of: records.length, difference: null })
  const moved = records.find(({ bayId, state }) => bayId === 'bay-1' && state === 'charging-locked')
  const at = moved?.seq ?? 0
  const { places, after } = (await ask(`/api/bays/bay-1/difference?from=${at - 1}&to=${at}`)) as unknown as {
    places: { path: string; before: unknown; after: unknown }[]
    after: { seq: number; guards: unknown[] }
  }
  expect(after.seq).toBe(at)
  expect(after.guards.length).toBeGreaterThan(0)
  expect(places.find(({ path }) => path === 'state')).toMatchObject({ after: 'charging-locked' })
})

test('plates of the past are masked for all bays but the one that is opened, and there for who may not see plates', async () => {
  const { ask, site } = await startServer({ tokens: ROLE_TOKENS })
  site.plates.set('v-1', 'AB12CDE')
  const visit = {
    visitId: 'v',
    plate: 'v-1',
    identifiedBy: 'plate',
    evidence: [],
    erasurePending: false,
    accountId: 'a',
    startedAt: '2026-11-22T10:00:00.000Z',
  } as const
  await site.change('bay-1', { type: 'plate.agreed' }, { state: 'detecting', visit })
  const plate = async (path: string, role: string) => (await (await ask(path, as(role))).json()).bays[0].visit.plate
  expect(await plate('/api/replay', 'auditor')).toBe('AB•••DE')
  expect(site.seen).toEqual([])
  expect(await plate('/api/replay?bay=bay-1', 'auditor')).toBe('AB12CDE')
  expect(site.seen).toMatchObject([{ by: 'the auditor', what: 'replay', subjects: ['v-1'] }])
  expect(await plate('/api/replay?bay=bay-1', 'viewer')).toBe('AB•••DE')
})

test('a plate that is forgotten by now is told as that, now and in every replay, and never as a visit without a plate', async () => {
  const { ask, site } = await startServer({ tokens: ROLE_TOKENS })
  const visit = {
    visitId: 'v',
    plate: 'v-1',
    identifiedBy: null,
    evidence: [],
    erasurePending: false,
    accountId: null,
    startedAt: '2026-11-22T10:00:00.000Z',
  } as const
  site.plates.set('v-1', 'RTA7E43')
  await site.change('bay-1', { type: 'authorization.refused' }, { state: 'authorizing', detail: 'denied', visit })
  await site.change('bay-2', { type: 'vehicle.seen' }, { state: 'detecting', visit: { ...visit, plate: null } })
  const seen = async (role: string) => {
    const told: unknown[] = []
    for (const path of ['/api/bays', '/api/replay', '/api/replay?bay=bay-1']) {
      const body = await (await ask(path, as(role))).json()
      const of = (bayId: string) =>
        body[path === '/api/bays' ? 'items' : 'bays'].find((bay: { bayId: string }) => bay.bayId === bayId)
      const [first, second] = [of('bay-1').visit, of('bay-2').visit]
      told.push([first.plate, first.plateForgotten ?? false, second.plate, second.plateForgotten ?? false])
    }
    return told
  }
  const masked = ['RT•••43', false, null, false]
  const clear = ['RTA7E43', false, null, false]
  expect(await seen('viewer')).toEqual([masked, masked, masked])
  expect(await seen('auditor')).toEqual([clear, masked, clear])
  site.plates.delete('v-1')
  const gone = [null, true, null, false]
  for (const role of ['viewer', 'auditor', 'admin']) expect(await seen(role)).toEqual([gone, gone, gone])
})
