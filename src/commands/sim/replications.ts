import type { EngineName } from '../../../simulations/design/bay-engine.ts'
import type { Demand } from '../../../simulations/design/demand.ts'
import type { DesignScenario } from '../../../simulations/design/design-scenario.ts'
import { meanInterval, relativeHalfWidth } from '../../../simulations/design/interval.ts'
import { valuesOf } from '../../../simulations/design/metric-summary.ts'
import type { ReplicationOrder, ReplicationResult } from './replication-worker.ts'
import type { WorkerPool } from './worker-pool.ts'

/** A scenario to run, with who comes, and where that is from. */
export type Design = { readonly scenario: DesignScenario; readonly demand: Demand; readonly demandSource: string }

/** Told after each replication: how many are done of how many. */
export type Progress = (done: number, of: number) => void

/** Figures that decide whether enough is known to stop. */
const WATCHED = ['turned-away', 'fallback', 'bay-use']
/** Fewer replications say nothing of how much they differ. */
const LEAST = 5

type Run = { readonly design: Design; readonly done: Map<number, ReplicationResult>; next: number; ends: number }

/**
 * Runs every replication of designs on all cores; each design's results come in the order of their replications. With
 * `run.targetHalfWidth` a design ends at the first replication by which its main figures are known so well, whatever the cores were
 * faster with, so the same scenario gives the same results on any machine.
 */
export async function runReplications(
  designs: readonly Design[],
  {
    pool,
    engine,
    lists,
    progress,
  }: { readonly pool: WorkerPool; readonly engine: EngineName; readonly lists: boolean; readonly progress: Progress },
): Promise<ReplicationResult[][]> {
  const runs = designs.map(
    (design): Run => ({ design, done: new Map(), next: 0, ends: design.scenario.run.replications }),
  )
  const total = (): number => runs.reduce((sum, run) => sum + run.ends, 0)
  const finished = (): number => runs.reduce((sum, run) => sum + Math.min(run.ends, run.done.size), 0)
  const next = (): { readonly run: Run; readonly order: ReplicationOrder } | null => {
    const run = runs.find((one) => one.next < one.ends)
    if (!run) return null
    const { scenario, demand } = run.design
    return { run, order: { scenario, demand, engine, lists, replication: run.next++ } }
  }
  const asked = new Map<ReplicationOrder, Run>()
  await pool.run<ReplicationOrder, ReplicationResult>(
    () => {
      const found = next()
      if (found) asked.set(found.order, found.run)
      return found?.order ?? null
    },
    (order, result) => {
      const run = asked.get(order) as Run
      run.done.set(order.replication, result)
      run.ends = Math.min(run.ends, enough(run.design, run.done))
      progress(finished(), total())
    },
  )
  return runs.map(({ done, ends }) =>
    Array.from({ length: ends }, (_, replication) => done.get(replication) as ReplicationResult),
  )
}

/** How many replications are enough, by those that are done without a gap from the first; all where that is not known yet. */
function enough({ scenario }: Design, done: ReadonlyMap<number, ReplicationResult>): number {
  const { targetHalfWidth, replications } = scenario.run
  if (targetHalfWidth === undefined) return replications
  const first: ReplicationResult[] = []
  for (let next = done.get(0); next; next = done.get(first.length)) {
    first.push(next)
    if (first.length >= LEAST && WATCHED.every((name) => isKnown(first, name, targetHalfWidth))) return first.length
  }
  return replications
}

/** What never happens is known well enough. */
const isKnown = (results: readonly ReplicationResult[], name: string, target: number): boolean => {
  const values = valuesOf(
    results.map(({ metrics }) => metrics),
    name,
  )
  return values.every((value) => value === 0) || relativeHalfWidth(meanInterval(values)) < target
}
