import { systemClock } from '../../src/clock.ts'
import { isThere, launchChromium } from '../src/inspector/chromium.ts'
import { keepChanging, WatchedPage } from '../src/inspector/watched-page.ts'
import { openArrayDesk } from '../src/server/array-desk.ts'
import { openPlainServer } from '../src/server/plain-server.ts'
import type { BenchLine } from './bay.bench.ts'

const BAYS = 500
const CHANGES = 500
const SECONDS = 10

/** The board at 500 bays and 500 changes a second, on a wall, in a real browser without a graphics card. */
export async function boardBench(): Promise<BenchLine[]> {
  if (!isThere) return [{ name: 'board: no Chromium here', value: 0 }]
  const site = openArrayDesk({ clock: systemClock, count: BAYS })
  const { server } = await openPlainServer({ site })
  const browser = await launchChromium()
  try {
    const watched = await WatchedPage.open(browser, server.url)
    await watched.page.waitForSelector('[data-bay=bay-500]')
    const idle = await watched.fare(SECONDS / 2)
    const end = keepChanging(site, CHANGES)
    await watched.fare(2)
    const { fps, slowest_ms, mainThread } = await watched.fare(SECONDS)
    const changes = end() / (SECONDS + 2)
    const note = `${Math.round(changes)} changes a second; a still board here ${idle.fps}`
    return [
      { name: `board of ${BAYS} bays: frames a second, median`, value: fps, note },
      { name: `board of ${BAYS} bays: gap between frames, 99 %, ms`, value: slowest_ms },
      {
        name: `board of ${BAYS} bays: main thread, % of a core`,
        value: Math.round(mainThread * 1000) / 10,
        note: `still: ${Math.round(idle.mainThread * 1000) / 10}`,
      },
    ]
  } finally {
    await browser.close()
    await server.close()
  }
}
