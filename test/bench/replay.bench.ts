import { BayHost } from '../../actors/bay-actor.ts'
import type { FactRecord } from '../../machines/record.ts'
import { alarms } from '../../projections/alarms.ts'
import { SitePast } from '../../src/site-past.ts'
import { livedPast } from '../projections/lived-past.ts'
import { type Figure, times } from './figure-table.ts'

/** Records of the journal that is walked through. */
const RECORDS = 20_000
/** Steps of the slider, and jumps. */
const STEPS = 300

/** A journal of 20,000 records: the first place that is asked for, steps there and back, and jumps to anywhere. */
export async function replayBench(): Promise<Figure[]> {
  const past = await longPast()
  const site = new SitePast({ readSite: async (after = 0, limit = 1_000) => past.slice(after, after + limit) })
  const began = performance.now()
  const bays = live(past, site)
  const whole = performance.now() - began
  const last = past.length
  const first = await timed(() => site.at(Math.floor(last * 0.73)))
  const steps: number[] = []
  for (let step = 0; step < STEPS; step += 1) {
    const away = step < STEPS / 2 ? step : STEPS - step
    steps.push(await timed(() => site.at(Math.floor(last / 2) - away)))
  }
  const jumps: number[] = []
  for (let jump = 1; jump <= STEPS; jump += 1) jumps.push(await timed(() => site.at(((jump * 7919) % last) + 1)))
  const note = `floor: all ${last} records of ${bays} bays lived from the first`
  const of = (all: readonly number[]) => ({
    ...times(medianOf(all), whole),
    note: `worst ${Math.max(...all).toFixed(1)}`,
  })
  return [
    { name: 'replay: the first place that is asked for, ms', ...times(first, whole), note },
    { name: 'replay: a step of the slider, ms, median', ...of(steps) },
    { name: 'replay: a jump to anywhere, ms, median', ...of(jumps) },
  ]
}

/** Days of simulated sites until there are 20,000 records. */
export async function longPast(): Promise<readonly FactRecord[]> {
  let days = 1
  let past = await livedPast(1, days)
  while (past.length < RECORDS) {
    days = Math.ceil((days * RECORDS * 1.1) / past.length)
    past = await livedPast(1, days)
  }
  return past.slice(0, RECORDS)
}

/** Lives the journal as a start does. Answers how many bays it is of. */
function live(past: readonly FactRecord[], site: SitePast): number {
  const hosts = new Map<string, BayHost>()
  const open = alarms.start()
  for (const record of past) {
    const { bayId } = record
    if (bayId !== null) {
      const host = hosts.get(bayId) ?? new BayHost(bayId)
      hosts.set(bayId, host)
      host.relive(record)
    }
    alarms.fold(open, record)
    site.hear(record, { hosts, gone: new Map() }, open)
  }
  return hosts.size
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now()
  await work()
  return performance.now() - from
}

const medianOf = (all: readonly number[]): number => all.toSorted((a, b) => a - b)[all.length >> 1] ?? 0
