import type { Figure } from './figure-table.ts'
import { WHOLE_LOAD } from './load-plan.ts'
import { runLoad } from './load-run.ts'
import { loadTable } from './load-table.ts'

/** A tenth of `npm run load` for half a minute: the same table. */
export async function loadBench(): Promise<readonly Figure[]> {
  const { bays, chargePoints, reads, fillReads } = WHOLE_LOAD
  const tenth = { bays: bays / 10, chargePoints: chargePoints / 10, reads: reads / 2, fillReads: fillReads / 3 }
  return loadTable(await runLoad({ ...WHOLE_LOAD, ...tenth, meter_s: 10, measure_s: 30 }))
}
