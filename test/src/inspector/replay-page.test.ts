import { describe, expect, test } from 'vitest'
import { startServer } from '../server/running-server.ts'
import { busySite } from './busy-site.ts'
import { live, openPage, there } from './opened-page.ts'

/** A machine that has much else to do answers late. */
const SLOW = { timeout: 20_000 }

describe.skipIf(!there)('the replay of a site that lives', { timeout: 120_000 }, () => {
  test('an address names a record: the site is as it was, framed and named so, and nothing can be ordered until it is live again', async () => {
    const site = await busySite()
    const { server } = await startServer({ site })
    const { page, complaints } = await openPage(`${server.url}/#/bays/bay-1?at=seq:1`)
    await live(page)
    await page.waitForSelector('.replay-bar')
    const says = () => page.locator('.replay-says').textContent()
    await expect.poll(says, SLOW).toMatch(/^Record 1 of \d+: .*bay-1, meter values/)
    expect(await page.locator('#live-word').textContent()).toBe('replay')
    expect(await page.evaluate("getComputedStyle(document.body, '::after').borderTopWidth")).toBe('5px')
    expect(await page.locator('[data-command]').count()).toBe(0)
    // What happens now changes nothing of what was.
    await site.change('bay-1', { type: 'transaction.ended' }, { state: 'exiting', detail: 'still-plugged' })
    await page.waitForTimeout(300)
    expect(await page.locator('#bay-state').textContent()).toBe('charging')
    await page.getByRole('button', { name: 'Next', exact: true }).click()
    await expect.poll(() => page.locator('#bay-state').textContent(), SLOW).toBe('leaving')
    expect(page.url()).toMatch(/#\/bays\/bay-1\?at=seq:\d+$/)
    await page.getByRole('button', { name: 'Back', exact: true }).click()
    await expect.poll(() => page.locator('#bay-state').textContent(), SLOW).toBe('charging')
    await page.getByRole('button', { name: 'Back to live' }).click()
    await page.waitForSelector('[data-command]')
    expect(await page.locator('.replay-bar').count()).toBe(0)
    expect(await page.locator('#bay-state').textContent()).toBe('leaving')
    expect(complaints).toEqual([])
  })

  test('the filter walks through one lane alone, playing goes on by itself, and what a record changed is shown', async () => {
    const { server } = await startServer({ site: await busySite() })
    const { page } = await openPage(`${server.url}/#/replay?at=seq:1`)
    const says = () => page.locator('.replay-says').textContent()
    await expect.poll(says, SLOW).toMatch(/^Record 1 of 5/)
    await page.selectOption('.replay-ways select >> nth=1', 'operator')
    await page.getByRole('button', { name: 'Next', exact: true }).click()
    await expect.poll(says, SLOW).toMatch(/^Record 5 of 5: .*bay-5, operator commanded/)
    await page.selectOption('.replay-ways select >> nth=1', 'all')
    await page.getByRole('button', { name: 'First' }).click()
    await expect.poll(says, SLOW).toMatch(/^Record 1 of 5/)
    await page.getByText('What changed').click()
    await page.waitForSelector('.replay-bar table')
    await page.selectOption('.replay-ways select >> nth=0', '60')
    await page.getByRole('button', { name: 'Play' }).click()
    await expect.poll(says, SLOW).toMatch(/^Record 5 of 5/)
    await expect.poll(() => page.getByRole('button', { name: 'Play' }).count(), SLOW).toBe(1)
  })
})
