import { describe, expect, test } from 'vitest'
import { systemClock } from '../../../src/clock.ts'
import { ROLE_TOKENS, startServer } from '../server/running-server.ts'
import { busySite } from './busy-site.ts'
import { live, openPage, there, WALL } from './opened-page.ts'

const WEEK_MS = 7 * 24 * 3_600_000

/** A page of a person with this role; `next()` breaks its line, and from then on the server says that it runs a newer page. */
async function opened(role: string, { left_ms = WEEK_MS } = {}) {
  let ahead = 0
  const clock = { ...systemClock, now: () => systemClock.now() + ahead }
  const { server, send } = await startServer({ site: await busySite(), tokens: ROLE_TOKENS, clock })
  ahead = 0
  const login = await send('POST', '/api/login', { token: `${role}-token` })
  const [name = '', value = ''] = (login.headers.get('set-cookie') ?? '').split(';')[0]?.split('=') ?? []
  ahead = WEEK_MS - left_ms
  let isNew = false
  const lines: (() => void)[] = []
  const { page } = await openPage(server.url, WALL, async (fresh) => {
    await fresh.context().addCookies([{ name, value, url: server.url }])
    await fresh.routeWebSocket('**/api/live', (line) => {
      const far = line.connectToServer()
      const isMine = isNew
      far.onMessage((text) => line.send(isMine ? String(text).replace(/"buildId":"[^"]*"/, '"buildId":"newer"') : text))
      lines.push(() => void line.close({ code: 1006 }))
    })
  })
  await live(page)
  await page.evaluate('window.isOld = true')
  const next = () => {
    isNew = true
    lines.at(-1)?.()
  }
  const isOld = () => page.evaluate('window.isOld === true')
  return { page, next, isOld }
}

describe.skipIf(!there)('a page that stands open for long', { timeout: 180_000 }, () => {
  test('on a wall takes the newer page by itself once the server is back with one', async () => {
    const { page, next, isOld } = await opened('viewer')
    expect(await isOld()).toBe(true)
    next()
    await expect.poll(isOld, { timeout: 60_000 }).toBe(false)
    await live(page)
    expect(await page.locator('#notice').isVisible()).toBe(false)
  })

  test('before somebody who may do something it says so and waits for a press', async () => {
    const { page, next, isOld } = await opened('operator')
    next()
    await expect
      .poll(() => page.locator('#notice').textContent(), { timeout: 60_000 })
      .toContain('A newer version of this page is there.')
    await page.waitForTimeout(5_000)
    expect(await isOld()).toBe(true)
  })

  test('says large that its sign-in ends within a day, and one press makes it go on for a week', async () => {
    const { page, isOld } = await opened('viewer', { left_ms: 2.5 * 3_600_000 })
    await expect
      .poll(() => page.locator('#ending').textContent())
      .toBe('This screen is signed out in 3 h 00. Stay signed in')
    const size = await page.locator('#ending').evaluate((box) => Number.parseFloat(getComputedStyle(box).fontSize))
    expect(size).toBeGreaterThan(24)
    await page.click('#ending button')
    const days = async () => {
      const [cookie] = await page.context().cookies()
      return ((cookie?.expires ?? 0) * 1000 - Date.now()) / 86_400_000
    }
    await expect.poll(days).toBeGreaterThan(6.9)
    await expect.poll(isOld, { timeout: 60_000 }).toBe(false)
    await live(page)
  })

  test('says nothing of a sign-in that has days left, and once it is over says so across the hall', async () => {
    const { page } = await opened('viewer')
    await page.waitForTimeout(500)
    expect(await page.locator('#ending').isVisible()).toBe(false)
    await page.context().clearCookies()
    await page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    await page.waitForSelector('body.signed-out')
    const banner = page.locator('#banner')
    expect(await banner.textContent()).toContain('this screen is signed out')
    expect(await banner.evaluate((box) => Number.parseFloat(getComputedStyle(box).fontSize))).toBeGreaterThan(48)
  })
})
