import { createServer } from 'node:http'
import { connect } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { Json } from '../../../machines/events.ts'
import { DriverPages } from '../../../src/centre/driver-pages.ts'
import { systemClock } from '../../../src/clock.ts'
import { withPostgres } from '../../contracts/postgres-cluster.ts'
import { heldFor, openDoorScene } from '../driver/door-scene.ts'
import { until } from '../serve/serving-line.ts'
import { openStage, ship, siteWith } from './link-stage.ts'
import { Browser } from './own-browser.ts'

vi.setConfig({ testTimeout: 120_000 })

const FORM = { 'content-type': 'application/x-www-form-urlencoded' }

test('a form that is too long is answered, also to a phone that reads nothing before it has sent it', async () => {
  const pages = new DriverPages({ clock: systemClock, siteOf: () => 'depot', ask: async () => null })
  const server = createServer((request, response) => void pages.takes(request, response))
  await new Promise<void>((go) => server.listen(0, '127.0.0.1', go))
  onTestFinished(() => void server.close())
  const phone = connect((server.address() as { port: number }).port, '127.0.0.1').pause()
  onTestFinished(() => void phone.destroy())
  let [answer, broken] = ['', '']
  phone.on('data', (part) => {
    answer += String(part)
  })
  phone.on('error', ({ message }) => {
    broken = message
  })
  phone.write('POST /b/code/start HTTP/1.1\r\nhost: depot.example\r\ncontent-length: 50000\r\n\r\n')
  for (let sent = 0; sent < 50_000; sent += 5_000) {
    phone.write('x'.repeat(5_000))
    await new Promise((go) => setTimeout(go, 30))
  }
  phone.resume()
  await until(() => answer !== '' || broken !== '')
  expect([broken, answer]).toEqual(['', expect.stringMatching(/^HTTP\/1\.1 413 /)])
})

