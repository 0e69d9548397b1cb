import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { Demand } from '../../../simulations/design/demand.ts'
import { valuesOf } from '../../../simulations/design/design-metrics.ts'
import type { DesignScenario } from '../../../simulations/design/design-scenario.ts'
import { meanInterval, relativeHalfWidth } from '../../../simulations/design/interval.ts'
import type { ReplicationOrder, ReplicationResult } from './replication-worker.ts'

/** A scenario to run, with who comes. */
export type Design = { readonly scenario: DesignScenario; readonly demand: Demand }

/** Told after each replication: how many are done of how many. */
export type Progress = (done: number, of: number) => void

/** Figures that decide whether enough is known to stop. */
const WATCHED = ['turned-away', 'fallback', 'bay-use']
/** Fewer replications say nothing of how much they differ. */
const LEAST = 5

/**
 * Runs every replication of designs on all cores; each design's results come in the order of their replications. With
 * `run.targetHalfWidth` a design ends at the first replication by which its main figures are known so well, whatever the cores were
 * faster with, so the same scenario gives the same results on any machine.
 */
export async function runReplications(
  designs: readonly Design[],
  progress: Progress = () => {},
  cores: number = availableParallelism(),
): Promise<ReplicationResult[][]> {
  const runs = designs.map((design) => ({
    design,
    next: 0,
    done: new Map<number, ReplicationResult>(),
    ends: ends(design),
  }))
  const total = (): number => runs.reduce((sum, run) => sum + run.ends, 0)
  const finished = (): number =>
    runs.reduce((sum, run) => sum + [...run.done.keys()].filter((one) => one < run.ends).length, 0)
  const order = (): (() => [(typeof runs)[number], ReplicationOrder]) | null => {
    const run = runs.find(({ next, ends: end }) => next < end)
    if (!run) return null
    return () => [run, { ...run.design, replication: run.next++ }]
  }
  const work = async (worker: Worker): Promise<void> => {
    for (let take = order(); take; take = order()) {
      const [run, asked] = take()
      run.done.set(asked.replication, await answered(worker, asked))
      run.ends = Math.min(run.ends, enough(run.design, run.done))
      progress(finished(), total())
    }
  }
  const workers = Array.from({ length: Math.min(cores, total()) }, openWorker)
  try {
    await Promise.all(workers.map(work))
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()))
  }
  return runs.map(({ done, ends: end }) =>
    Array.from({ length: end }, (_, replication) => done.get(replication) as ReplicationResult),
  )
}

const ends = ({ scenario }: Design): number => scenario.run.replications

const openWorker = (): Worker => new Worker(new URL('./replication-worker.ts', import.meta.url))

function answered(worker: Worker, order: ReplicationOrder): Promise<ReplicationResult> {
  return new Promise((done, failed) => {
    const settle = (act: () => void) => {
      worker.removeAllListeners('message')
      worker.removeAllListeners('error')
      act()
    }
    worker.once('message', (result: ReplicationResult) => settle(() => done(result)))
    worker.once('error', (cause) => settle(() => failed(cause)))
    worker.postMessage(order)
  })
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
