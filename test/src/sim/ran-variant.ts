import { metricsOf } from '../../../simulations/design/design-metrics.ts'
import { runDesign } from '../../../simulations/design/design-run.ts'
import { presentByHour } from '../../../simulations/design/present-by-hour.ts'
import { calendarOf } from '../../../simulations/design/run-calendar.ts'
import type { Variant } from '../../../src/commands/sim/design-variant.ts'
import { designOf } from '../../../src/commands/sim/open-design.ts'
import type { ScenarioChange } from '../../../src/commands/sim/scenario-file.ts'

/** Six bays under a limit of the grid, two of them seen. */
export const SITE = `version: 1
site: { name: Small, bays: 6 }
chargers: { power_kW: 7.4, phases: 1, gridLimit_A: 32 }
demand: { source: rates, visitsPerDay: 40, stay_min: 120, energy_kWh: 12, vehicle_kW: 7.4 }
cameras: [{ covers: [1, 2] }]
run: { days: 4, warmup_days: 1, replications: 3, seed: 5 }
`

/** More vehicles than four bays can take. */
export const CROWD = `version: 1
site: { name: Crowd, bays: 4 }
demand: { source: rates, visitsPerDay: 30, stay_min: 240, energy_kWh: 9, bays: 4 }
cameras: [{ covers: 2 }]
run: { days: 6, warmup_days: 1, replications: 4, seed: 5 }
`

/** A scenario that was run, with changes by key. */
export function ran(label: string, change: ScenarioChange = {}, text = SITE): Variant {
  const { design, complaints } = designOf(text, 'small.yaml', change)
  if (!design) throw new Error(complaints.join('\n'))
  const results = Array.from({ length: design.scenario.run.replications }, (_, replication) => {
    const { ledger, steps, bayDays } = runDesign(design.scenario, design.demand, { replication })
    const metrics = metricsOf(design.scenario, ledger)
    return {
      replication,
      metrics,
      lines: '',
      present: presentByHour(ledger, calendarOf(design.scenario)),
      bad: [],
      steps,
      bayDays,
      cpu_s: 0,
    }
  })
  return { label, run: { ...design, results } }
}

/** Designs whose figures of each replication are given: vehicles of a hundred a day that find no bay, and fallbacks a day. */
export function measured(label: string, cost: number, lost: readonly number[], fallbacks: readonly number[]): Variant {
  const { run } = ran(label, { 'run.replications': 2, 'run.days': 1 }, CROWD)
  const [first] = run.results
  if (!first) throw new Error('nothing was run')
  const results = lost.map((hits, replication) => ({
    ...first,
    replication,
    metrics: {
      ...first.metrics,
      cost,
      arrivals: 100,
      lost: { hits, of: 100 },
      fallbacks: fallbacks[replication] ?? 0,
      'energy-met': 0.9,
    },
  }))
  return { label, run: { ...run, results } }
}
