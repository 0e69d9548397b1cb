import { expect, test } from 'vitest'
import { erlangB, gridLaw, meanOccupancy } from '../../../simulations/design/closed-forms.ts'
import { type Demand, type Spread, wantedVisits } from '../../../simulations/design/demand.ts'
import { ASSUMED_ENERGY, ASSUMED_VEHICLES, byKind, demandOf } from '../../../simulations/design/demand-figures.ts'
import { FITTED_DEMAND } from '../../../simulations/design/fitted-demand.ts'
import { instantAnswers } from '../../../simulations/design/instant-answers.ts'
import { offeredLoad } from '../../../simulations/design/offered-load.ts'
import { plainQueue } from '../../../simulations/design/queue-run.ts'
import { queueSums } from '../../../simulations/design/queue-sums.ts'
import { fc } from '../../seeded-check.ts'

/** So many a day, spread over the hours like this. */
function rates(visits: number, stay_min: Spread, hours: readonly number[] = new Array(24).fill(1 / 24)): Demand {
  return {
    visits: byKind(() => visits),
    dispersion: 1,
    comings: byKind(() => ({ kind: 'rates', hours, stay_min })),
    energy: ASSUMED_ENERGY,
    vehicles: ASSUMED_VEHICLES,
  }
}

const spread = fc.record({
  law: fc.constantFrom('exponential', 'fixed', 'lognormal', 'gamma'),
  mean: fc.integer({ min: 5, max: 900 }),
  cv: fc.double({ min: 0.1, max: 1.5, noNaN: true }),
})

test('arrivals times mean stay is who is there, for any spread of stays', () => {
  fc.assert(
    fc.property(spread, fc.integer({ min: 1, max: 300 }), (stay_min, visits) => {
      const { present, arrivals, visitsPerDay, meanStay_min } = offeredLoad(rates(visits, stay_min))
      const there = present.reduce((sum, one) => sum + one, 0) / 168
      expect(there / ((visits * stay_min.mean) / 1440)).toBeCloseTo(1, 6)
      expect(arrivals.reduce((sum, one) => sum + one, 0)).toBeCloseTo(7 * visits, 6)
      expect(visitsPerDay).toBeCloseTo(visits, 9)
      expect(meanStay_min).toBeCloseTo(stay_min.mean, 6)
    }),
    { numRuns: 40 },
  )
})

test('the hours are those of the integral that theory writes down', () => {
  const hours = Array.from({ length: 24 }, (_, hour) => (hour >= 8 && hour < 18 ? 0.1 : 0))
  const { present } = offeredLoad(rates(100, { law: 'fixed', mean: 150 }, hours))
  const perMinute = (minute: number): number => {
    const hour = Math.floor((((minute % 1440) + 1440) % 1440) / 60)
    return ((hours[hour] ?? 0) * 100) / 60
  }
  const stays = (age: number): number => (age < 150 ? 1 : 0)
  for (let hour = 0; hour < 24; hour++) {
    const within = Array.from({ length: 60 }, (_, i) => meanOccupancy(60 * hour + i + 0.5, perMinute, stays, 200, 1))
    expect(present[hour]).toBeCloseTo(within.reduce((sum, one) => sum + one, 0) / 60, 0)
  }
})

test('drawn visits fill the hours as the load says', () => {
  for (const figures of FITTED_DEMAND.values()) {
    const demand = demandOf(figures, { bays: 60, dispersion: 1 })
    const weeks = 40
    const seen = new Array<number>(168).fill(0)
    for (const { arriveMs, stayMs } of wantedVisits(demand, { seed: 3, replication: 0, days: 7 * weeks }))
      for (let at = Math.floor(arriveMs / 3_600_000); at < (arriveMs + stayMs) / 3_600_000; at++) {
        const there = Math.min(at + 1, (arriveMs + stayMs) / 3_600_000) - Math.max(at, arriveMs / 3_600_000)
        seen[at % 168] = (seen[at % 168] ?? 0) + there / weeks
      }
    const { present } = offeredLoad(demand)
    // An hour of the week is a mean over 40 weeks of about Poisson many; visits that hang together widen it.
    for (const [hour, there] of present.entries())
      expect(Math.abs((seen[hour] ?? 0) - there)).toBeLessThan(5 * Math.sqrt(there / weeks) + 0.5)
  }
})

test('where every hour is alike, the answers are Erlang’s own', () => {
  const demand = rates(48, { law: 'exponential', mean: 120 })
  const answers = instantAnswers({
    bays: 5,
    queuePlaces: 0,
    demand,
    power_W: 7400,
    limit_W: null,
    leaveWhenFull: false,
  })
  expect(answers.busiest.present).toBeCloseTo(4, 6)
  for (const share of [answers.turnedAway, answers.turnedAwayEvenly, answers.queued.blocked])
    expect(share).toBeCloseTo(erlangB(5, 4), 6)
  expect(answers.waiting?.waits).toBeCloseTo(0.5541, 3)
  expect(answers.grid).toBeNull()
  for (const { share, bays } of answers.baysFor) {
    expect(erlangB(bays ?? 0, 4)).toBeLessThanOrEqual(share)
    expect(erlangB((bays ?? 0) - 1, 4)).toBeGreaterThan(share)
  }
})

