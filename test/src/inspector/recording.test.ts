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
        await page.waitForSelector('.recording:not([hidden]) p')
        await expect.poll(() => tile.getAttribute('data-state')).toBe('vacant')
        expect(await page.locator('.recording p').textContent()).toMatch(/^Recording, \d+ of \d+/)
        expect(await page.locator('#live-word').textContent()).toBe('recording')
        const next = page.getByRole('button', { name: 'Next' })
        const told = played.records.filter((record) => record.bayId !== null)
        const seen = new Set<string>()
        for (let step = 0; step < played.records.length && (await next.isEnabled()); step += 1) {
          const before = await page.locator('.recording p').textContent()
          await next.click()
          await expect.poll(() => page.locator('.recording p').textContent()).not.toBe(before)
          const shown = Number(
            /^Recording, (\d+) of/.exec((await page.locator('.recording p').textContent()) ?? '')?.[1],
          )
          const state = told.slice(0, shown).findLast((record) => record.bayId === 'bay-1')?.state ?? 'vacant'
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
