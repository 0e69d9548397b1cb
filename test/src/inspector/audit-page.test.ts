import { describe, expect, test } from 'vitest'
import { startServer } from '../server/running-server.ts'
import { busySite } from './busy-site.ts'
import { live, openPage, there } from './opened-page.ts'

describe.skipIf(!there)('the audit in a browser', { timeout: 180_000 }, () => {
  test('no reason is chosen for anybody: a plate is looked for once a person has said why, and what they said goes with it', async () => {
    const { server } = await startServer({ site: await busySite() })
    const { page } = await openPage(`${server.url}/#/audit`)
    await live(page)
    const asked: unknown[] = []
    page.on('request', (request) => {
      if (request.url().endsWith('/api/audit/plate')) asked.push(request.postDataJSON())
    })
    expect(await page.inputValue('#audit-reason')).toBe('')
    await page.fill('#audit-plate', 'AB12CDE')
    await page.keyboard.press('Enter')
    await page.getByText('Choose why this plate is looked for').waitFor()
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('audit-reason')
    expect(asked).toEqual([])
    await page.selectOption('#audit-reason', 'damage')
    await page.getByRole('button', { name: 'Search' }).click()
    await expect.poll(() => asked).toEqual([{ plate: 'AB12CDE', reason: 'damage' }])
  })

  test('rows say what happened in words, never by the names of code', async () => {
    const site = await busySite()
    await site.change('bay-1', { type: 'meter.values' }, {}, { decisions: [{ type: 'DrawResumed' }] })
    await site.note('audit', {
      type: 'personal.seen',
      by: 'anna',
      role: 'admin',
      what: 'replay',
      subjects: [],
      count: 0,
    })
    const { server } = await startServer({ site })
    const { page } = await openPage(`${server.url}/#/audit`)
    await page.getByText('personal data looked at').waitFor()
    await page.getByText('looked at the site as it was').waitFor()
    await page.getByText('power flows again').waitFor()
    await page.goto(`${server.url}/#/bays/bay-1`)
    await page.locator('.timeline').getByText('power flows again').waitFor()
    expect(await page.locator('.timeline summary').allTextContents()).not.toContain('DrawResumed')
  })
})
