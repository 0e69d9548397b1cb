import { expect, test } from 'vitest'
import type { FactRecord } from '../../machines/record.ts'
import { playStory } from '../../simulations/player.ts'
import { SCENARIOS } from '../../simulations/scenario-list.ts'
import { ToySite } from '../../simulations/toy-site.ts'
import { replayRecords } from '../../src/commands/replay.ts'

/** The journal of two visits, at two bays. */
async function lived(): Promise<readonly FactRecord[]> {
  const toy = new ToySite({
    bays: [1, 2].map((number) => ({
      bayId: `bay-${number}`,
      connectors: [{ chargePointId: `CP-${number}`, evse: 1 }],
    })),
  })
  await toy.open()
  await toy.registers('AB12CDE', 'acc-1')
  for (const bayId of ['bay-1', 'bay-2'])
    for (const frame of ['1', '2'])
      await toy.camera('cam-1', {
        plates: [{ bayId, plate: bayId === 'bay-1' ? 'AB12CDE' : 'ZZ99ZZZ' }],
        frame: `${bayId}-${frame}`,
      })
  return toy.journal.records
}

const whole = { bay: null, stop: null }

test('records as they were written replay without a difference, and rebuild every bay', async () => {
  const records = await lived()
  const { records: count, bays, drift } = await replayRecords(records, whole)
  expect({ count, drift }).toEqual({ count: records.length, drift: null })
  expect([...bays.keys()]).toEqual(['bay-1', 'bay-2'])
  expect(bays.get('bay-1')?.context.visit?.payer?.accountId).toBe('acc-1')
})

test('one bay is rebuilt from its own records, up to a record or a time', async () => {
  const records = await lived()
  const mine = records.filter(({ bayId }) => bayId === 'bay-1')
  const some = mine[4] as FactRecord
  const bySeq = await replayRecords(records, { bay: 'bay-1', stop: { seq: some.seq } })
  expect(bySeq).toMatchObject({ records: 5, drift: null })
  expect(bySeq.bays.get('bay-1')?.context.version).toBe(some.version)
  const byTime = await replayRecords(records, {
    bay: 'bay-1',
    stop: { time: Date.parse((mine[0] as FactRecord).at) - 1 },
  })
  expect(byTime.records).toBe(0)
})

test.each([
  [
    'a decision',
    (record: FactRecord) => ({ ...record, decisions: record.decisions.map((one) => ({ ...one, accountId: 'acc-9' })) }),
    'decisions',
  ],
  ['a state', (record: FactRecord) => ({ ...record, state: 'vacant' as const }), 'state'],
  ['an effect', (record: FactRecord) => ({ ...record, effects: [] }), 'effects'],
  ['a timer', (record: FactRecord) => ({ ...record, timers: { set: [], cleared: ['bay.wake'] } }), 'timers'],
])('%s that the machine would have written otherwise is named with its record', async (_what, forge, field) => {
  const records = await lived()
  const index = records.findIndex(({ decisions }) => decisions.some(({ type }) => type === 'VisitAuthorized'))
  const forged = records.map((record, at) => (at === index ? (forge(record) as FactRecord) : record))
  const { drift, records: count } = await replayRecords(forged, whole)
  expect(drift).toMatchObject({ seq: records[index]?.seq, stream: 'bay:bay-1', field })
  expect(count).toBe(index + 1)
})

test('a ruling on a claim that follows from no claim before it is named too', async () => {
  const records = await lived()
  const index = records.findIndex(({ cause }) => cause.type === 'claim.asked')
  const forged = records.map((record, at) =>
    at === index ? { ...record, decisions: [{ ...record.decisions[0], type: 'ClaimContested' }] } : record,
  ) as FactRecord[]
  expect((await replayRecords(forged, whole)).drift).toMatchObject({
    seq: records[index]?.seq,
    stream: 'site',
    field: 'decisions',
  })
})

test.each([
  [
    'that the holder of a plate holds it',
    'cause',
    (record: FactRecord) => ({ ...record, cause: { ...record.cause, holderHolds: true } }),
  ],
  ['what the bays are told of it', 'effects', (record: FactRecord) => ({ ...record, effects: [] })],
])('a claim is ruled again by what the bays were: %s is compared too', async (_what, field, forge) => {
  const records = await lived()
  const index = records.findIndex(({ cause }) => cause.type === 'claim.asked')
  const forged = records.map((record, at) => (at === index ? (forge(record) as FactRecord) : record))
  expect((await replayRecords(forged, whole)).drift).toMatchObject({ seq: records[index]?.seq, stream: 'site', field })
})

test('edge cases of claims, restarts and cables replay, the site’s own decisions too', async () => {
  for (const scenario of SCENARIOS.filter(({ edgeCase }) => ['E12', 'E27', 'E33'].includes(edgeCase)))
    for (const story of scenario.stories) {
      const { records } = await playStory(story)
      const { drift } = await replayRecords(records, whole)
      expect(drift, `${scenario.name}: ${story.promise}`).toBeNull()
    }
})

test('a pair of bays that looks exchanged is decided again from the records before it, and one that does not is named', async () => {
  const story = SCENARIOS.find(({ edgeCase }) => edgeCase === 'E34')?.stories.find(({ promise }) =>
    /exchanged/.test(promise),
  )
  if (!story) throw new Error('E34 has no story of an exchanged pair')
  const { records } = await playStory(story)
  const index = records.findIndex(({ cause }) => cause.type === 'pair.noticed')
  expect(records[index]).toMatchObject({
    stream: 'site',
    decisions: [{ type: 'PairLooksExchanged' }],
    effects: [{ type: 'raise.alarm' }],
  })
  const forged = (forge: (record: FactRecord) => object) =>
    replayRecords(
      records.map((record, at) => (at === index ? (forge(record) as FactRecord) : record)),
      whole,
    )
  const less = await forged((record) => ({ ...record, decisions: [{ ...record.decisions[0], episodes: [1, 2] }] }))
  expect(less.drift).toMatchObject({ seq: records[index]?.seq, stream: 'site', field: 'decisions' })
  const others = await forged((record) => ({ ...record, cause: { ...record.cause, bays: ['bay-4', 'bay-5'] } }))
  expect(others.drift).toMatchObject({ seq: records[index]?.seq, field: 'decisions', now: [] })
  const silent = await forged((record) => ({ ...record, effects: [] }))
  expect(silent.drift).toMatchObject({ field: 'effects' })
})

test('records whose bay begins later are refused with a sentence, not called a difference', async () => {
  const records = await lived()
  const later = records.filter(({ seq }) => seq > 6)
  await expect(replayRecords(later, whole)).rejects.toThrow(/left out/)
})
