import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { systemClock } from '../../../src/clock.ts'
import { openArrayDesk } from '../server/array-desk.ts'
import { startServer } from '../server/running-server.ts'
import { figuredSite } from './figured-site.ts'
import { live, openPage, PHONE, there } from './opened-page.ts'

/** Cells of a table, row by row. */
const cells = (page: Page, table: string) =>
  page
    .locator(`${table} tbody tr`)
    .evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent)))

/** Points of the drawing that stand out from its ground. */
const inked = (page: Page, canvas: string) =>
  page.locator(canvas).evaluate((one) => {
    const { width, height } = one as HTMLCanvasElement
    const data = (one as HTMLCanvasElement).getContext('2d')?.getImageData(0, 0, width, height).data ?? []
    let count = 0
    for (let at = 0; at < data.length; at += 4) if ((data[at + 3] ?? 0) > 200 && (data[at] ?? 255) < 60) count += 1
    return count
  })

describe.skipIf(!there)('the figures', { timeout: 120_000 }, () => {
  test.each(['charge-points', 'cameras'])(
    'on a phone the rows of %s are cards that say their columns, none of them cut',
    async (part) => {
      const { server } = await startServer(await figuredSite())
      const { page } = await openPage(`${server.url}/#/figures/${part}`, PHONE)
      await live(page)
      const cell = page.locator('.figures-rows tbody td').first()
      await cell.waitFor()
      const name = await cell.evaluate((one) => getComputedStyle(one, '::before').content)
      expect(name).toMatch(/^"\w+" ": "|^"\w+: "/)
      const wide = await page.locator('.figures-rows').evaluate((one) => one.scrollWidth - one.clientWidth)
      expect(wide).toBeLessThanOrEqual(0)
    },
  )

  test('current and energy of a bay are drawn when they are asked for, said in a sentence, and stand in a table', async () => {
    const { server } = await startServer(await figuredSite())
    const { page, asked, complaints } = await openPage(`${server.url}/#/bays/bay-1`)
    await live(page)
    await page.waitForSelector('.chart .active')
    // Nobody pays for plots who does not look at one.
    expect(asked.filter((url) => /uplot|plot\.js|meter-panel/.test(url))).toEqual([])
    await page.getByText('Current and energy over time').click()
    await page.waitForSelector('.meter-panel canvas')
    await expect.poll(() => inked(page, '.meter-panel .plot-figure:nth-of-type(1) canvas')).toBeGreaterThan(300)
    const says = await page.locator('.plot-says').allTextContents()
    expect(says[0]).toMatch(/CP-bay-1\/1: 2\.0 A to 16\.0 A, last 2\.0 A\.$/)
    expect(says[1]).toMatch(/CP-bay-1\/1: 0\.00 kWh to 10\.80 kWh, last 10\.80 kWh\.$/)
    await page.locator('.meter-panel summary').first().click()
    await page.waitForSelector('.plot-figure td')
    const rows = await cells(page, '.meter-panel .plot-figure:nth-of-type(1)')
    expect([rows.length, rows[0]?.[1], rows.at(-1)?.[1]]).toEqual([61, '2.0 A', '15.8 A'])
    // As it was then: nothing that came later is drawn.
    await page.goto(`${server.url}/#/bays/bay-1?at=seq:12`)
    await expect.poll(() => page.locator('.plot-says').first().textContent()).toMatch(/last 15\.\d A\.$/)
    expect(complaints).toEqual([])
  })

  test('the energy of a bay ends at what the end of its transaction reported, however soon that comes after the last sample', async () => {
    const site = openArrayDesk({ clock: systemClock, count: 2 })
    const startedAt = new Date(Date.now() - 60_000).toISOString()
    const told = { connector: 'CP-bay-1/1', transactionId: '17' }
    const session = (energy_Wh: number) => ({
      session: { sessionId: 'ses-1', transactionId: '17', idToken: null, energy_Wh, startedAt },
    })
    const begun = { ...told, type: 'transaction.started', register_Wh: 5000, happenedAt: startedAt }
    await site.change('bay-1', begun, { state: 'charging-locked', detail: 'charging', ...session(0) })
    const sample = { ...told, type: 'meter.values', verdict: 'valid', current_A: 16, register_Wh: 5000 }
    await site.change('bay-1', sample, session(0))
    const { server } = await startServer({ site })
    const { page } = await openPage(`${server.url}/#/bays/bay-1`)
    await live(page)
    await page.getByText('Current and energy over time').click()
    const energy = () => page.locator('.plot-says').last().textContent()
    await expect.poll(energy).toMatch(/last 0\.00 kWh\.$/)
    await site.change('bay-1', { ...told, type: 'transaction.ended', register_Wh: 5030, reason: 'Local' }, session(30))
    await expect.poll(() => page.getByText('0.03 kWh, transaction 17').count()).toBe(1)
    await expect.poll(energy, { timeout: 60_000 }).toMatch(/0\.00 kWh to 0\.03 kWh, last 0\.03 kWh\.$/)
    // Its end said nothing of the current.
    expect(await page.locator('.plot-says').first().textContent()).toMatch(/last 16\.0 A\.$/)
  })

  test('occupancy says no more of an hour than the journal does, and a day before its first record is left empty', async () => {
    const over = await figuredSite()
    const { server, ask } = await startServer(over)
    const { page } = await openPage(`${server.url}/#/figures`)
    await live(page)
    await page.waitForSelector('.hours table')
    const told = (await (await ask('/api/reports/occupancy')).json()) as {
      items: { [column: string]: string | number }[]
    }
    const rows = await cells(page, '.hours')
    // Depot North is in London, where it is UTC in November. The past of this site begins at 05:00.
    expect(rows.length).toBe(1)
    const today = rows[0]?.slice(1) ?? []
    expect(today.slice(0, 5)).toEqual(['', '', '', '', ''])
    const whole = new Date(over.clock?.now() ?? 0).getUTCHours()
    const names = ['detecting_ms', 'authorizing_ms', 'charging_ms', 'exiting_ms']
    for (let hour = 5; hour < whole; hour += 1) {
      const ofHour = told.items.filter((row) => new Date(String(row['hour'])).getUTCHours() === hour)
      const taken = ofHour.reduce((sum, row) => sum + names.reduce((ms, name) => ms + Number(row[name]), 0), 0)
      expect([hour, Number.parseInt(today[hour] ?? '', 10)]).toEqual([
        hour,
        Math.round((100 * taken) / (4 * 3_600_000)),
      ])
    }
    expect(whole).toBeGreaterThan(10)
  })

  test('charge points that are not connected come first, another one is chosen by keyboard, and its lines differ without colour', async () => {
    const { server } = await startServer(await figuredSite())
    const { page, complaints } = await openPage(`${server.url}/#/figures/charge-points`)
    await live(page)
    await page.waitForSelector('.plot canvas')
    const rows = await cells(page, '.figures-rows')
    expect(rows[0]?.slice(0, 2)).toEqual(['CP-bay-3', 'NOT CONNECTED'])
    const dashes = await page
      .locator('.plot-keys line')
      .evaluateAll((all) => all.map((one) => one.getAttribute('stroke-dasharray')))
    expect(new Set(dashes).size).toBe(2)
    await page.locator('.figures-rows button', { hasText: 'CP-bay-1' }).focus()
    await page.keyboard.press('Enter')
    await expect.poll(() => page.locator('.plot-says').last().textContent()).toMatch(/CP-bay-1: 0\.0 A to 16\.0 A/)
    expect(await page.evaluate('document.activeElement.textContent')).toBe('CP-bay-1')
    // What is left listens to nothing any more.
    await page.goto(`${server.url}/#/`)
    await page.waitForSelector('.bay-button')
    await page.setViewportSize({ width: 900, height: 700 })
    await page.waitForTimeout(300)
    expect(complaints).toEqual([])
  })
})
