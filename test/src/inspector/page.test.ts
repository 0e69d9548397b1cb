import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { freezableWire } from '../server/freezable-wire.ts'
import { startServer } from '../server/running-server.ts'
import { busySite } from './busy-site.ts'
import { live, openPage, there, WALL } from './opened-page.ts'
import { boardOf, shownOf } from './shown-board.ts'

/** What a page does within seconds is looked at again where the machine itself stood still for some. */
const BUSY = { retry: 2 }

/** The left upper corner of each bay as it is drawn, in greys, without the bay's name. */
const greyDrawings = (page: Page): Promise<number[][]> =>
  page.evaluate(() => {
    const canvas = document.querySelector('canvas') as HTMLCanvasElement
    const context = canvas.getContext('2d') as CanvasRenderingContext2D
    const from = canvas.getBoundingClientRect()
    return [...document.querySelectorAll('.bay-button')].map((button) => {
      const { left, top } = button.getBoundingClientRect()
      const { data } = context.getImageData(left - from.left, top - from.top, 36, 36)
      return Array.from({ length: 36 * 36 }, (_, at) => {
        const [red = 0, green = 0, blue = 0] = data.slice(at * 4, at * 4 + 3)
        return 0.3 * red + 0.59 * green + 0.11 * blue
      })
    })
  })
/** Points that an eye can tell apart. */
const differing = (one: readonly number[], other: readonly number[]) =>
  one.filter((grey, at) => Math.abs(grey - (other[at] ?? 0)) > 60).length

describe.skipIf(!there)('the page', { timeout: 180_000 }, () => {
  test(
    'shows every bay with word, shape and border, who is needed oldest first, and a change within a second',
    BUSY,
    async () => {
      const site = await busySite()
      const { server } = await startServer({ site })
      const { page, complaints } = await openPage(server.url)
      await live(page)
      await expect.poll(() => shownOf(page)).toEqual(boardOf(site))
      const names = () =>
        page.locator('.bay-button').evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')))
      await expect
        .poll(names)
        .toEqual([
          'bay-1, charging, 6.1 A',
          'bay-2, seeing, in review, needs you',
          'bay-3, asking, awaiting plug',
          'bay-4, leaving, still plugged, needs you',
          'bay-5, out of service',
          'bay-6, free',
        ])
      // Without any colour the drawings still differ: shape, border and word tell a state.
      const drawings = await greyDrawings(page)
      for (const [at, one] of drawings.entries())
        for (const other of drawings.slice(at + 1)) expect(differing(one, other)).toBeGreaterThan(60)
      expect(await page.locator('.needs-list a').allTextContents()).toEqual(['bay-4', 'bay-2'])
      const begin = performance.now()
      await site.change('bay-6', { type: 'vehicle.seen' }, { state: 'detecting', detail: 'collecting' })
      await page.waitForSelector('[data-bay=bay-6][data-state=detecting]')
      expect(performance.now() - begin).toBeLessThan(1000)
      expect(complaints).toEqual([])
    },
  )

  test(
    'server gone: NOT LIVE within 5 seconds and orders off; server back as a new process: the same state within 3 seconds',
    BUSY,
    async () => {
      const site = await busySite()
      const first = await startServer({ site })
      const { page } = await openPage(`${first.server.url}/#/bays/bay-1`)
      await live(page)
      await page.waitForSelector('[data-command=out-of-service]:enabled')
      const gone = performance.now()
      await first.server.close()
      await page.waitForSelector('body.stale', { timeout: 60_000 })
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
    },
  )

  test('a server that hangs with its socket open is NOT LIVE within 5 seconds too', BUSY, async () => {
    const { server } = await startServer({ site: await busySite() })
    const wire = await freezableWire(server.port)
    const { page } = await openPage(`http://127.0.0.1:${wire.port}/`)
    await live(page)
    const frozen = performance.now()
    wire.freeze()
    await page.waitForSelector('body.stale', { timeout: 60_000 })
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

  test('a screen that cannot be loaded says so and offers to load the page anew; the others go on', async () => {
    const { server } = await startServer({ site: await busySite() })
    const { page } = await openPage(server.url)
    await live(page)
    await page.route('**/cameras-screen.js', (route) => route.abort())
    await page.getByRole('link', { name: 'Cameras', exact: true }).click()
    await expect.poll(() => page.locator('#main').textContent()).toContain('could not be loaded')
    expect(await page.getByRole('button', { name: 'Reload' }).isVisible()).toBe(true)
    await page.getByRole('link', { name: 'Board' }).click()
    await page.waitForSelector('[data-bay=bay-1]')
  })

  test("durations follow the server where the browser's clock is an hour wrong, and the page says so", async () => {
    const site = await busySite()
    const { server } = await startServer({ site })
    const { page } = await openPage(server.url, WALL, (fresh) =>
      fresh.addInitScript('{ const real = Date.now; Date.now = () => real() + 3_600_000 }'),
    )
    await live(page)
    await site.change('bay-6', { type: 'vehicle.seen' }, { state: 'detecting', detail: 'collecting' })
    await page.click('[data-bay=bay-6]')
    await expect.poll(() => page.locator('.bay-head time').textContent()).toMatch(/^\d s$/)
    await expect.poll(() => page.locator('#notice').textContent()).toContain('ahead')
  })

  test('every control is reached by keyboard and shows its focus; arrows, N, / and F find bays, Enter opens one', async () => {
    const { server } = await startServer({ site: await busySite() })
    const { page } = await openPage(server.url)
    await live(page)
    await page.waitForSelector('[data-bay=bay-6]')
    const reached: string[] = []
    const here = () =>
      page.evaluate(() => {
        const { activeElement: one } = document
        const outline = one !== null && getComputedStyle(one).outlineStyle !== 'none'
        return `${(one as HTMLElement).dataset['bay'] ?? one?.id ?? ''} ${outline}`
      })
    for (let at = 0; at < 40; at += 1) {
      await page.keyboard.press('Tab')
      reached.push(await here())
    }
    // One stop for all bays; arrows walk among them.
    for (const stop of ['find true', 'filter true', 'bay-1 true']) expect(reached).toContain(stop)
    await page.locator('[data-bay=bay-1]').focus()
    for (const [key, bay] of [
      ['ArrowRight', 'bay-2'],
      ['ArrowRight', 'bay-3'],
      ['ArrowLeft', 'bay-2'],
      ['n', 'bay-4'],
      ['n', 'bay-2'],
    ] as const) {
      await page.keyboard.press(key)
      expect([key, await here()]).toEqual([key, `${bay} true`])
    }
    await page.keyboard.press('/')
    await page.keyboard.type('ab12')
    await expect.poll(() => page.locator('.search [role=status]').textContent()).toBe('3 of 6')
    await page.keyboard.press('Enter')
    expect(await here()).toBe('bay-1 true')
    await page.keyboard.press('f')
    await expect.poll(() => page.locator('#filter').inputValue()).toBe('needs')
    await page.keyboard.press('?')
    expect(await page.locator('dialog.keys dt').allTextContents()).toEqual(['←', '→', '↑', '↓', 'n', '/', 'f', '?'])
    await page.keyboard.press('Escape')
    await page.locator('#skip').focus()
    await page.keyboard.press('Enter')
    expect(await page.evaluate('document.activeElement.id')).toBe('main')
    await page.locator('[data-bay=bay-6]').focus()
    await page.keyboard.press('Enter')
    await expect.poll(() => page.url()).toContain('#/bays/bay-6')
  })
})
