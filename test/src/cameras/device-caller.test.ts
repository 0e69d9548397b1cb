import { describe, expect, test } from 'vitest'
import { deviceCaller } from '../../../src/cameras/device-caller.ts'
import { answerTo, challengeOf } from '../../../src/cameras/device-login.ts'
import { LOGIN, toyDevice, type Wants } from './toy-device.ts'

const forever = new AbortController().signal
const asker = (password = LOGIN.password) => {
  const clock = { at: 1_000_000, now: () => clock.at }
  return { clock, caller: deviceCaller({ clock, login: { ...LOGIN, password } }) }
}
const MINUTE_MS = 60_000

test('the example of RFC 7616 is answered as it says', () => {
  const header =
    'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=SHA-256, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'
  const challenge = challengeOf(header)
  if (challenge === null) throw new Error('no challenge')
  const login = { username: 'Mufasa', password: 'Circle of Life' }
  const cnonce = 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ'
  expect(answerTo(challenge, login, '/dir/index.html', 1, cnonce)).toContain(
    'response="753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"',
  )
})

test.each<Wants>([
  { scheme: 'none' },
  { scheme: 'basic' },
  { scheme: 'digest' },
  { scheme: 'digest', algorithm: 'MD5-sess' },
  { scheme: 'digest', algorithm: 'SHA-256' },
])('a login as the camera wants it: $scheme $algorithm', async (wants) => {
  const device = await toyDevice(wants)
  const { caller } = asker()
  for (let number = 0; number < 3; number += 1)
    expect(await (await caller.get(`${device.url}/a/b?c=[d]&e=1`, {}, forever)).text()).toBe('ok')
  expect(device.tally).toEqual({ bare: wants.scheme === 'none' ? 0 : 1, right: 3, wrong: 0, stale: 0 })
})

test.each([true, false])(
  'an old nonce is no wrong login: the camera is asked anew, once (it says so: %s)',
  async (saysStale) => {
    const device = await toyDevice({ scheme: 'digest', uses: 2, saysStale })
    const { caller } = asker()
    for (let number = 0; number < 6; number += 1) await (await caller.get(device.url, {}, forever)).text()
    expect(device.tally).toEqual({ bare: 1, right: 6, wrong: 0, stale: 2 })
  },
)

describe('a login that is refused', () => {
  test.each(['basic', 'digest'] as const)(
    'is tried once, then not for 35 minutes, then 70: no account is ever locked (%s)',
    async (scheme) => {
      const device = await toyDevice({ scheme })
      const { clock, caller } = asker('wrong')
      const ask = () => caller.get(device.url, {}, forever).then(String, (fault: unknown) => fault)
      expect(await ask()).toMatchObject({ code: 'CAMERA_UNREACHABLE', about: { rest_ms: 35 * MINUTE_MS } })
      for (let number = 0; number < 200; number += 1) await ask()
      expect(device.tally.wrong).toBe(1)
      clock.at += 35 * MINUTE_MS
      expect(await ask()).toMatchObject({ about: { rest_ms: 70 * MINUTE_MS } })
      // A day and a night of asking every second.
      for (let second = 0; second < 86_400; second += 60) {
        clock.at += 60_000
        await ask()
      }
      expect(device.tally.wrong).toBeLessThanOrEqual(8)
    },
  )

  test('after the password was changed on the camera, the old one is sent twice and no more', async () => {
    const device = await toyDevice({ scheme: 'basic' })
    const { caller } = asker()
    await (await caller.get(device.url, {}, forever)).text()
    device.wants = { scheme: 'digest' }
    device.tally.wrong = 0
    // The same login is right for digest too; a camera that refuses it all the same says 401 for ever.
    device.answer = (_request, response) =>
      void response.writeHead(401, { 'www-authenticate': 'Digest nonce="x", qop="auth"' }).end()
    for (let number = 0; number < 20; number += 1) await caller.get(device.url, {}, forever).catch(() => null)
    expect(device.seen.length).toBeLessThanOrEqual(5)
  })

  test('says what to do, and neither address nor password', async () => {
    const device = await toyDevice({ scheme: 'digest' })
    const fault = await asker('wr0ng-one')
      .caller.get(device.url, {}, forever)
      .catch((cause: Error) => cause)
    expect(String(fault)).toContain('name or password is wrong')
    expect(JSON.stringify([String(fault), fault])).not.toMatch(/wr0ng|127\.0/)
  })
})

test('a password never goes to another address than the camera’s', async () => {
  const other = await toyDevice()
  const device = await toyDevice({ scheme: 'basic' })
  device.answer = (_request, response) => void response.writeHead(302, { location: other.url }).end()
  await expect(asker().caller.get(device.url, {}, forever)).rejects.toThrow('another address')
  expect(other.seen).toEqual([])
})

test('where nothing listens, one sentence says so', async () => {
  await expect(asker().caller.get('http://127.0.0.1:9', {}, forever)).rejects.toThrow(
    /does not give what it is asked for/,
  )
})
