import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { live, openPage, PHONE, there, WALL } from '../inspector/opened-page.ts'
import { box, drawn, zoneScene } from './zone-scene.ts'

/** The screen of zones of a running site, as this person sees it. */
async function opened(url: string, name: string, size: object = WALL): Promise<Page> {
  const login = await fetch(`${url}/api/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token: `token-of-${name}` }),
  })
  const [cookie = '', value = ''] = (login.headers.get('set-cookie') ?? '').split(';')[0]?.split('=') ?? []
  const { page } = await openPage(`${url}/#/zones`, size, (fresh) =>
    fresh.context().addCookies([{ name: cookie, value, url }]),
  )
  await live(page)
  await page.waitForSelector('.stage-name')
  return page
}
const draftOf = (page: Page) => page.evaluate(() => localStorage.getItem('berth-zones-draft'))

describe.skipIf(!there)('the screen of zones where two people must want them', { timeout: 120_000 }, () => {
  test('the first is told to wait and keeps the draft; the second looks at it on a phone and agrees, and on both screens it counts', async () => {
    const site = await zoneScene({ twoPeople: 600 })
    const first = await opened(site.url, 'ann')
    await first.click('[data-zone-bay=bay-1]')
    await first.locator('[data-corner="0"]').focus()
    await first.keyboard.press('Shift+ArrowUp')
    await first.waitForSelector('[data-zones=publish]:enabled')
    await first.click('[data-zones=publish]')
    await first.selectOption('#zone-reason', 'camera-moved')
    await first.click('[data-zones=send]')
    await first.waitForSelector('text=Nothing counts yet: somebody else must agree until')
    const waits = first.locator('[data-waiting]')
    await waits.waitFor()
    expect(await waits.textContent()).toContain('You gave this order: somebody else must agree to it.')
    expect(await waits.locator('button').allTextContents()).toEqual(['Show it in the picture', 'Take it back'])
    expect([(await site.zones()).version, await draftOf(first)]).toEqual([1, expect.stringContaining('bay-1')])

    const second = await opened(site.url, 'ben', PHONE)
    await second.locator('[data-waiting]').waitFor()
    expect(await second.locator('[data-waiting]').textContent()).toContain('ann would publish zones (camera turned')
    await second.getByRole('button', { name: 'Show it in the picture' }).tap()
    await second.waitForSelector('[data-zone-bay=bay-1]:not([data-standing=drawn])')
    await second.getByRole('button', { name: 'I agree: publish them' }).tap()
    await expect.poll(async () => (await site.zones()).version, { timeout: 60_000 }).toBe(2)
    for (const page of [second, first]) {
      await page.waitForSelector('[data-version="2"]')
      expect(await page.locator('[data-version="2"]').textContent()).toContain('ann, agreed to by ben')
      // What counts is no draft any more.
      await expect.poll(() => draftOf(page), { timeout: 60_000 }).toBeNull()
      await expect.poll(() => page.locator('.zone-waiting').isVisible(), { timeout: 60_000 }).toBe(false)
    }
  })

  test('a draft of one’s own is not lost to look at another’s, and who refuses one ends it on both screens', async () => {
    const site = await zoneScene({ twoPeople: 600 })
    await site.publish(drawn('bay-2', box(0.4, 0.1, 0.6, 0.9)), { id: 'draft-1' }, 'token-of-ann')
    const page = await opened(site.url, 'ben')
    await page.click('[data-zone-bay=bay-1]')
    await page.locator('[data-corner="0"]').focus()
    await page.keyboard.press('Shift+ArrowUp')
    const own = await draftOf(page)
    expect(own).toContain('bay-1')
    await page.getByRole('button', { name: 'Show it in the picture' }).click()
    await page.waitForSelector('text=Publish or give up your own draft first')
    expect(await draftOf(page)).toBe(own)
    await page.getByRole('button', { name: 'Refuse it' }).click()
    await expect.poll(() => page.locator('.zone-waiting').isVisible(), { timeout: 60_000 }).toBe(false)
    expect((await site.causes('order.withdrawn')).map(({ by }: { by: string }) => by)).toEqual(['ben'])
    expect([(await site.zones()).version, await draftOf(page)]).toEqual([1, own])
  })
})
