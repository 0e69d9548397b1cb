import { expect, test } from 'vitest'
import { backtest } from '../../../simulations/design/backtest.ts'
import { bothBusy, type SiteSession } from '../../../simulations/design/both-busy.ts'
import { type Comings, type Demand, wantedVisits } from '../../../simulations/design/demand.ts'
import { ASSUMED_ENERGY, ASSUMED_VEHICLES, byKind } from '../../../simulations/design/demand-figures.ts'
import { plainQueue, type QueueRow, type QueueRun, queueOf } from '../../../simulations/design/queue-run.ts'
import { hourlyPresence, queueSums, shareBusy } from '../../../simulations/design/queue-sums.ts'
import { agrees, theoryChecks } from '../../../simulations/design/theory-checks.ts'
import { fc } from '../../seeded-check.ts'

const HOUR = 3_600_000
const EFFORT = { seed: 1, replications: 30, visits: 800 }

test('demand, queue and grid agree with theory, and the same seed says the same', () => {
  const checks = [...theoryChecks(plainQueue, EFFORT)].flat()
  expect(checks.length).toBeGreaterThanOrEqual(28)
  expect(checks.filter(({ inside }) => inside).length).toBeGreaterThanOrEqual(0.9 * checks.length)
  expect(Math.max(...checks.map(({ z }) => Math.abs(z)))).toBeLessThanOrEqual(3.3)
  expect(agrees(checks)).toBe(true)
  const few = { ...EFFORT, replications: 3, visits: 200 }
  expect(JSON.stringify([...theoryChecks(plainQueue, few)])).toBe(JSON.stringify([...theoryChecks(plainQueue, few)]))
})

test.each<[string, QueueRun]>([
  ['a bay too many', (question) => plainQueue({ ...question, bays: question.bays + 1 })],
  [
    'stays a fifth too long',
    (question) =>
      queueOf(
        [...wantedVisits(question.demand, question)].map((visit) => ({ ...visit, stayMs: visit.stayMs * 1.2 })),
        question,
      ),
  ],
  [
    'a limit that is not shared',
    (question) => plainQueue({ ...question, grid: question.grid && { ...question.grid, sharing: 'none' } }),
  ],
])('a simulation with %s does not agree with theory', (_name, run) => {
  expect(agrees([...theoryChecks(run, { ...EFFORT, visits: 300 })].flat())).toBe(false)
})

const visit = fc.record({
  gap: fc.nat(HOUR),
  stayMs: fc.integer({ min: 1, max: 3 * HOUR }),
  energyWh: fc.integer({ min: 1, max: 20_000 }),
})

test('nobody is in two places: never more vehicles than bays, never more waiting than places, first come first served', () => {
  const grid = fc.constantFrom(null, { limit_A: 40, sharing: 'equal', voltage_V: 230 } as const)
  fc.assert(
    fc.property(fc.array(visit, { maxLength: 60 }), fc.nat(5), fc.nat(4), grid, (all, bays, queuePlaces, limit) => {
      let at = 0
      const visits = all.map(({ gap, stayMs, energyWh }, index) => {
        at += gap
        return { index, arriveMs: at, stayMs, energyWh, vehicleMax_W: 7360 }
      })
      const rows = queueOf(visits, { bays, queuePlaces, grid: limit })
      expect(rows).toHaveLength(all.length)
      const entered = rows.flatMap(({ enteredMs }) => (enteredMs === null ? [] : [enteredMs]))
      expect([...entered].sort((a, b) => a - b)).toEqual(entered)
      for (const { arrivedMs, enteredMs, leftMs, fullMs } of rows) {
        if (enteredMs !== null) {
          expect(enteredMs).toBeGreaterThanOrEqual(arrivedMs)
          expect(leftMs).toBeGreaterThanOrEqual(enteredMs)
          if (limit) expect(fullMs).toBe(leftMs)
        }
        const inside = (from: number | null, to: number | null): boolean =>
          from !== null && from <= arrivedMs && (to ?? at) > arrivedMs
        expect(rows.filter((row) => inside(row.enteredMs, row.leftMs)).length).toBeLessThanOrEqual(bays)
      }
      // Who was turned away found every bay and every place taken.
      for (const { arrivedMs } of rows.filter(({ enteredMs }) => enteredMs === null)) {
        const there = rows.filter(
          (row) => row.enteredMs !== null && row.arrivedMs <= arrivedMs && (row.leftMs ?? 0) >= arrivedMs,
        )
        expect(there.length).toBeGreaterThanOrEqual(bays + Math.min(queuePlaces, there.length - bays))
      }
    }),
  )
})

