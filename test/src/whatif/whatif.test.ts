import { expect, test } from 'vitest'
import { TwinBays } from '../../../projections/twin-bays.ts'
import { reviewerSays } from '../../../simulations/toy-reviewer.ts'
import { ONE_BAY, TWO_BAYS } from '../../../simulations/toy-scene.ts'
import { triedHistory } from '../../../src/whatif/tried-history.ts'
import { TriedRules } from '../../../src/whatif/tried-rules.ts'
import { journalOf, tried } from './tried.ts'

const NO_REVIEW = { ...ONE_BAY, policy: { reviewers: false } }

/** Two frames agree, the start is accepted, the car charges 500 Wh and leaves. */
const twoFrames = () =>
  journalOf(NO_REVIEW, async (scene) => {
    await scene.registers('AB12CDE', 'acc-a')
    await scene.arrives('AB12CDE', 'bay-1', 2)
    const transactionId = await scene.charges()
    await scene.passes(60)
    await scene.ends(transactionId, 1500)
    await scene.unplugs()
    await scene.leaves()
  })

test('a stricter quorum loses a start: the answer, the charge and its bill are withheld', async () => {
  const records = await twoFrames()
  const { totals, visits } = await tried(records, { quorum: 3 })
  expect(totals).toMatchObject({ visits: 1, changed: 1, unknown: 0, startsLost: 1, startsGained: 0 })
  expect(totals.energy_Wh).toEqual({ before: 500, after: 0, unknown: 0 })
  const [visit] = visits
  expect(visit).toMatchObject({
    bayId: 'bay-1',
    unknown: null,
    before: { accountId: 'acc-a', starts: [{ reason: 'first', connector: 'CP-1/1' }], sessions: [{ energy_Wh: 500 }] },
    after: { accountId: null, starts: [], lockedAt: null, sessions: [] },
  })
  expect(visit?.changes).toEqual(['start lost', 'payer', 'review gained', 'locked at another time', 'bill'])
  const agreed = records.find(({ cause }) => cause.type === 'plate.agreed')
  expect(visit?.parting).toMatchObject({ seq: agreed?.seq, cause: 'plate.agreed', recorded: { rule: 'agreed' } })
  expect(visit?.parting?.guards).toContainEqual({
    name: 'agreed',
    recorded: { ok: true, value: 2 },
    tried: expect.anything(),
  })
})

test('a looser quorum gains a start, and what the charge point would have said is not invented', async () => {
  const records = await journalOf(NO_REVIEW, async (scene) => {
    await scene.registers('AB12CDE', 'acc-a')
    await scene.registersCard('CARD-1', 'acc-b')
    await scene.arrives('AB12CDE', 'bay-1', 1)
    await scene.passes(30)
    await scene.taps('CARD-1')
    const transactionId = await scene.charges({ idToken: 'CARD-1' })
    await scene.ends(transactionId, 1500)
    await scene.unplugs()
    await scene.leaves()
  })
  const read = records.find(({ cause }) => cause.type === 'plate.seen')
  const { totals, visits } = await tried(records, { quorum: 1 })
  expect(totals).toMatchObject({ visits: 1, changed: 1, unknown: 1, startsGained: 1, otherPayers: 1 })
  expect(totals.energy_Wh).toEqual({ before: 0, after: 0, unknown: 500 })
  expect(visits[0]).toMatchObject({
    changes: ['start gained', 'payer'],
    unknown: { since: read?.at, why: 'the charge point was not asked to start' },
    before: { accountId: 'acc-b', starts: [] },
    after: { accountId: 'acc-a', identifiedBy: 'plate', starts: [{ at: read?.at }], sessions: [], endedAt: null },
  })
})

test('a longer absence keeps a bay longer, and its own timer lets it go', async () => {
  const records = await journalOf(ONE_BAY, async (scene) => {
    await scene.arrives(null, 'bay-1', 1)
    await scene.passes(1_000)
    await scene.says('Available')
  })
  const { totals, visits } = await tried(records, { absence_s: 600 })
  expect(totals).toMatchObject({ visits: 1, changed: 1, unknown: 0 })
  const [visit] = visits
  expect(visit?.changes).toEqual(['release'])
  const end = (at: string | null | undefined): number => Date.parse(String(at))
  expect(end(visit?.after?.endedAt) - end(visit?.before?.endedAt)).toBe(300_000)
  expect(visit?.parting).toMatchObject({ cause: 'bay.wake', tried: null, why: 'this timer was not set' })
})

test('two visits become one where the bay is kept until the next vehicle comes', async () => {
  const records = await journalOf(ONE_BAY, async (scene) => {
    await scene.arrives(null, 'bay-1', 1)
    await scene.passes(400)
    await scene.arrives(null, 'bay-1', 1)
    await scene.passes(2_000)
  })
  const { totals, visits } = await tried(records, { absence_s: 900 })
  expect(totals).toMatchObject({ visits: 2, changed: 2, unknown: 0 })
  expect(visits.map(({ changes }) => changes)).toEqual([['release'], ['visit lost']])
})

test('what is lost at one bay is found again with its next visit', async () => {
  const records = await journalOf(NO_REVIEW, async (scene) => {
    await scene.registers('AB12CDE', 'acc-a')
    await scene.registers('XY99ZZT', 'acc-b')
    await scene.arrives('AB12CDE', 'bay-1', 1)
    await scene.leaves()
    await scene.passes(30)
    await scene.arrives('XY99ZZT', 'bay-1', 1)
    await scene.leaves()
  })
  const { totals, visits } = await tried(records, { quorum: 1 })
  expect(totals).toMatchObject({ visits: 2, changed: 2, unknown: 2, startsGained: 2 })
  expect(visits.map(({ after }) => after?.accountId)).toEqual(['acc-a', 'acc-b'])
})

