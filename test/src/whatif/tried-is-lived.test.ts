import { expect, test } from 'vitest'
import type { Policy } from '../../../machines/events.ts'
import type { FactRecord } from '../../../machines/record.ts'
import { type VisitOutcome, VisitOutcomes } from '../../../projections/visit-outcomes.ts'
import { ONE_BAY, type Scene } from '../../../simulations/toy-scene.ts'
import { journalOf, tried } from './tried.ts'

/** An evening of one bay: a guest whose plate nobody reads, a card, a plate that charges twice, one that never plugs in. */
async function evening(scene: Scene): Promise<void> {
  await scene.registers('AB12CDE', 'acc-a')
  await scene.registers('XY99ZZT', 'acc-b')
  await scene.registersCard('CARD-1', 'acc-c')
  await scene.arrives(null, 'bay-1', 1)
  await scene.passes(400)
  await scene.says('Available')
  await scene.passes(600)
  await scene.arrives(null, 'bay-1', 1)
  await scene.taps('CARD-1')
  const card = await scene.charges({ idToken: 'CARD-1' })
  await scene.ends(card, 1500)
  await scene.unplugs()
  await scene.leaves('bay-1', 100)
  await scene.arrives('AB12CDE', 'bay-1', 2)
  const own = await scene.charges({ register_Wh: 1500 })
  await scene.passes(100)
  await scene.ends(own, 2500)
  await scene.unplugs()
  await scene.leaves('bay-1', 100)
  await scene.arrives('XY99ZZT', 'bay-1', 2)
  await scene.passes(700)
  await scene.leaves('bay-1', 100)
  await scene.passes(700)
  await scene.says('Available')
}

/** Everything that came of a journal; names of visits are their records' numbers, and differ where more was written. */
function outcomesOf(records: readonly FactRecord[]): readonly object[] {
  const outcomes = new VisitOutcomes()
  for (const record of records) outcomes.hear(record)
  return [...outcomes.visits.values()].map(nameless)
}

const nameless = ({ visitId: _visitId, ...outcome }: VisitOutcome): object => outcome

test.each<[Partial<Policy>]>([
  [{ absence_s: 700 }],
  [{ absence_s: 180 }],
  [{ exitGrace_s: 60 }],
  [{ exitGrace_s: 10 }],
  [{ voteWindow_s: 20 }],
  [{ plugInWindow_s: 30 }],
  [{ blockedGrace_s: 60, overstayGrace_s: 60 }],
])('what is tried is what the same evening would have been under %j', async (change) => {
  const site = { ...ONE_BAY, policy: { reviewers: false } }
  const records = await journalOf(site, evening)
  const lived = outcomesOf(await journalOf({ ...site, policy: { ...site.policy, ...change } }, evening))
  const { visits, totals } = await tried(records, change)
  expect(totals.unknown).toBe(0)
  const recorded = outcomesOf(records)
  const changed = visits.flatMap(({ before, after }) => [[before && nameless(before), after && nameless(after)]])
  const now = recorded.flatMap((one) => {
    const pair = changed.find(([before]) => JSON.stringify(before) === JSON.stringify(one))
    return pair ? (pair[1] ? [pair[1]] : []) : [one]
  })
  expect(now).toEqual(lived)
})
