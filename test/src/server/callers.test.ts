import { request as httpRequest } from 'node:http'
import { describe, expect, test } from 'vitest'
import { Fault } from '../../../machines/faults.ts'
import { systemClock } from '../../../src/clock.ts'
import { isLoopback, openCallers } from '../../../src/server/callers.ts'
import { openHttpServer } from '../../../src/server/http-server.ts'
import { OPERATIONS } from '../../../src/server/operations.ts'
import { RIGHTS } from '../../../src/server/roles.ts'
import { type StoredToken, tokenHash } from '../../../src/server/token-book.ts'
import { ROLE_TOKENS, ROLES, type Started, startServer } from './running-server.ts'

/** A request with headers that fetch would not send. */
const raw = (server: Started['server'], path: string, headers: Record<string, string>) =>
  new Promise<number>((resolve, reject) => {
    httpRequest({ host: '127.0.0.1', port: server.port, path, headers }, (answer) => {
      answer.resume()
      resolve(answer.statusCode ?? 0)
    })
      .on('error', reject)
      .end()
  })
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

describe('without any token', () => {
  test('this machine is admin, with a loopback Host and the same or no Origin', async () => {
    const { server } = await startServer()
    const here = `127.0.0.1:${server.port}`
    expect(await raw(server, '/api/bays', { host: here })).toBe(200)
    expect(await raw(server, '/api/bays', { host: 'localhost', origin: 'http://localhost' })).toBe(200)
    expect(await raw(server, '/api/bays', { host: '[::1]:8080' })).toBe(200)
    expect(await raw(server, '/api/bays', { host: here, origin: `http://${here}` })).toBe(200)
  })

  test('a rebound name, a foreign page, an opaque origin and a forwarded request are refused with 403', async () => {
    const { server } = await startServer()
    const here = `127.0.0.1:${server.port}`
    expect(await raw(server, '/api/bays', { host: 'evil.example' })).toBe(403)
    expect(await raw(server, '/api/bays', { host: '127.0.0.1.evil.example' })).toBe(403)
    expect(await raw(server, '/api/bays', { host: here, origin: 'http://evil.example' })).toBe(403)
    expect(await raw(server, '/api/bays', { host: here, origin: 'null' })).toBe(403)
    expect(await raw(server, '/api/bays', { host: here, origin: 'http://127.0.0.1:1' })).toBe(403)
    expect(await raw(server, '/api/bays', { host: here, 'x-forwarded-for': '203.0.113.7' })).toBe(403)
  })

  test('the server refuses to listen beyond loopback', async () => {
    const { site } = await startServer()
    const parts = {
      port: 0,
      desk: site.desk,
      cameras: [],
      log: console,
      judge: () => 'unknown',
    } as unknown as Parameters<typeof openHttpServer>[0]
    for (const host of ['0.0.0.0', '::', '192.0.2.1', 'depot.example']) {
      await expect(openHttpServer({ ...parts, host })).rejects.toThrow(/BERTH_ADMIN_TOKEN/)
      await expect(openHttpServer({ ...parts, host })).rejects.toBeInstanceOf(Fault)
    }
  })

  test('only this machine itself is loopback', () => {
    expect(['localhost', '127.0.0.1', '127.9.8.7', '::1', '::ffff:127.0.0.1'].every(isLoopback)).toBe(true)
    expect(['', '0.0.0.0', '128.0.0.1', '127.0.0.1.nip.io', 'localhost.evil', '::', '10.0.0.1'].some(isLoopback)).toBe(
      false,
    )
  })
})

describe('with a token', () => {
  test('requests without it, or with a wrong one, get 401; health and the page are open', async () => {
    const { ask } = await startServer({ adminToken: 'top-secret' })
    for (const [name, { method, path, right }] of Object.entries(OPERATIONS)) {
      if (right === undefined) continue
      for (const headers of [
        {},
        bearer('top-secre'),
        bearer('top-secret2'),
        { authorization: 'Basic dG9wLXNlY3JldA==' },
        { cookie: 'berth_session=99999999999999.forged' },
      ]) {
        const answer = await ask(path.replace(/:\w+/g, 'x'), { method, headers })
        expect([name, answer.status]).toEqual([name, 401])
      }
    }
    expect((await ask('/api/bays', { headers: bearer('top-secret') })).status).toBe(200)
    expect((await ask('/health/live')).status).toBe(200)
    expect((await ask('/')).status).toBe(200)
    expect((await ask('/api/bays')).headers.get('www-authenticate')).toMatch(/^Bearer/)
  })
})

test('whoever came in with a token that was removed does not stand, though another of the same name and role was made', () => {
  const made = (token: string): StoredToken => {
    return { name: 'ann', role: 'operator', sha256: tokenHash(token), madeAt: '2026-11-22T10:00:00.000Z' }
  }
  let stored = [made('old')]
  const callers = openCallers([], systemClock, { all: () => stored, secret: 'secret' })
  const asking = { headers: bearer('old') } as unknown as Parameters<typeof callers.of>[0]
  const ann = callers.of(asking)
  expect(callers.stands(ann)).toBe(true)
  stored = [made('old'), made('new')]
  expect(callers.stands(ann)).toBe(true)
  stored = [made('new')]
  expect(callers.stands(ann)).toBe(false)
})

