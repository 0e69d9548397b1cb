import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { type AddressInfo, connect, createServer as createPlain } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../../src/clock.ts'
import { Hop } from '../../../src/cluster/hop.ts'
import { openNodeDoor } from '../../../src/cluster/node-door.ts'
import { askPeers } from '../../../src/cluster/peer-word.ts'
import type { Route } from '../../../src/cluster/roster.ts'

const TOKEN = 'admin-token-of-the-nodes-of-a-test'
/** Said so, or closed at once where Node’s own parser takes it for no request. */
const REFUSED = /^(HTTP\/1\.1 400 |$)/
const hop = new Hop('what only nodes have')

/** A door to a node that serves nothing itself: `site-1` is at the address of a second node, which tells what it heard. */
async function twoNodes(siteId = 'site-1') {
  const heard: { url: string; method: string; body: string; passedFor: string | null }[] = []
  const other = createServer(async (request: IncomingMessage, response) => {
    const passedFor = hop.take(request)
    let body = ''
    for await (const bytes of request) body += String(bytes)
    heard.push({ url: String(request.url), method: String(request.method), body, passedFor })
    response.end('from the other node')
  })
  other.listen(0, '127.0.0.1')
  await once(other, 'listening')
  const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`
  const route: Route = { siteId, node: 'two', url, claim: 1, ready: true, trouble: null }
  const node = {
    node: 'one',
    url: 'http://one.example',
    serving: () => null,
    route: (asked: string) => (asked === siteId ? route : undefined),
    routes: () => [route],
    drain: () => {},
  }
  const door = await openNodeDoor({
    ...{ host: '127.0.0.1', port: 0, tls: null, node, hop, adminToken: TOKEN },
    clock: systemClock,
  })
  onTestFinished(async () => {
    other.closeAllConnections()
    other.close()
    await door.close()
  })
  return { door, heard }
}

/** What comes back for these bytes. */
async function raw(port: number, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  socket.write(text.replaceAll(/\r?\n/g, '\r\n'))
  let said = ''
  socket.on('data', (bytes) => (said += String(bytes)))
  socket.on('error', () => {})
  await once(socket, 'close')
  return said
}

test('what another node serves is passed on as it was asked, with the caller’s own address', async () => {
  const { door, heard } = await twoNodes()
  const crooked = '/s/site-1/x/../api/site?a=%2e'
  expect(await raw(door.port, `GET ${crooked} HTTP/1.1\nHost: h\nConnection: close\n\n`)).toContain(
    'from the other node',
  )
  expect(heard).toEqual([{ url: crooked, method: 'GET', body: '', passedFor: expect.stringMatching(/127\.0\.0\.1$/) }])
})

test('a request target that names another machine reaches nobody', async () => {
  const { door, heard } = await twoNodes()
  const inner = createPlain((socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret'))
  inner.listen(0, '127.0.0.1')
  await once(inner, 'listening')
  onTestFinished(() => void inner.close())
  const at = `127.0.0.1:${(inner.address() as AddressInfo).port}`
  for (const target of [`//${at}/x`, `http://${at}/x`, `/\\${at}/x`, '//[', `${at}`, '*']) {
    const said = await raw(door.port, `GET ${target} HTTP/1.1\nHost: site-1.example\nConnection: close\n\n`)
    expect(said).toMatch(REFUSED)
    const upgrade = `GET ${target} HTTP/1.1\nHost: site-1.example\nConnection: Upgrade\nUpgrade: websocket\n\n`
    expect(await raw(door.port, upgrade)).toMatch(REFUSED)
  }
  expect(heard).toEqual([])
})

test('headers of the line and bodies of unknown length do no harm: neither ends the node nor becomes a second request', async () => {
  const { door, heard } = await twoNodes()
  for (const header of [
    'Trailer: x',
    'Expect: x',
    'Connection: close, x-own\nX-Own: 1',
    'Proxy-Connection: keep-alive',
    'TE: trailers',
  ])
    await raw(door.port, `GET /s/site-1/a HTTP/1.1\nHost: h\n${header}\nConnection: close\n\n`)
  const inner = 'GET /s/site-1/smuggled HTTP/1.1\r\nHost: h\r\n\r\n'
  const chunk = `${inner.length.toString(16)}\n${inner}\n0\n\n`
  await raw(
    door.port,
    `DELETE /s/site-1/b HTTP/1.1\nHost: h\nTransfer-Encoding: chunked\nConnection: close\n\n${chunk}`,
  )
  expect(heard.map(({ url }) => url)).not.toContain('/s/site-1/smuggled')
  expect(heard.at(-1)).toMatchObject({ method: 'DELETE', url: '/s/site-1/b', body: inner })
  expect(await raw(door.port, 'GET /health/live HTTP/1.1\nHost: h\nConnection: close\n\n')).toContain('live')
})

