import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { replay } from '../../../src/commands/replay.ts'
import { simInit } from '../../../src/commands/sim-init.ts'
import { simRun } from '../../../src/commands/sim-run.ts'
import { simSweep } from '../../../src/commands/sim-sweep.ts'
import { verify } from '../../../src/commands/verify.ts'

let folder = ''
let said = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'berth-sim-'))
  said = ''
  const hear = (text: unknown): boolean => {
    said += String(text)
    return true
  }
  vi.spyOn(process.stdout, 'write').mockImplementation(hear)
  vi.spyOn(process.stderr, 'write').mockImplementation(hear)
})
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(folder, { recursive: true, force: true })
})

const SMALL = `version: 1
site: { name: Small, bays: 3 }
demand: { source: rates, visitsPerDay: 20, stay_min: 60, iceShare: 0.1 }
cameras: [{ covers: 3 }]
run: { days: 3, warmup_days: 1, replications: 3, seed: 5 }
`
const scenario = (text = SMALL): string => {
  const path = join(folder, 'scenario.yaml')
  writeFileSync(path, text)
  return path
}

test('a run writes figures with intervals, every visit, and what it was made of; again, the same bytes', async () => {
  const path = scenario()
  expect(await simRun([path, '--out', join(folder, 'a')])).toBe(0)
  expect(await simRun([path, '--out', join(folder, 'b')])).toBe(0)
  for (const name of ['metrics.json', 'visits.csv', 'manifest.json', 'report.html'])
    expect(readFileSync(join(folder, 'b', name), 'utf8')).toBe(readFileSync(join(folder, 'a', name), 'utf8'))
  const { metrics } = JSON.parse(readFileSync(join(folder, 'a', 'metrics.json'), 'utf8')) as {
    metrics: { name: string; mean: number; low: number; high: number; n: number }[]
  }
  const use = metrics.find(({ name }) => name === 'bay-use')
  expect(use?.n).toBe(3)
  expect(use?.low).toBeLessThan(use?.mean ?? 0)
  expect(use?.high).toBeGreaterThan(use?.mean ?? 1)
  expect(readFileSync(join(folder, 'a', 'visits.csv'), 'utf8').split('\n').length).toBeGreaterThan(100)
  expect(said).toContain('Small: 3 bays, 3 days, 3 replications, seed 5')
})

test('the figures of a run stand apart from their units, however long their intervals are', async () => {
  expect(await simRun([scenario(), '--out', join(folder, 'a')])).toBe(0)
  const lines = said.split('\n').filter((line) => line.includes(' share'))
  expect(lines.length).toBeGreaterThan(8)
  const starts = new Set(lines.map((line) => line.indexOf(' share  ')))
  expect(starts.size).toBe(1)
  // In per cent, as the report says them.
  for (const line of lines) expect(line).toMatch(/ (none|[\d.e-]+ %) /)
  expect(said).not.toMatch(/\d(share|min|per|kWh|EUR|vehicles)/)
  // The answer stands above them, as in the report.
  expect(said).toMatch(/^\d+ bays and \d+ cameras? serve [\d.]+ vehicles a day/)
})

test('a run that memory cannot hold is refused at once, with what would fit', async () => {
  const huge = SMALL.replace('visitsPerDay: 20', 'visitsPerDay: 500')
  const run = (days: number, replications: number) =>
    scenario(huge.replace('days: 3', `days: ${days}`).replace('replications: 3', `replications: ${replications}`))
  expect(await simRun([run(3650, 1), '--out', join(folder, 'a')])).toBe(1)
  expect(said).toMatch(/1\.83 million in one replication.*write at most 2,000 days/)
  expect(await simRun([run(300, 10_000), '--out', join(folder, 'a')])).toBe(1)
  expect(said).toMatch(/visits\.csv would have 1,500 million lines.*write at most 66 replications/)
  expect(await simSweep([scenario(`${huge.replace('days: 3', 'days: 3650')}vary: { cameras.covers: [1, 3] }\n`)])).toBe(
    1,
  )
  expect(said).toContain('cameras.covers 1: 500 visits a day')
  expect(readdirSync(folder)).toEqual(['scenario.yaml'])
})

test('a rerun into the same folder leaves the journals of its own visits alone, each of which the report links', async () => {
  const path = scenario(SMALL.replace('iceShare: 0.1', 'iceShare: 0.1 }\ndrivers: { cardShare: 0.2, qrShare: 0'))
  const out = join(folder, 'a')
  const journals = async (seed: string): Promise<string[]> => {
    expect(await simRun([path, '--out', out, '--seed', seed])).toBe(0)
    return readdirSync(join(out, 'journals')).sort()
  }
  const first = await journals('6')
  expect(first.length).toBeGreaterThan(0)
  const second = await journals('7')
  expect(second).not.toEqual(first)
  const linked = [...reportIn(out).matchAll(/href="journals\/([^"]+)"/g)].map(([, name]) => name)
  expect(second).toEqual(linked.sort())
})

