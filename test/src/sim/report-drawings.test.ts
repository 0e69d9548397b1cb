import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Interval } from '../../../simulations/design/interval.ts'
import { choicePlot } from '../../../src/commands/sim/choice-plot.ts'
import { dayPlot } from '../../../src/commands/sim/day-plot.ts'
import { intervalPlot } from '../../../src/commands/sim/interval-plots.ts'
import { simRun } from '../../../src/commands/sim-run.ts'
import { simSweep } from '../../../src/commands/sim-sweep.ts'
import { measured } from './ran-variant.ts'

const SCENARIO = `version: 1
site: { name: Small, bays: 3 }
demand: { source: rates, visitsPerDay: 20, stay_min: 60, iceShare: 0.1 }
cameras: [{ covers: 3 }]
run: { days: 2, warmup_days: 1, replications: 2, seed: 5 }
vary: { cameras.covers: [1, 3], chargers.gridLimit_A: [1000, 2000] }
`
let folder = ''
let page = ''
beforeAll(async () => {
  const silence = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  folder = mkdtempSync(join(tmpdir(), 'berth-drawings-'))
  const path = join(folder, 'small.yaml')
  writeFileSync(path, SCENARIO)
  expect(await simSweep([path, '--out', join(folder, 'sweep')])).toBe(0)
  expect(await simRun([path, '--out', join(folder, 'run')])).toBe(0)
  page = readFileSync(join(folder, 'sweep', 'report.html'), 'utf8')
  silence.mockRestore()
}, 180_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const known = (mean: number, low: number, high: number): Interval => ({ mean, low, high, error: 1, n: 9 })
/** As XML: not what HTML forgives. */
const isXml = async (svg: string): Promise<boolean> =>
  (await sharp(Buffer.from(svg.replace('<svg', '<svg xmlns="http://www.w3.org/2000/svg"'))).metadata()).width > 0
const SHARE = { name: 'turned-away', says: 'found no place', unit: 'share' }

test('a sweep shows what designs cost against the fallbacks that they avoid, each with its interval in words too', () => {
  const alternative = /aria-label="(What designs cost[^"]*)"/.exec(page)?.[1] ?? ''
  expect(alternative).toMatch(
    /cameras\.covers 3, chargers\.gridLimit_A 1000: [\d.]+ \([\d.]+ to [\d.]+\) EUR a day, avoids 0 /,
  )
  expect(alternative).toMatch(
    /cameras\.covers 1, chargers\.gridLimit_A 2000: [\d.]+ \([\d.]+ to [\d.]+\) EUR a day, avoids -?[\d.]+ \(-?[\d.]+ to -?[\d.]+\)/,
  )
})

test('a point is hollow only where something cheaper avoids as much: never the cheapest, nor its twin', () => {
  const alternative = /aria-label="(What designs cost[^"]*)"/.exec(page)?.[1] ?? ''
  expect(alternative.match(/covers 3, /g)?.length).toBe(2)
  expect(alternative).not.toMatch(/covers 3[^;]*no more than/)
})

test('a point is not hollow where it is shown to lose fewer vehicles, whatever it does for fallbacks', () => {
  const told = (lost: readonly number[]): string => {
    const svg = choicePlot([
      measured('plain', 10, [20, 21, 19, 20], [20, 21, 22, 20]),
      measured('dearer', 12, lost, [21, 22, 24, 21]),
    ])
    return /aria-label="([^"]*)"/.exec(svg)?.[1] ?? ''
  }
  expect(told([20, 21, 19, 20])).toMatch(/dearer: .* fallbacks a day, no more than a cheaper one/)
  expect(told([10, 12, 9, 11])).not.toContain('no more than a cheaper one')
})

test('a long name stands above its row, and no axis beside it', () => {
  const svg = intervalPlot(SHARE, [{ label: 'cameras.covers 1, site.bays 12', interval: known(0.2, 0.1, 0.3) }])
  expect(svg).toContain('>cameras.covers 1, site.bays 12<')
  expect(svg).not.toContain('>row<')
})