test('only nodes speak for others, and only the admin is told where sites are', async () => {
  const { door, heard } = await twoNodes()
  await raw(door.port, 'GET /s/site-1/a HTTP/1.1\nHost: h\nX-Berth-Hop: 10.0.0.9 forged\nConnection: close\n\n')
  expect(heard[0]?.passedFor).not.toContain('10.0.0.9')
  expect(await raw(door.port, 'GET /cluster HTTP/1.1\nHost: h\nConnection: close\n\n')).toMatch(/^HTTP\/1\.1 401 /)
  const asked = `GET /cluster HTTP/1.1\nHost: h\nAuthorization: Bearer ${TOKEN}\nConnection: close\n\n`
  expect(await raw(door.port, asked)).toContain('"siteId":"site-1"')
  expect(await raw(door.port, 'GET /api/site HTTP/1.1\nHost: nobody.example\nConnection: close\n\n')).toMatch(
    /^HTTP\/1\.1 404 /,
  )
})

test('who guesses the token of the nodes waits longer each time, is turned away where too many of theirs wait, and the right one never waits', {
  retry: 2,
}, async () => {
  const { door } = await twoNodes()
  const from = (address: string, token: string) =>
    raw(
      door.port,
      `GET /cluster HTTP/1.1\nHost: h\nX-Forwarded-For: ${address}\nAuthorization: Bearer ${token}\nConnection: close\n\n`,
    )
  const began = performance.now()
  for (let at = 0; at < 7; at += 1) expect(await from('198.51.100.7', `wrong-${at}`)).toMatch(/^HTTP\/1\.1 401 /)
  // Five are free, the sixth waits a quarter of a second, the seventh half of one.
  expect(performance.now() - began).toBeGreaterThan(700)
  const crowd = Array.from({ length: 12 }, (_, at) => from('198.51.100.7', `guess-${at}`))
  expect(await Promise.race(crowd)).toContain('Too many wrong tokens came from this address')
  const asked = performance.now()
  expect(await from('203.0.113.9', TOKEN)).toContain('"siteId":"site-1"')
  expect(performance.now() - asked).toBeLessThan(900)
})

test('a site whose id has capitals is reached by the host name as browsers write it', async () => {
  const { door, heard } = await twoNodes('Depot')
  for (const host of ['depot.berth.example', 'Depot.berth.example:8080'])
    expect(await raw(door.port, `GET /a HTTP/1.1\nHost: ${host}\nConnection: close\n\n`)).toContain(
      'from the other node',
    )
  expect(heard).toHaveLength(2)
  expect(await raw(door.port, 'GET /a HTTP/1.1\nHost: depo.berth.example\nConnection: close\n\n')).toMatch(/ 404 /)
})

test('a node asks another by a word that opens that address alone and drains nothing; the admin token goes nowhere', async () => {
  const sent: string[] = []
  const stranger = createServer((request, response) => {
    sent.push(String(request.headers.authorization))
    response.end('{"sites":[]}')
  })
  stranger.listen(0, '127.0.0.1')
  await once(stranger, 'listening')
  onTestFinished(() => void stranger.close())
  const url = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}`
  await askPeers([url], hop)
  expect(sent).toEqual([`Bearer ${hop.word(url)}`])
  const { door } = await twoNodes()
  const ask = (what: string, word: string) =>
    raw(door.port, `${what} HTTP/1.1\nHost: h\nAuthorization: Bearer ${word}\nConnection: close\n\n`)
  expect(await ask('GET /cluster', hop.word(url))).toMatch(/^HTTP\/1\.1 401 /)
  expect(await ask('GET /cluster', hop.word('http://one.example'))).toContain('"siteId":"site-1"')
  expect(await ask('POST /cluster/drain', hop.word('http://one.example'))).toMatch(/^HTTP\/1\.1 401 /)
})

test('a browser that names no site is told in its language how to, and which sites there are it is not', async () => {
  const { door } = await twoNodes('depot-secret')
  const page = (host: string, more = '') =>
    raw(door.port, `GET / HTTP/1.1\nHost: ${host}\nAccept: text/html,*/*\n${more}Connection: close\n\n`)
  const english = await page('berth.example:8080')
  expect(english).toMatch(/^HTTP\/1\.1 404 .*content-type: text\/html/is)
  expect(english).toContain('<code>http://SITE.berth.example:8080/</code>')
  expect(english).not.toContain('depot-secret')
  expect(await page('nobody.berth.example', 'X-Forwarded-Proto: https\n')).toContain('https://SITE.berth.example/')
  expect(await page('10.0.0.7:8080', 'Accept-Language: de\n')).toContain('http://STANDORT.berth.example/')
  expect(await page('<b>.example')).not.toContain('<b>.')
  const program = await raw(door.port, 'GET / HTTP/1.1\nHost: h\nAccept: */*\nConnection: close\n\n')
  expect(program).toMatch(/^HTTP\/1\.1 404 .*application\/problem\+json.*"detail":"Name a site:/is)
})
