import type { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { expect, test } from 'vitest'
import { SitePasses } from '../../../src/centre/site-pass.ts'
import type { Caller } from '../../../src/site-desk.ts'

const admin: Caller = { name: 'admin', role: 'admin' }
const asked = (headers: IncomingMessage['headers'], url = '/') => ({ headers, url, socket: new Socket() })
const opened = (secure = false) =>
  new SitePasses({ clock: { now: () => 1_000 }, secure, stands: () => true, untilOf: () => null })

test('whoever comes by TLS before the centre has a cookie of that host alone, which nothing plain stands for', () => {
  for (const [secure, proto] of [
    [false, 'https'],
    [true, undefined],
  ] as const) {
    const passes = opened(secure)
    const via = proto === undefined ? {} : { 'x-forwarded-proto': proto }
    const { cookie = '' } = passes.enter('depot', asked(via, passes.ticket(admin, 'depot', 1, asked({})))) ?? {}
    expect(cookie).toMatch(/^__Host-berth_centre_site=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; .*; Secure$/)
    const [pair = ''] = cookie.split(';')
    expect(passes.roleOf('depot', asked({ ...via, cookie: pair }))).toBe('admin')
    expect(passes.roleOf('depot', asked({ ...via, cookie: pair.replace('__Host-', '') }))).toBeNull()
  }
  const plain = opened()
  const entered = plain.enter('depot', asked({}, plain.ticket(admin, 'depot', 1, asked({}))))
  expect(entered?.cookie).toMatch(/^berth_centre_site=[^;]+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=28800$/)
})

test('signing out ends the passes and tickets of that browser, and of no other', () => {
  const passes = opened()
  const browser = { cookie: 'berth_session=1.mine' }
  const enter = (cookie: string) => {
    const path = passes.ticket(admin, 'depot', 1, asked({ cookie }))
    return passes.enter('depot', asked({}, path))?.cookie.split(';')[0] ?? ''
  }
  const [mine, others] = [enter(browser.cookie), enter('berth_session=1.others')]
  const ticket = passes.ticket(admin, 'depot', 1, asked(browser))
  const roles = () => [mine, others].map((cookie) => passes.roleOf('depot', asked({ cookie })))
  expect(roles()).toEqual(['admin', 'admin'])
  passes.signOut(asked({}))
  expect(roles()).toEqual(['admin', 'admin'])
  passes.signOut(asked(browser))
  expect(roles()).toEqual([null, 'admin'])
  expect(passes.enter('depot', asked({}, ticket))).toBeNull()
})
