import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { DesignScenario } from '../../../simulations/design/design-scenario.ts'
import { openDesign } from '../../../src/commands/sim/open-design.ts'
import { checkScenario } from '../../../src/commands/sim/scenario-file.ts'
import { EXAMPLE_SITE, scenarioText } from '../../../src/commands/sim/scenario-template.ts'
import { simInit } from '../../../src/commands/sim-init.ts'
import { simSite } from '../../../src/commands/sim-site.ts'
import { checkSiteFileAt } from '../../../src/site-file.ts'

let folder = ''
let said = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'berth-kept-'))
  said = ''
  const hear = (words: unknown): boolean => {
    said += String(words)
    return true
  }
  vi.spyOn(process.stdout, 'write').mockImplementation(hear)
  vi.spyOn(process.stderr, 'write').mockImplementation(hear)
})
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(folder, { recursive: true, force: true })
})

const RICH = `version: 1
site: { name: Depot "North", timezone: Europe/Berlin, bays: 8, bayWidth_m: 2.6, queuePlaces: 3 }
chargers: { power_kW: 7.4, phases: 1, gridLimit_A: 40, sharing: fifo, others: [{ bays: [2, 7], power_kW: 22, phases: 3, profile: eager }] }
demand: { source: ../figures.json, scale: 1.2, iceShare: 0.03, energy_kWh: 18, overstay: { rule: whenFull } }
cameras:
  - { model: 8MP-1/1.8, focal_mm: [3, 9], covers: [1, 2], ir: false, pose: { x_m: 2.5, y_m: -7.5, height_m: 4.2, aim: [2.5, 0, 0.7] } }
  - { covers: [5, 6, 7], shutter_s: 0.001 }
layout: { rows: 2, aisle_m: 7, plates: rear, obstacles: [{ at: [3, -2], width_m: 0.3, height_m: 4 }] }
personalities: { leavesCable: 0.02 }
faults: { powerCut_perYear: 3, chargePointBetweenFailures_days: 60 }
weather: { snow: 0.05 }
costs: { bay_EUR: 7000 }
policy: { quorum: 3 }
run: { from: 2026-03-02, days: 9, seed: 4 }
vary: { cameras.shutter_s: [0.001, 0.004] }
`
const scenarioOf = (text: string): DesignScenario => {
  const { scenario, problems } = checkScenario(text)
  if (!scenario) throw new Error(JSON.stringify(problems))
  return scenario
}
const envOf = (count: number): NodeJS.ProcessEnv => ({
  BERTH_ADMIN_TOKEN: 'admin-of-the-test',
  ...Object.fromEntries(Array.from({ length: count }, (_, index) => [`CAM_${index + 1}_TOKEN`, `secret-${index}`])),
})

/** A scenario in one folder, its site file in another, and the scenario that is made of it in a third. */
async function roundTrip(text: string): Promise<{ readonly site: string; readonly again: string }> {
  const [first, site, again] = ['plans/one.yaml', 'sites/site.yaml', 'later/deep/again.yaml'].map((name) =>
    join(folder, name),
  ) as [string, string, string]
  for (const name of ['plans', 'sites', 'later/deep']) mkdirSync(join(folder, name), { recursive: true })
  writeFileSync(first, text)
  expect(await simSite([first, '--out', site]), said).toBe(0)
  expect(await simInit([again, '--from', site]), said).toBe(0)
  return { site, again }
}

