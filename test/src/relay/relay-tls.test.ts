import { writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { systemChance } from '../../../src/chance.ts'
import { systemClock } from '../../../src/clock.ts'
import { openRelay, type RelaySettings } from '../../../src/relay/relay.ts'
import { SiteAlarms } from '../../../src/site-alarms.ts'
import { SiteTroubles } from '../../../src/site-troubles.ts'
import { type Issued, ToyAuthority } from '../ocpp/toy-authority.ts'
import { relaySettings, soon } from './relay-stage.ts'

type Seen = { readonly name: string; readonly authorization: string | undefined; readonly protocol: string }

/** A back end that takes only who shows a certificate of its authority; it echoes. */
async function openSecure(authority: ToyAuthority): Promise<{ readonly url: string; readonly seen: Seen[] }> {
  const own = authority.issue('localhost')
  const server = createServer({ ...own, ca: authority.cert, requestCert: true, rejectUnauthorized: true })
  const sockets = new WebSocketServer({ server })
  const seen: Seen[] = []
  sockets.on('connection', (socket, request) => {
    const name = (request.socket as TLSSocket).getPeerCertificate().subject.CN as string
    seen.push({ name, authorization: request.headers.authorization, protocol: socket.protocol })
    socket.on('message', (data) => socket.send(data.toString().replace('[2,', '[3,').replace('"Heartbeat",', '')))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const socket of sockets.clients) socket.terminate()
    server.closeAllConnections()
    server.close()
  })
  return { url: `wss://localhost:${(server.address() as AddressInfo).port}/csms`, seen }
}

const written = (folder: string, name: string, text: string): string => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}
const pair = (folder: string, name: string, { cert, key }: Issued): { cert: string; key: string } => ({
  cert: written(folder, `${name}.pem`, cert),
  key: written(folder, `${name}.key`, key),
})

async function opened(settings: RelaySettings): Promise<Awaited<ReturnType<typeof openRelay>>> {
  const relay = await openRelay(settings, { clock: systemClock, chance: systemChance })
  onTestFinished(() => relay.close())
  return relay
}

function knock(url: string, options: object): Promise<WebSocket | number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(url, ['ocpp2.0.1'], options)
    onTestFinished(() => socket.terminate())
    socket.once('open', () => resolve(socket))
    socket.once('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0))
    socket.once('error', () => resolve(0))
  })
}

test('towards the back end the relay shows the charge point’s own certificate; password and subprotocol pass through', async () => {
  const authority = new ToyAuthority('Back end')
  const upstream = await openSecure(authority)
  const settings = relaySettings(upstream.url)
  const folder = dirname(settings.path)
  const upstreamTls = {
    ca: written(folder, 'ca.pem', authority.cert),
    ...pair(folder, 'CP-1', authority.issue('CP-1')),
  }
  const relay = await opened({ ...settings, chargePoints: [{ id: 'CP-1', upstream: upstream.url, upstreamTls }] })
  const authorization = `Basic ${Buffer.from('CP-1:pass').toString('base64')}`
  const socket = await knock(`ws://127.0.0.1:${relay.port}/ocpp/CP-1`, { headers: { authorization } })
  if (typeof socket === 'number') throw new Error(`refused with ${socket}`)
  expect(socket.protocol).toBe('ocpp2.0.1')
  const texts: string[] = []
  socket.on('message', (data) => texts.push(data.toString()))
  socket.send('[2,"1","Heartbeat",{}]')
  await soon(() => texts.length > 0)
  expect(texts).toEqual(['[3,"1",{}]'])
  expect(upstream.seen).toEqual([{ name: 'CP-1', authorization, protocol: 'ocpp2.0.1' }])
})

