import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import type { ReviewRow } from '../../../projections/bay-view.ts'
import { ROLE_TOKENS, startServer } from '../server/running-server.ts'
import { busySite } from './busy-site.ts'
import { plateCrop } from './crop-picture.ts'
import { live, openPage, there, WALL } from './opened-page.ts'

const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString()

/** The queue with three reads that wait: at bay-3 first, then at bay-2, then a clear case to check. */
async function queue({ tokens = false } = {}) {
  const site = await busySite()
  const [first] = site.reviews.splice(0)
  if (!first) throw new Error('there is no review')
  const add = (more: Partial<ReviewRow>) => site.reviews.push({ ...first, ...more })
  add({ reviewId: 'review-2', bayId: 'bay-2', by: inSeconds(90) })
  add({ reviewId: 'review-3', bayId: 'bay-3', by: inSeconds(40) })
  add({ reviewId: 'blind-1', bayId: 'bay-1', reason: 'a check of a clear case', candidates: [] })
  site.plates.set('v-3', 'A812CDF')
  const now = new Date().toISOString()
  for (const reviewId of ['review-2', 'review-3', 'blind-1']) site.crops.set(reviewId, [await plateCrop('A812 CDE')])
  site.details.set('review-3', {
    shown: [{ plate: 'v-2', at: now }],
    near: [{ plate: 'v-3', accountId: 'acc-9', of: 'A812CDE' }],
    opinions: [{ reader: 'berth', text: 'A812CDE', witnesses: 3, of: 4, confidence: 0.93, outcome: 'read' }],
  })
  site.details.set('review-2', { shown: [{ plate: 'v-1', at: now }] })
  site.details.set('blind-1', { blind: true, shown: [{ plate: null, at: now }] })
  const started = await startServer({ site, ...(tokens && { tokens: ROLE_TOKENS }) })
  const tell = () => site.change('bay-3', { type: 'plate.contested' }, { detail: 'in-review' })
  return { ...started, site, add, tell }
}

async function opened(options?: { tokens?: boolean }) {
  const ground = await queue(options)
  const { page, complaints } = await openPage(`${ground.server.url}/#/reviews`, WALL)
  const answers: (readonly [string, object])[] = []
  page.on('request', (request) => {
    const [, reviewId] = /\/reviews\/([^/]+)\/answer$/.exec(request.url()) ?? []
    if (reviewId !== undefined) answers.push([reviewId, { ...request.postDataJSON(), seat: undefined }])
  })
  await live(page)
  await page.locator('.review').waitFor()
  // Orders are off for half a second after a page became live.
  await page.waitForTimeout(700)
  return { ...ground, page, complaints, answers }
}

const shownId = (page: Page) =>
  page.locator('.review').evaluateAll((all) => all.map((one) => one.getAttribute('data-review')))
const begin = async (page: Page) => {
  await page.keyboard.press('Enter')
  await page.locator('.review .crops').waitFor()
}
const undoLine = (page: Page) => page.locator('.undo p').textContent()

