import { expect, test } from 'vitest'
import { startServer } from '../server/running-server.ts'
import { busySite } from './busy-site.ts'
import { live, openPage, there } from './opened-page.ts'
import { boardOf, shownOf } from './shown-board.ts'
import { tornWire } from './torn-wire.ts'

/** The same numbers each time. */
function draws(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296
    return state / 4_294_967_296
  }
}

const STATES = ['vacant', 'detecting', 'authorizing', 'charging-locked', 'exiting'] as const

test.skipIf(!there)(
  'a page behind a wire that drops, delays, reorders and doubles frames shows no state that its bay never had, and is equal to the server within 3 seconds once the wire is whole',
  { timeout: 90_000, retry: 2 },
  async () => {
    const site = await busySite()
    const { server } = await startServer({ site })
    const wire = await tornWire(server.port, draws(7))
    const { page } = await openPage(`http://127.0.0.1:${wire.port}/`)
    const had = new Set(boardOf(site))
    await page.waitForSelector('[data-bay=bay-1]')
    let strangers: string[] = []
    for (let round = 0; round < 160; round += 1) {
      const state = STATES[round % STATES.length] ?? 'vacant'
      await site.change(`bay-${(round % 6) + 1}`, { type: 'meter.values' }, { state, detail: state })
      for (const bay of boardOf(site)) had.add(bay)
      await new Promise((resolve) => setTimeout(resolve, 40))
      if (round % 10 === 0) strangers = [...strangers, ...(await shownOf(page)).filter((bay) => !had.has(bay))]
    }
    expect(strangers).toEqual([])
    expect(wire.touched).toBeGreaterThan(10)
    wire.torn = false
    const whole = performance.now()
    await live(page)
    await expect.poll(() => shownOf(page), { timeout: 60_000 }).toEqual(boardOf(site))
    expect(performance.now() - whole).toBeLessThan(3000)
  },
)
