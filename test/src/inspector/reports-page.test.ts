import { describe, expect, test } from 'vitest'
import { beginOf, momentOf, tableTimes } from '../../../src/inspector/page/site-day.ts'
import { startServer } from '../server/running-server.ts'
import { figuredSite } from './figured-site.ts'
import { live, openPage, PHONE, there } from './opened-page.ts'

test('a day of the site begins where its zone says, also on the far side of the earth and where clocks change', () => {
  const begin = (date: string, zone: string, later = 0) => {
    const at = beginOf(date, zone, later)
    return at === null ? null : new Date(at).toISOString()
  }
  expect(begin('2026-11-23', 'Pacific/Auckland')).toBe('2026-11-22T11:00:00.000Z')
  expect(begin('2026-11-23', 'Pacific/Kiritimati')).toBe('2026-11-22T10:00:00.000Z')
  expect(begin('2026-11-23', 'Pacific/Pago_Pago')).toBe('2026-11-23T11:00:00.000Z')
  expect(begin('2026-10-25', 'Europe/Berlin')).toBe('2026-10-24T22:00:00.000Z')
  expect(begin('2026-10-25', 'Europe/Berlin', 1)).toBe('2026-10-25T23:00:00.000Z')
  expect(begin('yesterday', 'UTC')).toBe(null)
})

test('a time is taken as a clock at the site shows it, in winter, in summer, and where the clock is turned', () => {
  const moment = (text: string, zone: string) => {
    const at = momentOf(text, zone)
    return at === null ? null : new Date(at).toISOString()
  }
  expect(moment('2026-11-23T14:05', 'Europe/Berlin')).toBe('2026-11-23T13:05:00.000Z')
  expect(moment('2026-07-01T00:00', 'Europe/Berlin')).toBe('2026-06-30T22:00:00.000Z')
  expect(moment('2026-10-25T00:30', 'Europe/Berlin')).toBe('2026-10-24T22:30:00.000Z')
  expect(moment('2026-10-25T04:30', 'Europe/Berlin')).toBe('2026-10-25T03:30:00.000Z')
  expect(moment('2026-11-23T14:05', 'Pacific/Kiritimati')).toBe('2026-11-23T00:05:00.000Z')
  expect(moment('2026-11-23T14:05:30', 'Asia/Kathmandu')).toBe('2026-11-23T08:20:30.000Z')
  expect(moment('some time', 'UTC')).toBe(null)
})

test('the offset from UTC stands once at the head, but in each row where an hour comes twice', () => {
  const [before, after] = [Date.parse('2026-10-25T00:30:00Z'), Date.parse('2026-10-25T01:30:00Z')]
  const same = tableTimes([after, after + 1], 'Europe/Berlin')
  expect([same.offset, same.text(after)]).toEqual(['GMT+1', '25 Oct, 02:30:00'])
  const twice = tableTimes([before, after], 'Europe/Berlin')
  expect([twice.offset, twice.text(before), twice.text(after)]).toEqual([
    '',
    '25 Oct, 02:30:00 GMT+2',
    '25 Oct, 02:30:00 GMT+1',
  ])
})

describe.skipIf(!there)('the reports', { timeout: 120_000 }, () => {
  test('stand in words, kWh and times of the site, with sensible columns first and all on demand, for the days and the bay that were chosen', async () => {
    const { server, ask } = await startServer(await figuredSite())
    const { page } = await openPage(`${server.url}/#/reports`, PHONE)
    await live(page)
    const table = page.locator('.audit-rows')
    await table.locator('td').first().waitFor()
    const heads = () => table.locator('th').allTextContents()
    const sensible = await heads()
    expect(sensible).toEqual(expect.arrayContaining(['bay', 'account', 'energy', 'ended by']))
    expect(await table.textContent()).toMatch(/\d kWh/)
    expect(await table.textContent()).not.toMatch(/\d\dT\d\d:|\[|\{|_Wh|_ms/)
    await page.getByLabel('all columns').check()
    const every = await heads()
    expect(every.length).toBeGreaterThan(sensible.length + 10)
    expect(every.filter((name) => /[a-z][A-Z]|_/.test(name.replace('kWh', '')))).toEqual([])
    await page.getByLabel('Bay', { exact: true }).selectOption('bay-2')
    await expect
      .poll(async () => [...new Set(await table.locator('td[data-name=bay]').allTextContents())])
      .toEqual(['bay-2'])
    const link = await page.getByRole('link', { name: 'as JSON lines' }).getAttribute('href')
    const lines = (await (await ask(link ?? '')).text()).trim().split('\n')
    expect(lines).toHaveLength(await table.locator('tbody tr').count())
    // A day long before the site's first record.
    for (const day of ['From', 'Up to and including']) await page.getByLabel(day).fill('2020-01-01')
    await page.getByText('No rows.').waitFor()
  })

  test('say in German how far a charge is, and nothing of a dispute where nothing is disputed', async () => {
    const { server, ask } = await startServer(await figuredSite())
    const { page } = await openPage(`${server.url}/#/reports`, { locale: 'de' })
    await live(page)
    const table = page.locator('.audit-rows')
    await table.locator('td').first().waitFor()
    const { items } = (await (await ask('/api/reports/sessions?limit=1000')).json()) as {
      items: { readonly status: string; readonly disputed_Wh: number }[]
    }
    expect(await table.locator('th').allTextContents()).toContain('bestrittene Energie')
    const said: { readonly [status: string]: string } = { running: 'läuft', billed: 'abgerechnet' }
    const column = async (name: string) =>
      await table
        .locator(`tbody tr td`)
        .evaluateAll(
          (all, at) => all.filter((_, i) => i % at.of === at.at).map((one) => one.textContent),
          await place(name),
        )
    const place = async (name: string) => {
      const heads = await table.locator('th').allTextContents()
      return { at: heads.indexOf(name), of: heads.length }
    }
    expect(items.length).toBeGreaterThan(3)
    expect(await column('Stand')).toEqual(items.map(({ status }) => said[status] ?? 'nicht abgerechnet'))
    expect((await column('bestrittene Energie')).map((text) => text !== '')).toEqual(
      items.map((row) => row.disputed_Wh > 0),
    )
  })
})
