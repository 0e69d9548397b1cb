import { runDesign } from './design-run.ts'
import type { DesignScenario } from './design-scenario.ts'
import type { QueueQuestion, QueueRow } from './queue-run.ts'

/** Longer than any run: who has this much patience waits as long as it takes. */
const FOREVER_S = 1e8

/**
 * The whole simulation asked what theory can answer: production machines, charge points and grid as in `base`, but every vehicle is
 * registered and readable, nothing fails, nobody loses patience, and no driver takes time to plug in. What is left beside theory are
 * the seconds that reading and starting take.
 */
export const designQueue =
  (base: DesignScenario) =>
  (question: QueueQuestion): readonly QueueRow[] =>
    runDesign(bareScenario(base, question), question.demand, { replication: question.replication }).ledger.rows

function bareScenario(base: DesignScenario, { bays, queuePlaces, grid, seed, days }: QueueQuestion): DesignScenario {
  const { limit_A, sharing, voltage_V } = grid ?? { limit_A: null, sharing: 'none' as const, voltage_V: 230 }
  return {
    ...base,
    site: { ...base.site, bays, queuePlaces, patience_min: FOREVER_S / 60 },
    chargers: {
      ...base.chargers,
      power_kW: 1000,
      phases: 1,
      wiring: 'L1',
      voltage_V,
      gridLimit_A: limit_A,
      sharing,
      answer_s: 0,
    },
    demand: { ...base.demand, iceShare: 0, overstay: { rule: grid ? 'whenFull' : 'fromData' } },
    drivers: {
      ...base.drivers,
      registered: 1,
      cardShare: 1,
      plugDelay_s: 0,
      card_s: 0,
      leave_s: 0,
      giveUp_s: FOREVER_S,
    },
    weather: { snow: 0, snowedPlates: 0, night: 0, dirtyPlate: 0 },
    faults: {
      ...base.faults,
      falseEmpty_perBayDay: 0,
      chargePointOffline_perBayDay: 0,
      chargePointBetweenFailures_days: null,
      powerCut_perYear: 0,
      cameraAway_perDay: 0,
    },
    run: { from: base.run.from, days, warmup_days: 0, replications: 1, seed },
  }
}
