import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { startServer } from '../server/running-server.ts'
import { busySite } from './busy-site.ts'
import { live, openPage, PHONE, there, WALL } from './opened-page.ts'
import { violations } from './screen-check.ts'

/** Points of the tiles that have the colour of lesser text, `--faint` in light, to the bit. */
const faintPoints = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const canvas = document.querySelector('canvas') as HTMLCanvasElement
    const { data } = (canvas.getContext('2d') as CanvasRenderingContext2D).getImageData(0, 0, canvas.width, 500)
    let count = 0
    for (let at = 0; at < data.length; at += 4)
      if (data[at] === 0x56 && data[at + 1] === 0x62 && data[at + 2] === 0x68) count += 1
    return count
  })

describe.skipIf(!there)('a page that is NOT LIVE', { timeout: 180_000 }, () => {
  for (const [name, size] of [
    ['wall', WALL],
    ['phone', PHONE],
  ] as const)
    test(`on a ${name} is read as well as a live one: greyed links, legend and lesser text meet WCAG AA, light and dark`, async () => {
      const { server } = await startServer({ site: await busySite() })
      const pages: Page[] = []
      for (const at of ['/', '/#/bays/bay-1', '/#/bays/bay-2', '/#/figures']) {
        const { page } = await openPage(server.url + at, { ...size, colorScheme: 'light' })
        await live(page)
        await page.waitForSelector('#main h2')
        pages.push(page)
      }
      await server.close()
      for (const page of pages) {
        await page.waitForSelector('body.stale', { timeout: 60_000 })
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme })
          expect(await violations(page)).toEqual([])
        }
      }
    })

  test('draws its tiles in full ink too, and as before once it is live again', async () => {
    const { server } = await startServer({ site: await busySite() })
    const { page } = await openPage(server.url, { ...WALL, colorScheme: 'light' })
    await live(page)
    await expect.poll(() => faintPoints(page)).toBeGreaterThan(50)
    await server.close()
    await page.waitForSelector('body.stale', { timeout: 60_000 })
    await expect.poll(() => faintPoints(page)).toBe(0)
    await startServer({ site: await busySite({ epoch: 2 }), port: server.port })
    await live(page)
    await expect.poll(() => faintPoints(page)).toBeGreaterThan(50)
  })
})
