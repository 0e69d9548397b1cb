import { describe, expect, test } from 'vitest'
import { startServer } from '../server/running-server.ts'
import { busySite } from './busy-site.ts'
import { live, openPage, there } from './opened-page.ts'

describe.skipIf(!there)('the page of one bay', { timeout: 60_000 }, () => {
  test('a bay tells its state, why with each question, what comes next, its records, and its place in the statechart', async () => {
    const site = await busySite()
    const { server } = await startServer({ site })
    const { page } = await openPage(`${server.url}/#/bays/bay-1`)
    await live(page)
    await page.waitForSelector('.chart .active')
    expect(await page.locator('.chart .active').getAttribute('data-state')).toBe('charging-locked.charging')
    expect(await page.locator('tr.holds').textContent()).toContain('6.1>= 0.2 A')
    expect(await page.locator('tr.fails').count()).toBe(1)
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
    expect(await page.locator('[data-bay=bay-1] .plate').textContent()).toBe('AB•••DE')
    await page.goto(`${server.url}/#/bays/bay-1`)
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
    await page.locator('dialog [data-order]').click()
    await expect.poll(() => page.locator('dialog .says').textContent()).toContain('it is now seeing')
    expect(site.effects).toHaveLength(0)
    await page.locator('dialog [data-order]').click()
    await page.waitForSelector('dialog', { state: 'hidden' })
    expect(site.effects.map(({ type, reason, expectVersion }) => [type, reason, expectVersion])).toEqual([
      ['out-of-service', 'driver-asked', 1],
    ])
    await expect.poll(() => page.locator('.sent li').textContent()).toMatch(/on record as \d+, seen$/)
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

  test('where a token is needed the page leads to the sign-in, and works after it', async () => {
    const { server } = await startServer({ site: await busySite(), adminToken: 'top-secret' })
    const { page } = await openPage(server.url)
    await page.waitForSelector('body.signed-out')
    await page.locator('#banner a').click()
    await page.locator('#token').fill('wrong')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await expect.poll(() => page.locator('#says').textContent()).toContain('Nobody holds this token')
    await page.locator('#token').fill('top-secret')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await live(page)
    expect(page.url()).toBe(`${server.url}/`)
  })
})
