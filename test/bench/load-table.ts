import type { Figure } from './figure-table.ts'
import type { LoadFigures } from './load-run.ts'

/** What a load must keep, generously for a shared machine; beyond it something is wrong. Times in ms, or in bare flushes of the same disk; memory in bytes. */
const BOUNDS = {
  delay_ms: 250,
  answer_ms: 1_000,
  flushes: 8,
  back_ms: 60_000,
  bytesPerBay: 400_000,
  /** What a process grows by under any load. */
  warm: 100_000_000,
  /** Of the floor: a machine that lets others wait lets berth wait. */
  delays: 4,
  grown: 1.25,
} as const

/** The table of a load. The floor of what is acknowledged is a bare flush on the same disk in the same minutes. */
export function loadTable(load: LoadFigures): readonly Figure[] {
  const { plan, yard, delay, rss, heap } = load
  const errors = Object.entries(yard.errors)
  const count = errors.reduce((sum, [, each]) => sum + each, 0)
  const perBay = (rss.after - rss.bare) / plan.bays
  const events = yard.reads.count + yard.transactions.count + yard.others.count
  const minutes = load.measured_ms / 60_000
  const answered = (
    name: string,
    times: { readonly count: number; readonly p50_ms: number; readonly p99_ms: number },
  ) =>
    ({
      name: `${name}, ms p50 / p99`,
      value: `${ms(times.p50_ms)} / ${ms(times.p99_ms)}`,
      floor: `${ms(yard.flush.p50_ms)} / ${ms(yard.flush.p99_ms)}`,
      ratio: times.p99_ms / yard.flush.p99_ms,
      ...bounded(
        `p99 ≤ ${BOUNDS.flushes} floors or ${BOUNDS.answer_ms}`,
        times.p99_ms <= Math.max(BOUNDS.answer_ms, BOUNDS.flushes * yard.flush.p99_ms),
      ),
      note: `${times.count} of them`,
    }) satisfies Figure
  return [
    { name: 'bays, charge points', value: `${plan.bays}, ${plan.chargePoints}` },
    { name: 'minutes', value: minutes.toFixed(1) },
    { name: 'messages answered a second', value: Math.round((events * 1_000) / load.measured_ms) },
    { name: 'records written a second', value: Math.round((load.records.measured * 1_000) / load.measured_ms) },
    { name: 'vehicles that came / went', value: `${yard.came} / ${yard.left}` },
    answered('read of a camera to its acknowledgement', yard.reads),
    answered('transaction message to its acknowledgement', yard.transactions),
    { name: 'second read to the start at the charge point, ms p50', value: ms(yard.starts.p50_ms) },
    {
      name: 'event loop late, ms p50 / p99 / most',
      value: `${ms(delay.p50_ms)} / ${ms(delay.p99_ms)} / ${ms(delay.max_ms)}`,
      floor: `${ms(load.idle.p50_ms)} / ${ms(load.idle.p99_ms)} / ${ms(load.idle.max_ms)}`,
      ratio: delay.p99_ms / load.idle.p99_ms,
      ...bounded(
        `p99 ≤ ${BOUNDS.delay_ms} or ${BOUNDS.delays} floors`,
        delay.p99_ms <= Math.max(BOUNDS.delay_ms, BOUNDS.delays * load.idle.p99_ms),
      ),
      note: 'floor: a process that does nothing, meanwhile',
    },
    {
      name: 'processor, cores',
      value: (load.cpu_ms / load.measured_ms).toFixed(2),
      note: `who plays charge points, cameras and vehicles took ${(yard.cpu_ms / load.measured_ms).toFixed(2)} beside it`,
    },
    { name: 'processor time of one message, ms', value: (load.cpu_ms / events).toFixed(2) },
    {
      name: 'resident after a collection, MB',
      value: megabytes(rss.after),
      floor: megabytes(rss.bare),
      ratio: rss.after / rss.bare,
      note: 'floor: a site of one bay',
    },
    {
      name: 'resident a bay, kB',
      value: Math.round(perBay / 1e3),
      ...bounded(
        `≤ ${BOUNDS.bytesPerBay / 1e3} beyond ${BOUNDS.warm / 1e6} MB`,
        perBay * plan.bays <= BOUNDS.warm + BOUNDS.bytesPerBay * plan.bays,
      ),
      note: `of it ${Math.round((heap.after - heap.bare) / plan.bays / 1e3)} on the heap`,
    },
    {
      name: 'resident at the end : when it began',
      value: (rss.after / rss.before).toFixed(2),
      ...bounded(`≤ ${BOUNDS.grown}`, rss.after / rss.before <= BOUNDS.grown),
    },
    ...(load.back_ms === null
      ? []
      : [
          {
            name: 'all charge points back after all were cut, s',
            value: (load.back_ms / 1e3).toFixed(1),
            ...bounded(`≤ ${BOUNDS.back_ms / 1e3}`, load.back_ms <= BOUNDS.back_ms),
            note: `${yard.lapsed} starts lapsed meanwhile`,
          },
        ]),
    {
      name: 'errors',
      value: count,
      ...bounded('0', count === 0),
      note: errors.map(([what, n]) => `${n} ${what}`).join('; '),
    },
    {
      name: 'messages that cameras could not send in time',
      value: yard.missed,
      ...bounded('≤ 1 %', yard.missed <= yard.reads.count / 100),
    },
    {
      name: 'bays known otherwise than they are',
      value: load.disagreeing,
      ...bounded('0', load.disagreeing === 0),
    },
    {
      name: 'started again on its journal, s',
      value: (load.reopened_ms / 1e3).toFixed(1),
      note: `${load.records.all} records; ${(load.opened_ms / 1e3).toFixed(1)} with none`,
    },
    { name: 'journal verified', value: load.verified ? 'yes' : 'no', ...bounded('yes', load.verified) },
  ]
}

const bounded = (bound: string, holds: boolean) => (holds ? { bound } : { bound, broken: true })
const ms = (value: number): string => (value < 10 ? value.toFixed(1) : String(Math.round(value)))
const megabytes = (bytes: number): number => Math.round(bytes / 1e6)
