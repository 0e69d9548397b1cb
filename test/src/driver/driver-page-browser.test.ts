import { describe, expect, test } from 'vitest'
import { systemClock } from '../../../src/clock.ts'
import { openPage, PHONE, there, WALL } from '../inspector/opened-page.ts'
import { openArrayDesk } from '../server/array-desk.ts'
import { startServer } from '../server/running-server.ts'
import { contrast } from './colour-contrast.ts'

describe.skipIf(!there)('the driver page', { timeout: 180_000 }, () => {
  test('follows the bay by itself, asks no other host, and complains about nothing', async () => {
    const site = openArrayDesk({ clock: systemClock })
    const { server } = await startServer({ site })
    const { page, asked, complaints } = await openPage(`${server.url}/d/bay-1`, PHONE)
    expect(await page.locator('h1').textContent()).toBe('Free')
    await site.change('bay-1', { type: 'transaction.started' }, { state: 'charging-locked', detail: 'charging' })
    await expect.poll(() => page.locator('h1').textContent(), { timeout: 60_000 }).toBe('Charging')
    expect(await page.title()).toBe('Charging – bay-1')
    expect(await page.locator('#old').isVisible()).toBe(false)
    expect(asked.filter((url) => !url.startsWith(server.url))).toEqual([])
    expect(complaints).toEqual([])
  })

  test('says so when nobody answers any more, and stops saying so when somebody does', async () => {
    const site = openArrayDesk({ clock: systemClock })
    const first = await startServer({ site })
    const { page } = await openPage(`${first.server.url}/d/bay-1`, PHONE)
    await first.server.close()
    await page.waitForSelector('#old:visible', { timeout: 60_000 })
    await startServer({ site, port: first.server.port })
    await page.waitForSelector('#old', { state: 'hidden', timeout: 60_000 })
  })

  test('works without scripts, and its language with one tap', async () => {
    const { server } = await startServer()
    const { page } = await openPage(`${server.url}/d/bay-1`, { ...PHONE, javaScriptEnabled: false })
    expect(await page.locator('h1').textContent()).toBe('Free')
    await page.getByRole('link', { name: 'Deutsch' }).tap()
    expect(await page.locator('h1').textContent()).toBe('Frei')
  })

  test.each([
    ['a phone', PHONE],
    ['a small phone at large text', { viewport: { width: 320, height: 568 } }],
    ['a desk', WALL],
  ])('fits on %s in light and dark, with big words and enough contrast', async (_name, screen) => {
    const site = openArrayDesk({ clock: systemClock })
    await site.change('bay-1', { type: 'plate.seen' }, { state: 'detecting', detail: 'in-review' })
    const { server } = await startServer({ site })
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page } = await openPage(`${server.url}/d/bay-1?lang=de`, { ...screen, colorScheme })
      const seen = await page.evaluate(() => {
        const heading = document.querySelector('h1') as HTMLElement
        const tone = (element: Element, name: 'color' | 'backgroundColor') => getComputedStyle(element)[name]
        const sheet = tone(document.querySelector('main') as Element, 'backgroundColor')
        return {
          wide: document.documentElement.scrollWidth - window.innerWidth,
          size: Number.parseFloat(getComputedStyle(heading).fontSize),
          pairs: [
            [tone(heading, 'color'), sheet],
            [tone(document.querySelector('main p') as Element, 'color'), sheet],
            [
              tone(document.querySelector('footer p:last-of-type') as Element, 'color'),
              tone(document.documentElement, 'backgroundColor'),
            ],
          ],
        }
      })
      expect(seen.wide).toBeLessThanOrEqual(0)
      expect(seen.size).toBeGreaterThan(30)
      for (const [ink = '', ground = ''] of seen.pairs)
        expect(contrast(ink, ground), `${ink} on ${ground}`).toBeGreaterThan(4.5)
    }
  })
})
