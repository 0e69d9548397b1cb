import type { Figure } from './figure-table.ts'
import { type LoadPlan, WHOLE_LOAD } from './load-plan.ts'
import type { LoadFigures } from './load-run.ts'

export const GROWTH_SIZES: readonly number[] = [100, 300, 1_000, 3_000, 10_000]
/** Messages of cameras that a bay has its share in, a second: as many as under the whole load. */
const READS_PER_BAY = WHOLE_LOAD.reads / WHOLE_LOAD.bays
/** A small site has few messages: it is measured for longer, up to so many times. */
const MOST_TIMES = 4
const STEADY_BAYS = 1_000

/** One plan for each size. Every bay lives as under the whole load, however many others there are: what differs is what their number costs. */
export function growthPlans(minutes: number, sizes: readonly number[] = GROWTH_SIZES): readonly LoadPlan[] {
  return sizes.map((bays) => ({
    ...WHOLE_LOAD,
    bays,
    chargePoints: Math.ceil((bays * 2) / 3),
    reads: bays * READS_PER_BAY,
    fillReads: Math.min(WHOLE_LOAD.fillReads, bays / 5),
    measure_s: minutes * 60 * Math.min(MOST_TIMES, Math.max(1, STEADY_BAYS / bays)),
    storm: false,
  }))
}

/** Lines for each size; the ratio is to the smallest in the same run. What a site of one bay takes at rest is left out of each. */
export function growthTable(loads: readonly LoadFigures[]): readonly Figure[] {
  const [first] = loads
  if (!first) return []
  return loads.flatMap((load) => {
    const { plan, cpu_ms, yard, measured_ms } = load
    const line = (name: string, of: (load: LoadFigures) => number, digits: number, note: string): Figure => ({
      name: `${plan.bays} bays: ${name}`,
      value: of(load).toFixed(digits),
      floor: of(first).toFixed(digits),
      ratio: of(load) / of(first),
      note,
    })
    const cores = (ms: number): string => `${(ms / measured_ms).toFixed(2)} cores`
    const lasted = `${Math.round(measured_ms / 1_000)} s, ${messagesOf(load)} messages, ${load.records.measured} records`
    return [
      line(
        'processor time of a bay in a minute, ms',
        timeOf,
        1,
        `${cores(cpu_ms)}; who plays them ${cores(yard.cpu_ms)}`,
      ),
      line('processor time of one message, ms', messageOf, 2, lasted),
      line(
        'first start until it listens, s',
        (one) => one.opened_ms / 1_000,
        1,
        `all connected after ${(load.connected_ms / 1_000).toFixed(1)}`,
      ),
      line('heap of one bay, kB', heapOf, 0, `resident ${Math.round(residentOf(load))}`),
    ]
  })
}

const messagesOf = ({ yard }: LoadFigures): number => yard.reads.count + yard.transactions.count + yard.others.count
/** What the site took beyond one of one bay at rest, ms. */
const beyond = ({ cpu_ms, rest_cores, measured_ms }: LoadFigures): number => cpu_ms - rest_cores * measured_ms
const timeOf = (load: LoadFigures): number => (beyond(load) / load.plan.bays / load.measured_ms) * 60_000
const messageOf = (load: LoadFigures): number => beyond(load) / messagesOf(load)
const heapOf = ({ heap, plan }: LoadFigures): number => (heap.after - heap.bare) / plan.bays / 1e3
const residentOf = ({ rss, plan }: LoadFigures): number => (rss.after - rss.bare) / plan.bays / 1e3
