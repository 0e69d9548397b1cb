import { opened, step } from '../../machines/step.ts'
import { ALL_FAULTS } from '../../simulations/world-faults.ts'
import { playWorld } from '../../simulations/world-run.ts'
import { WORLD_PORTS } from '../../src/commands/worlds.ts'
import { best, fresh, timed, visits } from './bay-visits.ts'
import { type Figure, rates } from './figure-table.ts'

/** Bays and days of one simulated site. */
const SIZE = { bays: 12, days: 0.5 }
const SEEDS = [1, 2, 3]

/** Simulated bay-days per CPU-second, meter values each 60 s, laws checked after every record: in fair weather, and under every fault. */
export async function worldBench(): Promise<Figure[]> {
  await measured([])
  const bare = bareSteps()
  return [
    { name: 'records of a simulated site per CPU-second, fair weather', ...(await measured(ALL_FAULTS, bare)) },
    { name: 'records of a simulated site per CPU-second, every fault at once', ...(await measured([], bare)) },
  ]
}

/** The floor: steps of one bay's machine with their records per CPU-second, and nothing around it. */
function bareSteps(): number {
  const events = [...visits(400)]
  const s = best(3, () => {
    const list = fresh(events)
    let bay = opened('bay-1')
    return timed(() => {
      for (const event of list) bay = step(bay, event).snapshot
    })
  })
  return events.length / s
}

async function measured(without: typeof ALL_FAULTS, bare = 1): Promise<Omit<Figure, 'name'>> {
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
    ...rates(records / s, bare),
    note: `floor: bare steps of one bay; each record checked and replayed; ${(bayDays / s).toFixed(1)} bay-days per CPU-second`,
  }
}
