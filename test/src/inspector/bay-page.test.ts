import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { startServer } from '../server/running-server.ts'
import { busySite } from './busy-site.ts'
import { plateCrop } from './crop-picture.ts'
import { live, openPage, PHONE, there, WALL } from './opened-page.ts'

describe.skipIf(!there)('the page of one bay', { timeout: 180_000 }, () => {
  test('a bay tells its state, why with each question, what comes next, its records, and its place in the statechart', async () => {
    const site = await busySite()
    const { server } = await startServer({ site })
    const { page } = await openPage(`${server.url}/#/bays/bay-1`)
    await live(page)
    await page.waitForSelector('.chart .active')
    expect(await page.locator('.chart .active').getAttribute('data-state')).toBe('charging-locked.charging')
    expect(await page.locator('.why-line').textContent()).toBe(
      'Energy flows: 6.1 A, and from 0.2 A on it counts as charging.',
    )
    await page.getByText('Asked, and not so (1)').click()
    await expect
      .poll(() => page.locator('.guards li').allTextContents())
      .toEqual(['✗ No transaction that was left open draws energy again.'])
    expect(await page.getByText('transaction ends or cable out').count()).toBe(1)
    await expect.poll(() => page.locator('.timeline li').count()).toBe(1)
    await page.locator('.timeline summary').first().click()
    await site.change('bay-1', { type: 'transaction.ended' }, { state: 'exiting', detail: 'still-plugged' })
    await expect
      .poll(() => page.locator('.timeline .event').allTextContents())
      .toEqual(['transaction ended', 'meter values'])
    expect(await page.locator('.timeline details[open] .event').allTextContents()).toEqual(['meter values'])
    expect(await page.locator('.chart .active').getAttribute('data-state')).toBe('exiting.still-plugged')
    await page.getByRole('button', { name: 'person' }).click()
    expect(await page.locator('.timeline li').count()).toBe(0)
  })

  test('the plate is masked until it is asked for', async () => {
    const { server } = await startServer({ site: await busySite() })
    const { page } = await openPage(server.url)
    await live(page)
    await page.waitForSelector('[data-bay=bay-1]')
    expect(await page.locator('body').textContent()).not.toContain('AB12CDE')
    await page.goto(`${server.url}/#/bays/bay-1`)
    expect(await page.locator('.plate-line .plate').textContent()).toBe('AB•••DE')
    await page.getByRole('button', { name: 'Show plate' }).click()
    expect(await page.locator('.plate-line .plate').textContent()).toBe('AB12CDE')
    await page.getByRole('button', { name: 'Hide plate' }).click()
    expect(await page.locator('.plate-line .plate').textContent()).toBe('AB•••DE')
  })

  test('an order is sent once after a second press, is refused when the bay changed meanwhile, and is shown as seen only when it is', async () => {
    const site = await busySite()
    const { server } = await startServer({ site })
    const { page } = await openPage(`${server.url}/#/bays/bay-6`)
    await live(page)
    await page.waitForSelector('[data-command=out-of-service]:enabled')
    await page.locator('[data-command=out-of-service]').click()
    expect(site.effects).toHaveLength(0)
    await site.change('bay-6', { type: 'vehicle.seen' }, { state: 'detecting', detail: 'collecting' })
    await page.selectOption('#order-reason', 'driver-asked')
    await page.locator('dialog [data-order]').click()
    await expect.poll(() => page.locator('dialog .says').textContent()).toContain('it is now seeing')
    expect(site.effects).toHaveLength(0)
    await page.locator('dialog [data-order]').click()
    await page.waitForSelector('dialog', { state: 'hidden' })
    expect(site.effects.map(({ type, reason, expectVersion }) => [type, reason, expectVersion])).toEqual([
      ['out-of-service', 'driver-asked', 1],
    ])
    await expect.poll(() => page.locator('.sent li span').textContent()).toMatch(/on record as \d+, seen$/)
    expect(await page.locator('#bay-state').textContent()).toBe('out of service')
  })

  test('a review is answered on its bay with one press', async () => {
    const site = await busySite()
    const { server } = await startServer({ site })
    const { page } = await openPage(`${server.url}/#/bays/bay-2`)
    await live(page)
    await page.getByRole('button', { name: 'AB12CDE (2 witnesses)' }).click()
    await expect.poll(() => site.reviews.length).toBe(0)
    await expect.poll(() => page.locator('.review').count()).toBe(0)
  })

  test('three taps on a phone settle a review: the bay, the look, the plate; a second screen sees who is at it', async () => {
    const site = await busySite()
    site.crops.set('review-1', [await plateCrop('A812 CDE')])
    site.details.set('review-1', {
      shown: [{ plate: 'v-2', at: new Date().toISOString() }],
      near: [{ plate: 'v-3', accountId: 'acc-9', of: 'A812CDE' }],
      opinions: [
        { reader: 'berth', text: 'A812CDE', witnesses: 3, of: 4, confidence: 0.93, outcome: 'read' },
        { reader: 'device', text: 'AB12CDE', witnesses: 1, of: 1, confidence: 0.8, outcome: 'read' },
      ],
      votes: [{ plate: 'v-1', witnesses: 2, registered: true, accountId: 'acc-1', charges: 14 }],
    })
    site.plates.set('v-3', 'A812CDF')
    const { server } = await startServer({ site })
    const wall = await openPage(`${server.url}/#/bays/bay-2`, WALL)
    const { page, complaints } = await openPage(server.url, PHONE)
    await live(page)
    await live(wall.page)
    await page.getByRole('link', { name: 'bay-2' }).first().tap()
    await page.getByRole('button', { name: 'Look at the plate' }).tap()
    const picture = page.getByRole('img', { name: 'Picture 1 of the plate' })
    await expect.poll(() => picture.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(100)
    expect(site.looks).toEqual(['local review-1 0'])
    expect(await page.locator('.opinions').textContent()).toContain('our reader: A812CDE in 3 of 4 frames, 93 %')
    await expect.poll(() => wall.page.locator('.held').textContent()).toBe('local is at it.')
    await wall.page.getByRole('button', { name: 'Look at the plate' }).click()
    await expect.poll(() => wall.page.locator('.review .says').textContent()).toContain('local is at this review until')
    const shot = process.env['BERTH_SHOTS']
    if (shot) await page.screenshot({ path: `${shot}/review-phone.png`, fullPage: true })
    if (shot) await wall.page.screenshot({ path: `${shot}/review-wall-held.png` })
    await page.getByRole('button', { name: 'A812CDF (acc-9)' }).tap()
    await expect.poll(() => site.reviews.length).toBe(0)
    await expect.poll(() => wall.page.locator('.review').count()).toBe(0)
    expect(complaints).toEqual([])
  })

  test('where a token is needed the page leads to the sign-in, and works after it', async () => {
    const { server } = await startServer({ site: await busySite(), adminToken: 'top-secret' })
    const { page, asked } = await openPage(server.url)
    // Nothing that is not known is called absent meanwhile, and what is refused is not asked for again and again.
    await page.waitForURL(`${server.url}/login`)
    const sockets = () => asked.filter((url) => url.endsWith('/api/live')).length
    const tries = sockets()
    await new Promise((resolve) => setTimeout(resolve, 2_500))
    expect(sockets()).toBe(tries)
    expect(tries).toBeLessThan(4)
    await page.locator('#token').fill('wrong')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await expect.poll(() => page.locator('#says').textContent()).toContain('Nobody holds this token')
    await page.locator('#token').fill('top-secret')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await live(page)
    expect(page.url()).toBe(`${server.url}/`)
  })
  test('signed out while it is looked at, a page says what it does not know, asks no more, and is live again once signed in', async () => {
    const { server } = await startServer({ site: await busySite(), adminToken: 'top-secret' })
    const { page, asked } = await openPage(server.url)
    const signIn = async (at: Page) => {
      await at.locator('#token').fill('top-secret')
      await at.getByRole('button', { name: 'Sign in' }).click()
      await live(at)
    }
    await signIn(page)
    await page.context().clearCookies()
    // The line broke, and who looks on is nobody any more.
    await page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    await page.waitForSelector('body.signed-out')
    await expect.poll(() => page.locator('#counts').textContent()).toBe('')
    expect(await page.locator('.needs-you').textContent()).not.toMatch(/Nobody needs you|none blind/)
    const sockets = () => asked.filter((url) => url.endsWith('/api/live')).length
    const tries = sockets()
    await new Promise((resolve) => setTimeout(resolve, 2_500))
    expect(sockets()).toBe(tries)
    const other = await page.context().newPage()
    await other.goto(`${server.url}/login`)
    await signIn(other)
    await page.bringToFront()
    await page.evaluate("dispatchEvent(new Event('focus'))")
    await live(page)
  })

  test('whoever goes on in the page stands at its top, where it says whether it is live', async () => {
    const { server } = await startServer({ site: await busySite() })
    const { page } = await openPage(server.url, PHONE)
    await live(page)
    await page.evaluate('scrollTo(0, document.body.scrollHeight)')
    await expect.poll(() => page.evaluate('scrollY')).toBeGreaterThan(100)
    // The header stays in sight while one scrolls.
    expect((await page.locator('#live-word').boundingBox())?.y).toBeGreaterThanOrEqual(0)
    await page.evaluate("location.hash = '#/cameras'")
    await page.getByRole('heading', { name: 'Cameras' }).waitFor()
    await expect.poll(() => page.evaluate('scrollY')).toBe(0)
  })
})
