import { expect, test } from 'vitest'
import { metricsOf } from '../../../simulations/design/design-metrics.ts'
import { runDesign } from '../../../simulations/design/design-run.ts'
import { presentByHour } from '../../../simulations/design/present-by-hour.ts'
import { answerOf, assumptionsOf, type Variant } from '../../../src/commands/sim/design-answer.ts'
import { designOf } from '../../../src/commands/sim/open-design.ts'
import type { ScenarioChange } from '../../../src/commands/sim/scenario-file.ts'

const SITE = `version: 1
site: { name: Small, bays: 6 }
chargers: { power_kW: 7.4, phases: 1, gridLimit_A: 32 }
demand: { source: rates, visitsPerDay: 40, stay_min: 120, energy_kWh: 12, vehicle_kW: 7.4 }
cameras: [{ covers: [1, 2] }]
run: { days: 4, warmup_days: 1, replications: 3, seed: 5 }
`

/** A scenario that was run, with changes by key. */
function ran(label: string, change: ScenarioChange = {}, text = SITE): Variant {
  const { design, complaints } = designOf(text, 'small.yaml', change)
  if (!design) throw new Error(complaints.join('\n'))
  const results = Array.from({ length: design.scenario.run.replications }, (_, replication) => {
    const { ledger, steps, bayDays } = runDesign(design.scenario, design.demand, { replication })
    const metrics = metricsOf(design.scenario, ledger)
    return { replication, metrics, lines: '', present: presentByHour(ledger), bad: [], steps, bayDays, cpu_s: 0 }
  })
  return { label, run: { ...design, results } }
}

test('the answer says whether the grid is enough, what energy vehicles got, and how many bays no camera sees', () => {
  const tight = answerOf([ran('tight', { 'chargers.wiring': 'L1' })]).join(' ')
  expect(tight).toMatch(/The grid’s 32 A in each phase are not always enough: they are used up [\d,.]+ min a day/)
  expect(tight).toMatch(/Who got a bay took [\d.]+ % \([\d.]+ % to [\d.]+ %\) of the energy/)
  expect(tight).toContain('No camera sees 4 of the 6 bays')
  const ample = answerOf([ran('ample', { 'chargers.gridLimit_A': 400, 'cameras.covers': 2 })]).join(' ')
  expect(ample).toMatch(/The grid’s 400 A in each phase are enough: the highest current is [\d.]+ A/)
  expect(ample).not.toContain('No camera sees')
  const free = answerOf([ran('free', { 'chargers.gridLimit_A': null, cameras: [] })]).join(' ')
  expect(free).toMatch(/Without a limit of the grid the highest current of a phase is [\d.]+ A/)
  expect(free).toContain('There is no camera: no plate is ever read.')
})

test('what vehicles want and can take stands in the assumptions: given or assumed, its spread, and what the stay cuts off', () => {
  const given = assumptionsOf(ran('given')).join(' ')
  const [, fits] = /12 kWh on average, as the scenario says \(gamma.*?\), of which ([\d.]+) kWh fit/.exec(given) ?? []
  expect(Number(fits)).toBeGreaterThan(6)
  expect(Number(fits)).toBeLessThan(11)
  expect(given).toContain('Every vehicle takes at most 7.4 kW')
  const hamburg = `version: 1
site: { name: Public, bays: 2 }
demand: { source: hamburg-public }
run: { days: 1, warmup_days: 0, replications: 1 }
`
  const assumed = assumptionsOf(ran('assumed', {}, hamburg)).join(' ')
  expect(assumed).toMatch(
    /14 kWh on average, assumed because nobody measured it \(gamma, standard deviation 0\.8 of the/,
  )
  expect(assumed).toContain('65 % 11 kW, 20 % 7.4 kW, 15 % 3.7 kW')
})