test('a day with a rush turns away more than an even one, and nobody comes to a site without demand', () => {
  const figures = FITTED_DEMAND.get('us-workplace')
  if (!figures) throw new Error('us-workplace ships')
  const rush = instantAnswers({
    bays: 6,
    queuePlaces: 0,
    demand: demandOf(figures, { bays: 60 }),
    power_W: 7400,
    limit_W: 9200,
    leaveWhenFull: false,
  })
  expect(rush.turnedAway).toBeGreaterThan(rush.turnedAwayEvenly)
  expect(rush.queued.blocked).toBeGreaterThan(rush.turnedAway)
  expect(rush.grid?.timeToFull).toBeGreaterThan(rush.grid?.aloneFull_min ?? Number.POSITIVE_INFINITY)
  const none = instantAnswers({
    bays: 3,
    queuePlaces: 0,
    demand: rates(0, { law: 'fixed', mean: 60 }),
    power_W: 7400,
    limit_W: 9200,
    leaveWhenFull: false,
  })
  expect([none.turnedAway, none.turnedAwayEvenly, none.queued.blocked]).toEqual([0, 0, 0])
})

test('where vehicles leave when they are full, a limit is the shared line of theory', () => {
  const demand: Demand = {
    ...rates(48, { law: 'fixed', mean: 6000 }),
    energy: { kind: 'spread', energy_kWh: { law: 'fixed', mean: 7.36 } },
    vehicles: [{ max_W: 7360, share: 1 }],
  }
  const question = { bays: 6, queuePlaces: 0, demand, power_W: 22_000, limit_W: 1.5 * 7360, leaveWhenFull: true }
  const { load, turnedAway, grid } = instantAnswers(question)
  const law = gridLaw(6, 1.5, 2 / 60, 60)
  expect(load.meanStay_min).toBeCloseTo(60, 6)
  expect(turnedAway).toBeCloseTo(law.blocked, 6)
  expect(grid?.timeToFull).toBeCloseTo(law.timeToFull, 4)
  expect(instantAnswers({ ...question, limit_W: null }).turnedAway).toBeCloseTo(erlangB(6, 2), 6)
})

test.each([
  [60, 24],
  [120, 40],
])(
  '%d A shared by vehicles of different power, %d a day, are near what the queue does with them',
  (limit_A, visits) => {
    const demand = rates(visits, { law: 'fixed', mean: 6000 })
    const limit = { limit_A, sharing: 'equal', voltage_V: 230 } as const
    const rows = plainQueue({ demand, seed: 5, replication: 0, days: 7 * 100, bays: 12, queuePlaces: 0, grid: limit })
    const week = 7 * 24 * 3_600_000
    const seen = queueSums(rows, { fromMs: week, toMs: 100 * week })
    const site = { bays: 12, queuePlaces: 0, demand, power_W: 11_000, limit_W: limit_A * 230, leaveWhenFull: true }
    const { turnedAway, grid } = instantAnswers(site)
    expect(seen.turnedAway).toBeGreaterThan(0.02)
    expect(Math.abs(turnedAway - seen.turnedAway)).toBeLessThan(0.02)
    expect(Math.abs((grid?.timeToFull ?? 0) / (seen.timeToFull / 60_000) - 1)).toBeLessThan(0.08)
  },
)

test.each([
  ['hamburg-public', 24, 8, 0.01],
  ['hamburg-public', 6, 4, 0.01],
  // A rush that brings twice as many as there are bays: hours are not long enough to be taken one by one.
  ['us-workplace', 100, 8, 0.08],
])('hour by hour, theory comes near what the queue does with %s for %d at %d bays', (name, scale, bays, off) => {
  const figures = FITTED_DEMAND.get(name)
  if (!figures) throw new Error(`${name} ships`)
  const demand = demandOf(figures, { bays: scale, dispersion: 1 })
  const rows = plainQueue({ demand, seed: 1, replication: 0, days: 7 * 52, bays, queuePlaces: 0, grid: null })
  const week = 7 * 24 * 3_600_000
  const { turnedAway } = queueSums(rows, { fromMs: week, toMs: 52 * week })
  const question = { bays, queuePlaces: 0, demand, power_W: 11_000, limit_W: null, leaveWhenFull: false }
  expect(turnedAway).toBeGreaterThan(0.02)
  expect(Math.abs(instantAnswers(question).turnedAway - turnedAway)).toBeLessThan(off)
})