test('the rules hold for a bay from its first vacant moment in the span on', async () => {
  const records = await journalOf(NO_REVIEW, async (scene) => {
    await scene.registers('AB12CDE', 'acc-a')
    for (let visit = 0; visit < 3; visit += 1) {
      await scene.arrives('AB12CDE', 'bay-1', 2)
      await scene.leaves()
      await scene.passes(300)
    }
  })
  const opened = records.filter(({ decisions }) => decisions.some(({ type }) => type === 'VisitOpened'))
  const [, second, third] = opened
  const all = await tried(records, { quorum: 3 })
  expect(all.totals).toMatchObject({ visits: 3, startsLost: 3 })
  const after = new Date(Date.parse(String(second?.at)) + 1).toISOString()
  const late = await tried(records, { quorum: 3 }, { from: after })
  expect(late.visits.map(({ openedAt }) => openedAt)).toEqual([third?.at])
  const early = await tried(records, { quorum: 3 }, { to: second?.at ?? null })
  expect(early.totals).toMatchObject({ visits: 1, startsLost: 1 })
})

test('where a camera sends more reads than are kept, a start that a stricter quorum loses is unknown', async () => {
  const records = await twoFrames()
  const more = records.map((one) =>
    one.cause.type === 'plate.agreed' ? { ...one, cause: { ...one.cause, thinned: 4 } } : one,
  )
  const { totals, visits } = await tried(more, { quorum: 3 })
  expect(totals).toMatchObject({ changed: 1, unknown: 1, startsLost: 0 })
  expect(totals.energy_Wh).toEqual({ before: 0, after: 0, unknown: 500 })
  expect(visits[0]?.unknown?.why).toContain('more reads than are kept')
})

test('a plate that is claimed by nobody any more starts at the other bay', async () => {
  const records = await journalOf({ ...TWO_BAYS, policy: { reviewers: false } }, async (scene) => {
    await scene.registers('AB12CDE', 'acc-a')
    await scene.arrives('AB12CDE', 'bay-1', 2)
    await scene.charges()
    await scene.passes(30)
    await scene.arrives('AB12CDE', 'bay-2', 3)
    await scene.passes(60)
  })
  const { visits } = await tried(records, { quorum: 3 })
  const other = visits.find(({ bayId }) => bayId === 'bay-2')
  expect(other?.before?.starts).toEqual([])
})

test('without reviewers a recorded answer of theirs is withheld, and what it started does not come', async () => {
  const records = await journalOf(ONE_BAY, async (scene) => {
    await scene.registers('AB12CDE', 'acc-a')
    await scene.arrives('AB12CDE', 'bay-1', 1)
    await scene.passes(10)
    await reviewerSays(scene, 'bay-1', { plate: 'AB12CDE', accountId: 'acc-a' })
    await scene.passes(5)
    await scene.leaves()
  })
  const { totals, visits } = await tried(records, { reviewers: false })
  expect(visits[0]?.before).toMatchObject({ accountId: 'acc-a', starts: [{ reason: 'first' }] })
  expect(totals).toMatchObject({ visits: 1, changed: 1, unknown: 0, startsLost: 1 })
})

const HALF = {
  left: [
    [0, 0.2],
    [0.5, 0.2],
    [0.5, 1],
    [0, 1],
  ],
  right: [
    [0.5, 0.2],
    [1, 0.2],
    [1, 1],
    [0.5, 1],
  ],
} as const
const zonesOf = (bay1: keyof typeof HALF, bay2: keyof typeof HALF) =>
  new Map([
    ['bay-1', [{ cameraId: 'cam-1', polygon: HALF[bay1] }]],
    ['bay-2', [{ cameraId: 'cam-1', polygon: HALF[bay2] }]],
  ])

test('other zones move kept reads to the neighbouring bay; the same ones move nothing', async () => {
  const records = await journalOf({ ...TWO_BAYS, policy: { reviewers: false } }, async (scene) => {
    await scene.registers('AB12CDE', 'acc-a')
    await scene.arrives('AB12CDE', 'bay-1', 2)
    await scene.passes(20)
    await scene.leaves()
  })
  expect((await tried(records, {}, { rules: new TriedRules({}, zonesOf('left', 'right')) })).visits).toEqual([])
  const { totals, visits } = await tried(records, {}, { rules: new TriedRules({}, zonesOf('right', 'left')) })
  expect(totals).toMatchObject({ startsLost: 1, startsGained: 1 })
  const started = visits.filter(({ after }) => (after?.starts.length ?? 0) > 0)
  expect(started).toMatchObject([
    { bayId: 'bay-2', after: { accountId: 'acc-a' }, unknown: { why: 'the charge point was not asked to start' } },
  ])
})

test('a report on zones says what it cannot see, and news whose boxes are gone stay where they were', async () => {
  const records = await journalOf(TWO_BAYS, async (scene) => {
    await scene.registers('AB12CDE', 'acc-a')
    await scene.arrives('AB12CDE', 'bay-1', 2)
    await scene.leaves()
  })
  const { report, trial } = await triedHistory(records, {
    lives: new TwinBays(),
    rules: new TriedRules({}, zonesOf('right', 'left')),
    timezone: 'UTC',
    hasNoReader: true,
    open: () => ({}),
    from: null,
    to: null,
    machines: null,
  })
  expect(report.visits).toEqual([])
  expect(trial.cannotSee.join(' ')).toMatch(/lay in no zone were never kept.* 2 without a box/)
})
