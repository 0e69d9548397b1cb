import { expect, test } from 'vitest'
import type { DesignScenario } from '../../../simulations/design/design-scenario.ts'
import { answerOf, assumptionsOf } from '../../../src/commands/sim/design-answer.ts'
import { figure, type Variant } from '../../../src/commands/sim/design-variant.ts'
import { lightWords } from '../../../src/commands/sim/light-words.ts'
import { designOf } from '../../../src/commands/sim/open-design.ts'
import { summaryOf } from '../../../src/commands/sim/run-files.ts'
import type { ScenarioChange } from '../../../src/commands/sim/scenario-file.ts'
import { CROWD, ran, SITE } from './ran-variant.ts'

test('the answer says whether the grid is enough, what energy vehicles got, and how many bays no camera sees', () => {
  const tight = answerOf([ran('tight', { 'chargers.wiring': 'L1' })]).join(' ')
  expect(tight).toMatch(
    /The grid’s 32 A in each phase are not enough: they are used up [\d,.]+ min a day \([\d,.]+ to [\d,.]+\), and vehicles miss [\d.]+ % \([\d.]+ % to [\d.]+ %\) of the energy/,
  )
  expect(tight).toMatch(/Who got a bay took [\d.]+ % \([\d.]+ % to [\d.]+ %\) of the energy/)
  expect(tight).toContain('No camera sees 4 of the 6 bays')
  const ample = answerOf([ran('ample', { 'chargers.gridLimit_A': 400, 'cameras.covers': 2 })]).join(' ')
  expect(ample).toMatch(
    /The grid’s 400 A in each phase are enough: they are used up 0 min a day \(0 to 0\), and vehicles miss 0 % .*; the highest current is [\d.]+ A/,
  )
  expect(ample).not.toContain('No camera sees')
  const free = answerOf([ran('free', { 'chargers.gridLimit_A': null, cameras: [] })]).join(' ')
  expect(free).toMatch(/Without a limit of the grid the highest current of a phase is [\d.]+ A/)
  expect(free).toContain('There is no camera: no plate is ever read.')
})

test('run, sweep and check judge a limit by one measure: what one calls too little none calls enough', () => {
  const wired = SITE.replace('gridLimit_A: 32', 'gridLimit_A: 32, wiring: L1')
  const tight = ran('32 A', {}, wired)
  const ample = ran('400 A', { 'chargers.gridLimit_A': 400 }, wired)
  const side = answerOf([tight, ample]).join(' ')
  expect(answerOf([tight]).join(' ')).toContain('32 A in each phase are not enough')
  expect(side).not.toContain('32 A is enough')
  expect(side).toMatch(/With 32 A: The grid’s 32 A in each phase are not enough: they are used up/)
  expect(side).toMatch(/With 400 A: The grid’s 400 A in each phase are enough: they are used up 0 min/)
  expect(side).toMatch(
    /400 A costs as much as 32 A .*Vehicles get [\d.]+ % of the energy that fits into their stays instead of [\d.]+ %\./,
  )
  const [before, after] = [tight, ample].map((one) => figure(summaryOf(one.run), 'energy-met').interval.mean)
  const missed = figure(summaryOf(tight.run), 'grid-missed').interval.mean
  // What the limit kept from vehicles is what they get without it: the same drivers, who leave when they did.
  expect(Number(after) - Number(before)).toBeCloseTo(missed, 1)
  expect(missed).toBeGreaterThan(0.01)
})

