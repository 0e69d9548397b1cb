import { ENGINES, type EngineName } from '../../../simulations/design/bay-engine.ts'
import { progressLine } from './progress-line.ts'
import { type Design, runReplications } from './replications.ts'
import type { ResultFiles } from './result-folder.ts'
import { type DesignRunResult, worstVisits } from './run-files.ts'
import { unlessStopped } from './stoppable-work.ts'
import { type JournalOrder, journalName } from './visit-journal.ts'
import { openWorkers, type WorkerPool } from './worker-pool.ts'

/** Runs that are done, and the journals of visits of the first that went badly, by file name. */
export type Ran = {
  readonly runs: readonly DesignRunResult[]
  readonly journals: ResultFiles
}

/**
 * Every replication of every design on all cores, with progress on a terminal. `keeps`: whether journals and the lines of visits are wanted.
 * Once `stop` is aborted its workers end, and it rejects with the reason.
 */
export async function runDesigns(
  designs: readonly Design[],
  engine: EngineName,
  keeps: boolean,
  stop: AbortSignal,
): Promise<Ran> {
  const pool = openWorkers()
  try {
    return await unlessStopped(stop, () => ranOn(pool, designs, engine, keeps))
  } finally {
    await pool.close()
  }
}

async function ranOn(pool: WorkerPool, designs: readonly Design[], engine: EngineName, keeps: boolean): Promise<Ran> {
  const line = progressLine('replications')
  const results = await runReplications(designs, { pool, engine, lists: keeps, progress: line.told })
  line.end()
  const runs = designs.map((design, index) => ({ ...design, results: results[index] ?? [] }))
  const [first] = runs
  const wanted = first && keeps ? worstVisits(first).map((visit): JournalOrder => ({ ...first, engine, visit })) : []
  const texts = new Map<string, readonly string[]>()
  await pool.run<JournalOrder, string>(
    () => wanted.shift() ?? null,
    ({ visit }, text) => texts.set(journalName(visit), [text]),
  )
  return { runs, journals: Object.fromEntries([...texts].sort(([a], [b]) => (a < b ? -1 : 1))) }
}

export const isEngine = (name: string): name is EngineName => (ENGINES as readonly string[]).includes(name)
