import { describe, expect, test } from 'vitest'
import { SCENARIOS } from '../../../simulations/scenario-list.ts'
import { E10 } from '../../../simulations/scenarios/e10-silent-swap.ts'
import { E34 } from '../../../simulations/scenarios/e34-crossed-cables.ts'
import { inspectStory } from '../../../src/commands/recorded-story.ts'
import { ScenarioShelf } from '../../../src/commands/scenario-shelf.ts'
import { openPage, PHONE, there, WALL } from './opened-page.ts'

const [story] = E10.stories

describe.skipIf(!there)('a recording on the page', { timeout: 180_000 }, () => {
  for (const [name, size] of [
    ['wall', WALL],
    ['phone', PHONE],
  ] as const)
    test(`opens at its beginning and goes record by record to its end (${name})`, async () => {
      if (!story) throw new Error('E10 has no story')
      const { played, http, close } = await inspectStory({ scenario: E10, story, seed: 0 }, 0)
      try {
        const { page, complaints } = await openPage(http.url, size)
        const tile = page.locator('[data-bay=bay-1]')
        await page.waitForSelector('.replay-says')
        const says = () => page.locator('.replay-says').textContent()
        await expect.poll(() => tile.getAttribute('data-state')).toBe('vacant')
        await expect.poll(says, { timeout: 60_000 }).toMatch(/^Record \d+ of \d+/)
        expect(await page.locator('.replay-head strong').textContent()).toBe('SIMULATION')
        expect(await page.locator('#live-word').textContent()).toBe('recording')
        const next = page.getByRole('button', { name: 'Next', exact: true })
        const seen = new Set<string>()
        for (let step = 0; step < played.records.length && (await next.isEnabled()); step += 1) {
          const before = await says()
          await next.click()
          await expect.poll(says, { timeout: 60_000 }).not.toBe(before)
          const shown = Number(/^Record (\d+) of/.exec((await says()) ?? '')?.[1])
          const state =
            played.records.findLast(({ bayId, seq }) => bayId === 'bay-1' && seq <= shown)?.state ?? 'vacant'
          await expect.poll(() => tile.getAttribute('data-state')).toBe(state)
          seen.add(state)
        }
        expect([...seen]).toEqual(expect.arrayContaining(['detecting', 'authorizing', 'charging-locked', 'exiting']))
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
        expect(wide).toBeLessThanOrEqual(0)
        await tile.click()
        await page.waitForSelector('.timeline, [aria-label=Orders]', { state: 'attached' })
        expect(await page.locator('[aria-label=Orders]').isVisible()).toBe(false)
        expect(complaints).toEqual([])
      } finally {
        await close()
      }
    })

  test('every recorded case is in a list and opens in the same screens, named as a simulation, read-only, as old ones are closed', async () => {
    const shelf = new ScenarioShelf(SCENARIOS, 0)
    try {
      const { http } = await shelf.inspect(E10, 1, 0)
      const { page, asked, complaints } = await openPage(`${http.url}/#/scenarios`)
      await page.waitForSelector('.scenarios .card')
      await expect.poll(() => page.locator('.scenarios .card').count()).toBe(SCENARIOS.length)
      await page.getByLabel('Find').fill(E34.title)
      await expect.poll(() => page.locator('.scenarios .card').count()).toBe(1)
      await page.locator(`[data-story="${E34.name} 1"]`).click()
      await page.waitForURL((url) => url.port !== String(new URL(http.url).port), { timeout: 60_000 })
      await expect
        .poll(() => page.locator('.replay-says').textContent(), { timeout: 60_000 })
        .toMatch(/^Record \d+ of \d+/)
      expect(await page.locator('.replay-head strong').textContent()).toBe('SIMULATION')
      expect(await page.locator('.replay-case').textContent()).toContain(`Nothing of this happened at a site`)
      expect(await page.locator('.replay-case').textContent()).toContain(E34.wanted)
      await page.evaluate("location.hash = '#/bays/bay-3'")
      await page.waitForSelector('.chart .active')
      expect(await page.locator('[data-command]').count()).toBe(0)
      expect(complaints).toEqual([])
      expect(new Set(asked.map((url) => new URL(url).hostname))).toEqual(new Set(['127.0.0.1']))
      // The first one stays; of the others the oldest goes, and comes back when it is wanted.
      const second = page.url().replace(/#.*/, '')
      for (const { name } of SCENARIOS.slice(10, 16)) expect(await shelf.open(name, 1)).not.toBe(null)
      expect((await fetch(http.url)).status).toBe(200)
      await expect(fetch(second)).rejects.toThrow()
      expect(await shelf.open(E34.name, 1)).not.toBe(second)
      expect(await shelf.open('e99-nothing', 1)).toBe(null)
      expect(await shelf.open(E34.name, 99)).toBe(null)
    } finally {
      await shelf.close()
    }
  })
})
