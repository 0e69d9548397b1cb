import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
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

let folder = ''
beforeAll(async () => {
  if (!there) return
  folder = mkdtempSync(join(tmpdir(), 'berth-report-'))
  writeFileSync(join(folder, 'depot.yaml'), SCENARIO)
  expect(await simSweep([join(folder, 'depot.yaml'), '--out', folder])).toBe(0)
})
afterAll(() => folder && rmSync(folder, { recursive: true, force: true }))

describe.skipIf(!there)('the report of a sweep', { timeout: 90_000 }, () => {
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
      if (size === 'wall' && process.env['BERTH_SCREENS'] === '1') {
        await page.setViewportSize({ width: 1060, height: 1500 })
        await page.goto(url)
        await page.screenshot({ path: new URL('../../../docs/screens/sim-sweep-wall.png', import.meta.url).pathname })
      }
    },
  )
})
