import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, onTestFinished, test, vi } from 'vitest'
import { askOwner } from '../../src/owner-call.ts'
import { ROLE_TOKENS, startServer } from './server/running-server.ts'

const TOKEN = 'a-token-that-nobody-guesses-1234567890'
const SITE = { id: 'depot-north', name: 'Depot North', timezone: 'Europe/London' }

afterEach(() => vi.unstubAllEnvs())

/** Asks whoever listens at this port, as commands do. */
const asking = (port: number, siteId = SITE.id) =>
  askOwner({ http: { host: '127.0.0.1', port, tls: null }, site: { ...SITE, id: siteId } } as never, '/api/looks', {
    type: 'application/json',
    body: '{"plate":"AB12CDE"}',
    fits: () => true,
  })

/** A program that listens in berth's place, and answers what it likes; what it heard. */
async function listener(answer: (path: string) => readonly [status: number, body: string]) {
  const heard: string[] = []
  const server = createServer((request, response) => {
    heard.push(`${request.url} ${JSON.stringify(request.headers)}`)
    request.on('data', (piece) => heard.push(String(piece)))
    request.on('end', () => {
      const [status, body] = answer(String(request.url))
      response.writeHead(status, { 'content-type': 'application/json', 'berth-site': 'depot-north' }).end(body)
    })
  })
  await new Promise<void>((go) => server.listen(0, '127.0.0.1', go))
  onTestFinished(() => void server.close())
  return { heard, port: (server.address() as AddressInfo).port }
}

test('a command sends its token only to who proved to have it: a program that listens in berth’s place gets neither that nor what is asked', async () => {
  vi.stubEnv('BERTH_ADMIN_TOKEN', TOKEN)
  const { server: real } = await startServer({ adminToken: TOKEN })
  const passing = await (await startServer({ adminToken: TOKEN })).server
  expect(passing.url).not.toBe(real.url)
  for (const [status, body] of [
    [200, '{}'],
    [200, `{"proof":"${'0'.repeat(64)}"}`],
    [200, '{"proof":true}'],
    [404, '{"detail":"Not here."}'],
    [500, 'what?'],
  ] as const) {
    const { heard, port } = await listener(() => [status, body])
    expect(await asking(port), body).toMatchObject({ status: 502, body: null })
    expect(heard.length).toBeGreaterThan(0)
    expect(heard.join()).not.toMatch(/a-token-that|authorization|AB12CDE/i)
  }
  expect(await asking(Number(new URL(real.url).port))).toMatchObject({ status: 400 })
})

test('a proof of another site, or of another token, is none; a server without tokens is asked without one', async () => {
  vi.stubEnv('BERTH_ADMIN_TOKEN', TOKEN)
  const { server } = await startServer({ adminToken: TOKEN })
  const port = Number(new URL(server.url).port)
  expect(await asking(port, 'depot-south'), 'another site is served there').toBeNull()
  const { server: others } = await startServer({ tokens: ROLE_TOKENS })
  expect(await asking(Number(new URL(others.url).port))).toMatchObject({ status: 401 })
  const { server: open } = await startServer()
  expect(await asking(Number(new URL(open.url).port))).toMatchObject({ status: 400 })
})

test('a first token that can be guessed is warned of', async () => {
  const { logged } = await startServer({ adminToken: 'short' })
  expect(logged.join()).toMatch(/BERTH_ADMIN_TOKEN has 5 characters: .*openssl rand -hex 24/)
  expect(logged.join()).not.toContain('short')
  expect((await startServer({ adminToken: TOKEN })).logged).toEqual([])
})
