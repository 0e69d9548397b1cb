import type { Figure } from './figure-table.ts'
import { type LoadPlan, WHOLE_LOAD } from './load-plan.ts'
import type { LoadFigures } from './load-run.ts'

const SIZES = [100, 300, 1_000, 3_000, 10_000] as const
/** Meter values a second, of however many bays: what is left to differ is what the number of bays costs. */
const METER_VALUES = 80
/** Messages of cameras a second: each camera of the smallest site has two. */
const READS = 18

/** One plan for each size, all at the same pace of messages. */
export function growthPlans(minutes: number): readonly LoadPlan[] {
  return SIZES.map((bays) => ({
    ...WHOLE_LOAD,
    bays,
    chargePoints: Math.ceil((bays * 2) / 3),
    meter_s: (bays * WHOLE_LOAD.taken) / METER_VALUES,
    reads: READS,
    fillReads: Math.min(WHOLE_LOAD.fillReads, bays / 5),
    // As many come and go.
    stay_s: (bays * WHOLE_LOAD.taken) / 1,
    measure_s: minutes * 60,
    storm: false,
  }))
}

/** A line for each size; the ratio is to the smallest in the same run. */
export function growthTable(loads: readonly LoadFigures[]): readonly Figure[] {
  const time = ({ cpu_ms, yard }: LoadFigures): number =>
    cpu_ms / (yard.reads.count + yard.transactions.count + yard.others.count)
  const memory = ({ heap, plan }: LoadFigures): number => (heap.after - heap.bare) / plan.bays / 1e3
  const resident = ({ rss, plan }: LoadFigures): number => (rss.after - rss.bare) / plan.bays / 1e3
  const [first] = loads
  if (!first) return []
  return loads.flatMap((load) => [
    {
      name: `${load.plan.bays} bays: processor time of one message, ms`,
      value: time(load).toFixed(2),
      floor: time(first).toFixed(2),
      ratio: time(load) / time(first),
    },
    {
      name: `${load.plan.bays} bays: heap of one bay, kB`,
      value: Math.round(memory(load)),
      floor: Math.round(memory(first)),
      ratio: memory(load) / memory(first),
      note: `resident ${Math.round(resident(load))}`,
    },
  ])
}
