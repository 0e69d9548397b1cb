import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import type { Starting } from '../server/plain-server.ts'
import { closeAfterwards, startServer } from '../server/running-server.ts'
import { busySite } from './busy-site.ts'
import { openPage, PHONE, there, WALL } from './opened-page.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const LEVELS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
/** Where pictures for the documents go; `BERTH_SCREENS=1` writes them, a run without it writes none. */
const SHOTS = new URL('../../../docs/screens/', import.meta.url)

const SIZES = [
  ['wall', WALL],
  ['phone', PHONE],
] as const
type Size = (typeof SIZES)[number][0]
/** In which scheme a screen is opened, and to which it is switched while it is open. */
const SCHEMES = { wall: ['light', 'dark'], phone: ['dark', 'light'] } as const

/** How a screen is brought to where it is checked. */
export type ScreenCheck = {
  /** Where it is: `/#/bays/bay-1`. */
  readonly at: string
  /** The server behind it; a busy site where absent. */
  readonly over?: () => Promise<Starting>
  /** In the place of `over`: a server that is open already, and how it is closed. */
  readonly served?: () => Promise<{
    readonly http: { readonly url: string; readonly port: number }
    close(): Promise<void>
  }>
  /** What must be there before it is looked at: a selector. */
  readonly until: string
  /** Brings it further: opens a fold, a question. */
  readonly further?: (page: Page) => Promise<unknown>
  /** Only these sizes; both where absent. */
  readonly sizes?: readonly Size[]
  /** Sizes whose pictures go to `docs/screens`, in light; none where absent. */
  readonly shots?: readonly Size[]
  /** Cookies, language and the like. */
  readonly context?: BrowserContextOptions
  /** Does the page speak to the live feed? True where absent. */
  readonly live?: boolean
}

/**
 * A screen as everybody must be able to use it, on a wall and on a phone, opened in light or dark and switched to the other: no violation of WCAG 2.2 A or AA, nothing
 * wider than the screen, no request beyond its own server, no complaint of the browser, no control that a keyboard cannot reach, and on a phone
 * none that is smaller than a finger.
 */
export function checkScreen(name: string, check: ScreenCheck): void {
  describe.skipIf(!there)(`the screen ${name}`, { timeout: 90_000 }, () => {
    for (const [size, options] of SIZES.filter(([one]) => check.sizes?.includes(one) ?? true))
      test(`on a ${size} in light and dark: WCAG 2.2 AA, its own server alone, all within the screen, all by keyboard`, async () => {
        const server = await serverOf(check)
        const [first, second] = SCHEMES[size]
        const context = { ...options, ...check.context, colorScheme: first }
        const { page, asked, complaints } = await openPage(server.url + check.at, context, offline)
        if (check.live !== false) await page.waitForSelector('body.live', { timeout: 60_000 })
        await page.waitForSelector(check.until)
        await check.further?.(page)
        // Orders are off for half a second after a page became live; then all is as people find it.
        await page.waitForTimeout(700)
        for (const colorScheme of [first, second]) {
          await switchTo(page, colorScheme)
          await expectUsable(page, size)
          if (colorScheme === 'light' && check.shots?.includes(size)) await shoot(page, `${name}-${size}`)
        }
        expect(asked.filter((url) => new URL(url).host !== `127.0.0.1:${server.port}`)).toEqual([])
        expect(complaints).toEqual([])
      })
  })
}

async function expectUsable(page: Page, size: Size): Promise<void> {
  expect(await violations(page)).toEqual([])
  expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0)
  expect(await unreachable(page)).toEqual([])
  if (size === 'phone') expect(await tooSmall(page)).toEqual([])
}

/** As a system does at dusk: the page stays open, and is painted anew. */
async function switchTo(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme })
  expect(await page.evaluate('matchMedia("(prefers-color-scheme: dark)").matches')).toBe(colorScheme === 'dark')
  await page.evaluate('new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)))')
}

async function serverOf({
  served,
  over = overBusySite,
}: ScreenCheck): Promise<{ readonly url: string; readonly port: number }> {
  if (served === undefined) return (await startServer(await over())).server
  const { http, close } = await served()
  closeAfterwards(close)
  return http
}

const overBusySite = async (): Promise<Starting> => ({ site: await busySite() })

/** No other host is there: who asks one is refused, and seen in what was asked. */
async function offline(page: Page): Promise<void> {
  await page.context().route('**', (route) => {
    const { hostname } = new URL(route.request().url())
    return hostname === '127.0.0.1' ? route.continue() : route.abort()
  })
}

/** Violations as sentences: the rule, and the elements that break it. */
export async function violations(page: Page): Promise<readonly string[]> {
  // By the debugger: the page's own rules let no foreign script in.
  const session = await page.context().newCDPSession(page)
  const { result: known } = await session.send('Runtime.evaluate', { expression: 'typeof axe' })
  if (known.value === 'undefined') await session.send('Runtime.evaluate', { expression: AXE })
  const { result } = await session.send('Runtime.evaluate', {
    expression: `axe.run(document, { runOnly: { type: 'tag', values: ${JSON.stringify(LEVELS)} }, resultTypes: ['violations'] }).then((all) => JSON.stringify(all.violations))`,
    awaitPromise: true,
    returnByValue: true,
  })
  await session.detach()
  const found = JSON.parse(String(result.value)) as AxeResults['violations']
  return found.map(
    ({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`,
  )
}

/** Controls that can be pressed and that no key comes to: neither by Tab nor, in a group with one tab stop, by arrows. */
const unreachable = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('a[href], button, input, select, textarea, summary, [role=button]')]
      .filter((one) => one.offsetParent !== null && one.tabIndex < 0 && one.closest('[data-arrows]') === null)
      .map((one) => one.outerHTML.slice(0, 120)),
  )

/** Controls that are smaller than a finger, 48 px; links within a text are not. */
const tooSmall = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('button, input, select, textarea, summary, .nav-link')]
      .filter((one) => one.offsetParent !== null && (one.offsetWidth < 48 || one.offsetHeight < 48))
      .map((one) => `${one.offsetWidth} × ${one.offsetHeight}: ${one.outerHTML.slice(0, 120)}`),
  )

async function shoot(page: Page, name: string): Promise<void> {
  if (process.env['BERTH_SCREENS'] !== '1') return
  mkdirSync(SHOTS, { recursive: true })
  await page.screenshot({ path: new URL(`${name}.png`, SHOTS).pathname })
}