test('the report stays one page: every drawing within it, no script, no id, no address, no style of its own', () => {
  expect(page.match(/<svg/g)?.length).toBe(page.match(/role="img"/g)?.length)
  expect(/<script|<link|src=|url\(|https?:|<svg[^>]* id=|<g[^>]* id=/.exec(page)?.[0]).toBeUndefined()
  expect(page.match(/<style/g)?.length).toBe(1)
})

test('beside the report lies each of its drawings as a PNG with something on white', async () => {
  for (const [name, html] of [
    ['sweep', page],
    ['run', readFileSync(join(folder, 'run', 'report.html'), 'utf8')],
  ] as const) {
    const plots = join(folder, name, 'plots')
    const pictures = readdirSync(plots)
    expect(pictures.length).toBe(html.match(/<svg/g)?.length)
    for (const picture of pictures) {
      const { format, width } = await sharp(join(plots, picture)).metadata()
      expect(format).toBe('png')
      expect(width).toBeGreaterThan(300)
      const { channels, isOpaque } = await sharp(join(plots, picture)).stats()
      expect(isOpaque).toBe(true)
      expect([channels[0]?.max, (channels[0]?.min ?? 255) < 60]).toEqual([255, true])
    }
  }
  expect(readdirSync(join(folder, 'sweep', 'plots'))).toEqual(
    expect.arrayContaining(['what-to-buy.png', 'day-1.png', 'plan-2.png', 'cost.png']),
  )
})

test('a run tells reads and fallbacks by light and weather, as figures, a table and plots; the parts come to the whole', () => {
  type Told = { readonly name: string; readonly hits: number; readonly of: number; readonly low: number }
  const { metrics, conditions } = JSON.parse(readFileSync(join(folder, 'run', 'metrics.json'), 'utf8')) as {
    metrics: Told[]
    conditions: { name: string; visits: number; figures: Told[] }[]
  }
  const under = (condition: string, name: string) =>
    conditions.find((one) => one.name === condition)?.figures.find((one) => one.name === name)
  for (const name of ['read-at-once', 'fallback', 'reviewed', 'not-charged']) {
    const whole = metrics.find((one) => one.name === name)
    const [day, night] = [under('day', name), under('night', name)]
    expect(Number(day?.hits) + Number(night?.hits)).toBe(whole?.hits)
    expect(Number(day?.of) + Number(night?.of)).toBe(whole?.of)
    expect(day?.low).toBeGreaterThanOrEqual(0)
  }
  const html = readFileSync(join(folder, 'run', 'report.html'), 'utf8')
  expect(html).toContain('<h2>By light and weather</h2>')
  expect(html).toMatch(
    /<td>in the dark<\/td><td class="n">\d+<\/td><td class="w">[\d.]+\u00A0% <span class="i">\([\d.]+\u00A0% to [\d.]+\u00A0%\)<\/span><\/td>/,
  )
  expect(html).toMatch(/aria-label="fallback: [^"]*in the dark: [\d.]+\u00A0% \([\d.]+\u00A0% to [\d.]+\u00A0%\)/)
  expect(readdirSync(join(folder, 'run', 'plots'))).toContain('conditions-fallback.png')
  expect(page).toContain('By light and weather')
})

test('the same figures are the same bytes, drawn once or again', () => {
  const rows = [{ label: 'a', interval: known(0.2, 0.1, 0.3) }]
  expect(intervalPlot(SHARE, rows)).toBe(intervalPlot(SHARE, rows))
  const hours = Array.from({ length: 24 }, (_, hour) => known(hour / 8, hour / 10, hour / 6))
  expect(dayPlot('Over the day', hours, 4)).toBe(dayPlot('Over the day', hours, 4))
})

test('two designs of one name keep a row each; a figure that nobody measured is said to be none', async () => {
  const none = known(Number.NaN, Number.NaN, Number.NaN)
  const svg = intervalPlot(SHARE, [
    { label: 'plan', interval: known(0.2, 0.1, 0.3) },
    { label: 'plan', interval: known(0.4, Number.NaN, Number.NaN) },
    { label: '<none & nothing>', interval: none },
  ])
  expect(svg.match(/<circle/g)?.length).toBe(2)
  expect(svg).toContain('plan: 20 % (10 % to 30 %); plan: 40 %; &lt;none &amp; nothing&gt;: nothing to measure')
  expect(await isXml(svg)).toBe(true)
  expect(svg).not.toContain('NaN')
})

test('what draws is loaded by a report only: not with the commands, and never in a worker', {
  timeout: 180_000,
}, () => {
  const drawn = (of: string): boolean => {
    const script = `import { registerHooks } from 'node:module'
let seen = false
registerHooks({ resolve(name, context, next) { seen ||= /^(@observablehq|linkedom|sharp)/.test(name); return next(name, context) } })
await import(${JSON.stringify(new URL(`../../../src/${of}`, import.meta.url).href)})
process.stdout.write(String(seen))
process.exit(0)`
    return execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }) === 'true'
  }
  expect(drawn('commands/sim/report-drawings.ts')).toBe(true)
  for (const one of [
    'sim-run',
    'sim-sweep',
    'sim-study',
    'sim',
    'sim/replication-worker',
    'sim/validation-worker',
    'sim/visit-journal',
  ])
    expect([one, drawn(`commands/${one}.ts`)]).toEqual([one, false])
})
