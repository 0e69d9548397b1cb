import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { Polygon } from '../../../actors/ports.ts'
import { cropsDesk, sentCropsOf } from '../../../src/uplink/crops-shown.ts'
import { withPostgres } from '../../contracts/postgres-cluster.ts'
import { there } from '../inspector/opened-page.ts'
import { checkScreen } from '../inspector/screen-check.ts'
import { journalOf, serveSite, until, writeSite } from '../serve/serving-line.ts'
import { renderedPlate } from '../vision/rendered-plate.ts'
import { openStage } from './link-stage.ts'
import { ADMIN_TOKEN, openedCentre } from './opened-centre.ts'

vi.setConfig({ testTimeout: 180_000 })

const WHOLE: Polygon = [
  [0.02, 0.02],
  [0.98, 0.02],
  [0.98, 0.98],
  [0.02, 0.98],
]
const PLATE = 'KX19TYP'

withPostgres('crops of reviews at a centre', (cluster) => {
  /** A centre with one site, whose camera sent one picture of a plate: one witness short of the quorum, it waits for a person. */
  async function waiting(more: string) {
    const store = cluster().url(await cluster().newDatabase())
    const stage = await openStage(store)
    const { token } = await stage.add('depot-north')
    const centre = await openedCentre(store)
    onTestFinished(() => centre.close())
    const policy = { quorum: 3, voteWindow_s: 1, absence_s: 600, reviewTimeout_s: 170 }
    const site = await writeSite(1, { zones: () => WHOLE, policy })
    const section = `centre: { url: "${centre.url}", token: ${token}, orders: [answer-review]${more} }`
    appendFileSync(site.path, `${section}\n`)
    const serving = await serveSite(site)
    const sent = await fetch(`http://127.0.0.1:${site.httpPort}/in/cam-1-secret/frame`, {
      method: 'POST',
      headers: { 'content-type': 'image/jpeg' },
      body: new Uint8Array(await renderedPlate('KX19 TYP')),
    })
    expect(sent.ok).toBe(true)
    const ask = (path: string, language = 'en') =>
      fetch(`${centre.pageUrl}${path}`, {
        headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'accept-language': language },
      })
    // biome-ignore lint/suspicious/noExplicitAny: what the centre answered
    let review: any = null
    const cropsAt = async () => (await serving.ask('GET', '/api/reviews')).body.items[0]?.crops ?? 0
    await until(async () => {
      ;[review = null] = ((await (await ask('/api/reviews')).json()) as { items: object[] }).items
      return review !== null && (await cropsAt()) > 0
    }, 180_000)
    const at = `/reviews/depot-north/${encodeURIComponent(review.reviewId)}`
    const looks = async () => (await journalOf(serving)).filter(({ cause }) => cause.type === 'review.crop-seen')
    return { store, stage, centre, serving, site, review, ask, at, looks }
  }

  test('where the site file lets them, people look at the plate as the site’s own do: on record there with their name, in the centre’s memory alone, and the answer follows', async () => {
    const { store, serving, site, review, ask, at, looks } = await waiting(', crops: true')
    expect(await looks()).toEqual([])
    const answer = await ask(`/api${at}/crops`)
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store'])
    const { items, candidates } = (await answer.json()) as {
      items: { jpeg: string; handle: string }[]
      candidates: { handle: string; plate: string }[]
    }
    expect(candidates).toEqual([{ handle: review.candidates[0].plate, plate: PLATE }])
    expect(items).toMatchObject([{ handle: review.candidates[0].plate, at: expect.any(String) }])
    expect((await looks()).map(({ cause }) => [cause.review, cause.by])).toEqual([[review.reviewId, 'centre:admin']])
    const own = await fetch(`http://127.0.0.1:${site.httpPort}/api${at.replace('/depot-north', '')}/crop`)
    const jpeg = items[0]?.jpeg ?? ''
    expect(Buffer.from(jpeg, 'base64').equals(Buffer.from(await own.arrayBuffer()))).toBe(true)

    const page = await ask(at)
    expect(page.headers.get('content-security-policy')).toContain('img-src data:')
    expect(page.headers.get('cache-control')).toBe('no-store')
    const shown = await page.text()
    expect(shown).toContain(`src="data:image/jpeg;base64,${jpeg}"`)
    expect(shown).toContain(`alt="Picture 1 of 1, read as ${PLATE}"`)
    expect(shown).toMatch(new RegExp(`value="candidate ${review.candidates[0].plate}"[^>]*><kbd>1</kbd> ${PLATE}`))
    expect(await (await ask('/reviews', 'de')).text()).toMatch(
      /href="\/reviews\/depot-north\/[^"]+"><kbd>P<\/kbd> Kennzeichen ansehen/,
    )

    // Nothing of it is in the centre's database, in any table.
    const name = new URL(store).pathname.slice(1)
    const tables = await cluster().ask(
      name,
      `SELECT table_schema || '.' || table_name AS name FROM information_schema.tables WHERE table_schema LIKE 'berth%'`,
    )
    expect(tables.length).toBeGreaterThan(5)
    for (const { name: table } of tables) {
      const rows = JSON.stringify(await cluster().ask(name, `SELECT row_to_json(one)::text AS row FROM ${table} one`))
      expect(rows.includes(PLATE) || rows.includes(jpeg.slice(20, 120)), String(table)).toBe(false)
    }
    // A gateway that is away: a sentence, by page and by API.
    await serving.kill()
    await until(async () => (await (await ask(`/api${at}/crops`)).text()).includes('does not answer now'))
    expect((await ask(`/api${at}/crops`)).status).toBe(422)
    expect(await (await ask(at, 'de')).text()).toContain('Das Gateway dieses Standorts antwortet gerade nicht')
  })

  test('a running gateway takes it on SIGHUP that its site file lets nobody look any more, and that it does again, with nothing else of its link lost', async () => {
    const { serving, site, ask, at, looks } = await waiting(', crops: true')
    const answer = async () => (await ask(`/api${at}/crops`)).status
    const page = async () => (await ask('/reviews')).text()
    expect(await answer()).toBe(200)
    const becomes = (before: string, after: string) => {
      writeFileSync(site.path, readFileSync(site.path, 'utf8').replace(before, after))
      serving.child.kill('SIGHUP')
    }
    becomes('crops: true', 'crops: false')
    await until(() => serving.said().includes('whether its centre is shown crops (no)'))
    expect(await looks()).toHaveLength(1)
    expect(await answer()).toBe(422)
    await until(async () => (await page()).includes('This site shows no plates at its centre'))
    // The gateway is linked again, for everything else.
    const linked = async () =>
      (await (await ask('/api/sites')).json()) as { sites: { linked: boolean; orders: string[] }[] }
    await until(async () => (await linked()).sites[0]?.linked === true)
    expect((await linked()).sites[0]?.orders).toEqual(['answer-review'])
    becomes('crops: false', 'crops: true')
    await until(async () => (await answer()) === 200)
  })

  test('without a word of its site file a site shows nothing there, and says so', async () => {
    const { ask, at, looks } = await waiting('')
    const no = await ask(`/api${at}/crops`)
    expect([no.status, await no.json()]).toMatchObject([422, { detail: expect.stringContaining('`centre.crops`') }])
    const page = await (await ask(at)).text()
    expect(page).toContain('This site shows no pictures at its centre')
    expect(page).toContain('<code>centre.crops</code>')
    expect(page).not.toContain('<img')
    expect(await (await ask('/reviews')).text()).toContain('This site shows no plates at its centre')
    expect((await ask('/api/reviews/depot-north/no-such/crops')).status).toBe(404)
    expect((await ask('/api/reviews/elsewhere/no-such/crops')).status).toBe(404)
    expect(await looks()).toEqual([])
  })

  const served = async () => {
    const { stage, review } = await waiting(', crops: true')
    const { pageUrl: url, port } = stage.centre
    // The gateway is linked to the other centre over the same database; here a sentence stands in the place of the picture.
    expect(review).not.toBeNull()
    return { http: { url, port }, close: async () => {} }
  }
  if (there) checkScreen('of reviews whose gateway is away', { at: '/reviews', served, until: 'article', live: false })
})

