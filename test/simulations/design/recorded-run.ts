import type { Draft } from '../../../machines/record.ts'
import type { EngineName } from '../../../simulations/design/bay-engine.ts'
import { demandFor } from '../../../simulations/design/demand-choice.ts'
import { metricsOf } from '../../../simulations/design/design-metrics.ts'
import { runDesign } from '../../../simulations/design/design-run.ts'
import type { DesignScenario } from '../../../simulations/design/design-scenario.ts'
import { visitLines } from '../../../simulations/design/visit-lines.ts'

/** One replication of a scenario with all that it leaves: ledger, records, metrics, lines of visits.csv. */
export function recordedRun(scenario: DesignScenario, engine: EngineName = 'compiled') {
  const drafts: Draft[] = []
  const { ledger } = runDesign(scenario, demandFor(scenario, null), {
    replication: 0,
    engine,
    record: (draft) => drafts.push(draft),
  })
  return { ledger, drafts, metrics: metricsOf(scenario, ledger), lines: visitLines(0, ledger) }
}
