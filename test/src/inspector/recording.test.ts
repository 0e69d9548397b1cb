import { describe, expect, test } from 'vitest'
import { E10 } from '../../../simulations/scenarios/e10-silent-swap.ts'
import { inspectStory } from '../../../src/commands/recorded-story.ts'
import { openPage, PHONE, there, WALL } from './opened-page.ts'

const [story] = E10.stories

describe.skipIf(!there)('a recording on the page', { timeout: 60_000 }, () => {
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
        await expect.poll(says, { timeout: 20_000 }).toMatch(/^Record \d+ of \d+/)
        expect(await page.locator('.replay-head strong').textContent()).toBe('REPLAY')
        expect(await page.locator('#live-word').textContent()).toBe('recording')
        const next = page.getByRole('button', { name: 'Next', exact: true })
        const seen = new Set<string>()
        for (let step = 0; step < played.records.length && (await next.isEnabled()); step += 1) {
          const before = await says()
          await next.click()
          await expect.poll(says, { timeout: 20_000 }).not.toBe(before)
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
})