test('sums of a run that one can work out by hand', () => {
  const row = (arrived: number, entered: number | null, left: number | null, full: number | null = null): QueueRow => ({
    arrivedMs: arrived * HOUR,
    enteredMs: entered === null ? null : entered * HOUR,
    leftMs: left === null ? null : left * HOUR,
    powerMs: entered === null ? null : entered * HOUR,
    fullMs: full === null ? null : full * HOUR,
  })
  const rows = [row(0, 0, 3), row(1, 1, 2, 1.5), row(1, 2, null), row(2, null, null)]
  const window = { fromMs: HOUR, toMs: 5 * HOUR }
  expect(queueSums(rows, window)).toEqual({
    arrived: 3,
    turnedAway: 1 - 2 / 3,
    meanWait: HOUR / 2,
    waited: 0.5,
    inBays: (2 + 1 + 3) / 4,
    waiting: 1 / 4,
    charging: (2 + 0.5 + 3) / 4,
    timeToFull: HOUR / 2,
    meanStay: HOUR,
  })
  expect(shareBusy(rows, 2, window)).toBe(2 / 4)
  expect(shareBusy(rows, 1, window)).toBe(1)
  expect(shareBusy([], 1, window)).toBe(0)
  expect(hourlyPresence(rows, window)).toEqual([2, 2, 1, 1])
})

/** Commuters who stay long, and visitors at noon who do not. */
const WORKPLACE: Demand = {
  visits: { weekday: 60, saturday: 10, sunday: 5 },
  dispersion: 2,
  comings: byKind(
    (): Comings => ({
      kind: 'past',
      visits: [
        [420, 540, null],
        [450, 500, null],
        [480, 560, null],
        [720, 40, null],
      ],
    }),
  ),
  energy: ASSUMED_ENERGY,
  vehicles: ASSUMED_VEHICLES,
}

function sessionsOf(demand: Demand, days: number): readonly SiteSession[] {
  return [...wantedVisits(demand, { seed: 4, replication: 0, days })].map(({ arriveMs, stayMs }, index) => ({
    day: Math.floor(arriveMs / (24 * HOUR)),
    minute: (arriveMs % (24 * HOUR)) / 60_000,
    stay_min: stayMs / 60_000,
    energy_kWh: null,
    siteId: `${index % 2}`,
    chargePointId: 'one',
  }))
}

test('a backtest holds where tomorrow is like yesterday, and beats exponential stays there', () => {
  const result = backtest(sessionsOf(WORKPLACE, 84), 42, 1)
  expect(result?.joint.covered).toBeGreaterThan(0.85)
  expect(result?.calculators.covered).toBeLessThan((result?.joint.covered ?? 0) - 0.3)
  expect(result?.calculators.off).toBeGreaterThan(result?.joint.off ?? Number.POSITIVE_INFINITY)
})

test('a backtest says so where everything has changed, and where there are too few days', () => {
  const before = sessionsOf(WORKPLACE, 42)
  const after = sessionsOf({ ...WORKPLACE, visits: byKind(() => 120) }, 84).filter(({ day }) => day >= 42)
  expect(backtest([...before, ...after], 42, 1)?.joint.covered).toBeLessThan(0.5)
  expect(backtest(before, 3, 1)).toBeNull()
  expect(backtest(before, 40, 1)).toBeNull()
})

test('sites of two that turn drivers away are found again as full as they were', () => {
  const even: Demand = {
    ...WORKPLACE,
    visits: byKind(() => 8),
    dispersion: 1,
    comings: byKind(
      (): Comings => ({
        kind: 'rates',
        hours: new Array<number>(24).fill(1 / 24),
        stay_min: { law: 'exponential', mean: 240 },
      }),
    ),
  }
  const sessions = Array.from({ length: 40 }, (_, site) => {
    const span = { seed: 8, replication: site, days: 42 }
    const rows = plainQueue({ demand: even, ...span, bays: 2, queuePlaces: 0, grid: null })
    const let_in = rows.filter(({ enteredMs }) => enteredMs !== null)
    return let_in.map(({ arrivedMs, leftMs }, index) => ({
      day: Math.floor(arrivedMs / (24 * HOUR)),
      minute: (arrivedMs % (24 * HOUR)) / 60_000,
      stay_min: ((leftMs ?? 0) - arrivedMs) / 60_000,
      energy_kWh: null,
      siteId: `site ${site}`,
      chargePointId: `${site} ${index % 2}`,
    }))
  }).flat()
  const found = bothBusy(sessions, plainQueue, { seed: 1, replications: 5 })
  expect(found?.sites).toBe(40)
  expect(found?.seen).toBeGreaterThan(0.2)
  expect(Math.abs((found?.seen ?? 0) - (found?.simulated ?? 1))).toBeLessThan(0.015)
  expect(Math.abs((found?.seen ?? 0) - (found?.erlang ?? 1))).toBeLessThan(0.015)
  expect(bothBusy(sessionsOf(WORKPLACE, 30), plainQueue, { seed: 1, replications: 1 })).toBeNull()
})
