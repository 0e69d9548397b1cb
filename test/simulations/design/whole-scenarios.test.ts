import { expect, test } from 'vitest'
import { MESSAGE_ORDERS, type MessageOrder } from '../../../simulations/design/bay-charge-points.ts'
import type { EngineName } from '../../../simulations/design/bay-engine.ts'
import { demandFor } from '../../../simulations/design/demand-choice.ts'
import { runDesign } from '../../../simulations/design/design-run.ts'
import type { DesignScenario } from '../../../simulations/design/design-scenario.ts'
import { visitLines } from '../../../simulations/design/visit-lines.ts'
import { type VisitorWay, WAY_NAMES } from '../../../simulations/design/visitor-ways.ts'
import { fc } from '../../seeded-check.ts'
import { ratesScenario } from './rates-scenario.ts'

const usual = ratesScenario()
const upTo = (max: number) => fc.double({ min: 0, max, noNaN: true })
const orders = fc.constantFrom(...(Object.keys(MESSAGE_ORDERS) as MessageOrder[]))
const shares = fc.record(
  Object.fromEntries(WAY_NAMES.map((name) => [name, fc.oneof(fc.constant(0), upTo(0.3))])) as {
    [way in VisitorWay]: fc.Arbitrary<number>
  },
)

/** Two to eight bays, and anything that a scenario may hold. */
const scenarios = fc
  .record({
    bays: fc.integer({ min: 2, max: 8 }),
    rows: fc.constantFrom(1, 2),
    queuePlaces: fc.integer({ min: 0, max: 3 }),
    timezone: fc.constantFrom('UTC', 'Europe/Berlin', 'America/Santiago'),
    from: fc.constantFrom('2026-03-28', '2026-09-05', '2026-10-24'),
    chargers: fc.record({
      power_kW: fc.double({ min: 2, max: 30, noNaN: true }),
      phases: fc.constantFrom(1, 3),
      gridLimit_A: fc.constantFrom(null, 25),
      sharing: fc.constantFrom('equal', 'fifo', 'none'),
      startOn: fc.constantFrom('validation', 'plug'),
      profile: orders,
    }),
    other: orders,
    visits: fc.integer({ min: 1, max: 15 }),
    rule: fc.constantFrom('fromData', 'whenFull'),
    covers: fc.integer({ min: 1, max: 4 }),
    personalities: shares,
    faults: fc.record({
      chargePointBetweenFailures_days: fc.constantFrom(null, 2),
      chargePointRepair_h: fc.double({ min: 0.5, max: 20, noNaN: true }),
      powerCut_perYear: upTo(400),
      cameraAway_perDay: upTo(3),
      chargePointOffline_perBayDay: upTo(2),
      falseEmpty_perBayDay: upTo(2),
    }),
    seed: fc.nat(),
  })
  .map(
    ({ bays, rows, queuePlaces, timezone, from, chargers, other, visits, rule, covers, personalities, faults, seed }) =>
      ({
        ...usual,
        site: { ...usual.site, bays, queuePlaces, timezone },
        chargers: { ...usual.chargers, ...chargers, others: [{ bays: [2], profile: other, phases: 3, power_kW: 22 }] },
        demand: { ...usual.demand, visitsPerDay: visits * bays, stay_min: 90, iceShare: 0.1, overstay: { rule } },
        cameras: usual.cameras.map((camera) => ({ ...camera, covers: Math.min(covers, bays) })),
        layout: { ...usual.layout, rows, vanShare: 0.5 },
        personalities,
        faults: { ...usual.faults, ...faults },
        run: { from, days: 3, warmup_days: 0, replications: 1, seed },
      }) as DesignScenario,
  )

const runOf = (scenario: DesignScenario, engine: EngineName) =>
  runDesign(scenario, demandFor(scenario, null), { replication: 0, engine }).ledger

test('whatever a scenario holds, everybody who drove in drives off, two never stand in one bay, and nobody gets more than was wanted', () => {
  fc.assert(
    fc.property(scenarios, (scenario) => {
      const { rows } = runOf(scenario, 'compiled')
      const stood = rows.filter(({ enteredMs }) => enteredMs !== null)
      for (const { leftMs, energy_Wh, wanted_Wh } of stood) {
        expect(leftMs).not.toBeNull()
        expect(energy_Wh).toBeLessThanOrEqual(wanted_Wh + 1e-6)
      }
      for (let bay = 0; bay < scenario.site.bays; bay++) {
        const here = stood.filter((row) => row.bay === bay).sort((a, b) => (a.enteredMs ?? 0) - (b.enteredMs ?? 0))
        for (const [index, { enteredMs }] of here.entries())
          expect(enteredMs).toBeGreaterThanOrEqual(here[index - 1]?.leftMs ?? 0)
      }
    }),
    { numRuns: 40 },
  )
})

test('whatever a scenario holds, the tables and XState itself give the same visits', () => {
  fc.assert(
    fc.property(scenarios, (scenario) => {
      const lines = (engine: EngineName): string => visitLines(0, runOf(scenario, engine))
      expect(lines('xstate')).toBe(lines('compiled'))
    }),
    { numRuns: 12 },
  )
})
