import { describe, expect, test } from 'vitest'
import { freezableWire } from '../server/freezable-wire.ts'
import { startServer } from '../server/running-server.ts'
import { busySite } from './busy-site.ts'
import { live, openPage, PHONE, there, WALL } from './opened-page.ts'
import { boardOf, shownOf } from './shown-board.ts'

describe.skipIf(!there)('the page', { timeout: 60_000 }, () => {
  test('shows every bay with word, shape and border, who is needed oldest first, and a change within a second', async () => {
    const site = await busySite()
    const { server } = await startServer({ site })
    const { page, complaints } = await openPage(server.url)
    await live(page)
    await expect.poll(() => shownOf(page)).toEqual(boardOf(site))
    expect(await page.locator('.tile .word').allTextContents()).toEqual([
      'charging',
      'seeing',
      'asking',
      'leaving',
      'out of service',
      'free',
    ])
    expect(
      new Set(
        await page
          .locator('.tile')
          .evaluateAll((tiles) =>
            tiles.map((tile) => getComputedStyle(tile).borderTopStyle + getComputedStyle(tile).borderTopWidth),
          ),
      ).size,
    ).toBe(5)
    expect(await page.locator('.needs-list a').allTextContents()).toEqual(['bay-4', 'bay-2'])
    const begin = performance.now()
    await site.change('bay-6', { type: 'vehicle.seen' }, { state: 'detecting', detail: 'collecting' })
    await page.waitForSelector('[data-bay=bay-6][data-state=detecting]')
    expect(performance.now() - begin).toBeLessThan(1000)
    expect(complaints).toEqual([])
  })

  test('server gone: NOT LIVE within 5 seconds and orders off; server back as a new process: the same state within 3 seconds', async () => {
    const site = await busySite()
    const first = await startServer({ site })
    const { page } = await openPage(`${first.server.url}/#/bays/bay-1`)
    await live(page)
    await page.waitForSelector('[data-command=out-of-service]:enabled')
    const gone = performance.now()
    await first.server.close()
    await page.waitForSelector('body.stale', { timeout: 10_000 })
    expect(performance.now() - gone).toBeLessThan(5000)
    expect(await page.locator('#banner').textContent()).toContain('NOT LIVE')
    await expect.poll(() => page.locator('[data-command]:enabled').count()).toBe(0)
    expect(await page.locator('#bay-state').textContent()).toBe('charging')
    await page.goto(`${first.server.url}/#/`).catch(() => undefined)
    const next = await busySite({ epoch: 2 })
    await next.change('bay-6', { type: 'vehicle.seen' }, { state: 'detecting', detail: 'collecting' })
    await startServer({ site: next, port: first.server.port })
    const back = performance.now()
    await live(page)
    await expect.poll(() => shownOf(page)).toEqual(boardOf(next))
    expect(performance.now() - back).toBeLessThan(3000)
    expect(await page.locator('#banner').isHidden()).toBe(true)
  })

  test('a server that hangs with its socket open is NOT LIVE within 5 seconds too', async () => {
    const { server } = await startServer({ site: await busySite() })
    const wire = await freezableWire(server.port)
    const { page } = await openPage(`http://127.0.0.1:${wire.port}/`)
    await live(page)
    const frozen = performance.now()
    wire.freeze()
    await page.waitForSelector('body.stale', { timeout: 10_000 })
    expect(performance.now() - frozen).toBeLessThan(5000)
  })

  test("no request leaves the host, nothing is blocked by the page's own rules, on any view", async () => {
    const { server } = await startServer({ site: await busySite() })
    const { page, asked, complaints } = await openPage(server.url)
    await live(page)
    for (const bay of ['bay-1', 'bay-2', 'bay-9']) {
      await page.goto(`${server.url}/#/bays/${bay}`)
      await page.waitForTimeout(400)
    }
    await page.goto(`${server.url}/login`)
    expect(asked.length).toBeGreaterThan(10)
    expect(asked.filter((url) => new URL(url).host !== `127.0.0.1:${server.port}`)).toEqual([])
    expect(complaints).toEqual([])
  })

  test("durations follow the server where the browser's clock is an hour wrong, and the page says so", async () => {
    const site = await busySite()
    const { server } = await startServer({ site })
    const { page } = await openPage(server.url, WALL, (fresh) =>
      fresh.addInitScript('{ const real = Date.now; Date.now = () => real() + 3_600_000 }'),
    )
    await live(page)
    await site.change('bay-6', { type: 'vehicle.seen' }, { state: 'detecting', detail: 'collecting' })
    await expect.poll(() => page.locator('[data-bay=bay-6] time').textContent()).toMatch(/^0:0\d$/)
    await expect.poll(() => page.locator('#notice').textContent()).toContain('ahead')
  })

  test('fits a wall and a phone in light and dark, every target is reached by keyboard and shows its focus', async () => {
    const { server } = await startServer({ site: await busySite() })
    for (const [name, options] of [
      ['wall', WALL],
      ['phone', PHONE],
    ] as const) {
      for (const colorScheme of ['light', 'dark'] as const) {
        for (const view of ['', '#/bays/bay-1', '#/bays/bay-2']) {
          const { page } = await openPage(`${server.url}/${view}`, { ...options, colorScheme })
          await live(page)
          await page.waitForTimeout(300)
          const wide = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
          expect([name, view, Number(wide) <= 0]).toEqual([name, view, true])
          const folder = process.env['BERTH_SCREENSHOTS']
          if (folder)
            await page.screenshot({
              path: `${folder}/${name}-${colorScheme}-${view.split('/').at(-1) || 'board'}.png`,
              fullPage: true,
            })
          await page.context().close()
        }
      }
    }
    const { page } = await openPage(server.url)
    await live(page)
    await page.waitForSelector('.tile')
    const reached: string[] = []
    for (let at = 0; at < 24; at += 1) {
      await page.keyboard.press('Tab')
      reached.push(
        String(
          await page.evaluate(
            "(() => { const e = document.activeElement; return (e.dataset.bay ?? e.textContent) + ' ' + (getComputedStyle(e).outlineStyle !== 'none') })()",
          ),
        ),
      )
    }
    for (const bay of ['bay-1', 'bay-6']) expect(reached).toContain(`${bay} true`)
    await page.locator('#skip').focus()
    await page.keyboard.press('Enter')
    expect(await page.evaluate('document.activeElement.id')).toBe('main')
    await page.locator('[data-bay=bay-6]').focus()
    await page.keyboard.press('Enter')
    await expect.poll(() => page.url()).toContain('#/bays/bay-6')
  })
})
