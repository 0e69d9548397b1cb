import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { intervalPlot } from '../../../src/commands/sim/interval-plots.ts'
import { simRun } from '../../../src/commands/sim-run.ts'
import { simStudy } from '../../../src/commands/sim-study.ts'
import { simSweep } from '../../../src/commands/sim-sweep.ts'
import { openPage, PHONE, there, WALL } from '../inspector/opened-page.ts'
import { violations } from '../inspector/screen-check.ts'

const SCENARIO = `version: 1
site: { name: Depot North, timezone: Europe/Berlin, bays: 8, queuePlaces: 2 }
demand: { source: hamburg-public, scale: 4, iceShare: 0.03 }
cameras: [{ covers: 4 }]
weather: { snow: 0.05 }
run: { days: 4, warmup_days: 1, replications: 4, seed: 1 }
vary: { cameras.covers: [1, 2, 4] }
`

const picture = (name: string): string => new URL(`../../../docs/screens/${name}`, import.meta.url).pathname
const isPictured = process.env['BERTH_SCREENS'] === '1'

let folder = ''
beforeAll(async () => {
  if (!there) return
  folder = mkdtempSync(join(tmpdir(), 'berth-report-'))
  writeFileSync(join(folder, 'depot.yaml'), SCENARIO)
  expect(await simSweep([join(folder, 'depot.yaml'), '--out', folder])).toBe(0)
})
afterAll(() => folder && rmSync(folder, { recursive: true, force: true }))

/** On a phone every row of a table stays a few lines high: what does not fit is scrolled to, never broken letter by letter. */
async function expectPhoneRows(page: Awaited<ReturnType<typeof openPage>>['page']): Promise<void> {
  const wall = page.viewportSize()
  await page.setViewportSize({ width: 390, height: 844 })
  const highest = await page.evaluate(
    'Math.max(...[...document.querySelectorAll("main > .wide tr")].map((row) => row.getBoundingClientRect().height))',
  )
  expect(highest).toBeGreaterThan(10)
  expect(highest).toBeLessThan(140)
  expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0)
  if (wall) await page.setViewportSize(wall)
}

describe.skipIf(!there)('the report of a sweep', { timeout: 180_000 }, () => {
  test.each([
    ['wall', WALL],
    ['phone', PHONE],
  ] as const)(
    'on a %s: WCAG 2.2 AA, all within the screen, nothing asked of anybody, no complaint',
    async (size, options) => {
      const url = pathToFileURL(join(folder, 'report.html')).href
      const { page, asked, complaints } = await openPage(url, { ...options, javaScriptEnabled: true })
      await page.locator('summary').first().click()
      expect(await violations(page)).toEqual([])
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0)
      expect(asked).toEqual([url])
      expect(complaints).toEqual([])
      if (size === 'wall' && isPictured) {
        await page.setViewportSize({ width: 1060, height: 1500 })
        await page.goto(url)
        await page.screenshot({ path: picture('sim-sweep-wall.png') })
      }
    },
  )

  test('no words of a plot are cut at its edges, however long they are', async () => {
    const { page } = await openPage(pathToFileURL(join(folder, 'report.html')).href, WALL)
    const known = { mean: 0.000277, low: 0.0000488, high: 0.00157, error: 1, n: 9 }
    const says =
      'what was built over its years, the minutes of reviewers, and the energy where it has a price of its own'
    const long = intervalPlot({ name: 'wrong-bay', says, unit: 'share' }, [{ label: 'on the ground', interval: known }])
    await page.evaluate(`document.body.insertAdjacentHTML('beforeend', ${JSON.stringify(long)})`)
    const cut = await page.evaluate(
      `[...document.querySelectorAll('svg')].flatMap((svg) => {
        const { left, right, top, bottom } = svg.getBoundingClientRect()
        return [...svg.querySelectorAll('text')].filter((one) => {
          const words = one.getBoundingClientRect()
          return words.left < left - 1 || words.right > right + 1 || words.top < top - 1 || words.bottom > bottom + 1
        }).map((one) => one.textContent)
      })`,
    )
    expect(cut).toEqual([])
  })

  test.each([
    ['run', (out: string) => simRun([join(folder, 'depot.yaml'), '--out', out])],
    ['study', (out: string) => simStudy(['grid', '--days', '7', '--replications', '5', '--out', out])],
  ] as const)('the report of a %s is as readable, and asks nothing of anybody', async (name, write) => {
    const out = join(folder, name)
    expect(await write(out)).toBe(0)
    const url = pathToFileURL(join(out, 'report.html')).href
    const { page, asked, complaints } = await openPage(url, { ...WALL, javaScriptEnabled: true })
    expect(await violations(page)).toEqual([])
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0)
    expect(asked).toEqual([url])
    expect(complaints).toEqual([])
    if (name === 'run') await expectPhoneRows(page)
    if (!isPictured) return
    await page.setViewportSize({ width: 1060, height: name === 'run' ? 1500 : 760 })
    await page.goto(url)
    await page.screenshot({ path: picture(`sim-${name}-wall.png`) })
  })
})
