import { ENGINES, type EngineName } from '../../../simulations/design/bay-engine.ts'
import { progressLine } from './progress-line.ts'
import { type Design, runReplications } from './replications.ts'
import { type DesignRunResult, worstVisits } from './run-files.ts'
import { type JournalOrder, journalName } from './visit-journal.ts'
import { openWorkers } from './worker-pool.ts'

/** Runs that are done, and the journals of visits of the first that went badly, by file name. */
export type Ran = {
  readonly runs: readonly DesignRunResult[]
  readonly journals: { readonly [name: string]: string }
}

/** Every replication of every design on all cores, with progress on a terminal. `keeps`: whether journals and the lines of visits are wanted. */
export async function runDesigns(designs: readonly Design[], engine: EngineName, keeps: boolean): Promise<Ran> {
  const pool = openWorkers()
  try {
    const line = progressLine('replications')
    const results = await runReplications(designs, { pool, engine, lists: keeps, progress: line.told })
    line.end()
    const runs = designs.map((design, index) => ({ ...design, results: results[index] ?? [] }))
    const [first] = runs
    const wanted = first && keeps ? worstVisits(first).map((visit): JournalOrder => ({ ...first, engine, visit })) : []
    const texts = new Map<string, string>()
    await pool.run<JournalOrder, string>(
      () => wanted.shift() ?? null,
      ({ visit }, text) => texts.set(journalName(visit), text),
    )
    return { runs, journals: Object.fromEntries([...texts].sort(([a], [b]) => (a < b ? -1 : 1))) }
  } finally {
    await pool.close()
  }
}

export const isEngine = (name: string): name is EngineName => (ENGINES as readonly string[]).includes(name)

/** One sentence for people, and the exit code. */
export function complain(says: string, code: number): number {
  process.stderr.write(`${says}\n`)
  return code
}