test('another seed is another run, and its manifest says which', async () => {
  const path = scenario()
  expect(await simRun([path, '--out', join(folder, 'a'), '--seed', '6'])).toBe(0)
  expect(JSON.parse(readFileSync(join(folder, 'a', 'manifest.json'), 'utf8'))).toMatchObject({
    seed: 6,
    replications: 3,
  })
})

const RICH = `version: 1
site: { name: Rich, bays: 6, timezone: Europe/Berlin, queuePlaces: 1 }
chargers: { power_kW: 7.4, phases: 1, gridLimit_A: 40, others: [{ bays: [2, 5], power_kW: 22, phases: 3, profile: eager }, { bays: [3], profile: terse }] }
demand: { source: rates, visitsPerDay: 50, stay_min: 80, iceShare: 0.1 }
cameras: [{ covers: [1, 2, 3] }, { covers: [4, 5], pose: { y_m: -13, height_m: 3.5 } }]
layout: { rows: 2, vanShare: 0.4 }
personalities: { plugsIntoNeighbour: 0.1, drivesPast: 0.1, leavesCable: 0.1, clonedPlate: 0.1, swapsCars: 0.1, replugs: 0.1, drivesOff: 0.1 }
faults: { chargePointBetweenFailures_days: 2, chargePointRepair_h: 4, powerCut_perYear: 300, cameraAway_perDay: 2, chargePointOffline_perBayDay: 1 }
run: { from: 2026-03-27, days: 3, warmup_days: 1, replications: 2, seed: 5 }
`

test('whatever fails, whoever comes and wherever clocks are turned: the same seed gives the same files, down to reports and journals, by either engine', async () => {
  const path = scenario(RICH)
  expect(await simRun([path, '--out', join(folder, 'a')]), said).toBe(0)
  expect(await simRun([path, '--out', join(folder, 'b')])).toBe(0)
  expect(await simRun([path, '--out', join(folder, 'c'), '--engine', 'xstate'])).toBe(0)
  const journals = readdirSync(join(folder, 'a', 'journals')).map((name) => `journals/${name}`)
  expect(journals.length).toBeGreaterThan(3)
  const files = ['metrics.json', 'visits.csv', 'manifest.json', 'report.html', 'plots/plan.png', ...journals]
  for (const name of files)
    for (const other of ['b', 'c'])
      expect(readFileSync(join(folder, other, name)).equals(readFileSync(join(folder, 'a', name))), name).toBe(true)
  for (const name of journals) expect(await replay([join(folder, 'a', name)])).toBe(0)
  const report = reportIn(join(folder, 'a'))
  for (const words of [
    'bays-lost',
    'drivers-hit',
    'On average a charge point fails every 2 days',
    'drivesPast 10 %',
    'messages as <code>eager</code>',
  ])
    expect(report).toContain(words)
})

test('the tables and XState itself give the same bytes', async () => {
  const path = scenario()
  expect(await simRun([path, '--out', join(folder, 'a')])).toBe(0)
  expect(await simRun([path, '--out', join(folder, 'b'), '--engine', 'xstate'])).toBe(0)
  for (const name of ['metrics.json', 'visits.csv', 'manifest.json'])
    expect(readFileSync(join(folder, 'b', name), 'utf8')).toBe(readFileSync(join(folder, 'a', name), 'utf8'))
  expect(await simRun([path, '--engine', 'guess'])).toBe(2)
})

test('of each kind of trouble a journal is written that replays without a difference', async () => {
  const path = scenario(SMALL.replace('iceShare: 0.1', 'iceShare: 0.1 }\ndrivers: { cardShare: 0.2, qrShare: 0'))
  expect(await simRun([path, '--out', join(folder, 'a')])).toBe(0)
  const journals = readdirSync(join(folder, 'a', 'journals'))
  expect(journals.some((name) => name.startsWith('not-charged-'))).toBe(true)
  for (const name of journals) {
    said = ''
    expect(await replay([join(folder, 'a', 'journals', name)])).toBe(0)
    expect(said).toContain('no difference')
    expect(await verify([join(folder, 'a', 'journals', name)])).toBe(0)
  }
})

test('a run stops early once its main figures are known well enough', async () => {
  const path = scenario(SMALL.replace('replications: 3', 'replications: 12, targetHalfWidth: 0.9'))
  expect(await simRun([path, '--out', join(folder, 'a')])).toBe(0)
  const { replications } = JSON.parse(readFileSync(join(folder, 'a', 'manifest.json'), 'utf8')) as {
    replications: number
  }
  expect(replications).toBeGreaterThanOrEqual(5)
  expect(replications).toBeLessThan(12)
  expect(reportIn(join(folder, 'a'))).toMatch(
    new RegExp(
      `${replications} replications \\(of 12: then the main figures were known to within 90 % of themselves\\)`,
    ),
  )
})

