import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { BAY_CHART } from '../../../src/chart/kept-charts.ts'
import { ownMachines } from '../../../src/journal/machines-bundle.ts'
import type { BayKnew } from '../../../src/site-desk.ts'
import { startServer } from '../server/running-server.ts'
import { busySite } from './busy-site.ts'
import { live, openPage, there } from './opened-page.ts'

/** A machine that has much else to do answers late. */
const SLOW = { timeout: 60_000 }

/** The active state, and whether all of it is seen within its panel. */
const seenState = (page: Page) =>
  page.evaluate(() => {
    const [state, holder] = [document.querySelector('.chart .active'), document.querySelector('.chart')]
    const box = state?.querySelector('rect')?.getBoundingClientRect()
    const view = holder?.getBoundingClientRect()
    if (!state || !box || !view) return null
    const isSeen =
      box.left >= view.left &&
      box.right <= view.right &&
      box.top >= view.top &&
      box.bottom <= view.bottom &&
      box.height > 15
    return `${state.getAttribute('data-state')} ${isSeen ? 'seen' : 'not seen'}`
  })

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
    const dot = () => page.locator('.top .dot').evaluate((one) => getComputedStyle(one).backgroundColor)
    expect(await dot()).toBe('rgba(0, 0, 0, 0)')
    expect(await page.evaluate("getComputedStyle(document.body, '::after').borderTopWidth")).toBe('5px')
    expect(await page.locator('[data-command]').count()).toBe(0)
    await page.getByText('No picture and no boxes around vehicles: both are live only').waitFor()
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
    expect(await dot()).not.toBe('rgba(0, 0, 0, 0)')
    expect(await page.locator('#bay-state').textContent()).toBe('leaving')
    expect(complaints).toEqual([])
  })

  test('an address without a record is live, also in a tab in which a replay was open; what a replay itself leads to stays at its record', async () => {
    const { server } = await startServer({ site: await busySite() })
    const { page } = await openPage(`${server.url}/#/replay?at=seq:4`)
    await live(page)
    await page.waitForSelector('.replay-bar')
    await page.getByRole('link', { name: 'bay-4' }).first().click()
    await page.waitForSelector('#bay-state')
    expect(new URL(page.url()).hash).toBe('#/bays/bay-4?at=seq:4')
    await page.keyboard.press('Escape')
    await page.waitForSelector('.needs-you')
    expect(new URL(page.url()).hash).toBe('#/?at=seq:4')
    expect(await page.locator('.replay-bar').count()).toBe(1)
    await page.evaluate("location.hash = '#/bays/bay-1'")
    await page.waitForSelector('[data-command]')
    expect(await page.locator('.replay-bar').count()).toBe(0)
    expect(await page.locator('#live-word').textContent()).toBe('live')
  })

  test('a replay whose server falls silent says since when nothing is heard, never the time of its record', async () => {
    const { server } = await startServer({ site: await busySite() })
    const { page } = await openPage(`${server.url}/#/bays/bay-1?at=seq:1`)
    await live(page)
    await page.waitForSelector('.replay-bar')
    await page.waitForTimeout(1_500)
    const closed = Date.now()
    await server.close()
    await page.waitForSelector('body.stale', SLOW)
    const time = () => page.locator('#site-time').textContent()
    await expect.poll(time, SLOW).toMatch(/^since \d\d:\d\d:\d\d$/)
    const since = (await time()) ?? ''
    expect(await page.locator('#banner').textContent()).toContain(`NOT LIVE ${since}: `)
    const [hours = 0, minutes = 0, seconds = 0] = since.slice(6).split(':').map(Number)
    // The zone is the site's: minutes and seconds are everybody's here.
    const at = new Date(closed)
    const late = at.getUTCMinutes() * 60 + at.getUTCSeconds() - minutes * 60 - seconds
    expect(hours).toBeLessThan(24)
    expect([-1, 0, 1, 2, 3]).toContain(((late + 1801) % 3600) - 1801)
  })

  test('a page that was open for long begins its replay at what is newest now, not at what was when it was opened', async () => {
    const site = await busySite()
    const { server } = await startServer({ site })
    const { page } = await openPage(`${server.url}/#/`)
    await live(page)
    for (const detail of ['still-plugged', 'unseen'])
      await site.change('bay-1', { type: 'transaction.ended' }, { state: 'exiting', detail })
    await page.waitForTimeout(500)
    await page.evaluate("location.hash = '#/replay'")
    const says = () => page.locator('.replay-says').textContent()
    await expect.poll(says, SLOW).toMatch(/^Record (\d+) of \1: /)
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
    await page.getByText('Nothing that the machine knows differs.').waitFor()
    await page.getByText('bay-1, record 1: there is no other to compare it with').waitFor()
    await page.selectOption('.replay-ways select >> nth=0', '60')
    await page.getByRole('button', { name: 'Play' }).click()
    await expect.poll(says, SLOW).toMatch(/^Record 5 of 5/)
    await expect.poll(() => page.getByRole('button', { name: 'Play' }).count(), SLOW).toBe(1)
  })

  test('the statechart shows the state as of the record, zoomed there, at every record', async () => {
    const site = await busySite()
    const { server } = await startServer({ site })
    const states = [
      ['detecting', 'collecting'],
      ['detecting', 'in-review'],
      ['authorizing', 'awaiting-plug'],
      ['charging-locked', 'charging'],
      ['exiting', 'still-plugged'],
      ['vacant', 'vacant'],
    ] as const
    const seqs: number[] = []
    for (const [state, detail] of states)
      seqs.push(await site.change('bay-6', { type: 'zone.seen' }, { state, detail }))
    for (const size of [
      { width: 1920, height: 1080 },
      { width: 390, height: 844 },
    ]) {
      const { page } = await openPage(`${server.url}/#/bays/bay-6?at=seq:${seqs[0]}`, { viewport: size })
      await live(page)
      for (const [at, [state, detail]] of states.entries()) {
        await page.evaluate(`location.hash = '#/bays/bay-6?at=seq:${seqs[at]}'`)
        const path = state === detail ? state : `${state}.${detail}`
        await expect.poll(() => seenState(page), SLOW).toBe(`${path} seen`)
      }
      // The whole of it, and back to the state that is active.
      await page.getByRole('button', { name: 'Whole chart' }).click()
      expect(await page.locator('.chart svg').getAttribute('viewBox')).toMatch(/^0 0 1\d\d\d /)
      await page.getByRole('button', { name: 'Zoom to the active state' }).click()
      await expect.poll(() => seenState(page), SLOW).toBe('vacant seen')
      await page.context().close()
    }
  })

  test('a record is shown in the drawing of the machines that wrote it; where they left none that of today does not stand for them', async () => {
    const site = await busySite()
    const [other, lost] = ['b'.repeat(64), 'c'.repeat(64)]
    const places: number[] = []
    for (const bundle of [other, lost, ownMachines().name]) {
      await site.note('site', { type: 'machines.adopted', bundle })
      places.push(
        await site.change('bay-1', { type: 'meter.values' }, { state: 'charging-locked', detail: 'charging' }),
      )
    }
    const drawing = readFileSync(BAY_CHART, 'utf8').replace(
      '<title>',
      '<title>Drawn then: </title><script>fail()</script><title>',
    )
    const { server, ask } = await startServer({ site, charts: (name) => (name === other ? drawing : null) })
    expect((await ask(`/api/machines/${other}/chart.svg`)).headers.get('content-type')).toContain('image/svg+xml')
    expect((await ask(`/api/machines/${lost}/chart.svg`)).status).toBe(404)
    const { page, complaints } = await openPage(`${server.url}/#/bays/bay-1?at=seq:${places[0]}`)
    await live(page)
    const says = () => page.locator('.chart-says').textContent()
    const go = (seq: number | undefined) => page.evaluate(`location.hash = '#/bays/bay-1?at=seq:${seq}'`)
    await expect.poll(says, SLOW).toBe('Drawing of the machines bbbbbbbbbbbb, which wrote this record.')
    await expect.poll(() => page.locator('.chart svg title').first().textContent()).toBe('Drawn then: ')
    expect(await page.locator('.chart script').count()).toBe(0)
    await go(places[1])
    await expect
      .poll(says, SLOW)
      .toMatch(/^The machines cccccccccccc, .* left no drawing; .* Active: charging-locked, charging\.$/)
    expect(await page.locator('.chart svg').count()).toBe(0)
    await go(places[2])
    await expect.poll(() => page.locator('.chart .active').count(), SLOW).toBe(1)
    expect(await says()).toBe('')
    // Before names were kept.
    await go(1)
    await expect.poll(says, SLOW).toMatch(/^The machines of a time before names were kept, /)
    expect(complaints).toEqual([])
  })

  test('the records of a bay are those around the place of the replay, however long ago, the one that is shown is marked', async () => {
    const site = await busySite()
    const seqs: number[] = []
    for (let at = 0; at < 200; at += 1)
      seqs.push(await site.change('bay-6', { type: 'zone.seen' }, { state: 'detecting' }))
    const { server } = await startServer({ site })
    const { page } = await openPage(`${server.url}/#/bays/bay-6?at=seq:${seqs[60]}`)
    await live(page)
    const marked = () => page.locator('.timeline li[data-place=here] .seq').allTextContents()
    const first = () => page.locator('.timeline .seq').first().textContent()
    await expect.poll(marked, SLOW).toEqual([String(seqs[60])])
    expect(await first()).toBe(String(seqs[85]))
    await page.evaluate(`location.hash = '#/bays/bay-6?at=seq:${seqs[199]}'`)
    await expect.poll(marked, SLOW).toEqual([String(seqs[199])])
    // One step away is in what is there already: nothing moves under the eye.
    await page.getByRole('button', { name: 'Back', exact: true }).click()
    await expect.poll(marked, SLOW).toEqual([String(seqs[198])])
    expect(await first()).toBe(String(seqs[199]))
  })

  test('the record that one stands on is in sight among the records, also where it stands in another bay', async () => {
    const site = await busySite()
    const seqs: number[] = []
    for (let at = 0; at < 200; at += 1)
      seqs.push(await site.change(`bay-${at % 2 === 0 ? 6 : 5}`, { type: 'zone.seen' }, { state: 'detecting' }))
    const { server } = await startServer({ site })
    const seen = (page: Page) =>
      page.evaluate(() => {
        const row = document.querySelector('.timeline [data-place=here]')
        const list = row?.parentElement?.getBoundingClientRect()
        const box = row?.getBoundingClientRect()
        if (!row || !list || !box) return null
        const isSeen = box.top >= list.top - 1 && box.bottom <= list.bottom + 1
        return `${row.querySelector('.seq')?.textContent} ${isSeen ? 'seen' : 'not seen'}`
      })
    for (const viewport of [
      { width: 1600, height: 900 },
      { width: 390, height: 844 },
    ]) {
      const { page } = await openPage(`${server.url}/#/bays/bay-6?at=seq:${seqs[60]}`, { viewport })
      await live(page)
      await expect.poll(() => seen(page), SLOW).toBe(`${seqs[60]} seen`)
      // This one is of bay-5: what is shown of bay-6 is what the one before left.
      await page.evaluate(`location.hash = '#/bays/bay-6?at=seq:${seqs[143]}'`)
      await expect.poll(() => seen(page), SLOW).toBe(`${seqs[142]} seen`)
      await page.evaluate(`location.hash = '#/bays/bay-6?at=seq:${seqs[2]}'`)
      await expect.poll(() => seen(page), SLOW).toBe(`${seqs[2]} seen`)
      await page.context().close()
    }
  })

  test('what changed is told in words: moments as times of the site, and first the guards that answered or saw something else', async () => {
    const site = await busySite()
    const knew = async (_bayId: string, seq: number): Promise<BayKnew> => {
      const saw = (ok: boolean, value: number) => ({ name: 'drawing', ok, value, need: '>= 0.2 A' })
      const none = { name: 'released', ok: false, value: false, need: '' }
      const at = Date.parse('2026-11-22T23:30:00.000Z') + seq * 1000
      return {
        told: { seq, at: '', event: 'meter.values', rule: 'drawing', guards: [none, saw(seq > 1, seq)] },
        knows: { cameras: { 'cam-1': { lastReadAt: at, live: true } }, visit: null, endedAt: seq > 1 ? at : 0 },
      }
    }
    Object.assign(site.desk, { knew })
    const { server } = await startServer({ site })
    const { page } = await openPage(`${server.url}/#/bays/bay-1?at=seq:2`)
    await live(page)
    await page.getByText('What changed').click()
    await page.waitForSelector('.replay-bar table')
    const rows = (table: number) =>
      page
        .locator(`.replay-bar table >> nth=${table}`)
        .locator('tbody tr')
        .evaluateAll((all) => all.map((row) => [...row.children].map((cell) => cell.textContent)))
    const moment = (seconds: number) => expect.stringMatching(new RegExp(`^22 Nov.* 23:30:0${seconds} GMT`))
    expect(await rows(0)).toEqual([
      ['cameras, cam-1, last read at', moment(1), moment(2)],
      ['ended at', 'never', moment(2)],
    ])
    expect(await rows(1)).toEqual([['energy flows', 'no (1)', 'yes (2)']])
    expect(await page.locator('.replay-bar table >> nth=2').isVisible()).toBe(false)
    await page.getByText('Guards that answered as before').click()
    expect(await rows(2)).toEqual([['released', 'no', 'no']])
  })
})
