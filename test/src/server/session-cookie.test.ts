import { expect, test } from 'vitest'
import { ROLE_TOKENS, startServer } from './running-server.ts'

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

test('a login gives a cookie that is HttpOnly and Strict, works, and dies when its time is over or changed', async () => {
  const { ask, send } = await startServer({ adminToken: 'top-secret' })
  expect((await send('POST', '/api/login', { token: 'wrong' })).status).toBe(401)
  expect((await send('POST', '/api/login', { token: 'top-secret' }, { origin: 'http://evil.example' })).status).toBe(
    403,
  )
  const login = await send('POST', '/api/login', { token: 'top-secret' })
  expect(login.status).toBe(204)
  const line = login.headers.get('set-cookie') ?? ''
  expect(line).toMatch(/HttpOnly; SameSite=Strict/)
  expect(line).not.toContain('top-secret')
  const cookie = line.split(';')[0] ?? ''
  expect((await ask('/api/site', { headers: { cookie } })).status).toBe(200)
  const [until = '', signIn = '', signature = ''] = cookie.slice('berth_session='.length).split('.')
  const changed = [
    `${Number(until) + 1}.${signIn}.${signature}`,
    `${until}.${Number.parseInt(signIn, 10)}-x.${signature}`,
  ]
  for (const value of [...changed, `1.${signIn}.${signature}`, `${until}.${signIn}.`, `${until}.${signature}`, until]) {
    expect((await ask('/api/site', { headers: { cookie: `berth_session=${value}` } })).status).toBe(401)
  }
  expect((await ask('/api/logout', { method: 'POST' })).headers.get('set-cookie')).toContain('Max-Age=0')
})

test('who signs out is signed out wherever that cookie is, however it is written, and nobody else', async () => {
  const { ask, send } = await startServer({ adminToken: 'top-secret' })
  const signedIn = async (): Promise<string> =>
    ((await send('POST', '/api/login', { token: 'top-secret' })).headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  const status = async (cookie: string) => (await ask('/api/site', { headers: { cookie } })).status
  const mine = await signedIn()
  await new Promise((resolve) => setTimeout(resolve, 5))
  const other = await signedIn()
  expect([await status(mine), await status(other)]).toEqual([200, 200])
  expect((await ask('/api/logout', { method: 'POST', headers: { cookie: mine } })).status).toBe(204)
  for (const copy of [mine, mine.replace('=', '=0'), `${mine}.more`, `berth_session=1.2; ${mine}`])
    expect([copy, await status(copy)]).toEqual([copy, 401])
  expect(await status(other)).toBe(200)
})

test('who signs out is signed out by every cookie of that sign-in, those from before it was renewed included', async () => {
  const { ask, send } = await startServer({ adminToken: 'top-secret' })
  const cookieOf = (answer: Response) => (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  const status = async (cookie: string) => (await ask('/api/site', { headers: { cookie } })).status
  const signIn = async () => cookieOf(await send('POST', '/api/login', { token: 'top-secret' }))
  const renew = async (cookie: string) => {
    await new Promise((resolve) => setTimeout(resolve, 5))
    return cookieOf(await ask('/api/renew', { method: 'POST', headers: { cookie } }))
  }
  const other = await signIn()
  const first = await signIn()
  const second = await renew(first)
  const third = await renew(first)
  expect(new Set([first, second, third]).size).toBe(3)
  expect((await ask('/api/logout', { method: 'POST', headers: { cookie: second } })).status).toBe(204)
  for (const cookie of [first, second, third]) expect([cookie, await status(cookie)]).toEqual([cookie, 401])
  expect((await ask('/api/renew', { method: 'POST', headers: { cookie: first } })).status).toBe(401)
  expect(await status(other)).toBe(200)
})

test('a cookie of another site that has the same token lets nobody in', async () => {
  const { send } = await startServer({ adminToken: 'top-secret', hashed: { all: () => [], secret: 'of one site' } })
  const line = (await send('POST', '/api/login', { token: 'top-secret' })).headers.get('set-cookie') ?? ''
  const headers = { cookie: line.split(';')[0] ?? '' }
  const status = async (secret: string) => {
    const { ask } = await startServer({ adminToken: 'top-secret', hashed: { all: () => [], secret } })
    return (await ask('/api/site', { headers })).status
  }
  expect([await status('of one site'), await status('of another site')]).toEqual([200, 401])
})

test('the same cookie works on a restarted server with the same token, and not where the token changed', async () => {
  const { send } = await startServer({ adminToken: 'top-secret' })
  const cookie =
    ((await send('POST', '/api/login', { token: 'top-secret' })).headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  const again = await startServer({ adminToken: 'top-secret' })
  expect((await again.ask('/api/site', { headers: { cookie } })).status).toBe(200)
  const changed = await startServer({ adminToken: 'other-secret' })
  expect((await changed.ask('/api/site', { headers: { cookie } })).status).toBe(401)
})

test('a sign-in of a browser is renewed while it holds, for the token that it was made with, and never by a wrong one', async () => {
  const { send, ask } = await startServer({ tokens: ROLE_TOKENS })
  const login = await send('POST', '/api/login', { token: 'operator-token' })
  const cookie = (login.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  const renew = (headers: Record<string, string>) => ask('/api/renew', { method: 'POST', headers })
  await new Promise((resolve) => setTimeout(resolve, 20))
  const renewed = await renew({ cookie })
  expect(renewed.status).toBe(204)
  const [newer = '', fields = ''] = (renewed.headers.get('set-cookie') ?? '').split(/;(.*)/)
  const until = (one: string) => Number(/=(\d+)\./.exec(one)?.[1])
  expect(until(newer)).toBeGreaterThan(until(cookie))
  expect(fields).toContain('HttpOnly; SameSite=Strict; Max-Age=604800')
  const site = (await (await ask('/api/site', { headers: { cookie: newer } })).json()) as { caller: { role: string } }
  expect(site.caller.role).toBe('operator')
  const [, signIn = '', signature = ''] = newer.split('.')
  for (const wrong of [{}, { cookie: `berth_session=1.${signIn}.${signature}` }, bearer('operator-token')])
    expect((await renew(wrong)).status).toBe(401)
}, 180_000)

test('a cookie that somebody planted beside the good one signs nobody out', async () => {
  const { ask, send } = await startServer({ adminToken: 'top-secret' })
  const login = await send('POST', '/api/login', { token: 'top-secret' })
  const good = (login.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  for (const planted of ['1.x', '99999999999999.x', 'x'])
    for (const cookie of [`berth_session=${planted}; ${good}`, `${good}; berth_session=${planted}`]) {
      expect((await ask('/api/site', { headers: { cookie } })).status).toBe(200)
      expect((await ask('/api/renew', { method: 'POST', headers: { cookie } })).status).toBe(204)
    }
  expect((await ask('/api/site', { headers: { cookie: 'berth_session=1.x; berth_session=2.y' } })).status).toBe(401)
}, 180_000)