describe.skipIf(!there)('the queue of reviews', { timeout: 180_000 }, () => {
  test('shows one item at a time, the nearest deadline first, says how many wait, and closes none but by an answer', async () => {
    const { page } = await opened()
    expect(await shownId(page)).toEqual(['review-3'])
    expect(await page.locator('.place').textContent()).toBe('1 of 3')
    expect(await page.locator('.review h3').textContent()).toBe('Which plate is it? bay-3')
    expect(await page.locator('.review time').textContent()).toMatch(/within [123]?\d s/)
    expect(await page.getByRole('button', { name: /\ball\b/i }).count()).toBe(0)
    // Not even what it may be is said before it is taken: who looks, answers.
    expect(await page.locator('.review').textContent()).not.toContain('AB12CDE')
  })

  test('is worked by keys alone: take it, see the crop as it came and with its contrast raised, say which, and go on', async () => {
    const { page, answers, site, complaints } = await opened()
    await begin(page)
    expect(await page.locator('.held').textContent()).toContain('It is yours')
    const picture = page.getByRole('img', { name: 'Picture 1 of the plate' })
    await expect.poll(() => picture.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(100)
    expect(await page.locator('.pick').allTextContents()).toEqual([
      '(1) AB12CDE (2 witnesses)',
      '(2) A812CDE (1 witness)',
      '(3) A812CDF (one character away; acc-9)',
    ])
    expect(await page.locator('.opinions').textContent()).toContain('our reader: A812CDE in 3 of 4 frames, 93 %')
    await page.keyboard.press('3')
    expect(await undoLine(page)).toMatch(/^A812CDF, bay-3: goes out in [45] s\. Nothing was sent yet\.$|^$/)
    // The next one is there, taken and open.
    await expect.poll(() => shownId(page)).toEqual(['review-2'])
    await page.locator('[data-review=review-2] .crops').waitFor()
    expect(answers).toEqual([])
    await expect.poll(() => answers, { timeout: 60_000 }).toEqual([['review-3', { plate: 'A812CDF' }]])
    await expect.poll(() => undoLine(page)).toBe('A812CDF, bay-3: on record.')
    await expect.poll(() => site.looks).toEqual(['local review-3 0', 'local review-2 0'])
    expect(complaints).toEqual([])
  })

  test('raises the contrast of a crop from black to white', async () => {
    const { page } = await opened()
    await begin(page)
    const range = () =>
      page.getByRole('img', { name: 'Picture 1 with its contrast raised' }).evaluate((canvas: HTMLCanvasElement) => {
        const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [0] }
        const greys = [...data].filter((_, at) => at % 4 === 0)
        return [canvas.width, Math.min(...greys), Math.max(...greys)]
      })
    await expect.poll(range).toEqual([640, 0, 255])
  })

  test('brings the last one back with Backspace while its answer has not gone out, and sends the other word alone', async () => {
    const { page, answers } = await opened()
    await begin(page)
    await page.keyboard.press('1')
    await expect.poll(() => shownId(page)).toEqual(['review-2'])
    await page.keyboard.press('Backspace')
    await expect.poll(() => shownId(page)).toEqual(['review-3'])
    expect(await page.locator('.undo').isVisible()).toBe(false)
    await page.waitForTimeout(5_500)
    expect(answers).toEqual([])
    await page.keyboard.press('u')
    await expect.poll(() => answers, { timeout: 60_000 }).toEqual([['review-3', { unreadable: true }]])
  })

  test('sends the answer before at once where the next one is given, so that one alone can be taken back', async () => {
    const { page, answers } = await opened()
    await begin(page)
    await page.keyboard.press('1')
    await page.locator('[data-review=review-2] .pick').first().waitFor()
    await page.keyboard.press('x')
    await expect.poll(() => answers).toEqual([['review-3', { plate: 'AB12CDE' }]])
    await page.keyboard.press('Backspace')
    await expect.poll(() => shownId(page)).toEqual(['review-2'])
    expect(answers).toHaveLength(1)
  })

  test('moves nothing under the hand when a more urgent one comes, and a plate that comes later gets a number behind the others', async () => {
    const { page, add, tell, site } = await opened()
    add({ reviewId: 'review-0', bayId: 'bay-4', by: inSeconds(5) })
    await tell()
    await expect.poll(() => page.locator('.place').textContent()).toBe('1 of 4')
    expect(await shownId(page)).toEqual(['review-3'])
    await begin(page)
    await page.keyboard.press('t')
    await page.keyboard.type('AB1')
    const at = site.reviews.findIndex(({ reviewId }) => reviewId === 'review-3')
    const row = site.reviews[at]
    if (!row) throw new Error('the review is gone')
    site.plates.set('v-4', 'XY99ZZZ')
    site.reviews[at] = { ...row, candidates: [{ plate: 'v-4', witnesses: 4 }, ...row.candidates] }
    const before = await page.locator('.pick').allTextContents()
    await tell()
    await expect.poll(() => page.locator('.pick').count()).toBe(before.length + 1)
    expect(await page.locator('.pick').allTextContents()).toEqual([...before, '(4) XY99ZZZ (4 witnesses)'])
    // What was typed stands, and the digit that was typed was no answer.
    expect(await page.locator('.review input').inputValue()).toBe('AB1')
    expect(await page.locator('.undo').isVisible()).toBe(false)
  })

  test('what was settled meanwhile stays until a person goes on, and nothing can be said of it', async () => {
    const { page, site, tell, answers } = await opened()
    await begin(page)
    site.reviews.splice(
      site.reviews.findIndex(({ reviewId }) => reviewId === 'review-3'),
      1,
    )
    await tell()
    await expect.poll(() => page.locator('.held').textContent()).toContain('settled meanwhile, without you')
    expect(await page.locator('.review time:visible').count(), 'nobody waits any more').toBe(0)
    await page.keyboard.press('1')
    expect(await shownId(page)).toEqual(['review-3'])
    await page.keyboard.press('Enter')
    await expect.poll(() => shownId(page)).toEqual(['review-2'])
    expect(answers).toEqual([])
  })

  test('two people work on two items: what one has taken comes up for nobody else, and comes back where it is left', async () => {
    const { page, server } = await opened()
    await begin(page)
    const other = await openPage(`${server.url}/#/reviews`, WALL)
    await live(other.page)
    await expect.poll(() => shownId(other.page)).toEqual(['review-2'])
    await page.keyboard.press('n')
    await expect.poll(() => shownId(page)).toEqual(['review-2'])
    await other.page.reload()
    await live(other.page)
    await expect.poll(() => shownId(other.page)).toEqual(['review-3'])
  })

  test('an answer that was refused is said, and its item comes back by hand only', async () => {
    const { page } = await opened()
    await begin(page)
    await page.keyboard.press('t')
    await page.keyboard.type('NOBODY1')
    await page.keyboard.press('Enter')
    await expect.poll(() => shownId(page)).toEqual(['review-2'])
    await expect
      .poll(() => undoLine(page), { timeout: 60_000 })
      .toBe('NOBODY1, bay-3: NOT done. This plate is not registered.')
    expect(await shownId(page)).toEqual(['review-2'])
    await page.keyboard.press('Backspace')
    await expect.poll(() => shownId(page)).toEqual(['review-3'])
  })

  test('an answer goes out at once where the screen is left or the page is closed', async () => {
    const { page, answers } = await opened()
    await begin(page)
    await page.keyboard.press('1')
    await expect.poll(() => shownId(page)).toEqual(['review-2'])
    await page.keyboard.press('Escape')
    await expect.poll(() => answers).toEqual([['review-3', { plate: 'AB12CDE' }]])
  })

  test('a page that is closed sends what was answered', async () => {
    const { page, site } = await opened()
    await begin(page)
    await page.keyboard.press('1')
    await expect.poll(() => shownId(page)).toEqual(['review-2'])
    await page.close({ runBeforeUnload: true })
    await expect.poll(() => site.reviews.map(({ reviewId }) => reviewId)).not.toContain('review-3')
  })

  test('a check of a clear case shows nothing of what was read, and what is typed once more before it is taken', async () => {
    const { page, answers } = await opened()
    await page.keyboard.press('n')
    await page.keyboard.press('n')
    await expect.poll(() => shownId(page)).toEqual(['blind-1'])
    await begin(page)
    expect(await page.locator('.review').textContent()).not.toContain('CDE')
    await page.keyboard.press('t')
    await page.keyboard.type('AB12CDF')
    await page.keyboard.press('Enter')
    const send = page.locator('.review form button')
    expect(await send.textContent()).toBe('Send AB12CDF, for good')
    await page.locator('.review input').fill('ab12cde')
    expect(await send.textContent()).toBe('This plate')
    await page.keyboard.press('Enter')
    expect(await page.locator('.undo').isVisible()).toBe(false)
    await page.keyboard.press('Enter')
    await expect.poll(() => answers, { timeout: 60_000 }).toEqual([['blind-1', { plate: 'ab12cde' }]])
  })

  test('a plate without a place is put into its bay by one key', async () => {
    const { page, add, tell, answers } = await opened()
    add({ reviewId: 'placing-1', bayId: '', visitId: '', bays: ['bay-2', 'bay-3'], by: inSeconds(2) })
    await tell()
    await expect.poll(() => page.locator('.place').textContent()).toBe('1 of 4')
    await page.keyboard.press('n')
    await expect.poll(() => page.locator('.review h3').textContent()).toBe('In which bay does it stand?')
    await page.keyboard.press('Enter')
    await page.locator('.pick').first().waitFor()
    expect(await page.locator('.review input').count(), 'nothing is typed').toBe(0)
    expect((await page.locator('.pick').allTextContents()).slice(0, 2)).toEqual([
      '(1) AB12CDE stands in bay-2',
      '(2) AB12CDE stands in bay-3',
    ])
    await page.keyboard.press('2')
    await page.keyboard.press('Escape')
    await expect.poll(() => answers).toEqual([['placing-1', { plate: 'AB12CDE', bayId: 'bay-3' }]])
  })

  test('behind the last answer the hand stays in the queue', async () => {
    const { page, site, tell } = await opened()
    await begin(page)
    site.reviews.splice(0, site.reviews.length, ...site.reviews.filter(({ reviewId }) => reviewId === 'review-3'))
    await tell()
    await expect.poll(() => page.locator('.place').textContent()).toBe('1 of 1')
    await page.keyboard.press('x')
    await expect.poll(() => shownId(page)).toEqual([])
    expect(await page.evaluate(() => document.activeElement?.closest('.queue') !== null)).toBe(true)
  })

  test('`?` lists every key, each plate with its own', async () => {
    const { page } = await opened()
    await begin(page)
    await page.keyboard.press('?')
    const keys = await page.locator('dialog.keys kbd').allTextContents()
    expect(keys).toEqual(['Enter', '1', '2', '3', 't', 'x', 'u', 'n', 'Backspace', '?', 'Escape'])
    expect(await page.locator('dialog.keys').textContent()).toContain('AB12CDE (2 witnesses)')
  })

  test('who may not answer is told how many wait, and takes none', async () => {
    const ground = await queue({ tokens: true })
    const login = await ground.send('POST', '/api/login', { token: 'viewer-token' })
    const [name = '', value = ''] = (login.headers.get('set-cookie') ?? '').split(';')[0]?.split('=') ?? []
    const { page } = await openPage(`${ground.server.url}/#/reviews`, WALL, (fresh) =>
      fresh.context().addCookies([{ name, value, url: ground.server.url }]),
    )
    await live(page)
    await expect.poll(() => page.locator('.queue .card').first().textContent()).toContain('3 reads wait for a person')
    expect(await page.locator('.review:visible').count()).toBe(0)
  })
})
