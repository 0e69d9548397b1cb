import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { erlangB } from '../../../simulations/design/closed-forms.ts'
import { EXAMPLE_SITE, scenarioText } from '../../../src/commands/sim/scenario-template.ts'
import { simCheck } from '../../../src/commands/sim-check.ts'
import { saidBy } from '../journal/run-command.ts'

const folder = await mkdtemp(join(tmpdir(), 'berth-check-'))
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Checks a scenario of this text; answers the code and what was said. */
async function checked(text: string, ...argv: string[]) {
  const path = join(folder, 'scenario.yaml')
  await writeFile(path, text)
  return saidBy(simCheck, path, ...argv)
}

const EVEN = `version: 1
site: { name: Even, timezone: Europe/Berlin, bays: 5, queuePlaces: 0 }
demand: { source: rates, visitsPerDay: 48, stay_min: 120, iceShare: 0 }
cameras: [{ model: 4MP-1/2.7, covers: 1, shutter_s: 0.002, pose: { y_m: -6, height_m: 3.5 } }]
`

test('an even site is answered by Erlang’s own numbers, in a sentence and a table', async () => {
  const { code, said } = await checked(EVEN)
  expect(code).toBe(0)
  expect(said).toContain(`With 5 bays, theory turns away ${Math.round(100 * erlangB(5, 4))} % of them`)
  expect(said).toContain('8 bays would be needed to turn away at most 5 %.')
  expect(erlangB(8, 4)).toBeLessThan(0.05)
  expect(erlangB(7, 4)).toBeGreaterThan(0.05)
  expect(said).toMatch(/wait in the busiest hour, if everybody waited\s+66 min {2}Erlang C, mean/)
  const answers = JSON.parse((await checked(EVEN, '--json')).said) as { turnedAway: number }
  expect(answers.turnedAway).toBeCloseTo(erlangB(5, 4), 6)
})

test('the scenario that init writes is answered, with its source and its limit', async () => {
  const { code, said } = await checked(scenarioText(EXAMPLE_SITE).replace('gridLimit_A: null', 'gridLimit_A: 20'))
  expect(code).toBe(0)
  expect(said).toContain('Elektro Ladestandorte Hamburg')
  expect(said).toContain('M/M/K/c, equal sharing')
  expect(said).toContain('who only park')
})

test('places to wait in turn fewer away, and a scenario that does not check is answered by its errors', async () => {
  const none = JSON.parse((await checked(EVEN, '--json')).said) as { turnedAway: number }
  const some = JSON.parse(
    (await checked(EVEN.replace('queuePlaces: 0', 'queuePlaces: 2'), '--json')).said,
  ) as typeof none
  expect(some.turnedAway).toBeLessThan(none.turnedAway)
  const { code, said } = await checked(EVEN.replace('bays: 5', 'bays: many'))
  expect(code).toBe(1)
  expect(said).toMatch(/scenario\.yaml:2:.*bays/)
})

test('a limit holds for each phase: charge points in turn on three of them serve three times as many as on one', async () => {
  const limited = (wiring: string): string =>
    `${EVEN}chargers: { power_kW: 7.4, phases: 1, gridLimit_A: 40, wiring: ${wiring} }\n`
  const rotated = await checked(limited('rotate'))
  expect(rotated.said).toMatch(/They let \d\.\d vehicles on each of three phases draw all they can/)
  const share = async (wiring: string): Promise<number> => {
    const { grid } = JSON.parse((await checked(limited(wiring), '--json')).said) as { grid: { atLimit: number } }
    return grid.atLimit
  }
  expect(await share('rotate')).toBeLessThan((await share('L1')) * 0.6)
})

test('a limit is judged as in a run, by minutes a day over the week, and says what was not weighed', async () => {
  const limited = (limit_A: number): string =>
    `${EVEN}chargers: { power_kW: 7.4, phases: 1, gridLimit_A: ${limit_A}, wiring: L1 }\n`
  const tight = (await checked(limited(40))).said
  const [, minutes] =
    /The grid’s 40 A in each phase are not always enough: by theory they are used up ([\d,.]+) min a day; energy that vehicles miss for it is not weighed here/.exec(
      tight,
    ) ?? []
  const { grid } = JSON.parse((await checked(limited(40), '--json')).said) as {
    grid: { atLimit: number; usedUp_min: number }
  }
  // Every hour is like the busiest one.
  expect(grid.usedUp_min).toBeCloseTo(grid.atLimit * 1440, 6)
  expect(Number(minutes?.replace(',', ''))).toBeCloseTo(grid.usedUp_min, -1)
  expect((await checked(limited(400))).said).toContain('The grid’s 400 A in each phase are enough: by theory')
})

test('where stays are too short for the energy that is wanted, theory says what of it counts', async () => {
  // By hand: the mean of the lesser of a lognormal stay and 97 min is 49.4 min, 6.09 kWh.
  const short = EVEN.replace('stay_min: 120', 'stay_min: 60, energy_kWh: 12, energyCv: 0, vehicle_kW: 7.4')
  const { said } = await checked(short)
  expect(said).toMatch(/want 12 kWh on average, as the scenario says \(all alike\), of which 6\.\d+ kWh fit into the/)
})

test('a demand that is the same all week has no busiest hour, and one with a rush has', async () => {
  const even = (await checked(EVEN)).said
  expect(even).toContain('at any hour 4.0 would be there at once if nobody were turned away')
  expect(even).not.toMatch(/Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday/)
  const hours = [...new Array(8).fill(0), 1, ...new Array(15).fill(0)].join(', ')
  const rush = (await checked(EVEN.replace('stay_min: 120', `stay_min: 120, hourShares: [${hours}]`))).said
  expect(rush).toMatch(/in the busiest hour \(\w+day 9:00\)/)
})
