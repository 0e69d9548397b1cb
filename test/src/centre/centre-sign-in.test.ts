import { expect, onTestFinished, test, vi } from 'vitest'
import type { Scenario } from '../../../simulations/scenario.ts'
import { SCENARIOS } from '../../../simulations/scenario-list.ts'
import { openCentre } from '../../../src/centre/centre-server.ts'
import { systemClock } from '../../../src/clock.ts'
import { keepStory } from '../../../src/commands/recorded-story.ts'
import type { OidcSettings } from '../../../src/oidc/oidc-settings.ts'
import { scratchFolder } from '../../contracts/journal-drafts.ts'
import { withPostgres } from '../../contracts/postgres-cluster.ts'
import { until } from '../journal/appended-batches.ts'
import { OwnProvider } from '../oidc/own-provider.ts'
import { freePort } from '../serve/free-port.ts'
import { openStage, ship, shipPath, siteWith } from './link-stage.ts'
import { ADMIN_TOKEN } from './opened-centre.ts'
import { Browser } from './own-browser.ts'

vi.setConfig({ testTimeout: 180_000 })

const scenario = SCENARIOS[0] as Scenario
const DEPOT = scenario.name

/** A site's journal as it was lived once. */
async function story(): Promise<string> {
  const folder = scratchFolder()
  await keepStory(folder, { scenario, story: scenario.stories[0] as Scenario['stories'][number], seed: 0 })
  return `${folder}/play.db`
}