test('a limit that only slows is told as such, and where all designs have the same it is told once', () => {
  // Nobody leaves before it is full: charges take longer, and no energy is missed.
  const patient = {
    'chargers.gridLimit_A': 64,
    'chargers.wiring': 'L1',
    'demand.stay_min': 5000,
    'demand.stayLaw': 'fixed',
    'demand.overstay.rule': 'whenFull',
  }
  const slow = ran('a', patient)
  const same = ran('b', { ...patient, 'cameras.covers': 2 })
  const answer = answerOf([slow]).join(' ')
  expect(answer).toContain('64 A in each phase are not always enough')
  const side = answerOf([slow, same])
  expect(side.filter((one) => one.includes('64 A in each phase'))).toHaveLength(1)
  expect(side.join(' ')).not.toMatch(/With a: The grid/)
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

test('the answer says what its costs hold, over how many years, and what had no price', () => {
  const plain = answerOf([ran('plain')]).join(' ')
  expect(plain).toMatch(
    /It costs [\d.]+ EUR a day: bays and cameras over 8 years, reviewers’ minutes; the grid’s connection and energy are not in it\./,
  )
  const costs = { 'costs.gridConnection_EUR': 29_200, 'costs.energy_EUR_kWh': 0.3 }
  const priced = ran('priced', costs)
  expect(answerOf([priced]).join(' ')).toMatch(
    /: bays, cameras and the grid’s connection over 8 years, reviewers’ minutes and energy at 0\.3 EUR\/kWh\./,
  )
  const [before, after] = [ran('plain'), priced].map(({ run }) => run.results[0]?.metrics ?? {})
  // 29,200 EUR over eight years are 10 a day; six bays.
  const energy_kWh = Number(after?.['energy']) * 6
  expect(Number(after?.['cost']) - Number(before?.['cost'])).toBeCloseTo(10 + 0.3 * energy_kWh, 6)
})

test('between numbers of bays the answer says how many fewer are turned away, and what each of them costs', () => {
  const [few, many] = [ran('4 bays', {}, CROWD), ran('8 bays', { 'site.bays': 8 }, CROWD)]
  const says = answerOf([few, many]).join(' ')
  const [, more, fewer, each] =
    /8 bays costs ([\d.]+) EUR a day more than 4 bays and loses ([\d.]+) \([\d.]+ to [\d.]+\) vehicles a day fewer: ([\d.]+) EUR for each/.exec(
      says,
    ) ?? []
  expect(Number(fewer)).toBeGreaterThan(6)
  expect(Number(each)).toBeCloseTo(Number(more) / Number(fewer), 1)
  expect(says).toMatch(/drive off without a bay instead of [\d.]+ %/)
  expect(says).toMatch(/worth taking where one of them is worth more than that/)
  expect(says).not.toContain('No dearer design')
})

test('who tires of the queue is lost as much as who finds no place, in the answer and in what a bay more is worth', () => {
  const queue = CROWD.replace('bays: 4 }', 'bays: 4, queuePlaces: 20 }')
  const [few, many] = [ran('4 bays', {}, queue), ran('6 bays', { 'site.bays': 6 }, queue)]
  const share = (name: string) => figure(summaryOf(few.run), name).interval.mean
  expect(share('gave-up')).toBeGreaterThan(0.1)
  expect(share('lost')).toBeCloseTo(share('gave-up') + share('turned-away'), 9)
  expect(answerOf([few])[0]).toMatch(
    /: [\d.]+ %.* drive off without a bay \([\d.]+ %.* find not even a place to wait, [\d.]+ %.* wait too long\)/,
  )
  const fewer = /and loses ([\d.]+) /.exec(answerOf([few, many]).join(' '))?.[1]
  expect(Number(fewer)).toBeGreaterThan(2)
})

test('the assumptions say why night reads as well as day, or worse', () => {
  const camera = { covers: 2, ir: true, wdr: true }
  const words = (more: object, change: ScenarioChange = {}): string => {
    const { design } = designOf(SITE, 'small.yaml', { cameras: [{ ...camera, ...more }], ...change })
    return lightWords(design?.scenario as DesignScenario).join(' ')
  }
  expect(words({})).toMatch(/that holds for every bay here, so light alone makes no difference between day and night/)
  expect(words({})).toMatch(/dark for 8\.4 h of a day/)
  expect(words({ ir: false })).toMatch(/Nothing is read then without infrared, .* every bay is read worse at night/)
  expect(words({ irRange_m: 2, shutter_s: 0.0005 })).toContain('read worse at night than by day')
  expect(words({ wdr: false })).toContain('dazzles a camera without WDR')
  expect(assumptionsOf(ran('plain')).join(' ')).toContain('It is dark for')
})

test('the assumptions say that every replication meets one register', () => {
  expect(assumptionsOf(ran('plain', { 'drivers.register': 300, 'drivers.registered': 0.7 })).join(' ')).toContain(
    '70 % of the visits are by one of 300 registered vehicles. A site has one register, so every replication meets the same one',
  )
})

test('the assumptions say that vehicles draw from all phases alike, where charge points have three', () => {
  const words = (change: ScenarioChange): string => assumptionsOf(ran('plain', change)).join(' ')
  expect(words({})).not.toContain('single phase')
  expect(words({ 'chargers.phases': 3 })).toContain('a vehicle of a single phase would take at most a third of it')
})

test('faults, wrong bills and bays let go are told where they come often enough, and only there', () => {
  const quiet = answerOf([ran('quiet')]).join(' ')
  expect(quiet).not.toMatch(/Faults cost|is billed for a charge|lets go of a vehicle|stays taken/)
  const failing = answerOf([
    ran('failing', {
      'faults.chargePointBetweenFailures_days': 3,
      'faults.chargePointRepair_h': 24,
      'personalities.clonedPlate': 0.3,
      'cameras.covers': 2,
    }),
  ]).join(' ')
  expect(failing).toMatch(
    /Faults cost [\d.]+ % \([\d.]+ % to [\d.]+ %\) of the vehicles their place, their charge or their read, and the bays [\d.]+ % /,
  )
  expect(failing).toMatch(
    /Another account is billed for a charge about (once|[\d,.]+ times) a (day|month): [\d.]+ % \([\d.]+ % to [\d.]+ %\) of the vehicles/,
  )
})

test('a trouble is told from its own frequency on, and beside others by the design that has most of it', () => {
  const { run: short } = ran('short', { 'run.replications': 2, 'run.days': 1 }, CROWD)
  const run = { ...short, scenario: { ...short.scenario, run: { ...short.scenario.run, days: 30 } } }
  const troubled = (label: string, hits: number, name: string): Variant => {
    const results = run.results.map((one) => ({ ...one, metrics: { ...one.metrics, [name]: { hits, of: 900 } } }))
    return { label, run: { ...run, results } }
  }
  const said = (hits: number, name: string): string => answerOf([troubled('a', hits, name)]).join(' ')
  expect(said(2, 'late-release')).not.toContain('stays taken')
  expect(said(6, 'late-release')).toContain(
    'stays taken for minutes after its vehicle has left about 6.1 times a month',
  )
  expect(said(2, 'false-release')).toContain('lets go of a vehicle that still stands there about 2 times a month')
  expect(said(90, 'late-release')).toContain('about 3 times a day')
  const both = answerOf([troubled('a', 3, 'wrong-payer'), troubled('b', 9, 'wrong-payer')]).join(' ')
  expect(both).toMatch(/Another account is billed for a charge about 9\.1 times a month, most with b: 1 % \(/)
})
