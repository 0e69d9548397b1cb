import { describe, expect, test } from 'vitest'
import { startServer } from '../server/running-server.ts'
import { busySite } from './busy-site.ts'
import { openPage, there } from './opened-page.ts'

/** A window of 1280 by 720 px, enlarged to 200 %. */
const ZOOMED = { viewport: { width: 640, height: 360 }, deviceScaleFactor: 2 }
const SCREENS: readonly (readonly [at: string, until: string])[] = [
  ['/#/', '[data-bay=bay-1]'],
  ['/#/bays/bay-1', '.chart .active'],
  ['/#/reviews', '.review'],
  ['/#/audit', '.audit-rows th[scope=row]'],
  ['/#/reports', '#report-name'],
  ['/#/figures/sessions', '#figures-days'],
  ['/#/vehicles', 'h2'],
  ['/#/zones', 'h2'],
  ['/#/cameras', 'h2'],
  ['/#/commission', 'h2'],
  ['/#/replay', '.replay-bar'],
  ['/d/bay-1', 'h1'],
]

describe.skipIf(!there)('a page enlarged to 200 %', { timeout: 180_000 }, () => {
  for (const locale of ['en', 'de'])
    test(`is nowhere wider than its window, and its header leaves most of it to what is shown (${locale})`, async () => {
      const { server } = await startServer({ site: await busySite() })
      const { page } = await openPage(`${server.url}/`, { ...ZOOMED, locale })
      const found: string[] = []
      for (const [at, until] of SCREENS) {
        await page.goto(server.url + at)
        await page.waitForSelector(until)
        const told = await page.evaluate(() => {
          const top = document.querySelector('header.top')?.getBoundingClientRect().height ?? 0
          return { over: document.documentElement.scrollWidth - innerWidth, top }
        })
        if (told.over > 0) found.push(`${at} is ${told.over} px wider`)
        if (told.top > 360 / 5) found.push(`${at} has a header of ${told.top} px`)
      }
      expect(found).toEqual([])
    })
})
