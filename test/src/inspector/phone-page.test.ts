import { describe, expect, test } from 'vitest'
import { ROLE_TOKENS, startServer } from '../server/running-server.ts'
import { busySite } from './busy-site.ts'
import { live, openAs, openPage, PHONE, there } from './opened-page.ts'

/** The most that stands on a phone's screen always, px. */
const ROW = 64

describe.skipIf(!there)('the page on a phone', { timeout: 180_000 }, () => {
  for (const locale of ['en', 'de'])
    test(`one row stands above all, and who needs somebody and the first four bays are seen at once (${locale})`, async () => {
      const { server } = await startServer({ site: await busySite() })
      const { page } = await openPage(`${server.url}/`, { ...PHONE, locale })
      await live(page)
      const box = async (selector: string) => (await page.locator(selector).boundingBox()) ?? { y: -1, height: 9999 }
      const top = await box('header.top')
      expect(top.height).toBeLessThanOrEqual(ROW)
      const first = await box('.need >> nth=0')
      expect(first.y).toBeGreaterThanOrEqual(top.height)
      for (const bay of ['bay-1', 'bay-2', 'bay-3', 'bay-4']) {
        const { y, height } = await box(`[data-bay=${bay}]`)
        expect(y).toBeGreaterThan(first.y)
        expect(y + height).toBeLessThanOrEqual(844)
      }
      await page.evaluate(() => scrollTo(0, 400))
      expect((await box('header.top')).y).toBe(0)
    })

  for (const [locale, says] of [
    ['en', 'the operator wants to take the bay out of service at bay-6: somebody else must agree before'],
    ['de', 'the operator möchte an bay-6 den Platz außer Betrieb nehmen: Jemand anderes muss vor'],
  ] as const)
    test(`an order that waits for a second person is told in words, and its card is not cut (${locale})`, async () => {
      const site = await busySite({ twoPeople: ['out-of-service'] })
      site.alarms.length = 0
      site.reviews.length = 0
      const { server, send } = await startServer({ site, tokens: ROLE_TOKENS })
      const by = { authorization: 'Bearer operator-token' }
      await send('POST', '/api/bays/bay-6/commands', { id: 'order-1', type: 'out-of-service' }, by)
      const page = await openAs('supervisor', { server, send }, '/', { ...PHONE, locale })
      const card = page.locator('.needs-list .need')
      await expect.poll(() => card.locator('.says-what').textContent()).toContain(says)
      const list = (await page.locator('.needs-list').boundingBox()) ?? { y: 0, height: 0 }
      const { y, height } = (await card.boundingBox()) ?? { y: 0, height: 9999 }
      expect(y + height).toBeLessThanOrEqual(list.y + list.height)
    })

  test('of the counts beside who needs somebody each one that is seen is whole', async () => {
    const { server } = await startServer({ site: await busySite() })
    for (const [locale, width] of [
      ['en', 360],
      ['de', 360],
      ['de', 411],
    ] as const) {
      const { page } = await openPage(`${server.url}/`, { ...PHONE, viewport: { width, height: 740 }, locale })
      await live(page)
      const counts = page.locator('#counts > span:first-child > span')
      await expect.poll(() => counts.count()).toBeGreaterThan(3)
      const seen = await counts.evaluateAll((all) => {
        const room = all[0]?.parentElement?.getBoundingClientRect() ?? new DOMRect()
        const isIn = (one: Element) => one.getBoundingClientRect().top < room.bottom - 1
        return all.filter(isIn).map((one) => [one.textContent, one.getBoundingClientRect().right <= room.right + 1])
      })
      expect(seen.length).toBeGreaterThan(0)
      expect(seen.filter(([, isWhole]) => !isWhole)).toEqual([])
    }
  })

  test('the ways to other screens lie behind a button that says whether they are open, by finger and by keyboard', async () => {
    const { server } = await startServer({ site: await busySite() })
    const { page } = await openPage(`${server.url}/`, PHONE)
    await live(page)
    const menu = page.getByRole('button', { name: 'Menu' })
    const audit = page.getByRole('link', { name: 'Audit' })
    expect([await menu.getAttribute('aria-expanded'), await audit.isVisible()]).toEqual(['false', false])
    await menu.tap()
    expect([await menu.getAttribute('aria-expanded'), await audit.isVisible()]).toEqual(['true', true])
    await audit.tap()
    await page.waitForSelector('.audit-rows')
    expect([await menu.getAttribute('aria-expanded'), await audit.isVisible()]).toEqual(['false', false])
    await menu.focus()
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Board')
    await page.keyboard.press('Escape')
    // Escape closed the menu and left the screen where it is.
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('menu')
    expect([await audit.isVisible(), new URL(page.url()).hash]).toEqual([false, '#/audit'])
  })

  test('a long name of a site ends in an ellipsis beside what says live, and a short one is whole', async () => {
    const { server } = await startServer({ site: await busySite() })
    const { page } = await openPage(`${server.url}/`, PHONE)
    await live(page)
    // At once: the page writes the name again with whatever it hears.
    const drawn = (text: string) =>
      page.locator('#site-name').evaluate((one, name) => {
        one.textContent = name
        const { display, textOverflow } = getComputedStyle(one)
        const live = document.querySelector('#live')?.getBoundingClientRect().x ?? -1
        const isApart = one.getBoundingClientRect().right <= live
        return [one.scrollWidth > one.clientWidth, display === 'block' && textOverflow === 'ellipsis', isApart]
      }, text)
    expect(await drawn('Depot North')).toEqual([false, true, true])
    expect(await drawn('Depot North beside the river')).toEqual([true, true, true])
  })

  test('the list of keys has its button clear of the last key, with the ring of focus, on a phone and at 200 %', async () => {
    const { server } = await startServer({ site: await busySite() })
    for (const screen of [PHONE, { viewport: { width: 640, height: 360 }, deviceScaleFactor: 2 }]) {
      const { page } = await openPage(`${server.url}/#/bays/bay-1`, screen)
      await live(page)
      await page.keyboard.press('?')
      const gap = await page.evaluate(() => {
        const button = document.querySelector('dialog button') as HTMLElement
        const { outlineWidth, outlineOffset } = getComputedStyle(button)
        const ring = Number.parseFloat(outlineWidth) + Number.parseFloat(outlineOffset)
        const rows = [...document.querySelectorAll('dialog dd, dialog kbd')]
        const last = Math.max(...rows.map((row) => row.getBoundingClientRect().bottom))
        return button.getBoundingClientRect().top - ring - last
      })
      expect(gap).toBeGreaterThan(0)
    }
  })

  test('a live site is not asked for scenarios that it does not have', async () => {
    const { server } = await startServer({ site: await busySite() })
    const { page, asked } = await openPage(`${server.url}/#/scenarios`, PHONE)
    await page.getByText('plays no scenarios').waitFor()
    expect(asked.filter((url) => url.includes('/api/scenarios'))).toEqual([])
  })

  test('the audit begins with what happened last and goes on to the first record and back', async () => {
    const site = await busySite()
    for (let count = 0; count < 210; count += 1) await site.note('audit', { type: 'site.noted', by: 'the admin' })
    const last = site.desk.seq()
    const { server } = await startServer({ site })
    const { page } = await openPage(`${server.url}/#/audit`, PHONE)
    const first = () => page.locator('.audit-rows tbody th').first().textContent()
    const press = (name: string) => page.getByRole('button', { name, exact: true }).tap()
    await expect.poll(first).toBe(String(last))
    await press('Older')
    await expect.poll(first).toBe(String(last - 100))
    await press('Newer')
    await expect.poll(first).toBe(String(last))
    await press('Oldest')
    await expect.poll(() => page.locator('.audit-rows tbody th').last().textContent()).toBe('1')
    await expect.poll(() => page.getByRole('button', { name: 'Older', exact: true }).isDisabled()).toBe(true)
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
  })
})
