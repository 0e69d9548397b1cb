import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import type { BayView } from '../../../projections/bay-view.ts'
import { systemClock } from '../../../src/clock.ts'
import { languageOf } from '../../../src/driver/driver-page.ts'
import { wordFor } from '../../contracts/driver-signs-contract.ts'
import { openArrayDesk } from './array-desk.ts'
import { startServer } from './running-server.ts'

const CHARGING: Partial<BayView> = {
  state: 'charging-locked',
  detail: 'charging',
  since: '2026-11-22T10:41:07.000Z',
  visit: {
    visitId: 'visit-77',
    plate: 'handle-1',
    identifiedBy: 'plate',
    accountId: 'acc-secret',
    startedAt: '2026-11-22T10:33:00.000Z',
    evidence: [],
    erasurePending: false,
  },
  session: {
    sessionId: 'ses-visit-77',
    transactionId: '4711',
    idToken: 'ABCDEF0123456789',
    energy_Wh: 12_345,
    startedAt: '2026-11-22T10:40:00.000Z',
  },
}

/** A server over three bays, the first as the test says. */
async function openSite(view: Partial<BayView>, more: object = {}) {
  const site = openArrayDesk({ clock: systemClock })
  site.plates.set('handle-1', 'AB12CDE')
  await site.change('bay-1', { type: 'meter.values' }, view)
  return startServer({ site, ...more })
}

test('anybody sees the page without a token, and it names nobody: no plate, no account, no id, no time but since', async () => {
  const { ask } = await openSite(CHARGING, { adminToken: 'top-secret' })
  const answer = await ask('/d/bay-1')
  expect(answer.status).toBe(200)
  const page = await answer.text()
  expect(page).toContain('<h1>Charging</h1>')
  expect(page).toContain('12.3 kWh')
  expect(page).toContain('10:41')
  for (const secret of [
    'AB12CDE',
    'AB•••DE',
    'handle-1',
    'acc-secret',
    'visit-77',
    '4711',
    'ABCDEF0123456789',
    '10:33',
    '10:40',
  ])
    expect(page).not.toContain(secret)
  expect((await ask('/api/bays')).status).toBe(401)
})

test('the page speaks the language of the browser, or the one that is asked for', async () => {
  const { ask } = await openSite(CHARGING)
  const german = await ask('/d/bay-1', { headers: { 'accept-language': 'fr-FR, de-AT;q=0.8, en;q=0.5' } })
  expect(german.headers.get('vary')).toContain('accept-language')
  expect(await german.text()).toMatch(/<html lang="de">[\s\S]*<h1>Ladung läuft<\/h1>[\s\S]*12,3 kWh/)
  expect(await (await ask('/d/bay-1?lang=en', { headers: { 'accept-language': 'de' } })).text()).toContain(
    '<html lang="en">',
  )
  expect([
    languageOf('xx', undefined),
    languageOf(undefined, 'xx'),
    languageOf(undefined, 'en;q=0.1,de;q=0.2'),
  ]).toEqual(['en', 'en', 'de'])
  expect([
    languageOf(undefined, 'de;q=0, en'),
    languageOf(undefined, `${'de,'.repeat(1e5)}`),
    languageOf('DE-ch', 'en'),
  ]).toEqual(['en', 'de', 'de'])
})

test('the page is one document: its style and script are allowed by their hashes, and nothing else is', async () => {
  const { ask } = await openSite(CHARGING)
  const answer = await ask('/d/bay-1')
  const page = await answer.text()
  const policy = answer.headers.get('content-security-policy') ?? ''
  const inline = [...page.matchAll(/<(style|script)[^>]*>([\s\S]*?)<\/\1>/g)]
  expect(inline.map(([, tag]) => tag)).toEqual(['style', 'script'])
  for (const [, tag, text = ''] of inline)
    expect(policy).toContain(`${tag}-src 'sha256-${createHash('sha256').update(text).digest('base64')}'`)
  expect(policy).toContain("default-src 'none'")
  expect(page).not.toMatch(/(src|href)="(?!\?lang=)/)
  expect(page).toContain('<noscript><meta http-equiv="refresh"')
  expect(Buffer.byteLength(page)).toBeLessThan(25_000)
})

test('a page that is still true is answered 304, and what changed is a new one', async () => {
  const site = openArrayDesk({ clock: systemClock })
  const { ask } = await startServer({ site })
  const tag = (await ask('/d/bay-1')).headers.get('etag') ?? ''
  const asked = () => ask('/d/bay-1', { headers: { 'if-none-match': tag } })
  expect((await asked()).status).toBe(304)
  await site.change('bay-1', { type: 'vehicle.seen' }, { state: 'detecting', detail: 'collecting' })
  const news = await asked()
  expect(news.status).toBe(200)
  expect(await news.text()).toContain('One moment, please')
})

test('the reason of the newest word is shown, and beside a review the card is offered at once', async () => {
  const word = wordFor('bay-1', 'present-card', 'plug-ambiguous', 9)
  const view = {
    state: 'authorizing',
    detail: 'fallback',
    visit: { ...CHARGING.visit, visitId: 'bay-1-1' },
  } as Partial<BayView>
  const { ask } = await openSite(view, { newestWord: () => word })
  expect(await (await ask('/d/bay-1')).text()).toContain('Which bay? Present your card')
  const review = await openSite({ ...view, state: 'detecting', detail: 'in-review' })
  expect(await (await review.ask('/d/bay-1')).text()).toMatch(/Present card, or wait a moment[\s\S]*You need not wait/)
})

test('an unknown bay gets a page that says so, whatever its name holds', async () => {
  const { ask } = await openSite({})
  for (const name of ['bay-99', '%3Cscript%3Ealert(1)%3C%2Fscript%3E', '..%2F..', '__proto__', 'x'.repeat(400)]) {
    const answer = await ask(`/d/${name}`)
    expect([name, answer.status, answer.headers.get('content-type')]).toEqual([name, 404, 'text/html; charset=utf-8'])
    const page = await answer.text()
    expect(page).toContain('There is no such bay')
    expect(page).not.toContain('alert(1)')
  }
})

test('what the site is called is text on the page, never markup', async () => {
  const site = openArrayDesk({ clock: systemClock })
  Object.defineProperty(site.desk, 'name', { value: `Tom & Jerry's <b>"Depot"</b>` })
  const { ask } = await startServer({ site })
  expect(await (await ask('/d/bay-1')).text()).toContain('Tom &amp; Jerry&#39;s &lt;b&gt;&quot;Depot&quot;&lt;/b&gt;')
})

test('an address that asks too often is turned away for a while, and counted', async () => {
  let now = Date.parse('2026-11-22T10:00:00Z')
  const { ask, server } = await openSite({}, { clock: { ...systemClock, now: () => now } })
  const asked = async (times: number): Promise<number[]> =>
    Promise.all(
      Array.from({ length: times }, async () => (await fetch(`${server.url}/d/bay-1`, { method: 'HEAD' })).status),
    )
  for (let i = 0; i < 24; i++) expect(new Set(await asked(50))).toEqual(new Set([200]))
  const refused = await ask('/d/bay-1')
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '10'])
  expect(await (await ask('/metrics')).text()).toContain('berth_driver_page_refused_total 1')
  now += 60_000
  expect(await asked(1)).toEqual([200])
})
