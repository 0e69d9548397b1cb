import { expect, test, vi } from 'vitest'
import { type LineSite, serveSite, writeSite } from './serving-line.ts'

vi.setConfig({ testTimeout: 180_000 })

const BERTH_ADMIN_TOKEN = 'a-long-token-of-the-admin'

/** A browser's calls of the site. */
function browserOf({ httpPort }: LineSite) {
  const call = (path: string, headers: Record<string, string> = {}, body?: object) =>
    fetch(`http://127.0.0.1:${httpPort}${path}`, {
      method: path === '/api/site' ? 'GET' : 'POST',
      headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    })
  const cookieOf = (answer: Response): string => (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  return {
    signIn: async () => cookieOf(await call('/api/login', {}, { token: BERTH_ADMIN_TOKEN })),
    renew: async (cookie: string) => cookieOf(await call('/api/renew', { cookie })),
    signOut: async (cookie: string) => (await call('/api/logout', { cookie })).status,
    sees: async (cookie: string) => (await call('/api/site', { cookie })).status,
  }
}

test('who signed out stays signed out when berth was killed and started anew, and nobody else is', async () => {
  const site = await writeSite(1)
  const { signIn, renew, signOut, sees } = browserOf(site)
  const env = { BERTH_ADMIN_TOKEN }
  const first = await serveSite(site, { env })
  const [mine, other] = [await signIn(), await signIn()]
  const renewed = await renew(mine)
  expect(await Promise.all([mine, renewed, other].map(sees))).toEqual([200, 200, 200])
  expect(await signOut(renewed)).toBe(204)
  expect(await Promise.all([mine, renewed, other].map(sees))).toEqual([401, 401, 200])
  await first.kill()
  const second = await serveSite(site, { env })
  expect(await Promise.all([mine, renewed, other].map(sees))).toEqual([401, 401, 200])
  expect(await second.stop()).toBe(0)
})