test('whoever gave an order and lost the token, or the role, does not stand any more', () => {
  let stored: StoredToken[] = []
  const callers = openCallers([], systemClock, { all: () => stored, secret: 'secret' })
  const local = { name: 'local', role: 'admin' } as const
  const ann = { name: 'ann', role: 'operator' } as const
  expect([callers.stands(local), callers.stands(ann)]).toEqual([true, false])
  stored = [{ ...ann, sha256: 'a'.repeat(64), madeAt: '2026-11-22T10:00:00.000Z' }]
  expect([callers.stands(local), callers.stands(ann)]).toEqual([false, true])
  stored = stored.map((one) => ({ ...one, role: 'viewer' }))
  expect(callers.stands(ann)).toBe(false)
})

describe('roles', () => {
  const body: { [name: string]: unknown } = {
    command: { id: 'c', type: 'in-service' },
    putAccount: {},
    putVehicle: { accountId: 'acc-1' },
    putToken: { accountId: 'acc-1' },
    answerReview: { unreadable: true },
    dispute: { reason: 'x' },
    settle: { reason: 'x' },
  }

  test('each role may do exactly what its rights say, on every call', async () => {
    const { send, ask } = await startServer({ tokens: ROLE_TOKENS })
    for (const [name, { method, path, right }] of Object.entries(OPERATIONS)) {
      if (right === undefined || name === 'importVehicles') continue
      for (const role of ROLES) {
        const at = path.replace(/:bayId/, 'bay-1').replace(/:\w+/g, 'X1')
        const answer =
          body[name] === undefined
            ? await ask(at, { method, headers: bearer(`${role}-token`) })
            : await send(method, at, body[name], bearer(`${role}-token`))
        const roles: readonly string[] = name === 'command' ? RIGHTS.operate : RIGHTS[right]
        expect([name, role, answer.status === 403]).toEqual([name, role, !roles.includes(role)])
      }
    }
  })

  test('autonomy is for those who tune, learning the empty bay for those who operate or install', async () => {
    const { send } = await startServer({ tokens: ROLE_TOKENS })
    const allowed = async (type: string, level?: string) => {
      const answers = await Promise.all(
        ROLES.map(
          async (role) =>
            [
              role,
              (
                await send(
                  'POST',
                  '/api/bays/bay-1/commands',
                  { id: `${type}-${role}`, type, ...(level && { level }) },
                  bearer(`${role}-token`),
                )
              ).status,
            ] as const,
        ),
      )
      return answers.filter(([, status]) => status !== 403).map(([role]) => role)
    }
    expect(await allowed('autonomy', 'observe')).toEqual(['supervisor', 'installer', 'admin'])
    expect(await allowed('learn-empty')).toEqual(['operator', 'supervisor', 'installer', 'admin'])
  })

  test('plates, tokens and personal fields are clear for admin, operator, supervisor and auditor only', async () => {
    const { ask, site } = await startServer({ tokens: ROLE_TOKENS })
    site.plates.set('v-1', 'AB12CDE')
    const startedAt = '2026-11-22T10:00:00.000Z'
    await site.change(
      'bay-1',
      { type: 'plate.agreed' },
      {
        visit: {
          visitId: 'visit-1',
          plate: 'v-1',
          identifiedBy: 'plate',
          evidence: [],
          erasurePending: false,
          accountId: 'acc-1',
          startedAt,
        },
        session: { sessionId: 's-1', transactionId: '17', idToken: 'ABCDEF0123456789', energy_Wh: 1, startedAt },
      },
      { personal: { 'v-1': { plate: 'AB12CDE' } } },
    )
    site.reviews.push({
      reviewId: 'r-1',
      bayId: 'bay-1',
      visitId: 'visit-1',
      since: startedAt,
      by: null,
      reason: 'two plates',
      candidates: [{ plate: 'v-1', witnesses: 2 }],
    })
    for (const role of ROLES) {
      const clear = (RIGHTS.plates as readonly string[]).includes(role)
      const texts = await Promise.all(
        [
          '/api/bays',
          '/api/bays/bay-1',
          '/api/bays/bay-1/at?seq=1',
          '/api/reviews',
          '/api/journal',
          '/api/bays/bay-1/journal',
        ].map(async (path) => (await ask(path, { headers: bearer(`${role}-token`) })).text()),
      )
      for (const text of texts)
        expect([role, text.includes('AB12CDE') || text.includes('ABCDEF0123456789')]).toEqual([role, clear])
      expect(texts[0]).toContain(clear ? '"plate":"AB12CDE"' : '"plate":"AB•••DE"')
      expect(texts[4]).toMatch(/"personalHash":"[0-9a-f]{64}"/)
      expect(texts[4]?.includes('"personal":')).toBe(clear)
    }
  })
})
