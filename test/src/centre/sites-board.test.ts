import { expect, test, vi } from 'vitest'
import { alarms } from '../../../projections/alarms.ts'
import { reviewQueue } from '../../../projections/review-queue.ts'
import { SCENARIOS } from '../../../simulations/scenario-list.ts'
import { SitesBoard } from '../../../src/centre/sites-board.ts'
import { keepStory } from '../../../src/commands/recorded-story.ts'
import { linkHash, sha256 } from '../../../src/journal/chain.ts'
import { openSqliteJournalReadOnly } from '../../../src/journal/sqlite-reader.ts'
import { scratchFolder } from '../../contracts/journal-drafts.ts'
import { withPostgres } from '../../contracts/postgres-cluster.ts'
import { until } from '../journal/appended-batches.ts'
import { openStage, ship, shipPath, siteWith } from './link-stage.ts'
import { ADMIN_TOKEN, openedCentre } from './opened-centre.ts'
import { batchOf, helloOf, openLink, rowsOf } from './raw-link.ts'

vi.setConfig({ testTimeout: 180_000 })

/** What a site's own journal says. */
async function toldBy(path: string) {
  const journal = await openSqliteJournalReadOnly({ path, keys: { open: () => undefined } })
  const [open, reviews] = [alarms.start(), reviewQueue.start()]
  const states = new Map<string, string>()
  for (const record of await journal.readSite(0, 100_000)) {
    alarms.fold(open, record)
    reviewQueue.fold(reviews, record)
    if (record.bayId !== null && record.state !== null) states.set(record.bayId, record.state)
  }
  const seq = journal.head().seq
  await journal.close()
  const bays = Object.fromEntries(
    [...Map.groupBy(states.values(), (state) => state)].map(([of, all]) => [of, all.length]),
  )
  return { seq, alarms: open.size, reviews: reviews.size, bays }
}

