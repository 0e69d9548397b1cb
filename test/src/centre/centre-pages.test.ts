import { appendFileSync } from 'node:fs'
import { expect, onTestFinished, test, vi } from 'vitest'
import { openCentre } from '../../../src/centre/centre-server.ts'
import { systemClock } from '../../../src/clock.ts'
import type { CentralOrderType } from '../../../src/uplink/central-order.ts'
import { withPostgres } from '../../contracts/postgres-cluster.ts'
import { checkScreen } from '../inspector/screen-check.ts'
import { serveSite, until, writeSite } from '../serve/serving-line.ts'
import { openStage } from './link-stage.ts'
import { ADMIN_TOKEN, openedCentre } from './opened-centre.ts'
import { Browser } from './own-browser.ts'

vi.setConfig({ testTimeout: 120_000 })

withPostgres('pages of the centre', (cluster) => {
  const database = async () => cluster().url(await cluster().newDatabase())

  /** A running site with these orders allowed, as its centre shows it. */
  async function linkedSite(orders: readonly CentralOrderType[], shown = 'bay-1') {
    const stage = await openStage(await database())
    const { token } = await stage.add('depot-north')
    const site = await writeSite(1)
    appendFileSync(
      site.path,
      `centre: { url: "${stage.centre.url}", token: ${token}, orders: [${orders.join(', ')}] }\n`,
    )
    const serving = await serveSite(site)
    const at = `${stage.centre.pageUrl}/sites/depot-north/orders`
    const page = async (language = 'en', init: RequestInit = {}) =>
      (await fetch(at, { ...init, headers: { 'accept-language': language } })).text()
    await until(async () => (await page()).includes(shown), 60_000)
    return { stage, serving, at, page }
  }
  const form = (fields: Record<string, string>, language = 'en') =>
    ({
      method: 'POST',
      body: new URLSearchParams(fields),
      headers: { 'accept-language': language },
      redirect: 'manual',
    }) as const
  const mainOf = (page: string) => /<main.*?<\/main>/s.exec(page)?.[0] ?? '`'
  const optionsOf = (page: string) =>
    [...(/<select name="type"[^>]*>(.*?)<\/select>/.exec(page)?.[1] ?? '').matchAll(/value="([^"]+)"/g)].map(
      ([, value]) => value,
    )

  test('orders that the site does not allow are not offered, and what it allows is told by the API too', async () => {
    const { stage, page } = await linkedSite(['remote-stop', 'automatic-starts', 'answer-review'])
    expect(optionsOf(await page())).toEqual(['remote-stop', 'starts-off', 'starts-on'])
    expect(await page()).not.toContain('name="accountId"')
    const { sites } = (await (await fetch(`${stage.centre.pageUrl}/api/sites`)).json()) as { sites: object[] }
    expect(sites).toMatchObject([{ orders: ['remote-stop', 'automatic-starts', 'answer-review'] }])
  })

  test('a site that allows none has no form, and says in both languages whose word that is, with no backtick', async () => {
    const { page } = await linkedSite([], 'lets nobody at its centre')
    const [english, german] = [await page(), await page('de')]
    expect(english).toContain('lets nobody at its centre order anything')
    expect(english).toContain('<code>centre.orders</code>')
    expect(german).toContain('niemanden etwas anweisen')
    for (const one of [english, german]) {
      expect(one).not.toContain('<form method="post" action="/sites')
      expect(mainOf(one)).not.toContain('`')
      // The way to the board and to the reviews.
      expect(one).toMatch(/<nav [^>]*><a href="\/">.*<a href="\/reviews">/)
    }
  })

  test('a form that lacks something comes back as it was filled in, with a sentence for people, in their language', async () => {
    const { at, page } = await linkedSite(['authorize', 'deny'])
    const bay = /<option value="(\d+ bay-1)"/.exec(await page())?.[1] ?? ''
    const fields = { id: 'form-0001', bay, type: 'authorize', reason: 'test', within_s: '600', accountId: ' ' }
    const refused = await fetch(at, form(fields))
    const shown = await refused.text()
    expect(refused.status).toBe(400)
    expect(shown).toMatch(/<p role="alert"[^>]*>Say which account pays/)
    expect(shown).toContain('<option value="test" selected>')
    expect(shown).toContain('<option value="600" selected>')
    expect(mainOf(shown)).not.toMatch(/bayId|`|BODY_INVALID/)
    expect(await (await fetch(at, form(fields, 'de'))).text()).toContain('Nennen Sie das Konto, das zahlt')
    const strange = await (await fetch(at, form({ ...fields, type: 'no-such-order' }))).text()
    expect(strange).toContain('this form is not one of this page')
    expect(await (await fetch(at, form({ ...fields, bay: '' }))).text()).toContain('Choose a bay')
    expect(await (await fetch(at, form({ ...fields, reason: '' }))).text()).toContain('Choose a reason')
    expect(await page()).toContain('<select name="reason" required><option value="">')
    // A bay may be called anything: the site says that it has none of the name.
    const named = { ...fields, id: 'form-0002', type: 'deny', bay: '3 bay-/2 "<x>\n' }
    expect((await fetch(at, form(named))).status).toBe(303)
    await until(async () => /refused.*This site has no bay bay-\/2 &quot;&lt;x&gt;/s.test(await page()))
    expect(await page('de')).toMatch(/abgelehnt<\/span>: Dieser Standort hat keinen Platz bay-\/2/)
  })

  test('what is not there is a page with a sentence and the way back, in the language that was chosen on this device', async () => {
    const { centre } = await openStage(await database())
    const browser = new Browser(centre.port)
    const home = `http://localhost:${centre.port}`
    const none = await browser.open(`${home}/sites/nowhere/orders`)
    expect(none.status).toBe(404)
    expect(none.body).toMatch(/<a href="\/">Sites<\/a>.*No site nowhere ships here\./s)
    const to = encodeURIComponent('/sites/nowhere/orders')
    const chosen = await browser.open(`${home}/language?is=de&to=${to}`)
    expect([chosen.status, chosen.to]).toEqual([303, '/sites/nowhere/orders'])
    const german = await browser.open(home + chosen.to)
    expect(german.body).toMatch(/<html lang="de">.*Ein Standort nowhere sendet nicht hierher\./s)
    expect((await browser.open(`${home}/`)).body).toContain('Noch sendet kein Standort hierher')
    expect((await browser.open(`${home}/language?is=en&to=https://evil.example/`)).to).toBe('/')
    expect((await browser.open(`${home}/`)).body).toContain('No site ships here yet')
  })

  test('who came in with the admin token is told so, and signs out; this machine itself is told that nobody has a token', async () => {
    const store = await database()
    const open = await openStage(store)
    expect(await (await fetch(`${open.centre.pageUrl}/`)).text()).toContain('no token is set')
    const centre = await openedCentre(store)
    onTestFinished(() => centre.close())
    const browser = new Browser(centre.port)
    const home = `http://localhost:${centre.port}`
    const typed = { 'content-type': 'application/x-www-form-urlencoded' }
    await browser.open(`${home}/login`, { method: 'POST', headers: typed, body: `token=${ADMIN_TOKEN}` })
    for (const path of ['/', '/reviews']) {
      const page = await browser.open(home + path)
      expect(page.body).toMatch(/Signed in with the admin token.*<form method="post" action="\/logout">/s)
    }
    await browser.open(`${home}/logout`, { method: 'POST' })
    expect((await browser.open(`${home}/`)).status).toBe(401)
  })

  const served = async () => {
    const store = await database()
    const { add } = await openStage(store)
    for (const site of ['depot-north', 'depot-south']) await add(site)
    const centre = await openCentre({
      ...{ store, host: '127.0.0.1', port: 0, tls: null, clock: systemClock, log: () => {} },
    })
    return { http: { url: centre.pageUrl, port: centre.port }, close: () => centre.close() }
  }
  const signIn = async () => {
    const centre = await openedCentre(await database())
    return { http: { url: centre.pageUrl, port: centre.port }, close: () => centre.close() }
  }
  checkScreen('of all sites', { at: '/', served, until: 'table', live: false })
  checkScreen('of all sites in German', { at: '/', served, until: 'table', live: false, context: { locale: 'de-DE' } })
  checkScreen('of a sentence at the centre', { at: '/sites/nowhere', served, until: '[role=alert]', live: false })
  checkScreen('that asks who it is at the centre', {
    ...{ at: '/?lang=de', served: signIn, until: 'form', live: false, context: { locale: 'de-DE' } },
  })
})
