import { expect, onTestFinished, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { withPostgres } from '../../contracts/postgres-cluster.ts'
import { until } from '../journal/appended-batches.ts'
import { openStage } from './link-stage.ts'
import { ADMIN_TOKEN, openedCentre } from './opened-centre.ts'
import { Browser } from './own-browser.ts'

vi.setConfig({ testTimeout: 180_000 })

const FREE = 5
const MOST_WAITING = 10

withPostgres('the doors of a centre', (cluster) => {
  /** A centre with an admin token, behind a proxy on its machine. */
  async function opened(site: string) {
    const stage = await openStage(cluster().url(await cluster().newDatabase()))
    const { token } = await stage.add(site)
    await stage.centre.close()
    const centre = await openedCentre(stage.store)
    onTestFinished(() => centre.close())
    const home = `http://centre.example:${centre.port}`
    const ask = (url: string, from: string, headers: object) =>
      new Browser(centre.port).open(url, {
        headers: { accept: 'application/json', 'x-forwarded-for': from, ...headers },
      })
    return { centre, home, token, ask }
  }

  test('whoever guesses the admin token waits at every door, and too many guesses at once are not looked at', async () => {
    const { home, ask } = await opened('depot')
    const doors = [`${home}/api/sites`, `${home}/`, `${home.replace('centre', 'depot.centre')}/api/bays`]
    const heads = (wrong: string) => [
      { authorization: `Bearer ${wrong}` },
      { cookie: `berth_session=9999999999999.${wrong}` },
    ]
    let last = 0
    for (const door of doors)
      for (const headers of heads('a-guess-of-the-token')) {
        const from = `203.0.113.${++last}`
        const answers: number[] = []
        for (let i = 0; i < FREE + MOST_WAITING + 20; i++)
          void ask(door, from, headers).then(
            ({ status }) => answers.push(status),
            () => {},
          )
        // The first are answered at once, and those for which no place to wait is left: the others wait.
        await until(() => answers.length >= FREE + 20)
        expect([door, headers, answers.length]).toEqual([door, headers, expect.toSatisfy((n: number) => n < FREE + 26)])
        const right = { authorization: `Bearer ${ADMIN_TOKEN}` }
        expect([door, (await ask(door, from, right)).status]).toEqual([door, 401])
        expect((await ask(`${home}/api/sites`, '198.51.100.7', right)).status).toBe(200)
      }
  })

  test('a wrong token at a site’s own host is answered as at the board, and a right one opens it', async () => {
    const { home, ask } = await opened('depot')
    const depot = `${home.replace('centre', 'depot.centre')}/api/bays`
    expect((await ask(depot, '203.0.113.9', {})).status).toBe(403)
    expect((await ask(depot, '203.0.113.9', { authorization: 'Bearer a-guess-of-the-token' })).status).toBe(401)
    expect((await ask(depot, '203.0.113.9', { authorization: `Bearer ${ADMIN_TOKEN}` })).status).toBe(200)
  })

  test('who signs out at the board of sites is signed out at each site’s own', async () => {
    const { centre, home } = await opened('depot')
    const depot = home.replace('centre', 'depot.centre')
    const browser = new Browser(centre.port)
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    await browser.open(`${home}/login`, { method: 'POST', headers: form, body: `token=${ADMIN_TOKEN}` })
    const way = await browser.open(`${home}/sites/depot`)
    expect((await browser.open(way.to)).status).toBe(303)
    expect((await browser.open(`${depot}/`)).status).not.toBe(303)
    expect((await browser.open(`${home}/logout`, { method: 'POST' })).status).toBe(200)
    expect((await browser.open(`${depot}/`)).to).toBe(`${home}/sites/depot`)
  })

  test('who signed out at the board of sites stays signed out when the centre starts anew, and nobody else is', async () => {
    const store = cluster().url(await cluster().newDatabase())
    const first = await openedCentre(store)
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    const signedIn = async () => {
      const browser = new Browser(first.port)
      const home = `http://centre.example:${first.port}`
      await browser.open(`${home}/login`, { method: 'POST', headers: form, body: `token=${ADMIN_TOKEN}` })
      return {
        cookie: browser.cookies('centre.example'),
        signOut: () => browser.open(`${home}/logout`, { method: 'POST' }),
      }
    }
    const [mine, other] = [await signedIn(), await signedIn()]
    const seen = async ({ port }: { readonly port: number }) => {
      const ask = ({ cookie }: typeof mine) =>
        new Browser(port).open(`http://centre.example:${port}/`, { headers: { cookie } })
      return [(await ask(mine)).status, (await ask(other)).status]
    }
    expect(await seen(first)).toEqual([200, 200])
    expect((await mine.signOut()).status).toBe(200)
    expect(await seen(first)).toEqual([401, 200])
    await first.close()
    const second = await openedCentre(store)
    onTestFinished(() => second.close())
    expect(await seen(second)).toEqual([401, 200])
  })

  test('a site that is named like the host of the centre takes no gateway’s door', async () => {
    const { centre, token } = await opened('centre')
    const host = `centre.example:${centre.port}`
    const headers = { host, authorization: `Bearer ${token}` }
    const socket = new WebSocket(centre.url, 'berth-link-1', { headers })
    onTestFinished(() => socket.terminate())
    const status = await new Promise((resolve) => {
      socket.once('open', () => resolve(101))
      socket.once('unexpected-response', (_request, response) => resolve(response.statusCode))
      socket.on('error', () => {})
    })
    expect(status).toBe(101)
    const register = await new Browser(centre.port).open(`http://${host}/register`, { headers })
    expect([register.status, register.body]).toEqual([404, expect.stringContaining('No register lies here for centre')])
  })
})