test('a scenario that does not check runs nothing, and says line, key and what to write', async () => {
  expect(await simRun([scenario('version: 1\nsite: { bays: 3, size: 4 }\n'), '--out', join(folder, 'a')])).toBe(1)
  expect(said).toMatch(/scenario\.yaml:2:18 site\.size: unknown key `size`/)
  expect(existsSync(join(folder, 'a'))).toBe(false)
  expect(await simRun([join(folder, 'none.yaml')])).toBe(1)
  expect(await simRun([])).toBe(2)
})

test('init writes a scenario that runs, of a site file too, and never over one that is there', async () => {
  const path = join(folder, 'new.yaml')
  expect(await simInit([path])).toBe(0)
  expect(await simInit([path])).toBe(1)
  expect(said).toContain('is there already')
  const site = join(folder, 'site.yaml')
  writeFileSync(
    site,
    `site: { id: depot, name: Depot South, timezone: Europe/London }
cameras: [{ id: cam-1, token: '\${CAM_1_TOKEN_OF_NOBODY}', kind: push }]
bays:
  - { id: left, chargePoint: CP-1, evse: 1, zones: [{ camera: cam-1, polygon: [[0, 0], [0.5, 0], [0.5, 1], [0, 1]] }] }
  - { id: right, chargePoint: CP-1, evse: 2, zones: [{ camera: cam-1, polygon: [[0.5, 0], [1, 0], [1, 1], [0.5, 1]] }] }
chargePoints: [{ id: CP-1 }]
policy: { quorum: 3 }
`,
  )
  expect(await simInit([path, '--from', site, '--force'])).toBe(0)
  const text = readFileSync(path, 'utf8')
  expect(text).toContain('{ name: Depot South, timezone: Europe/London, bays: 2 }')
  expect(text).toContain('covers: [ 1, 2 ]')
  expect(said).toContain('What charge points give, the limit of the grid and the demand stand in no site file')
  expect(text).toContain('policy: { quorum: 3 }')
})

test('a report is one page without script: the answer first, then plan, figures, journals and what was assumed', async () => {
  const path = scenario()
  expect(await simRun([path, '--out', join(folder, 'a')])).toBe(0)
  const page = readFileSync(join(folder, 'a', 'report.html'), 'utf8')
  expect(/<script|<link|src=|url\(|https?:/.exec(page)?.[0]).toBeUndefined()
  const places = ['3 bays and 1 camera serve', 'Over the day', 'Plan: as planned', 'Every figure', 'What was assumed']
  const found = places.map((words) => page.indexOf(words))
  expect(found.every((place) => place > 0)).toBe(true)
  expect([...found].sort((a, b) => a - b)).toEqual(found)
  expect(page).toContain('berth’s own reader')
})

test('a sweep sets every combination side by side, and says what each step costs and avoids', async () => {
  const path = scenario(`${SMALL}vary: { cameras.covers: [1, 3] }\n`)
  expect(await simSweep([path, '--out', join(folder, 'a')])).toBe(0)
  expect(said).toContain('The cheapest design is cameras.covers 3')
  const { designs } = JSON.parse(readFileSync(join(folder, 'a', 'metrics.json'), 'utf8')) as {
    designs: { label: string; metrics: { name: string; mean: number; change?: { mean: number; low: number } }[] }[]
  }
  expect(designs.map(({ label }) => label)).toEqual(['cameras.covers 1', 'cameras.covers 3'])
  const of = (index: number, name: string) => designs[index]?.metrics.find((one) => one.name === name)
  // The same vehicles came to both.
  expect(of(1, 'arrivals')?.change).toMatchObject({ mean: 0, low: 0 })
  expect(of(1, 'cost')?.mean).toBeLessThan(of(0, 'cost')?.mean ?? 0)
  expect(await simSweep([scenario(), '--out', join(folder, 'b')])).toBe(1)
})

test.skipIf(!existsSync('/proc/self'))(
  'a folder that nobody can make ends at once with a sentence',
  { timeout: 120_000 },
  () => {
    const path = scenario(`${SMALL}vary: { cameras.covers: [1, 3] }\n`)
    const berth = new URL('../../../src/berth.mjs', import.meta.url).pathname
    for (const call of [
      ['run', path],
      ['sweep', path],
      ['compare', path, path],
      ['study', 'zones'],
    ]) {
      const { status, stderr } = spawnSync(process.execPath, [berth, 'sim', ...call, '--out', '/proc/berth/x'], {
        encoding: 'utf8',
        timeout: 60_000,
      })
      expect(stderr).toContain('cannot be written into /proc/berth/x: there is no such file or folder')
      expect(status).toBe(1)
    }
    const { stderr } = spawnSync(process.execPath, [berth, 'sim', 'run', path, '--out', '/proc'], {
      encoding: 'utf8',
      timeout: 60_000,
    })
    expect(stderr).toContain('cannot be written into /proc: there is no such file or folder')
  },
)

/** A folder's report, its no-break spaces as spaces. */
const reportIn = (from: string): string => readFileSync(join(from, 'report.html'), 'utf8').replaceAll('\u00a0', ' ')
