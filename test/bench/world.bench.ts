import { ALL_FAULTS } from '../../simulations/world-faults.ts'
import { playWorld } from '../../simulations/world-run.ts'
import { WORLD_PORTS } from '../../src/commands/worlds.ts'
import type { BenchLine } from './bay.bench.ts'

/** Bays and days of one simulated site. */
const SIZE = { bays: 12, days: 0.5 }
const SEEDS = [1, 2, 3]

/** Simulated bay-days per CPU-second, meter values each 60 s, laws checked after every record: in fair weather, and under every fault. */
export async function worldBench(): Promise<BenchLine[]> {
  await measured([])
  return [
    { name: 'simulated bay-days per CPU-second, fair weather', ...(await measured(ALL_FAULTS)) },
    { name: 'simulated bay-days per CPU-second, every fault at once', ...(await measured([])) },
  ]
}

async function measured(without: typeof ALL_FAULTS): Promise<{ readonly value: string; readonly note: string }> {
  const from = process.cpuUsage()
  let bayDays = 0
  let records = 0
  for (const seed of SEEDS) {
    const report = await playWorld({ ...SIZE, seed, without }, WORLD_PORTS)
    bayDays += report.bayDays
    records += report.records
  }
  const { user, system } = process.cpuUsage(from)
  const s = (user + system) / 1e6
  return {
    value: (bayDays / s).toFixed(1),
    note: `${Math.round(records / s)} records per CPU-second, each checked and replayed`,
  }
}