withPostgres('driver pages by way of the centre', (cluster) => {
  const opened = async () => openStage(cluster().url(await cluster().newDatabase()))

  test('a phone begins with a payment and stops at a site that it cannot reach itself, and reaches nothing else there', async () => {
    const { centre, add } = await opened()
    const { token } = await add('depot-north')
    const scene = await openDoorScene(heldFor, { url: centre.url, token })
    const home = `http://depot-north.localhost:${centre.port}`
    const listed = (await (await scene.api('GET', '/api/driver-codes')).json()) as { items: { url: string }[] }
    const [url = ''] = listed.items.map((one) => one.url)
    expect(url).toMatch(new RegExp(`^${home}/b/`))
    const phone = new Browser(centre.port)
    await until(async () => (await phone.open(url)).status === 200)
    await scene.arrives(1)
    const page = await phone.open(`${url}?lang=en`)
    expect([page.status, page.body]).toEqual([200, expect.stringContaining('action=')])
    expect(Buffer.byteLength(page.body)).toBeLessThan(25_000)
    expect(page.headers).toMatchObject({
      'cache-control': 'private, no-cache',
      'content-security-policy': expect.stringContaining("script-src 'sha256-"),
      'x-frame-options': 'DENY',
    })
    const tag = String(page.headers['etag'])
    expect((await phone.open(`${url}?lang=en`, { headers: { 'if-none-match': tag } })).status).toBe(304)
    // To the payment page of the operator and back by way of the centre, without a detour.
    const sent = await phone.open(`${url}/pay`, { method: 'POST', headers: { ...FORM, origin: home }, body: '' })
    expect(sent.status).toBe(303)
    const paid = await fetch(sent.to, { redirect: 'manual' })
    const back = paid.headers.get('location') ?? ''
    expect(back).toMatch(new RegExp(`^${home}/b/[^/]+/paid\\?`))
    expect((await phone.open(back)).to).toContain('said=starting')
    await until(() => scene.bay(1)?.state === 'charging-locked')
    const evil = { ...FORM, origin: 'https://evil.example' }
    expect((await phone.open(`${url}/stop`, { method: 'POST', headers: evil, body: '' })).status).toBe(403)
    const stranger = await new Browser(centre.port).open(`${url}/stop`, { method: 'POST', headers: FORM, body: '' })
    expect(stranger.to).toContain('said=not-yours')
    expect((await phone.open(`${url}/stop`, { method: 'POST', headers: FORM, body: '' })).to).toContain('said=stopping')
    // The phone's own cookie alone came and went.
    expect(phone.cookies('depot-north.localhost')).toMatch(/^berth_driver=[\w.-]+$/)
    expect((await phone.open(`${home}/b/nobodys`)).status).toBe(404)
    const large = { method: 'POST', headers: FORM, body: `plate=${'x'.repeat(5_000)}` }
    expect((await phone.open(`${url}/start`, large)).status).toBe(413)
  })

  test('while a site is away, silent, busy, or answers what is no page, a quiet page says in both languages what to do instead', async () => {
    const { centre, add } = await opened()
    const { token } = await add('depot')
    const phone = new Browser(centre.port)
    const url = `http://depot.localhost:${centre.port}/b/code`
    // A new site is known here within seconds.
    await until(async () => (await phone.open(url)).status !== 404)
    const away = await phone.open(url)
    expect(away.status).toBe(503)
    expect(away.body).toContain('Hold your card (RFID) to the charge point')
    expect(away.body).toContain('Halten Sie Ihre Karte (RFID)')
    expect(away.headers).toMatchObject({ 'retry-after': '10', 'cache-control': 'no-store' })
    const pressed = await phone.open(`${url}/stop`, { method: 'POST', headers: FORM, body: '' })
    expect([pressed.status, pressed.body]).toEqual([503, expect.stringContaining('is not known')])
    const asked: Json[] = []
    let answer: () => Promise<Json> = async () => ({})
    const { uplink } = ship(await siteWith(1), centre.url, token, 'depot', 5_000, {
      'driver-page': (body) => {
        asked.push(body)
        return answer()
      },
    })
    await until(() => uplink.place.sent === 1)
    const html = { 'content-type': 'text/html; charset=utf-8' }
    const wrong: readonly Json[] = [
      {},
      { status: 200, headers: html, body: 'x'.repeat(100_000) },
      { status: 200, headers: { 'content-type': 'text/javascript' }, body: 'alert(1)' },
      { status: 200, headers: {}, body: '<p>' },
      { status: 100, headers: html, body: '' },
      { status: 303, headers: { location: 'javascript:alert(1)' }, body: '' },
    ]
    for (const one of wrong) {
      answer = async () => one
      expect([one, (await phone.open(url)).status]).toEqual([one, 503])
    }
    const planted = {
      ...html,
      'set-cookie': 'berth_centre_site=planted; Path=/',
      'access-control-allow-origin': '*',
      'cache-control': 'public, max-age=9999',
      'x-more': 'y',
    }
    answer = async () => ({ status: 200, headers: planted, body: '<p>hello</p>' })
    const headers = { cookie: 'berth_centre_site=secret; berth_driver=a.b', authorization: 'Bearer x', 'x-more': 'z' }
    const shown = await phone.open(url, { headers })
    expect([shown.status, shown.body, shown.cookies]).toEqual([200, '<p>hello</p>', []])
    expect(shown.headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
    expect(Object.keys(shown.headers)).not.toEqual(expect.arrayContaining(['x-more']))
    expect(shown.headers['access-control-allow-origin']).toBeUndefined()
    const last = asked.at(-1) as { headers: object; path: string; address: unknown }
    expect(last).toMatchObject({ path: '/b/code', address: null })
    expect(last.headers).toEqual({ host: `depot.localhost:${centre.port}`, cookie: 'berth_driver=a.b' })
    await phone.open(url, { headers: { 'x-forwarded-for': '203.0.113.9' } })
    expect(asked.at(-1)).toMatchObject({ address: '203.0.113.9' })
    // Eight wait at most; the others are told at once.
    let go: (() => void) | undefined
    const opens = new Promise<void>((resolve) => {
      go = resolve
    })
    answer = () => opens.then(() => ({ status: 200, headers: html, body: 'ok' }))
    const before = asked.length
    const waiting = Array.from({ length: 8 }, () => phone.open(url))
    await until(() => asked.length === before + 8)
    expect((await phone.open(url)).status).toBe(503)
    expect(asked).toHaveLength(before + 8)
    go?.()
    expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual(Array(8).fill(200))
    expect((await phone.open(url)).status).toBe(200)
  })
})
