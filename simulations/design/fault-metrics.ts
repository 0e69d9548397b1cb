import type { DesignScenario } from './design-scenario.ts'
import type { VisitLedger, VisitRow } from './visit-ledger.ts'

type Counted = {
  readonly scenario: DesignScenario
  readonly ledger: VisitLedger
  readonly rows: readonly VisitRow[]
  readonly bayMs: number
}

/** Whether a scenario has anything that fails and is repaired: else there is nothing to tell. */
export const hasOutages = ({ faults }: DesignScenario): boolean =>
  faults.chargePointBetweenFailures_days !== null ||
  faults.powerCut_perYear > 0 ||
  faults.cameraAway_perDay > 0 ||
  faults.backEndAway_perDay > 0

/** What charge points out of order, power cuts and cameras that are away cost. Null where a scenario has none of them. */
export const FAULT_METRICS = [
  {
    name: 'bays-lost',
    unit: 'share',
    says: 'of the bays’ time out of order or without power',
    better: 'less',
    of: ({ scenario, ledger, bayMs }: Counted) => (hasOutages(scenario) ? ledger.lostMs / bayMs : null),
  },
  {
    name: 'drivers-hit',
    unit: 'share',
    says: 'lost their place, their charge or their read to a fault',
    better: 'less',
    of: ({ scenario, rows }: Counted) =>
      hasOutages(scenario) ? { hits: rows.filter(({ hit }) => hit).length, of: rows.length } : null,
  },
] as const