withPostgres('signing in at a centre', (cluster) => {
  /** A centre whose people sign in at a provider; two sites ship to it. */
  async function opened(more: Partial<OidcSettings> = {}, adminToken: string | null = ADMIN_TOKEN) {
    const store = cluster().url(await cluster().newDatabase())
    const stage = await openStage(store)
    const own = await stage.add('harbour')
    const harbour = ship(await siteWith(3, 'harbour'), stage.centre.url, own.token, 'harbour').uplink
    const { token } = await stage.add(DEPOT)
    const depot = shipPath({ path: await story(), keyStore: 'keys' }, stage.centre.url, token, DEPOT).uplink
    await until(() => harbour.place.sent === 3 && depot.place.linked && depot.place.behind === 0)
    const seq = depot.place.sent
    await stage.centre.close()
    const provider = await OwnProvider.open()
    const port = await freePort()
    const home = `http://localhost:${port}`
    const told: string[] = []
    const oidc: OidcSettings = {
      ...{ issuer: provider.issuer, clientId: OwnProvider.clientId, clientSecret: OwnProvider.secret },
      ...{ scopes: ['openid'], name: 'preferred_username', session_h: 8, sites: null },
      ...{ roles: { claim: 'groups', map: { 'berth-ops': 'operator', 'berth-look': 'viewer' } } },
      ...more,
    }
    const centre = await openCentre({
      ...{ store, host: '127.0.0.1', port, tls: null, clock: systemClock, log: (says) => void told.push(says) },
      ...{ login: { url: home, oidc }, ...(adminToken === null ? {} : { adminToken }) },
    })
    onTestFinished(() => centre.close())
    const browser = new Browser(port)
    /** To the provider and back. */
    const signIn = async (to = '/') => {
      const sent = await browser.open(`${home}/login/oidc?to=${encodeURIComponent(to)}`)
      return browser.open(provider.signIn(sent.to).href)
    }
    return { provider, home, told, browser, signIn, port, seq }
  }

  test('somebody signs in at the provider, sees the sites by name and until when, and signs out', async () => {
    const { home, browser, signIn, told } = await opened()
    const asked = await browser.open(`${home}/`)
    expect([asked.status, asked.body]).toEqual([401, expect.stringContaining('href="/login/oidc?to=%2F"')])
    const german = await browser.open(`${home}/`, { headers: { 'accept-language': 'de' } })
    expect(german.body).toContain('<html lang="de">')
    const back = await signIn()
    expect([back.status, back.to]).toEqual([303, '/'])
    const line = back.cookies.find((one) => one.startsWith('berth_centre='))
    expect(line).toMatch(/; Path=\/; HttpOnly; SameSite=Lax; Max-Age=28800$/)
    const page = await browser.open(`${home}/`)
    expect(page.body).toContain('anna (2489) (operator), signed in until <time')
    expect(page.body).toContain(DEPOT)
    expect((await browser.open(`${home}/api/sites`)).status).toBe(200)
    expect(told).toContainEqual(expect.stringContaining('anna (2489) signed in as operator.'))
    const cookie = browser.cookies('localhost')
    const foreign = { method: 'POST', headers: { origin: 'https://evil.example' } }
    expect((await browser.open(`${home}/logout`, foreign)).status).toBe(403)
    expect((await browser.open(`${home}/logout`, { method: 'POST' })).body).toContain('signed out here')
    // The cookie that somebody copied before is worth nothing either.
    expect((await browser.open(`${home}/api/sites`, { headers: { cookie } })).status).toBe(401)
  })

  test('the admin token lets in while the provider is away', async () => {
    const { home, browser, provider } = await opened()
    provider.isAway = true
    const away = await browser.open(`${home}/login/oidc`)
    expect([away.status, away.body]).toEqual([503, expect.stringContaining('does not answer')])
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    const wrong = await browser.open(`${home}/login`, { method: 'POST', headers: form, body: 'token=wrong' })
    expect(wrong.status).toBe(401)
    const body = `token=${ADMIN_TOKEN}`
    expect((await browser.open(`${home}/login`, { method: 'POST', headers: form, body })).status).toBe(303)
    expect((await browser.open(`${home}/`)).body).toContain(DEPOT)
  })

  test('without a mapped group, or with another’s answer, nobody is let in, and each is told in a sentence', async () => {
    const { home, browser, signIn, provider, told } = await opened({
      sites: { claim: 'groups', map: { north: [DEPOT] } },
    })
    provider.claims = { sub: '7', groups: ['cooks'] }
    const none = await signIn()
    expect([none.status, none.body]).toEqual([403, expect.stringContaining('none of your groups may do anything here')])
    provider.claims = { sub: '7', groups: ['berth-ops'] }
    expect((await signIn()).body).toContain('none of your groups may see a site')
    expect((await browser.open(`${home}/api/sites`)).status).toBe(401)
    provider.twist = (claims) => ({ ...claims, nonce: 'another' })
    expect((await signIn()).body).toContain('nobody was signed in')
    expect(told.join('\n')).toContain('nobody was signed in: unexpected ID Token "nonce" claim value')
    provider.twist = (claims) => claims
    provider.answer = { code: null, error: 'access_denied' }
    expect((await signIn()).body).toContain('did not let you in')
    provider.answer = {}
    // An answer without the browser that began, and the same one twice.
    const sent = await browser.open(`${home}/login/oidc`)
    const came = provider.signIn(sent.to).href
    const stranger = await browser.open(came, { headers: { cookie: '' } })
    expect([stranger.status, stranger.body]).toEqual([400, expect.stringContaining('begin again')])
    const cookie = browser.cookies('localhost')
    provider.claims = { sub: '7', groups: ['berth-ops', 'north'] }
    const again = await browser.open(`${home}/login/oidc`)
    const once = provider.signIn(again.to).href
    const fresh = browser.cookies('localhost')
    expect((await browser.open(once)).status).toBe(303)
    expect((await browser.open(once, { headers: { cookie: fresh } })).status).toBe(400)
    expect(cookie).not.toBe(fresh)
    // Another place than one of the centre's own is not gone to.
    expect((await signIn('https://evil.example/')).to).toBe('/')
    expect((await signIn('//evil.example')).to).toBe('/')
  })

  test('people see their own sites alone, and cross to the board of one by a ticket that works once, at that site', async () => {
    const { home, browser, signIn, provider, port, seq } = await opened({
      sites: { claim: 'groups', map: { north: [DEPOT], all: [DEPOT, 'harbour'] } },
    })
    provider.claims = { sub: '7', preferred_username: 'ben', groups: ['berth-look', 'north'] }
    expect((await signIn()).status).toBe(303)
    const { sites } = JSON.parse((await browser.open(`${home}/api/sites`)).body) as { sites: { site: string }[] }
    expect(sites.map(({ site }) => site)).toEqual([DEPOT])
    expect((await browser.open(`${home}/sites/harbour`)).status).toBe(404)
    const depot = `http://${DEPOT}.localhost:${port}`
    // Without a pass a page leads to the board of sites, which leads back.
    expect((await browser.open(`${depot}/`)).to).toBe(`${home}/sites/${DEPOT}`)
    const way = await browser.open(`${home}/sites/${DEPOT}`)
    expect(way.to).toMatch(new RegExp(`^${depot}/centre-enter\\?ticket=[\\w-]{43}&seq=${seq}$`))
    const elsewhere = new Browser(port)
    expect((await elsewhere.open(way.to.replace(DEPOT, 'harbour'))).cookies).toEqual([])
    expect((await browser.open(way.to)).to).toBe(`${home}/sites/${DEPOT}`)
    const second = await browser.open(`${home}/sites/${DEPOT}`)
    const entered = await browser.open(second.to)
    expect([entered.to, entered.cookies[0]]).toEqual([
      `/#/?at=seq:${seq}`,
      expect.stringMatching(/^berth_centre_site=/),
    ])
    expect((await elsewhere.open(second.to)).cookies).toEqual([])
    let me = await browser.open(`${depot}/api/bays`)
    for (let i = 0; i < 600 && !(me.status === 200 && me.body.startsWith('{')); i++) {
      await new Promise((go) => setTimeout(go, 100))
      me = await browser.open(`${depot}/api/bays`)
    }
    expect(JSON.parse(me.body)).toHaveProperty('items')
    // A viewer may not read the audit: the role goes with them.
    expect((await browser.open(`${depot}/api/audit`)).status).toBe(403)
    const cookie = browser.cookies(`${DEPOT}.localhost`)
    const headers = { cookie, accept: 'application/json' }
    expect((await browser.open(`http://harbour.localhost:${port}/api/bays`, { headers })).status).toBe(403)
    await browser.open(`${home}/logout`, { method: 'POST' })
    const after = await browser.open(`${depot}/api/bays`, { headers })
    expect(after.status).toBe(401)
  })

  test('where there is a provider and no token, this machine itself must sign in as well', async () => {
    const { home, browser, signIn } = await opened({}, null)
    expect((await browser.open(`${home}/api/sites`)).status).toBe(401)
    expect((await browser.open(`${home}/`)).body).not.toContain('name="token"')
    expect((await signIn()).status).toBe(303)
    expect((await browser.open(`${home}/api/sites`)).status).toBe(200)
  })
})
