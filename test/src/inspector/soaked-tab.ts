import type { Browser } from 'playwright-core'
import { systemClock } from '../../../src/clock.ts'
import { openArrayDesk } from '../server/array-desk.ts'
import { openPlainServer } from '../server/plain-server.ts'
import { Changes, type Holding, WatchedPage } from './watched-page.ts'

/** What a tab held at each look, the first after its warm-up. */
export type Soaked = { readonly changes: number; readonly looks: readonly Holding[] }

const BAYS = 100
const CHANGES = 200
const WARM_UP_S = 15
/** So often is gone to a bay before anything is counted: when it knows a script well, V8 keeps the newest plot with the shape of its objects, once, and with it the screen that it lay on. */
const WARM_UP_WALKS = 8

/** Leaves a board open over a site of 100 bays at 200 changes a second, goes to a bay with its plots, to the figures and back before each look, and looks so often. */
export async function soakTab(
  browser: Browser,
  seconds: number,
  looks: number,
  looked: (holding: Holding) => void = () => {},
): Promise<Soaked> {
  const site = openArrayDesk({ clock: systemClock, count: BAYS })
  const { server } = await openPlainServer({ site })
  try {
    const tab = await WatchedPage.open(browser, server.url)
    const changes = new Changes(site, CHANGES)
    changes.begin()
    const walk = walkOf(tab)
    const look = async (): Promise<Holding> => {
      await walk()
      // At rest: what is under way at the moment of counting is no growth.
      changes.end()
      await wait(2.5)
      const holding = await tab.holding()
      changes.begin()
      looked(holding)
      return holding
    }
    await wait(WARM_UP_S)
    for (let walked = 1; walked < WARM_UP_WALKS; walked += 1) await walk()
    await look()
    const seen: Holding[] = [await look()]
    for (let at = 0; at < looks; at += 1) {
      await wait(Math.max(0, (seconds - WARM_UP_S) / looks - 3))
      seen.push(await look())
    }
    changes.end()
    return { changes: changes.made, looks: seen }
  } finally {
    await server.close()
  }
}

const wait = (s: number) => new Promise((resolve) => setTimeout(resolve, s * 1000))

/** To a bay with its plots, to the figures, and back to the board. */
function walkOf({ page }: WatchedPage): () => Promise<void> {
  let arePlotsOpen = false
  return async () => {
    // A locator holds no element of the page: what is waited for by a handle would never be let go.
    await page.evaluate("location.hash = '#/bays/bay-7'")
    await page.locator('.timeline li').first().waitFor()
    await page.locator('.chart svg').waitFor()
    // Whoever opened the plots once has them open at each bay.
    if (!arePlotsOpen) await page.getByText('Current and energy over time').click()
    arePlotsOpen = true
    await page.locator('.meter-panel canvas').first().waitFor()
    await page.evaluate("location.hash = '#/figures/charge-points'")
    await page.locator('.figures-rows button').first().waitFor()
    await page.evaluate("location.hash = '#/'")
    await page.locator('[data-bay=bay-100]').waitFor()
  }
}

/** What a quiet board holds that was never left, and what it holds after its first walk. */
export async function firstWalk(browser: Browser): Promise<readonly [before: Holding, after: Holding]> {
  const site = openArrayDesk({ clock: systemClock, count: BAYS })
  await site.change('bay-7', { type: 'meter.values', connector: 'CP-bay-7/1', current_A: 6, verdict: 'valid' }, {})
  const { server } = await openPlainServer({ site })
  try {
    const tab = await WatchedPage.open(browser, server.url)
    await tab.page.locator('[data-bay=bay-100]').waitFor()
    await wait(1)
    const before = await tab.holding()
    await walkOf(tab)()
    await wait(2.5)
    return [before, await tab.holding()]
  } finally {
    await server.close()
  }
}

/** A text that comes and goes is a node. */
const SLACK_NODES = 5

/** Where a tab holds more in the last third of the looks than in the first: heap by more than a tenth, nodes by more than a few, or any listener. */
export function growth({ looks }: Soaked): readonly string[] {
  const third = Math.ceil(looks.length / 3)
  const early = typical(looks.slice(0, third))
  const late = typical(looks.slice(-third))
  const most: Holding = { heap: early.heap * 1.1, nodes: early.nodes + SLACK_NODES, listeners: early.listeners }
  const names = ['heap', 'nodes', 'listeners'] as const
  return names.filter((name) => !(late[name] <= most[name])).map((name) => `${name} ${early[name]} → ${late[name]}`)
}

/** The median of each figure: one look may come in the middle of something. */
function typical(looks: readonly Holding[]): Holding {
  const of = (name: keyof Holding) =>
    looks.map((look) => look[name]).toSorted((a, b) => a - b)[Math.floor(looks.length / 2)] ?? Number.NaN
  return { heap: of('heap'), nodes: of('nodes'), listeners: of('listeners') }
}
