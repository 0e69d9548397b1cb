import { readFileSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:https'
import { connect } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { systemClock } from '../../../src/clock.ts'
import { check } from '../../../src/commands/check.ts'
import { token } from '../../../src/commands/tokens.ts'
import { serve } from '../../../src/compose.ts'
import { openReaderServer } from '../../../src/second-reader/reader-server.ts'
import { openDriverServer } from '../../../src/server/driver-server.ts'
import { checkSiteFileAt, readSiteFile } from '../../../src/site-file.ts'
import { runCommand } from '../journal/run-command.ts'
import { ToyAuthority } from '../ocpp/toy-authority.ts'
import { freePort } from '../serve/free-port.ts'
import { readsBody, writeSite } from '../serve/serving-line.ts'
import { openArrayDesk } from './array-desk.ts'

const log = { warn: () => {}, error: () => {} }
const HERE = '127.0.0.1'

/** A site file with more under `http`. */
async function siteWith(http: object): Promise<Awaited<ReturnType<typeof writeSite>>> {
  const site = await writeSite(1)
  const file = parse(readFileSync(site.path, 'utf8')) as { http: object }
  writeFileSync(site.path, stringify({ ...file, http: { ...file.http, ...http } }))
  return site
}

/** When a head that never ends is closed, ms; it sends a byte each half second. */
function closedAfter(port: number): Promise<number> {
  const from = performance.now()
  return new Promise((resolve) => {
    const socket = connect(port, HERE)
    socket.on('error', () => {})
    socket.write('POST / HTTP/1.1\r\nhost: x\r\nx-slow: ')
    const drip = setInterval(() => socket.write('a'), 500)
    onTestFinished(() => void socket.destroy())
    socket.on('data', () => {})
    socket.on('close', () => {
      clearInterval(drip)
      resolve(performance.now() - from)
    })
  })
}

test('who sends a head byte by byte is closed within a quarter of a minute, at the listeners of drivers, readers and cameras too', {
  timeout: 90_000,
  retry: 2,
}, async () => {
  const { desk } = openArrayDesk({ clock: systemClock })
  const at = { host: HERE, port: 0, tls: null }
  const driver = await openDriverServer({ at, desk, clock: systemClock, newestWord: () => null, log })
  onTestFinished(() => driver.close())
  const reader = { read: async () => ({ zones: {}, ms: 0 }) } as never
  const readers = await openReaderServer({ host: HERE, port: 0, token: null, reader, version: '0', log })
  onTestFinished(() => readers.close())
  const site = await siteWith({ intake: { port: await freePort() } })
  const serving = await serve(site.path, { env: {}, readerFollows: true })
  onTestFinished(() => serving.stop())
  const intake = (await readSiteFile(site.path)).http.intake?.port ?? 0
  const ports = [driver.port, Number(new URL(readers.url).port), intake]
  for (const ms of await Promise.all(ports.map(closedAfter))) {
    expect(ms).toBeGreaterThan(8_000)
    expect(ms).toBeLessThan(15_000)
  }
})

test('cameras push to a listener of their own, by a certificate of its own, and nothing else stands behind it; the API takes no pushes then', async () => {
  const intake = { port: await freePort(), tls: { cert: 'intake.pem', key: 'intake.key' } }
  const site = await siteWith({ intake })
  const issued = new ToyAuthority('toy authority').issue('localhost')
  writeFileSync(join(site.folder, 'intake.pem'), issued.cert)
  writeFileSync(join(site.folder, 'intake.key'), issued.key)
  expect((await checkSiteFileAt(site.path, {})).errors).toEqual([])
  const serving = await serve(site.path, { env: { BERTH_ADMIN_TOKEN: 'top-secret' }, readerFollows: true })
  onTestFinished(() => serving.stop())
  const agent = new Agent({ rejectUnauthorized: false })
  const ask = (method: string, path: string, body = ''): Promise<number> =>
    new Promise((resolve, reject) => {
      const headers = { 'content-type': 'application/json', authorization: 'Bearer top-secret' }
      request({ host: HERE, port: intake.port, agent, method, path, headers }, (answer) => {
        answer.resume()
        resolve(answer.statusCode ?? 0)
      })
        .on('error', reject)
        .end(body)
    })
  const body = JSON.stringify(readsBody(site, [{ bay: 1, plate: 'ZZ99ZZZ' }], { frame: 'f1' }))
  expect(await ask('POST', '/in/cam-1-secret/reads', body)).toBe(200)
  expect(await ask('POST', '/in/nobody-secret/reads', body)).toBe(404)
  for (const path of ['/', '/api/site', '/metrics', '/health/live', '/d/bay-1', '/inspect'])
    expect([path, await ask('GET', path)]).toEqual([path, 404])
  const authorization = 'Bearer top-secret'
  const there = await fetch(`${serving.url}/in/cam-1-secret/reads`, {
    method: 'POST',
    body,
    headers: { authorization },
  })
  expect(there.status).toBe(404)
  const metrics = await (await fetch(`${serving.url}/metrics`, { headers: { authorization } })).text()
  expect(metrics).toMatch(/intake_messages\S* 1\n/)
  expect(metrics).toMatch(/intake_unknown_token\S* 1\n/)
})

test('listeners that take each other’s ports are told, each by its name', async () => {
  const site = await siteWith({ port: 8080, intake: { port: 8080 }, driver: { port: 8080 } })
  const { errors } = await checkSiteFileAt(site.path, {})
  expect(errors.map(({ path, says }) => [path, says])).toEqual([
    ['http.intake.port', 'http listens on 8080 already'],
    ['http.driver.port', 'http listens on 8080 already'],
  ])
})

test('an open site asks for a token where there is none: one of `berth token` does, and who only looks at the store is asked for none', async () => {
  const site = await siteWith({ host: '0.0.0.0' })
  const places = async () => (await checkSiteFileAt(site.path, {})).errors.map(({ path }) => path)
  expect(await places()).toEqual(['http.host'])
  await expect(serve(site.path, { env: {}, readerFollows: true })).rejects.toThrow(/berth token/)
  expect((await readSiteFile(site.path, {})).http.host).toBe('0.0.0.0')
  const made = await runCommand(token, 'add', 'anna', '--role', 'admin', '--site', site.path)
  expect(made.code).toBe(0)
  expect(await places()).toEqual([])
  expect((await runCommand(check, site.path)).code).toBe(0)
  const serving = await serve(site.path, { env: {}, readerFollows: true })
  onTestFinished(() => serving.stop())
  expect((await fetch(`${serving.url}/api/site`)).status).toBe(401)
  const headers = { authorization: `Bearer ${made.out.trim().split('\n')[0]}` }
  expect((await fetch(`${serving.url}/api/site`, { headers })).status).toBe(200)
})

test('the first token beside a running berth that asked for none says that all are asked from now on, and is an admin’s unless somebody insists', async () => {
  const site = await siteWith({})
  const serving = await serve(site.path, { env: {}, readerFollows: true })
  onTestFinished(() => serving.stop())
  const ask = async () => (await fetch(`${serving.url}/api/site`)).status
  const add = (name: string, role: string, ...more: string[]) =>
    runCommand(token, 'add', name, '--role', role, '--site', site.path, ...more)
  const viewer = await add('wall', 'viewer')
  expect([viewer.code, viewer.out]).toEqual([1, ''])
  expect(viewer.err).toMatch(/nobody is admin/)
  expect(await ask()).toBe(200)
  const insisted = await add('wall', 'viewer', '--yes')
  expect([insisted.code, insisted.err]).toEqual([0, expect.stringContaining('every page and program is asked')])
  await expect.poll(ask, { timeout: 60_000 }).toBe(401)
  const next = await add('anna', 'admin')
  expect([next.code, next.err]).toEqual([0, expect.not.stringContaining('every page and program')])
})
