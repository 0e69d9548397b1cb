import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { get } from 'node:https'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import { afterEach, expect, test, vi } from 'vitest'
import { token } from '../../../src/commands/tokens.ts'
import { followTokens, readTokens } from '../../../src/server/token-book.ts'
import { WrongTokenBrake } from '../../../src/server/wrong-token-brake.ts'
import { scratchFolder } from '../../contracts/journal-drafts.ts'
import { ToyAuthority } from '../ocpp/toy-authority.ts'
import { writeSite } from '../serve/serving-line.ts'
import { startServer } from './running-server.ts'

afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

/** `berth token` with these words; its exit code and what it said. */
async function says(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const told = { out: '', err: '' }
  const out = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    told.out += String(text)
    return true
  })
  const err = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    told.err += String(text)
    return true
  })
  const code = await token(argv)
  out.mockRestore()
  err.mockRestore()
  return { code, ...told }
}

test('a token is shown once and kept as its hash for its owner’s eyes; it lets its role in, with a cookie too, until it is removed', async () => {
  const site = await writeSite(1)
  const at = ['--site', site.path]
  expect((await says('add', 'anna', ...at)).code).toBe(2)
  expect((await says('add', 'anna', '--role', 'king', ...at)).code).toBe(2)
  const made = await says('add', 'anna', '--role', 'auditor', ...at)
  expect(made).toMatchObject({ code: 0, err: expect.stringContaining('shown this once') })
  const secret = made.out.trim()
  expect(secret).toMatch(/^[\w-]{43}$/)
  const path = `${site.store}.tokens`
  expect(readFileSync(path, 'utf8')).not.toContain(secret)
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect((await says('add', 'anna', '--role', 'viewer', ...at)).code).toBe(1)
  expect((await says('list', ...at)).out).toMatch(/^anna\tauditor\t20/)

  let now = 0
  const hashed = {
    all: followTokens(
      path,
      () => now,
      () => {},
    ),
    secret: 'of this site',
  }
  const { ask, send } = await startServer({ hashed })
  expect((await ask('/api/site')).status).toBe(401)
  const headers = { authorization: `Bearer ${secret}` }
  expect(await (await ask('/api/site', { headers })).json()).toMatchObject({
    caller: { name: 'anna', role: 'auditor' },
  })
  expect((await ask('/api/site', { headers: { authorization: `Bearer ${readTokens(path)[0]?.sha256}` } })).status).toBe(
    401,
  )
  const login = await send('POST', '/api/login', { token: secret })
  const line = login.headers.get('set-cookie') ?? ''
  expect(line).toMatch(/; HttpOnly; SameSite=Strict; .*; Secure$/)
  const cookie = line.split(';')[0] ?? ''
  expect((await ask('/api/site', { headers: { cookie } })).status).toBe(200)
  expect((await says('remove', 'anna', ...at)).code).toBe(0)
  expect((await says('add', 'ben', '--role', 'viewer', ...at)).code).toBe(0)
  now += 2_000
  expect((await ask('/api/site', { headers })).status).toBe(401)
  expect((await ask('/api/site', { headers: { cookie } })).status).toBe(401)
})

test('a broken file of tokens lets nobody new in, shuts nobody out, and is told', () => {
  const path = join(scratchFolder(), 'site.db.tokens')
  let now = 0
  const told: string[] = []
  const all = followTokens(
    path,
    () => now,
    (line) => told.push(line),
  )
  writeFileSync(
    path,
    JSON.stringify({ tokens: [{ name: 'anna', role: 'viewer', sha256: 'a'.repeat(64), madeAt: '' }] }),
  )
  expect(all().map(({ name }) => name)).toEqual(['anna'])
  writeFileSync(path, '{"tokens": [{"name": "eve", "role": "admin"}]}')
  now += 2_000
  expect(all().map(({ name }) => name)).toEqual(['anna'])
  expect(told).toEqual([expect.stringContaining('is no file of tokens')])
})

test('who guesses waits longer with every wrong token, and no more than ten of one address wait; a right one, and this machine itself, never do', async () => {
  const delays: number[] = []
  const waiting: (() => void)[] = []
  const clock = {
    now: () => 0,
    after: (delay: number, run: () => void) => {
      delays.push(delay)
      waiting.push(run)
      return () => {}
    },
  }
  const brake = new WrongTokenBrake(clock)
  const from = (remoteAddress: string, headers = {}) => ({ socket: { remoteAddress }, headers }) as never
  for (let i = 0; i < 5; i++) await brake.wrong(from('203.0.113.7'))
  expect(delays).toEqual([])
  const held = Array.from({ length: 10 }, () => brake.wrong(from('203.0.113.7')))
  expect(delays).toEqual([250, 500, 1000, 2000, 4000, 8000, 8000, 8000, 8000, 8000])
  expect(() => brake.admit(from('203.0.113.7'))).toThrow('Too many wrong tokens')
  expect(() => brake.admit(from('203.0.113.8'))).not.toThrow()
  expect(() => brake.admit(from('127.0.0.1', { 'x-forwarded-for': '203.0.113.7' }))).toThrow('Too many')
  for (const go of waiting) go()
  await Promise.all(held)
  expect(() => brake.admit(from('203.0.113.7'))).not.toThrow()
  for (let i = 0; i < 50; i++) await brake.wrong(from('::ffff:127.0.0.1'))
  expect(delays).toHaveLength(10)
})

