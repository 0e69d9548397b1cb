import { request as ask, createServer, type IncomingMessage, type Server } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import { SiteDoor } from '../../../src/centre/site-door.ts'
import { addressOf } from '../../../src/server/wrong-token-brake.ts'
import { until } from '../journal/appended-batches.ts'

async function listening(server: Server): Promise<number> {
  await new Promise<void>((go) => server.listen(0, '127.0.0.1', go))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as { port: number }).port
}

const doorTo = (url: string, home: string | null = null) =>
  new SiteDoor({
    shelf: { at: () => ({ url }), peek: () => ({ url }) },
    known: (label) => (label === 'centre' || label === 'depot' ? label : null),
    ...{ ownToken: null, entry: null, home },
  })

test('an open viewer hears from where somebody asks, whatever they say of it themselves', async () => {
  const heard: (string | null)[] = []
  const viewer = createServer((request, response) => {
    heard.push(addressOf(request))
    response.end()
  })
  viewer.on('upgrade', (request, socket) => {
    heard.push(addressOf(request))
    socket.destroy()
  })
  const door = doorTo(`http://127.0.0.1:${await listening(viewer)}`)
  /** As if it came from that address. */
  const from = (request: IncomingMessage, remoteAddress: string) =>
    Object.defineProperty(request.socket, 'remoteAddress', { value: remoteAddress }) && request
  const front = createServer(async (request, response) => {
    const isTaken = await door.takes(from(request, '203.0.113.9'), response, async () => false)
    expect(isTaken).toBe(true)
  })
  front.on('upgrade', (request, socket, head) => door.takesUpgrade(from(request, '203.0.113.10'), socket, head))
  const port = await listening(front)
  for (const said of [{}, { 'x-forwarded-for': '127.0.0.1' }]) {
    const headers = { host: 'depot.centre.example', ...said }
    await new Promise((go, fail) => {
      ask({ port, host: '127.0.0.1', path: '/api/login', method: 'POST', headers }, (answer) =>
        answer.resume().on('end', go),
      )
        .on('error', fail)
        .end('{}')
    })
    const socket = new WebSocket(`ws://127.0.0.1:${port}/api/live`, { headers })
    socket.on('error', () => {})
    await until(() => heard.length % 2 === 0)
  }
  expect(heard).toEqual(['203.0.113.9', '203.0.113.10', '203.0.113.9', '203.0.113.10'])
})

test('where gateways link and fetch, and the centre’s own host, are no site’s', () => {
  const at = (host: string, url: string, home: string | null = null) =>
    doorTo('', home).siteOf({ headers: { host }, url })
  expect(at('depot.centre.example', '/')).toBe('depot')
  expect(at('depot.centre.example', '/api/bays?x=/link')).toBe('depot')
  for (const url of ['/link', '/link?x', '/register'])
    expect([url, at('centre.example:9400', url)]).toEqual([url, null])
  expect(at('Centre.example:9400', '/', 'https://centre.example:9400')).toBeNull()
  expect(at('centre.centre.example', '/', 'https://centre.example')).toBe('centre')
})