withPostgres('the board of sites', (cluster) => {
  const database = async () => cluster().url(await cluster().newDatabase())

  test('each site is shown with its bays, alarms and reviews as its own journal tells them, also by a centre that starts anew', async () => {
    const stage = await openStage(await database())
    const scenarios = SCENARIOS.slice(0, 6)
    const own = new Map<string, Awaited<ReturnType<typeof toldBy>>>()
    for (const scenario of scenarios) {
      const folder = scratchFolder()
      const [story] = scenario.stories
      if (story === undefined) continue
      await keepStory(folder, { scenario, story, seed: 0 })
      const path = `${folder}/play.db`
      own.set(scenario.name, await toldBy(path))
      const { token } = await stage.add(scenario.name)
      const { uplink } = shipPath({ path, keyStore: 'keys-of-a-recording' }, stage.centre.url, token, scenario.name)
      await until(() => uplink.place.behind === 0 && uplink.place.linked)
    }
    for (const isLinked of [true, false]) {
      const sites = await new SitesBoard(stage.line, () => isLinked).look(20_000)
      expect(
        new Map(sites.map(({ site, seq, alarms, reviews, bays }) => [site, { seq, alarms, reviews, bays }])),
      ).toEqual(own)
      expect(sites.every(({ linked, toldTo, seq }) => linked === isLinked && toldTo === seq)).toBe(true)
    }
    expect([...own.values()].some(({ alarms, reviews }) => alarms + reviews > 0)).toBe(true)
  })

  test('what a long log comes to is kept, and told on from there', async () => {
    const name = await cluster().newDatabase()
    const stage = await openStage(cluster().url(name))
    const { token } = await stage.add('depot')
    const { uplink } = ship(await siteWith(2_100), stage.centre.url, token)
    await until(() => uplink.place.sent === 2_100)
    const [first] = await new SitesBoard(stage.line, () => true).look(20_000)
    expect(first).toMatchObject({ toldTo: 2_100, bays: { 'charging-locked': 4 } })
    expect(await cluster().ask(name, 'SELECT site, seq FROM berth_centre.fold')).toEqual([
      { site: 'depot', seq: '2000' },
    ])
    // Only what came after it is read again.
    await cluster().ask(name, `UPDATE berth.record SET content = '{}' WHERE seq <= 2000`)
    expect(await new SitesBoard(stage.line, () => true).look(20_000)).toEqual([first])
    // Another form, or none, is told anew.
    await cluster().ask(name, 'UPDATE berth_centre.fold SET form = 99')
    expect((await new SitesBoard(stage.line, () => true).look(20_000))[0]?.bays).toEqual({ 'charging-locked': 4 })
  })

  test('a record that no gateway of ours writes breaks no board', async () => {
    const stage = await openStage(await database())
    const { token } = await stage.add('depot')
    const site = await siteWith(2)
    const [first] = rowsOf(site)
    if (first === undefined) throw new Error('no rows')
    const content = JSON.stringify({
      siteId: 'depot',
      seq: 1,
      stream: 'bay:x',
      version: 1,
      at: first.at,
      bayId: 'x',
      state: {},
      effects: 3,
    })
    const contentHash = sha256(content)
    const row = {
      ...first,
      stream: 'bay:x',
      content,
      contentHash,
      hash: linkHash(first.prev, contentHash, first.personalHash),
    }
    const link = await openLink(stage.centre.url, token)
    await link.ask(helloOf(site))
    expect(await link.ask(batchOf([row]))).toMatchObject({ type: 'head', seq: 1 })
    expect(await new SitesBoard(stage.line, () => true).look(5_000)).toMatchObject([{ toldTo: 1, alarms: 0 }])
  })

  test('the board is shown to whoever has the token, by page and by API, and to nobody else', async () => {
    const store = await database()
    const stage = await openStage(store)
    await stage.add('depot')
    const centre = await openedCentre(store)
    try {
      const at = (path: string, init: RequestInit = {}) =>
        fetch(`${centre.pageUrl}${path}`, { redirect: 'manual', ...init })
      expect((await at('/api/sites')).status).toBe(401)
      const signIn = await at('/')
      expect([signIn.status, await signIn.text()]).toEqual([401, expect.stringContaining('action="/login"')])
      expect((await at('/api/sites', { headers: { authorization: 'Bearer wrong' } })).status).toBe(401)
      expect(await (await at('/sites/depot')).text()).toContain('action="/login"')
      const told = await at('/api/sites', { headers: { authorization: `Bearer ${ADMIN_TOKEN}` } })
      expect(await told.json()).toMatchObject({
        sites: [{ site: 'depot', epoch: 1, seq: 0, linked: false, heard: null, needsYou: 0 }],
      })
      const form = (token: string, more = {}) => ({ method: 'POST', body: new URLSearchParams({ token }), ...more })
      expect((await at('/login', form('wrong'))).status).toBe(401)
      expect((await at('/login', form(ADMIN_TOKEN, { headers: { origin: 'https://evil.example' } }))).status).toBe(403)
      const signed = await at('/login', form(ADMIN_TOKEN))
      expect(signed.status).toBe(303)
      const cookie = signed.headers.get('set-cookie')?.split(';')[0] ?? ''
      const api = (await (await at('/api/openapi.json')).json()) as { paths: object }
      expect(Object.keys(api.paths).toSorted()).toEqual([
        '/api/orders',
        '/api/orders/{id}',
        '/api/reviews',
        '/api/reviews/{site}/{reviewId}/crops',
        '/api/sites',
        '/register',
      ])
      const page = await at('/', { headers: { cookie } })
      expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
      expect(await page.text()).toContain('depot')
      const open = await fetch(`${stage.centre.pageUrl}/api/sites`)
      expect(open.status).toBe(200)
      const elsewhere = await fetch(`${stage.centre.pageUrl}/api/sites`, {
        headers: { 'x-forwarded-for': '192.0.2.1' },
      })
      expect(elsewhere.status).toBe(403)
    } finally {
      await centre.close()
    }
  })
})