test('one network of IPv6 (/64) guesses as one address, however it is written; its neighbour is another', async () => {
  const brake = new WrongTokenBrake({ now: () => 0, after: () => () => {} })
  const from = (remoteAddress: string, headers = {}) => ({ socket: { remoteAddress }, headers }) as never
  for (let i = 0; i < 15; i++) void brake.wrong(from(`2001:db8:0:7::${(i + 1).toString(16)}`))
  for (const one of ['2001:db8:0:7:ffff:ffff:ffff:ffff', '2001:0db8:0000:0007::', '2001:DB8::7:1:2:3:4'])
    expect(() => brake.admit(from(one)), one).toThrow('Too many')
  expect(() => brake.admit(from('127.0.0.1', { 'x-forwarded-for': '2001:db8:0:7::9' }))).toThrow('Too many')
  for (const other of ['2001:db8:0:8::1', '2001:db8::1', 'fe80::7', '::ffff:203.0.113.7', 'no address'])
    expect(() => brake.admit(from(other)), other).not.toThrow()
})

test('wrong tokens of one address wait at every door, and what is open already stays open', async () => {
  const delays: number[] = []
  const clock = {
    now: () => 0,
    after: (delay: number, run: () => void) => {
      // The live feed's heartbeat has a time of its own.
      if (delay === 250 || delay === 500) {
        delays.push(delay)
        run()
      }
      return () => {}
    },
  }
  const { ask, send } = await startServer({ adminToken: 'top-secret', clock })
  const forwarded = { 'x-forwarded-for': '203.0.113.7' }
  for (let i = 0; i < 5; i++)
    expect((await ask('/api/site', { headers: { ...forwarded, authorization: 'Bearer wrong' } })).status).toBe(401)
  expect((await send('POST', '/api/login', { token: 'wrong' }, forwarded)).status).toBe(401)
  expect((await ask('/api/live', { headers: { ...forwarded, cookie: 'berth_session=1.x' } })).status).toBe(401)
  expect(delays).toEqual([250, 500])
  expect((await ask('/api/site', { headers: { ...forwarded, authorization: 'Bearer top-secret' } })).status).toBe(200)
  expect(delays, 'a right one never waits, and neither does who shows nothing').toEqual([250, 500])
  expect((await ask('/api/site', { headers: forwarded })).status).toBe(401)
  expect(delays).toHaveLength(2)
})

test('a body is no larger than its call needs', async () => {
  const { send, ask } = await startServer({})
  const long = 'x'.repeat(70_000)
  expect((await send('POST', '/api/login', { token: long })).status).toBe(413)
  expect((await send('POST', '/api/bays/bay-1/commands', { id: 'c', type: 'deny', reason: long })).status).toBe(413)
  const csv = `plate,accountId\n${Array.from({ length: 5_000 }, (_, n) => `K${n}ABCD,account-number-${n}`).join('\n')}\n`
  expect(csv.length).toBeGreaterThan(65_536)
  const answer = await ask('/api/vehicles/import', {
    method: 'POST',
    body: csv,
    headers: { 'content-type': 'text/csv' },
  })
  expect(answer.status).not.toBe(413)
})

test('with a certificate the server speaks TLS alone, its cookies are Secure, and a renewed certificate is taken without a restart', async () => {
  const folder = scratchFolder()
  const authority = new ToyAuthority('toy authority')
  const tls = { cert: join(folder, 'http.pem'), key: join(folder, 'http.key') }
  const put = (name: string): void => {
    const { cert, key } = authority.issue(name)
    writeFileSync(tls.key, key)
    writeFileSync(tls.cert, cert)
  }
  put('first')
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  const { server } = await startServer({ adminToken: 'top-secret', tls })
  expect(server.url).toMatch(/^https:/)
  const holder = (): Promise<string | undefined> =>
    new Promise((resolve, reject) => {
      get(
        { host: '127.0.0.1', port: server.port, path: '/health/live', ca: authority.cert, agent: false },
        (answer) => {
          resolve(String((answer.socket as TLSSocket).getPeerCertificate().subject.CN))
          answer.resume()
        },
      ).on('error', reject)
    })
  expect(await holder()).toBe('first')
  writeFileSync(tls.key, 'no key')
  await vi.advanceTimersByTimeAsync(10_000)
  expect(await holder(), 'a broken one changes nothing').toBe('first')
  put('second')
  await vi.advanceTimersByTimeAsync(10_000)
  expect(await holder()).toBe('second')
})
