import { parentPort } from 'node:worker_threads'
import { type BadVisit, badVisits } from '../../../simulations/design/bad-visits.ts'
import type { EngineName } from '../../../simulations/design/bay-engine.ts'
import type { MetricValue } from '../../../simulations/design/counted-visits.ts'
import type { Demand } from '../../../simulations/design/demand.ts'
import { metricsOf } from '../../../simulations/design/design-metrics.ts'
import { runDesign } from '../../../simulations/design/design-run.ts'
import type { DesignScenario } from '../../../simulations/design/design-scenario.ts'
import { presentByHour } from '../../../simulations/design/present-by-hour.ts'
import { calendarOf } from '../../../simulations/design/run-calendar.ts'
import { visitLines } from '../../../simulations/design/visit-lines.ts'
import type { JournalOrder } from './visit-journal.ts'

/** One replication to run. */
export type ReplicationOrder = {
  readonly engine: EngineName
  readonly scenario: DesignScenario
  readonly demand: Demand
  readonly replication: number
  /** Whether its visits are wanted as lines. */
  readonly lists: boolean
}

/** What a replication came to. `lines`: its visits as CSV, empty where nobody wants them. */
export type ReplicationResult = {
  readonly replication: number
  readonly metrics: { readonly [name: string]: MetricValue }
  readonly lines: string
  /** Mean vehicles in bays in each hour of the day. */
  readonly present: readonly number[]
  readonly bad: readonly BadVisit[]
  readonly steps: number
  readonly bayDays: number
  readonly cpu_s: number
}

/** Runs one replication. The same order gives the same result, but for `cpu_s`. */
function runReplication({ scenario, demand, replication, engine, lists }: ReplicationOrder): ReplicationResult {
  const before = process.threadCpuUsage()
  const { ledger, steps, bayDays } = runDesign(scenario, demand, { replication, engine })
  const { user, system } = process.threadCpuUsage(before)
  return {
    replication,
    metrics: metricsOf(scenario, ledger),
    lines: lists ? visitLines(replication, ledger) : '',
    present: presentByHour(ledger, calendarOf(scenario)),
    bad: badVisits(replication, ledger),
    steps,
    bayDays,
    cpu_s: (user + system) / 1e6,
  }
}

// What journals need is loaded only where one is wanted: most workers write none.
const answer = async (order: ReplicationOrder | JournalOrder): Promise<unknown> =>
  'visit' in order ? (await import('./visit-journal.ts')).visitJournal(order) : runReplication(order)

parentPort?.on('message', async (order: ReplicationOrder | JournalOrder) =>
  parentPort?.postMessage(await answer(order)),
)