test('a design that became a site file and a scenario again is the same design, down to poses, grid and demand', async () => {
  const figures = {
    version: 1,
    name: 'f',
    source: 's',
    licence: 'l',
    from: 'a',
    to: 'b',
    sessions: 1,
    chargePoints: 8,
    dispersion: 1,
    visitsOf: 'site',
    energy: null,
  }
  const kinds = ['weekday', 'saturday', 'sunday']
  const of = (value: unknown) => Object.fromEntries(kinds.map((kind) => [kind, value]))
  const visits = { visits: of(9), comings: of({ kind: 'past', visits: [[480, 60, 12]] }) }
  writeFileSync(join(folder, 'figures.json'), JSON.stringify({ ...figures, ...visits }))
  const { site, again } = await roundTrip(RICH)
  const back = scenarioOf(readFileSync(again, 'utf8'))
  const before = scenarioOf(RICH)
  expect(back).toEqual({ ...before, demand: { ...before.demand, source: '../../figures.json' } })
  expect(openDesign(again).complaints).toEqual([])
  const checked = await checkSiteFileAt(site, envOf(2))
  expect(checked.errors).toEqual([])
  const [first, lane, second] = checked.site?.layout ?? []
  expect([first?.[0], lane?.length, second?.[0]]).toEqual(['bay-1', 0, 'bay-8'])
})

test('the example goes there and back, needs no secret on the way, and its site file checks with one for each camera', async () => {
  vi.stubEnv('CAM_1_TOKEN', undefined)
  const text = scenarioText(EXAMPLE_SITE)
  const { site, again } = await roundTrip(text)
  expect(scenarioOf(readFileSync(again, 'utf8'))).toEqual(scenarioOf(text))
  expect(said).toContain(
    `CAM_1_TOKEN=… CAM_2_TOKEN=… CAM_3_TOKEN=… CAM_4_TOKEN=… CAM_5_TOKEN=… CAM_6_TOKEN=… berth check ${site}`,
  )
  expect((await checkSiteFileAt(site, envOf(6))).errors).toEqual([])
})

test.each([
  ['without zones', 'cameras: [{ covers: 1 }]\nlayout: { zones: none }\n', 3],
  ['zones on the ground', 'cameras: [{ covers: 3 }]\nlayout: { zones: ground }\n', 1],
  ['a camera that looks past its bays', 'cameras: [{ covers: 3, focal_mm: 30, pose: { aim: [-40, -3, 1] } }]\n', 1],
  ['no camera', '', 0],
])('a design with %s becomes a site file that checks', async (_, parts, count) => {
  const { site, again } = await roundTrip(`version: 1\nsite: { bays: 3 }\n${parts}`)
  expect((await checkSiteFileAt(site, envOf(count))).errors).toEqual([])
  expect(scenarioOf(readFileSync(again, 'utf8'))).toEqual(scenarioOf(`version: 1\nsite: { bays: 3 }\n${parts}`))
})

test('a plan that no longer fits the bays of its site is written, and said with line and key', async () => {
  const { site } = await roundTrip('version: 1\nsite: { bays: 3 }\ncameras: [{ covers: [3] }]\n')
  const kept = readFileSync(site, 'utf8')
  writeFileSync(site, kept.replace(/ {2}- id: bay-3[\s\S]*?(?=chargePoints:)/, ''))
  said = ''
  expect(await simInit([join(folder, 'new.yaml'), '--from', site])).toBe(1)
  expect(said).toMatch(
    /does not fit its bays any more; mend it there or here\.\n.*cameras\[0\]\.covers: there is no bay 3; write bays from 1 to 2\./,
  )
})

test('of a site file without a plan the heights of its cameras are kept', async () => {
  const site = join(folder, 'site.yaml')
  writeFileSync(
    site,
    `site: { id: depot, name: Depot, timezone: UTC }
cameras: [{ id: cam-1, token: '\${NOBODYS_TOKEN}', kind: push, height_m: 4.5 }]
bays: [{ id: left, chargePoint: CP-1, evse: 1, zones: [{ camera: cam-1, polygon: [[0, 0], [1, 0], [1, 1]] }] }]
chargePoints: [{ id: CP-1 }]
`,
  )
  const path = join(folder, 'new.yaml')
  expect(await simInit([path, '--from', site]), said).toBe(0)
  expect(scenarioOf(readFileSync(path, 'utf8')).cameras[0]?.pose.height_m).toBe(4.5)
  expect(said).toContain('What charge points give, the limit of the grid and the demand stand in no site file')
})
