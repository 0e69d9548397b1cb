import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { ROLE_TOKENS, type Started, startServer } from '../server/running-server.ts'
import { busySite } from './busy-site.ts'
import { openAs, PHONE, there, WALL } from './opened-page.ts'

/** A page of one bay as a person with this role sees it. */
async function opened(started: Started, role: string, bayId: string, size: object = WALL): Promise<Page> {
  const page = await seenBy(started, role, bayId, size)
  await page.locator('[data-command]:enabled').first().waitFor()
  return page
}

/** The same, whatever that role may order. */
const seenBy = (started: Started, role: string, bayId: string, size: object): Promise<Page> =>
  openAs(role, started, `/#/bays/${bayId}`, size)
const sent = (page: Page) => page.locator('.sent li').allTextContents()

describe.skipIf(!there)('orders on the screen of a bay', { timeout: 180_000 }, () => {
  test('each has a key, told by `?`, and only those that fit the bay as it is', async () => {
    const started = await startServer({ site: await busySite(), tokens: ROLE_TOKENS })
    const page = await opened(started, 'operator', 'bay-1')
    await page.keyboard.press('?')
    expect(await page.locator('dialog.keys kbd').allTextContents()).toEqual(['a', 'p', 's', 'l', 'o', '?', 'Escape'])
    await page.keyboard.press('Escape')
    await page.keyboard.press('s')
    expect(await page.locator('dialog[open] h3').textContent()).toBe('Remote stop: bay-1')
    expect(started.site.effects).toEqual([])
  })

  test('a role is offered what it may do: who it is stands on every screen, with a way out', async () => {
    const started = await startServer({ site: await busySite(), tokens: ROLE_TOKENS })
    const offered = async (role: string, bayId: string) => {
      const page = await seenBy(started, role, bayId, WALL)
      await expect.poll(() => page.locator('#who').textContent()).toBe(`the ${role} (${role})`)
      const screens = await page
        .locator('#nav a:visible')
        .evaluateAll((links) => links.map((link) => link.getAttribute('href')))
      return {
        page,
        screens,
        commands: () =>
          page
            .locator('[data-command]:visible')
            .evaluateAll((all) => all.map((one) => one.getAttribute('data-command'))),
      }
    }
    const viewer = await offered('viewer', 'bay-1')
    await viewer.page.waitForTimeout(600)
    expect(await viewer.commands()).toEqual([])
    await viewer.page.goto(`${started.server.url}/#/`)
    await viewer.page.getByText('An operator answers it.').waitFor()
    expect(viewer.screens).toEqual(['#/', '#/replay', '#/reviews', '#/cameras', '#/zones', '#/figures'])
    const installer = await offered('installer', 'bay-6')
    await expect.poll(installer.commands, { timeout: 60_000 }).toEqual(['learn-empty'])
    expect(installer.screens).toContain('#/commission')
    const operator = await offered('operator', 'bay-1')
    await expect.poll(operator.commands, { timeout: 60_000 }).toContain('remote-stop')
    expect(operator.screens).toEqual(expect.arrayContaining(['#/vehicles', '#/reports']))
    await operator.page.click('#sign-out')
    await operator.page.waitForURL(/\/login$/)
    expect(await operator.page.context().cookies()).toEqual([])
  })

  test('a denial waits five seconds in which it can be taken back, and goes out at once where the screen is left', async () => {
    const started = await startServer({ site: await busySite(), tokens: ROLE_TOKENS })
    const page = await opened(started, 'operator', 'bay-3')
    const deny = async () => {
      await page.keyboard.press('d')
      await page.selectOption('#order-reason', 'driver-asked')
      await page.click('dialog [data-order]')
      await expect.poll(() => sent(page)).toEqual([expect.stringMatching(/^Deny: goes out in [45] s\. Take it back$/)])
    }
    await deny()
    await page.click('.sent button')
    await page.waitForTimeout(5_500)
    expect(started.site.effects).toEqual([])
    await deny()
    await page.keyboard.press('Escape')
    await expect.poll(() => started.site.effects.map(({ type }) => type)).toEqual(['deny'])
  })

  test('nobody’s reason is chosen for them: without one nothing is sent, a word says so, and keys alone choose one', async () => {
    const started = await startServer({ site: await busySite(), tokens: ROLE_TOKENS })
    const page = await opened(started, 'operator', 'bay-6')
    await page.keyboard.press('o')
    await page.waitForSelector('#order-reason:focus')
    expect(await page.locator('#order-reason').inputValue()).toBe('')
    await page.click('dialog [data-order]')
    expect(await page.locator('dialog .says').textContent()).toBe(
      'Choose a reason first: it goes on record with your name.',
    )
    await page.waitForSelector('#order-reason:focus')
    expect(started.site.effects).toEqual([])
    await page.keyboard.press('m')
    expect(await page.locator('#order-reason').inputValue()).toBe('maintenance')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await expect.poll(() => started.site.effects).toMatchObject([{ type: 'out-of-service', reason: 'maintenance' }])
  })

  test('an order that another one takes back offers it, asked like any other', async () => {
    const started = await startServer({ site: await busySite(), tokens: ROLE_TOKENS })
    const page = await opened(started, 'operator', 'bay-6')
    await page.keyboard.press('o')
    await page.selectOption('#order-reason', 'maintenance')
    await page.click('dialog [data-order]')
    await expect
      .poll(() => sent(page))
      .toEqual([expect.stringMatching(/^Out of service: on record as \d+, seenUndo…$/)])
    await page.click('.sent button')
    expect(await page.locator('dialog[open] h3').textContent()).toBe('Back in service: bay-6')
    await page.selectOption('#order-reason', 'maintenance')
    await page.click('dialog [data-order]')
    await expect.poll(() => started.site.effects.map(({ type }) => type)).toEqual(['out-of-service', 'in-service'])
  })

  test('where the site asks for two people, the first is told to wait and cannot agree, the second agrees on a phone, and then it is done', async () => {
    const site = await busySite({ twoPeople: ['out-of-service'] })
    const started = await startServer({ site, tokens: ROLE_TOKENS })
    const first = await opened(started, 'operator', 'bay-6')
    await first.keyboard.press('o')
    await first.selectOption('#order-reason', 'driver-asked')
    await first.click('dialog [data-order]')
    await expect.poll(() => sent(first)).toEqual([expect.stringContaining('waits for a second person until')])
    const waits = first.locator('.second')
    await waits.locator('li').waitFor()
    expect(await waits.textContent()).toContain('You gave this order: somebody else must agree to it.')
    expect(await waits.locator('button').allTextContents()).toEqual(['Take it back'])
    expect(site.effects).toEqual([])
    const second = await opened(started, 'supervisor', 'bay-6', PHONE)
    await second.locator('.second li').waitFor()
    expect(await second.locator('.second').textContent()).toContain(
      'the operator ordered “Out of service” (driver asked).',
    )
    await second.locator('.second button', { hasText: 'I agree: Out of service' }).tap()
    await expect.poll(() => site.effects.map(({ type }) => type)).toEqual(['out-of-service'])
    await expect.poll(() => waits.isVisible()).toBe(false)
    await expect.poll(() => first.locator('#bay-state').textContent()).toBe('out of service')
  })

  test('whoever gave an order cannot agree to it by the API either, and who may not operate agrees to nothing', async () => {
    const site = await busySite({ twoPeople: ['out-of-service'] })
    const { send, ask } = await startServer({ site, tokens: ROLE_TOKENS })
    const as = (role: string) => ({ authorization: `Bearer ${role}-token` })
    const body = { id: 'order-1', type: 'out-of-service' }
    const asked = await send('POST', '/api/bays/bay-6/commands', body, as('operator'))
    expect([asked.status, await asked.json()]).toMatchObject([423, { code: 'SECOND_PERSON' }])
    const agree = async (role: string) => (await send('POST', '/api/orders/order-1/agree', {}, as(role))).status
    expect([await agree('viewer'), await agree('operator'), await agree('fleet')]).toEqual([403, 422, 403])
    expect(await (await ask('/api/orders', { headers: as('operator') })).json()).toMatchObject({
      items: [{ id: 'order-1', bayId: 'bay-6', type: 'out-of-service', by: 'the operator' }],
    })
    expect(site.effects).toEqual([])
    expect([await agree('supervisor'), await agree('supervisor')]).toEqual([202, 422])
    expect(site.effects).toHaveLength(1)
  })
})
