import { appendFileSync } from 'node:fs'
import { expect, test, vi } from 'vitest'
import { SCENARIOS } from '../../../simulations/scenario-list.ts'
import { keepStory } from '../../../src/commands/recorded-story.ts'
import { REVIEW_CROPS } from '../../../src/uplink/crops-shown.ts'
import type { RequestTable } from '../../../src/uplink/link-request.ts'
import { scratchFolder } from '../../contracts/journal-drafts.ts'
import { withPostgres } from '../../contracts/postgres-cluster.ts'
import { openPage, there, WALL } from '../inspector/opened-page.ts'
import { checkScreen } from '../inspector/screen-check.ts'
import { readsBody, register, serveSite, until, writeSite } from '../serve/serving-line.ts'
import { renderedPlate } from '../vision/rendered-plate.ts'
import { type CentreStage, openStage, shipPath } from './link-stage.ts'

vi.setConfig({ testTimeout: 180_000 })

/** Recorded sites that end with a read that waits for a person. */
const NEIGHBOUR = 'e04-near-neighbour'
const WAITING = [NEIGHBOUR, 'e02-confident-nonsense', 'e09-two-cars-one-track']

/** Ships a recorded site to the centre, which may ask this of it. */
async function shipStory(stage: CentreStage, name: string, requests: RequestTable = {}): Promise<void> {
  const scenario = SCENARIOS.find((one) => one.name === name)
  const [story] = scenario?.stories ?? []
  if (scenario === undefined || story === undefined) throw new Error(`no scenario ${name}`)
  const folder = scratchFolder()
  await keepStory(folder, { scenario, story, seed: 0 })
  const { token } = await stage.add(name)
  const store = { path: `${folder}/play.db`, keyStore: 'keys' }
  const { uplink } = shipPath(store, stage.centre.url, token, name, 5_000, requests)
  await until(() => uplink.place.linked && uplink.place.behind === 0)
}