test('without a certificate that the back end takes, or behind one that nobody trusts, no line comes up', async () => {
  const authority = new ToyAuthority('Back end')
  const upstream = await openSecure(authority)
  const settings = relaySettings(upstream.url, { dialWithin_ms: 500 })
  const folder = dirname(settings.path)
  const ca = written(folder, 'ca.pem', authority.cert)
  const stranger = new ToyAuthority('Somebody')
  const relay = await opened({
    ...settings,
    chargePoints: [
      { id: 'CP-1', upstream: upstream.url, upstreamTls: { ca } },
      { id: 'CP-2', upstream: upstream.url, upstreamTls: { ca, ...pair(folder, 'CP-2', stranger.issue('CP-2')) } },
      { id: 'CP-3', upstream: upstream.url, upstreamTls: pair(folder, 'CP-3', authority.issue('CP-3')) },
      {
        id: 'CP-4',
        upstream: upstream.url,
        upstreamTls: { ca, cert: join(folder, 'none'), key: join(folder, 'none') },
      },
    ],
  })
  for (const id of ['CP-1', 'CP-2', 'CP-3', 'CP-4'])
    expect([id, await knock(`ws://127.0.0.1:${relay.port}/ocpp/${id}`, {})]).toEqual([id, 503])
  expect(upstream.seen).toEqual([])
})

test('a certificate that was renewed counts from the next dial on', async () => {
  const authority = new ToyAuthority('Back end')
  const upstream = await openSecure(authority)
  const settings = relaySettings(upstream.url)
  const folder = dirname(settings.path)
  const ca = written(folder, 'ca.pem', authority.cert)
  const files = pair(folder, 'CP-1', authority.issue('CP-1'))
  const relay = await opened({
    ...settings,
    chargePoints: [{ id: 'CP-1', upstream: upstream.url, upstreamTls: { ca, ...files } }],
  })
  const url = `ws://127.0.0.1:${relay.port}/ocpp/CP-1`
  expect(typeof (await knock(url, {}))).toBe('object')
  pair(folder, 'CP-1', authority.issue('CP-1 renewed'))
  expect(typeof (await knock(url, {}))).toBe('object')
  expect(upstream.seen.map(({ name }) => name)).toEqual(['CP-1', 'CP-1 renewed'])
})

test('its own door speaks TLS, and asks for the certificate of a charge point of profile 3', async () => {
  const authority = new ToyAuthority('Site')
  const upstream = await openSecure(authority)
  const settings = relaySettings(upstream.url)
  const folder = dirname(settings.path)
  const ca = written(folder, 'ca.pem', authority.cert)
  const upstreamTls = { ca, ...pair(folder, 'proxy', authority.issue('proxy')) }
  const relay = await opened({
    ...settings,
    tls: { ...pair(folder, 'door', authority.issue('localhost')), clientCa: ca, port: null },
    chargePoints: [{ id: 'CP-1', upstream: upstream.url, upstreamTls, security: 3 }],
  })
  const url = `wss://localhost:${relay.port}/ocpp/CP-1`
  expect(await knock(url, { ca: authority.cert })).toBe(401)
  expect(await knock(url, { ca: authority.cert, ...authority.issue('CP-2') })).toBe(401)
  expect(typeof (await knock(url, { ca: authority.cert, ...authority.issue('CP-1') }))).toBe('object')
  expect(await knock(`ws://localhost:${relay.port}/ocpp/CP-1`, {})).toBe(0)
})

test('a client certificate whose file is missing is named by the alarm of the back end, until the file is there', async () => {
  const authority = new ToyAuthority('Back end')
  const upstream = await openSecure(authority)
  const settings = relaySettings(upstream.url)
  const folder = dirname(settings.path)
  const ca = written(folder, 'ca.pem', authority.cert)
  const { key } = pair(folder, 'CP-1', authority.issue('CP-1'))
  const cert = join(folder, 'late.pem')
  const upstreamTls = { ca, cert, key }
  const relay = await opened({ ...settings, chargePoints: [{ id: 'CP-1', upstream: upstream.url, upstreamTls }] })
  const alarms = new SiteAlarms(() => undefined)
  const troubles = new SiteTroubles({ alarms: () => alarms, now: () => 0, log: () => undefined })
  troubles.relay(relay.state())
  expect(alarms.open()).toMatchObject([{ type: 'upstream', says: expect.stringContaining(`${cert} cannot be read`) }])
  writeFileSync(cert, 'there')
  troubles.relay(relay.state())
  expect(alarms.open()).toEqual([])
})