test('a gateway shows crops to nobody whose role sees no plates, and to no nonsense', async () => {
  const untouched = new Proxy({}, { get: () => expect.fail('asked') }) as never
  const desk = cropsDesk({ reviews: untouched, plateOf: untouched })
  const ask = { reviewId: 'review-1', by: 'vic (7)', role: 'viewer' }
  await expect(desk(ask)).rejects.toThrow('The role viewer may not do that')
  for (const wrong of [null, {}, { ...ask, role: 'king' }, { ...ask, by: '' }, { ...ask, role: 'admin', reviewId: 7 }])
    await expect(desk(wrong as never)).rejects.toThrow('no question for the crops')
})

test('of what a gateway sends only pictures are shown', () => {
  const at = '2026-11-23T10:00:00.000Z'
  const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]).toString('base64')
  const crops = [
    { jpeg, handle: null, at },
    { jpeg: `${jpeg}"><script>`, handle: null, at },
    { jpeg: Buffer.from('<svg onload=x>').toString('base64'), handle: null, at },
    { jpeg, handle: null, at: 'now' },
  ]
  expect(sentCropsOf({ crops, candidates: [{ handle: 'veh-1', plate: 7 }] })).toEqual({
    crops: [{ jpeg, handle: null, at }],
    candidates: [],
  })
  expect(sentCropsOf({ crops: 'all' })).toBeNull()
  expect(sentCropsOf({ crops: crops.slice(1), candidates: [] })).toBeNull()
  expect(sentCropsOf({ crops: [], candidates: [] })).toEqual({ crops: [], candidates: [] })
})
