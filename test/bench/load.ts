import { parseArgs } from 'node:util'
import { type Figure, figureTable, keepFigures } from './figure-table.ts'
import { GROWTH_SIZES, growthPlans, growthTable } from './load-growth.ts'
import { type LoadPlan, WHOLE_LOAD } from './load-plan.ts'
import { type LoadFigures, runLoad } from './load-run.ts'
import { loadTable } from './load-table.ts'

const HELP = `npm run load [-- options]

One berth on SQLite with 2,000 charge points and 3,000 bays, cameras, vehicles that come and go, and all connections cut in the middle.
Prints one table, and writes it as JSON. Ends with 1 where a bound is broken.

  --minutes M        how long is measured, default 10
  --bays N           default 3000; charge points, as many as two thirds of them
  --meter SECONDS    between two meter values of a charging bay, default 30
  --reads N          messages of cameras a second, default 50
  --growth           instead: sites of 100, 300, 1,000, 3,000 and 10,000 bays whose bays live alike, a minute each (small ones longer, four at most):
                     time and memory of one bay
  --sizes N,N        these numbers of bays instead; ratios are to the first
  --profile FILE     a CPU profile of the server while it is measured (it slows the server down); with --growth one for each size, its bays behind the name
  --json FILE        default data/load.json, with --growth data/load-growth.json
`
const say = (line: string): void => void process.stderr.write(`${line}\n`)

/** Prints the table and keeps it; answers the exit code. */
function tell(path: string, figures: readonly Figure[], loads: readonly LoadFigures[]): number {
  process.stdout.write(`${figureTable(figures)}\n`)
  keepFigures(path, `npm run load ${process.argv.slice(2).join(' ')}`.trim(), { figures, loads })
  say(`written to ${path}`)
  return figures.some(({ broken }) => broken) ? 1 : 0
}

async function main(): Promise<number> {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean' } as const
  const { values } = parseArgs({
    options: {
      minutes: text,
      bays: text,
      meter: text,
      reads: text,
      growth: flag,
      sizes: text,
      profile: text,
      json: text,
      help: flag,
    },
  })
  if (values.help) {
    process.stdout.write(HELP)
    return 0
  }
  if (values.growth) {
    const loads: LoadFigures[] = []
    for (const plan of growthPlans(Number(values.minutes ?? 1), values.sizes?.split(',').map(Number) ?? GROWTH_SIZES)) {
      say(`${plan.bays} bays`)
      const profile = values.profile === undefined ? {} : { profile: `${values.profile}.${plan.bays}` }
      loads.push(await runLoad(plan, { say, ...profile }))
      say(figureTable(growthTable(loads)))
    }
    return tell(values.json ?? 'data/load-growth.json', growthTable(loads), loads)
  }
  const bays = Number(values.bays ?? WHOLE_LOAD.bays)
  const plan: LoadPlan = {
    ...WHOLE_LOAD,
    bays,
    chargePoints: Math.ceil((bays * 2) / 3),
    meter_s: Number(values.meter ?? WHOLE_LOAD.meter_s),
    reads: Number(values.reads ?? WHOLE_LOAD.reads),
    measure_s: Number(values.minutes ?? WHOLE_LOAD.measure_s / 60) * 60,
  }
  const load = await runLoad(plan, { say, ...(values.profile === undefined ? {} : { profile: values.profile }) })
  return tell(values.json ?? 'data/load.json', loadTable(load), [load])
}

process.exitCode = await main()
