import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'
import { closeAfterwards, type Started } from '../server/running-server.ts'
import { CHROMIUM, isThere, launchChromium } from './chromium.ts'

/** Whether a browser is there to test with. */
export const there = isThere
if (!there) console.log(`skipped: browser tests of the inspector need Chromium at ${CHROMIUM} (or CHROMIUM=path)`)

let browser: Browser
beforeAll(async () => {
  if (there) browser = await launchChromium()
}, 60_000)
afterAll(() => browser?.close())

/** A screen on the wall. */
export const WALL = { viewport: { width: 1920, height: 1080 } }
/** A phone. */
export const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }
/** The wall's screen read at 200 percent. */
export const ZOOMED = { viewport: { width: 960, height: 540 }, deviceScaleFactor: 2 }
/** A person whose system sets all colours, and who wants nothing to move. */
export const FORCED = { forcedColors: 'active', reducedMotion: 'reduce' } as const

/** A page, and what it asked for and complained about. */
export async function openPage(
  url: string,
  options: BrowserContextOptions = WALL,
  before?: (page: Page) => Promise<unknown>,
) {
  const context = await browser.newContext({ serviceWorkers: 'block', timezoneId: 'Asia/Tokyo', ...options })
  closeAfterwards(() => context.close())
  const page = await context.newPage()
  // What is waited for comes, also on a machine that stands still for a while.
  page.setDefaultTimeout(120_000)
  const asked: string[] = []
  const complaints: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  page.on('websocket', (socket) => asked.push(socket.url()))
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    if (
      message.type() === 'error' &&
      !message.text().includes('Failed to load resource') &&
      !message.text().includes('WebSocket connection')
    )
      complaints.push(message.text())
  })
  await before?.(page)
  await page.goto(url)
  return { page, asked, complaints }
}

/** Waits until the page is live. */
export const live = (page: Page) => page.waitForSelector('body.live', { timeout: 60_000 })

/** A live page as somebody with this role's token sees it. */
export async function openAs(
  role: string,
  { server, send }: Pick<Started, 'send'> & { readonly server: { readonly url: string } },
  at: string,
  options: BrowserContextOptions = WALL,
): Promise<Page> {
  const login = await send('POST', '/api/login', { token: `${role}-token` })
  const [name = '', value = ''] = (login.headers.get('set-cookie') ?? '').split(';')[0]?.split('=') ?? []
  const { page } = await openPage(server.url + at, options, (fresh) =>
    fresh.context().addCookies([{ name, value, url: server.url }]),
  )
  await live(page)
  return page
}
