import { rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ReportShelf } from '../../../src/commands/sim/report-shelf.ts'
import { nameIn, simulatedFolder } from '../sim/simulated-folder.ts'
import { openPage, there } from './opened-page.ts'
import { checkScreen } from './screen-check.ts'

let folder = ''
beforeAll(async () => {
  if (there) folder = await simulatedFolder()
}, 180_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const served = async () => {
  const shelf = new ReportShelf(folder)
  const { http } = await shelf.inspect(0)
  return { http, close: () => shelf.close() }
}

describe.skipIf(!there)('the report of a simulated site', { timeout: 180_000 }, () => {
  for (const way of ['list', 'report'] as const)
    test(`leads from its ${way} to a bad visit in the bay’s screen and its replay, named as a simulation, and back, in German`, async () => {
      const { http, close } = await served()
      try {
        const name = nameIn(folder)
        const { page, asked, complaints } = await openPage(`${http.url}/#/design-report`, {
          viewport: { width: 1400, height: 1000 },
          locale: 'de',
        })
        const report = page.frameLocator('.report-page')
        expect(await report.locator('h1').textContent()).toBe('Small')
        if (way === 'list') await page.locator(`[data-visit="${name}"]`).click()
        else await report.locator(`a[href$="${name}.jsonl"]`).click()
        await page.waitForURL((url) => url.port !== String(http.port), { timeout: 30_000 })
        await page.waitForSelector('.chart .active')
        expect(await page.locator('.replay-head strong').textContent()).toBe('SIMULATION')
        const says = page.locator('.replay-says')
        await expect.poll(() => says.textContent(), { timeout: 60_000 }).toMatch(/^Eintrag \d+ von \d+/)
        const before = await says.textContent()
        await page.getByRole('button', { name: 'Weiter', exact: true }).click()
        await expect.poll(() => says.textContent()).not.toBe(before)
        expect(await page.locator('.replay-case').textContent()).toContain('für Small simuliert')
        expect(await page.locator('[data-command]').count()).toBe(0)
        await page.locator('.replay-case a').click()
        await page.waitForSelector('.report-page')
        expect(complaints).toEqual([])
        expect(new Set(asked.map((url) => new URL(url).hostname))).toEqual(new Set(['127.0.0.1']))
      } finally {
        await close()
      }
    })
})

checkScreen('design-report', { at: '/#/design-report', until: '.report-page', served, shots: ['wall', 'phone'] })
