import { spawnSync } from 'node:child_process'
import { runDesign } from '../../simulations/design/design-run.ts'
import { designOf } from '../../src/commands/sim/open-design.ts'
import { EXAMPLE_SITE, scenarioText } from '../../src/commands/sim/scenario-template.ts'
import { timed } from './bay-visits.ts'
import { type Figure, rates } from './figure-table.ts'

const DAYS = 365
/** The first runs also pay for making the code fast, as a process of its own would: a year of twelve bays thirty times pays it twice. */
const WARM = 3
const RUNS = 3
/** Events that a bare loop of bays needs for one visit: arrival, plug, charge, full, leave, each of them begun and ended. */
const EVENTS_A_VISIT = 12
/** SimPy 3.0.11's bare loop, events per CPU-second, measured elsewhere: taken where no SimPy is installed. */
const SIMPY_ELSEWHERE = 750_000

/** The site of `berth sim init` for a year, everything in it: machines, reads, grid; beside it, what a bare loop that decides nothing could do. */
export function designBench(): Figure[] {
  const { design, complaints } = designOf(scenarioText(EXAMPLE_SITE), 'example.yaml', { 'run.days': DAYS })
  if (!design) throw new Error(complaints.join('\n'))
  let [bayDays, steps, visits, s] = [0, 0, 0, 0]
  for (let replication = 0; replication < WARM + RUNS; replication++) {
    let result: ReturnType<typeof runDesign> | null = null
    const took = timed(() => {
      result = runDesign(design.scenario, design.demand, { replication })
    })
    const done = result as ReturnType<typeof runDesign> | null
    if (replication < WARM || !done) continue
    bayDays += done.bayDays
    steps += done.steps
    visits += done.ledger.rows.length
    s += took
  }
  const own = bayDays / s
  const simpy = simpyEvents()
  const bare = (simpy ?? SIMPY_ELSEWHERE) / (EVENTS_A_VISIT * (visits / bayDays))
  return [
    {
      name: `simulated bay-days per CPU-second, ${design.scenario.site.bays} bays for a year`,
      ...rates(own, bare),
      note: `floor: SimPy’s bare loop, deciding nothing, ${EVENTS_A_VISIT} events a visit, ${simpy ? 'of this machine' : 'not installed: 0.75 M events per CPU-second, measured elsewhere'}; ${Math.round(steps / s / 1000)} k steps of the production machine per CPU-second`,
    },
  ]
}

/** Bays that only wait and are used, for a second or so of CPU. */
const BARE_LOOP = `
import simpy, time, random
env, done = simpy.Environment(), [0]
def bay():
    while True:
        yield env.timeout(random.expovariate(1.0)); done[0] += 1
for _ in range(1000): env.process(bay())
began = time.process_time(); env.run(until=500)
print(done[0] / (time.process_time() - began))
`

function simpyEvents(): number | null {
  const { status, stdout } = spawnSync('python3', ['-c', BARE_LOOP], { encoding: 'utf8', timeout: 60_000 })
  const events = Number(stdout)
  return status === 0 && Number.isFinite(events) ? events : null
}