withPostgres('the review desk of all sites', (cluster) => {
  const database = async () => cluster().url(await cluster().newDatabase())
  const form = (fields: Record<string, string>, headers = {}) =>
    ({ method: 'POST', body: new URLSearchParams(fields), headers, redirect: 'manual' }) as const

  async function recorded(names = WAITING, requests: RequestTable = {}) {
    const stage = await openStage(await database())
    for (const name of names) await shipStory(stage, name, requests)
    // Told within the time of one look, or of the next ones.
    await until(async () => {
      const { sites } = (await (await fetch(`${stage.centre.pageUrl}/api/sites`)).json()) as {
        sites: readonly { seq: number; toldTo: number }[]
      }
      return sites.every(({ seq, toldTo }) => seq === toldTo)
    }, 180_000)
    return stage
  }

  test('the oldest comes first, of whatever site, with handles and no plate, in the language of the browser', async () => {
    const { centre } = await recorded()
    const { items } = (await (await fetch(`${centre.pageUrl}/api/reviews`)).json()) as {
      items: readonly { site: string; since: string; candidates: readonly { plate: string }[] }[]
    }
    expect(items.map(({ site }) => site)).toEqual([
      'e04-near-neighbour',
      'e09-two-cars-one-track',
      'e02-confident-nonsense',
    ])
    expect(items.flatMap(({ candidates }) => candidates).every(({ plate }) => /^veh-[\w-]+$/.test(plate))).toBe(true)
    const page = async (language: string) =>
      (await fetch(`${centre.pageUrl}/reviews`, { headers: { 'accept-language': language } })).text()
    expect(await page('fr, en;q=0.8')).toContain('<h1>Reviews (3)</h1>')
    const german = await page('de-AT, en;q=0.5')
    expect(german).toContain('<html lang="de">')
    expect(german).toMatch(/Rückfragen \(3\).*<kbd>U<\/kbd> Unlesbar/s)
  })

  test('an answer given at the desk is an order to its site, which turns it into its own record; the form of an order to a bay does the same', async () => {
    const stage = await openStage(await database())
    const { pageUrl } = stage.centre
    const { token } = await stage.add('depot-north')
    const site = await writeSite(1, { policy: { quorum: 3, voteWindow_s: 1, absence_s: 600, reviewTimeout_s: 100 } })
    const orders = 'out-of-service, answer-review'
    appendFileSync(site.path, `centre: { url: "${stage.centre.url}", token: ${token}, orders: [${orders}] }\n`)
    const serving = await serveSite(site)
    await register(serving, 'AB12CDE', 'acc-1')
    await serving.post(readsBody(site, [{ bay: 1, plate: 'AB12CDE' }], { frame: 'f1' }))
    const reviewsPage = async () => (await fetch(`${pageUrl}/reviews`)).text()
    await until(async () => (await reviewsPage()).includes('<article'))
    const page = await reviewsPage()
    const hidden = (name: string) => new RegExp(`name="${name}" value="([^"]+)"`).exec(page)?.[1] ?? ''
    const handle = /value="candidate ([^"]+)"/.exec(page)?.[1] ?? ''
    const answer = {
      id: hidden('id'),
      site: hidden('site'),
      reviewId: hidden('reviewId'),
      answer: `candidate ${handle}`,
    }
    expect((await fetch(`${pageUrl}/reviews`, form(answer, { origin: 'https://evil.example' }))).status).toBe(403)
    expect((await fetch(`${pageUrl}/reviews`, form({ ...answer, answer: 'perhaps' }))).status).toBe(400)
    const given = await fetch(`${pageUrl}/reviews`, form(answer))
    expect([given.status, given.headers.get('location')]).toEqual([303, '/reviews'])
    // Sent twice by a hasty hand it is one answer.
    await fetch(`${pageUrl}/reviews`, form(answer))
    await until(async () => (await serving.ask('GET', '/api/bays/bay-1')).body.visit?.accountId === 'acc-1')
    await until(
      async () => (await reviewsPage()).includes('Reviews (0)') && !(await reviewsPage()).includes('<li>'),
      60_000,
    )
    const { items } = (await (await fetch(`${pageUrl}/api/orders`)).json()) as { items: object[] }
    expect(items).toMatchObject([{ type: 'answer-review', verdict: 'candidate', handle, state: 'done' }])

    const at = `${pageUrl}/sites/depot-north/orders`
    const bay = /<option value="(\d+ bay-1)"/.exec(await (await fetch(at)).text())?.[1] ?? ''
    const fields = {
      id: 'form-0001',
      bay,
      type: 'out-of-service',
      reason: 'maintenance',
      within_s: '60',
      accountId: '',
    }
    expect((await fetch(at, form(fields))).status).toBe(303)
    await until(async () => (await serving.ask('GET', '/api/bays/bay-1')).body.service === 'out-of-service')
    await until(async () => /take out of service.*done.*#\d+/s.test(await (await fetch(at)).text()))
    // What the site does not allow is told on the page, in the site's own words.
    await fetch(at, form({ ...fields, id: 'form-0002', type: 'starts-off' }))
    await until(async () => /automatic starts off.*refused.*centre\.orders/s.test(await (await fetch(at)).text()))
    expect((await fetch(`${pageUrl}/sites/nowhere/orders`)).status).toBe(404)
  })

  test.skipIf(!there)('is worked through by keys alone', async () => {
    const { centre } = await recorded()
    const { page, asked, complaints } = await openPage(`${centre.pageUrl}/reviews`, WALL)
    const atHand = () => page.evaluate(() => document.activeElement?.querySelector('h2')?.textContent)
    await expect.poll(atHand, { timeout: 60_000 }).toBe('e04-near-neighbour · bay-1')
    await page.keyboard.press('j')
    expect(await atHand()).toBe('e09-two-cars-one-track · bay-1')
    await page.keyboard.press('k')
    await page.keyboard.press('2')
    await page.waitForSelector('h1:has-text("(2)")')
    expect(await page.locator('li').textContent()).toContain('e04-near-neighbour · bay-1: waits to be sent')
    expect(await atHand()).toBe('e09-two-cars-one-track · bay-1')
    await page.keyboard.press('u')
    await page.waitForSelector('h1:has-text("(1)")')
    const { items } = (await (await fetch(`${centre.pageUrl}/api/orders`)).json()) as { items: object[] }
    expect(items).toMatchObject([
      { site: 'e09-two-cars-one-track', verdict: 'unreadable', state: 'waiting' },
      { site: 'e04-near-neighbour', verdict: 'candidate', state: 'waiting' },
    ])
    expect(asked.filter((url) => !url.startsWith(centre.pageUrl))).toEqual([])
    expect(complaints).toEqual([])
  })

  const served = async () => {
    const { centre } = await recorded()
    return { http: { url: centre.pageUrl, port: centre.port }, close: async () => {} }
  }
  checkScreen('of reviews at the centre', { at: '/reviews', served, until: 'article', live: false })
  /** A gateway that shows two pictures of the one plate that waits, where one was read as nothing. */
  const withCrops = async () => {
    const jpeg = Buffer.from(await renderedPlate('KX19 TYP')).toString('base64')
    const crop = { jpeg, at: '2026-11-23T10:00:00.000Z' }
    const shown = {
      crops: [
        { ...crop, handle: null },
        { ...crop, handle: 'veh-1' },
      ],
      candidates: [],
    }
    const { centre } = await recorded([NEIGHBOUR], { [REVIEW_CROPS]: async () => shown })
    return { http: { url: centre.pageUrl, port: centre.port }, close: async () => {} }
  }
  const ordered = async () => {
    const { http, close } = await served()
    const fields = { type: 'out-of-service', reason: 'maintenance', within_s: '600', accountId: '' }
    const at = `${http.url}/sites/${NEIGHBOUR}/orders`
    const bay = /<option value="(\d+ bay-1)"/.exec(await (await fetch(at)).text())?.[1] ?? ''
    expect((await fetch(at, form({ ...fields, id: 'form-0001', bay }))).status).toBe(303)
    return { http, close }
  }
  for (const [language, context] of [
    ['English', { locale: 'en-GB' }],
    ['German', { locale: 'de-DE' }],
  ] as const) {
    const at = `/sites/${NEIGHBOUR}/orders`
    checkScreen(`of orders at the centre in ${language}`, {
      ...{ at, served: ordered, until: 'form.order', live: false, context },
      further: (page) => page.waitForSelector('td'),
    })
    checkScreen(`of the crops of a review at the centre in ${language}`, {
      ...{ at: '/reviews', served: withCrops, until: 'a[data-key=p]', live: false, context },
      further: async (page) => {
        await page.click('a[data-key=p]')
        await page.waitForSelector('figure:nth-of-type(2) img')
      },
    })
  }
})
