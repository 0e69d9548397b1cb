import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { parse, stringify } from 'yaml'
import { ToyAuthority, writeIssued } from '../ocpp/toy-authority.ts'
import { freePort } from './free-port.ts'
import { type LineSite, serveSite, until, writeSite } from './serving-line.ts'

vi.setConfig({ testTimeout: 180_000 })

const BERTH = fileURLToPath(new URL('../../../src/berth.mjs', import.meta.url))
const AUTHORITY = new ToyAuthority('Site authority')

/** A site of one charge point with a password and TLS on a port of its own. */
async function securedSite(): Promise<{ site: LineSite; tlsPort: number }> {
  const site = await writeSite(1)
  const tlsPort = await freePort()
  const file = parse(readFileSync(site.path, 'utf8'))
  file.ocpp.tls = { ...writeIssued(site.folder, AUTHORITY.issue('localhost')), port: tlsPort }
  file.chargePoints = [{ id: 'CP-1', password: 'the former password', security: 2 }]
  writeFileSync(site.path, stringify(file))
  return { site, tlsPort }
}

async function comesIn(tlsPort: number, password: string): Promise<WebSocket | number> {
  const authorization = `Basic ${Buffer.from(`CP-1:${password}`).toString('base64')}`
  const socket = new WebSocket(`wss://localhost:${tlsPort}/ocpp/CP-1`, ['ocpp1.6'], {
    headers: { authorization },
    ca: AUTHORITY.cert,
  })
  onTestFinished(() => socket.terminate())
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(socket))
    socket.once('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0))
    socket.once('error', reject)
  })
}

test('a running site takes a new password and a new certificate on SIGHUP, and drops nobody; a file that does not check changes nothing', async () => {
  const { site, tlsPort } = await securedSite()
  const serving = await serveSite(site)
  expect(serving.said()).toMatch(/charge points at ws:\/\/\S+\/ocpp\/\{chargePointId\} and wss:\/\/\S+\/ocpp\/\{/)
  expect(serving.said()).toContain(`:${tlsPort}/ocpp/{chargePointId}`)
  const socket = await comesIn(tlsPort, 'the former password')
  if (!(socket instanceof WebSocket)) throw new Error(`the former password was refused with ${socket}`)
  const out = execFileSync(process.execPath, [BERTH, 'charge-point', 'password', 'CP-1', '--site', site.path], {
    encoding: 'utf8',
  })
  const password = /^ {2}password +(\S+)/m.exec(out)?.[1] ?? ''
  expect(out).toContain(`:${tlsPort}/ocpp/`)
  expect(out).toContain('security profile   2')
  expect(await comesIn(tlsPort, password)).toBe(401)
  serving.child.kill('SIGHUP')
  await until(() =>
    serving.said().includes('as they are now: passwords and certificate of the charge points. Anything'),
  )
  expect(socket.readyState).toBe(WebSocket.OPEN)
  expect(await comesIn(tlsPort, 'the former password')).toBe(401)
  expect(socket.readyState).toBe(WebSocket.OPEN)
  writeFileSync(site.path, readFileSync(site.path, 'utf8').replace('bays:', 'bayz:'))
  serving.child.kill('SIGHUP')
  await until(() => serving.said().includes('Nothing was taken over'))
  expect(await comesIn(tlsPort, password)).toBeInstanceOf(WebSocket)
  expect(await serving.stop()).toBe(0)
})
