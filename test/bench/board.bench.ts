import { systemClock } from '../../src/clock.ts'
import { isThere, launchChromium } from '../src/inspector/chromium.ts'
import { Changes, WatchedPage } from '../src/inspector/watched-page.ts'
import { openArrayDesk } from '../src/server/array-desk.ts'
import { openPlainServer } from '../src/server/plain-server.ts'
import { layDomBoard } from './dom-board.ts'
import type { Figure } from './figure-table.ts'

const BAYS = 500
const CHANGES = 500
const SECONDS = 10

/** The board at 500 bays and 500 changes a second, on a wall, in a real browser without a graphics card. */
export async function boardBench(): Promise<Figure[]> {
  if (!isThere) return [{ name: 'board: no Chromium here', value: 0 }]
  const site = openArrayDesk({ clock: systemClock, count: BAYS })
  const { server } = await openPlainServer({ site })
  const browser = await launchChromium()
  try {
    const watched = await WatchedPage.open(browser, server.url)
    await watched.page.waitForSelector('[data-bay=bay-500]')
    const idle = await watched.fare(SECONDS / 2)
    const making = new Changes(site, CHANGES)
    making.begin()
    await watched.fare(2)
    const canvas = await watched.fare(SECONDS)
    // The same page and feed, with elements in the place of the canvas.
    await watched.page.evaluate("location.hash = '#/bays/nowhere'")
    await watched.page.evaluate(layDomBoard)
    await watched.fare(2)
    const elements = await watched.fare(SECONDS)
    making.end()
    const changes = Math.round(making.made / (2 * SECONDS + 4))
    const percent = (share: number) => Math.round(share * 1000) / 10
    return [
      {
        name: `board of ${BAYS} bays: frames a second, median`,
        value: canvas.fps,
        floor: elements.fps,
        ratio: canvas.fps / elements.fps,
        note: `floor: of elements; still ${idle.fps}; ${changes} changes a second`,
      },
      {
        name: `board of ${BAYS} bays: gap between frames, 99 %, ms`,
        value: canvas.slowest_ms,
        floor: elements.slowest_ms,
        ratio: canvas.slowest_ms / elements.slowest_ms,
        note: 'floor: of elements',
      },
      {
        name: `board of ${BAYS} bays: main thread, % of a core`,
        value: percent(canvas.mainThread),
        floor: percent(elements.mainThread),
        ratio: canvas.mainThread / elements.mainThread,
        note: `floor: of elements; still ${percent(idle.mainThread)}`,
      },
    ]
  } finally {
    await browser.close()
    await server.close()
  }
}
