import { expect, test, vi } from 'vitest'
import { AuthorizerChain } from '../../../actors/authorizer-chain.ts'
import { openAuthorizer } from '../../../src/back-end/open-authorizer.ts'
import { systemClock } from '../../../src/clock.ts'
import { asks, opensChain, SETTINGS } from './chain-stage.ts'
import { openToyBackEnd, type ToyBackEnd } from './toy-back-end.ts'

vi.setConfig({ testTimeout: 180_000 })

const yes = (accountId = 'acc-9') => ({ status: 'accepted', accountId })
const UNANSWERED = { granted: false, reason: 'unanswered', by: 'back-end' }
const GRANTED = { granted: true, accountId: 'acc-9', confirm: 'never', by: 'back-end' }

test('a vehicle that the register does not know is asked about once, signed, with its name at this site and its plate masked', async () => {
  const toy = await openToyBackEnd(() => yes())
  const { chain } = opensChain(toy)
  expect(await chain.ask(asks())).toEqual(GRANTED)
  expect(await chain.ask(asks())).toEqual(GRANTED)
  expect(toy.asked).toHaveLength(1)
  expect(toy.asked[0]?.signed).toBe(true)
  expect(toy.asked[0]?.path).toBe('/authorize')
  expect(toy.asked[0]?.body).toEqual({
    id: 'question-1',
    at: expect.stringMatching(/^\d{4}-.*Z$/),
    siteId: 'depot',
    bayId: 'bay-1',
    chargePointId: 'CP-1',
    evse: 1,
    presented: 'plate',
    token: { value: 'veh-1', type: 'vehicle' },
    plate: 'AB•••DE',
  })
  expect(chain.now({ handle: 'veh-1' })).toMatchObject({ granted: true, accountId: 'acc-9' })
})

test.each([
  ['clear', 'AB12CDE'],
  ['none', null],
] as const)('with `plate: %s` it is told %s', async (plate, told) => {
  const toy = await openToyBackEnd(() => yes())
  await opensChain(toy, { plate }).chain.ask(asks())
  expect(toy.asked[0]?.body.plate).toBe(told)
})

test('a no of the register is final and asks nobody', async () => {
  const toy = await openToyBackEnd(() => yes())
  const { chain } = opensChain(toy)
  expect(await chain.ask(asks('veh-blocked'))).toEqual({ granted: false, reason: 'blocked', by: 'register' })
  expect(toy.asked).toHaveLength(0)
})

test.each([
  ['card', 'card', 'CARD-7'],
  ['autocharge', 'MacAddress', 'AABBCCDDEEFF'],
  ['plug-and-charge', 'eMAID', 'DEABC1234567'],
] as const)(
  'what was shown as %s is asked as a token of type %s, without any plate',
  async (presented, type, value) => {
    const toy = await openToyBackEnd(() => yes())
    const { chain } = opensChain(toy, { plate: 'clear' })
    expect(await chain.ask({ ...asks('card-1'), presented, idToken: value })).toEqual(GRANTED)
    expect(toy.asked[0]?.body).toMatchObject({ presented, token: { value, type }, plate: null })
  },
)

test.each(['unknown', 'blocked', 'expired', 'out-of-hours'])(
  'its %s is a no, and is asked again after ten seconds',
  async (status) => {
    const toy = await openToyBackEnd(() => ({ status }))
    const { chain, passes } = opensChain(toy)
    const by = status === 'unknown' ? 'register' : 'back-end'
    expect(await chain.ask(asks())).toEqual({ granted: false, reason: status, by })
    await chain.ask(asks())
    expect(toy.asked).toHaveLength(1)
    passes(11)
    toy.answers = () => yes()
    expect(await chain.ask(asks())).toEqual(GRANTED)
  },
)

test('an answer lives as long as the site file says, and no longer than it says itself', async () => {
  const toy = await openToyBackEnd(() => ({ ...yes(), expiresAt: new Date(Date.now() + 30_000).toISOString() }))
  const { chain, passes } = opensChain(toy)
  await chain.ask(asks())
  passes(31)
  toy.answers = () => yes()
  await chain.ask(asks())
  expect(toy.asked).toHaveLength(2)
  passes(59)
  await chain.ask(asks())
  expect(toy.asked).toHaveLength(2)
  passes(2)
  await chain.ask(asks())
  expect(toy.asked).toHaveLength(3)
})

test('many who ask about one vehicle at once are one question', async () => {
  const toy = await openToyBackEnd((body, response) => {
    setTimeout(() => response.end(JSON.stringify({ id: body.id, ...yes() })), 50)
    return null
  })
  const { chain } = opensChain(toy)
  expect(await Promise.all([chain.ask(asks()), chain.ask(asks()), chain.ask(asks())])).toEqual([
    GRANTED,
    GRANTED,
    GRANTED,
  ])
  expect(toy.asked).toHaveLength(1)
})

test.each([
  ['never answers', () => null],
  ['answers byte by byte and never ends', (_: unknown, response: NodeJS.WritableStream) => void response.write('{')],
  ['cuts the line', (_: unknown, response: { socket: { destroy(): void } | null }) => void response.socket?.destroy()],
  ['answers more than it may', () => ({ ...yes(), note: 'x'.repeat(100_000) })],
  ['answers another question', () => ({ ...yes(), id: 'question-of-another' })],
  ['accepts without an account', () => ({ status: 'accepted' })],
  ['accepts an account that is no name', () => ({ status: 'accepted', accountId: '<script>' })],
  ['says a word that is none', () => ({ status: 'perhaps' })],
  ['accepts until yesterday', () => ({ ...yes(), expiresAt: '2020-01-01T00:00:00Z' })],
  ['has a person confirm by a word that is none', () => ({ ...yes(), confirm: true })],
  ['is no JSON', (_: unknown, response: NodeJS.WritableStream) => void response.end('<html>')],
  ['is a list', (_: unknown, response: NodeJS.WritableStream) => void response.end('[]')],
  ['is no text', (_: unknown, response: NodeJS.WritableStream) => void response.end(Buffer.from([0xff, 0xfe]))],
  ['is empty', (_: unknown, response: NodeJS.WritableStream) => void response.end()],
] as const)('a back end that %s accepts nobody, within its deadline', async (what, answers) => {
  const toy = await openToyBackEnd(answers as ToyBackEnd['answers'])
  const { chain, counts } = opensChain(toy, what.includes('never') ? { deadline_s: 0.3 } : {})
  const from = performance.now()
  expect(await chain.ask(asks())).toEqual(UNANSWERED)
  expect(performance.now() - from).toBeLessThan(20_000)
  expect(counts['authorizer_failed']).toBe(1)
  expect(chain.now({ handle: 'veh-1' })).toMatchObject({ granted: false })
})

test.each([301, 302, 307, 308, 400, 401, 404, 429, 500, 503])(
  'an answer %i accepts nobody, and nothing is carried to where it may point',
  async (status) => {
    const elsewhere = await openToyBackEnd(() => yes())
    const toy = await openToyBackEnd(
      (_body, response) => void response.writeHead(status, { location: elsewhere.url }).end('{}'),
    )
    const { chain } = opensChain(toy)
    expect(await chain.ask(asks())).toEqual(UNANSWERED)
    expect(elsewhere.asked).toHaveLength(0)
  },
)

test('after three failures in a row nobody waits for it; one try at a time finds it again', { retry: 2 }, async () => {
  const toy = await openToyBackEnd(() => null)
  const { chain, passes, troubles, counts } = opensChain(toy, { deadline_s: 1 })
  for (const handle of ['a', 'b', 'c']) await chain.ask(asks(handle))
  expect(troubles).toEqual([expect.stringContaining('did not answer within 1 s')])
  const from = performance.now()
  expect(await chain.ask(asks('d'))).toEqual(UNANSWERED)
  // Whoever waited would have waited a second.
  expect(performance.now() - from).toBeLessThan(1_000)
  expect(toy.asked).toHaveLength(3)
  passes(11)
  await Promise.all([chain.ask(asks('e')), chain.ask(asks('f'))])
  expect(toy.asked).toHaveLength(4)
  passes(11)
  toy.answers = () => yes()
  expect(await chain.ask(asks('g'))).toEqual(GRANTED)
  expect(await chain.ask(asks('h'))).toEqual(GRANTED)
  expect(troubles).toEqual([expect.any(String), null])
  expect(counts['authorizer_resting']).toBe(2)
})

test('while it is away: `allow-known` lets those charge whom it accepted before and nobody else, for so many days', async () => {
  const toy = await openToyBackEnd(() => yes())
  const { chain, passes } = opensChain(toy, { offline: 'allow-known' })
  await chain.ask(asks())
  await toy.close()
  passes(120)
  expect(await chain.ask(asks())).toEqual({ ...GRANTED, kept: true })
  expect(await chain.ask(asks('stranger'))).toEqual(UNANSWERED)
  passes(31 * 86_400)
  expect(await chain.ask(asks())).toEqual(UNANSWERED)
})

test('a later no takes back what was accepted: it is not known in the next outage', async () => {
  const toy = await openToyBackEnd(() => yes())
  const { chain, passes } = opensChain(toy, { offline: 'allow-known' })
  await chain.ask(asks())
  toy.answers = () => ({ status: 'blocked' })
  passes(120)
  expect(await chain.ask(asks())).toMatchObject({ granted: false, reason: 'blocked' })
  await toy.close()
  passes(120)
  expect(await chain.ask(asks())).toEqual(UNANSWERED)
})

test.each([
  ['deny', UNANSWERED, 0],
  ['fallback', { granted: true, accountId: 'up-1', confirm: 'never', by: 'upstream' }, 1],
] as const)('while it is away: `%s` asks the upstream %#', async (offline, expected, times) => {
  const toy = await openToyBackEnd(() => yes())
  await toy.close()
  let asked = 0
  const back = openAuthorizer({
    authorizer: { ...SETTINGS, offline, url: toy.url },
    siteId: 'depot',
    clock: systemClock,
    ids: { next: (kind) => kind },
    plateOf: () => null,
    troubled: () => {},
    count: () => {},
  }).link
  const upstream = {
    name: 'upstream',
    offline: 'fallback',
    knownFor_ms: 0,
    ask: async () => {
      asked += 1
      return { standing: 'accepted', accountId: 'up-1', confirm: 'never' } as const
    },
  } as const
  const register = () => ({ granted: false, reason: 'unknown' }) as const
  const chain = new AuthorizerChain({ register, links: () => [back, upstream], now: () => 0 })
  expect(await chain.ask(asks())).toEqual(expected)
  expect(asked).toBe(times)
})

test('what was accepted before a restart is known after it, from the journal; what an outage let through proves nothing anew', async () => {
  const toy = await openToyBackEnd(() => null)
  const { chain } = opensChain(toy, { offline: 'allow-known', deadline_s: 0.3 })
  const at = new Date().toISOString()
  const granted = {
    type: 'authorization.granted',
    ask: 'a',
    handle: 'veh-1',
    accountId: 'acc-9',
    confirm: false,
    by: 'back-end',
  }
  const card = { kind: 'card', handle: 'card-1', accountId: 'acc-8', standing: 'accepted', by: 'back-end' }
  chain.hear({ at, cause: granted })
  chain.hear({ at, cause: { type: 'token.presented', token: card } })
  chain.hear({ at, cause: { ...granted, handle: 'veh-kept', kept: true } })
  chain.hear({ at, cause: { ...granted, handle: 'veh-old' } })
  chain.hear({ at: '2020-01-01T00:00:00.000Z', cause: { ...granted, handle: 'veh-old' } })
  chain.hear({
    at,
    cause: { type: 'authorization.granted', ask: 'a', handle: 'veh-own', accountId: 'acc-9', confirm: false },
  })
  expect(await chain.ask(asks('veh-1'))).toMatchObject({ granted: true, accountId: 'acc-9', kept: true })
  expect(await chain.ask({ ...asks('card-1'), presented: 'card', idToken: 'CARD-7' })).toMatchObject({
    accountId: 'acc-8',
    kept: true,
  })
  for (const handle of ['veh-kept', 'veh-old', 'veh-own'])
    expect(await chain.ask(asks(handle))).toMatchObject({ granted: false })
  chain.forget('veh-1')
  expect(await chain.ask(asks('veh-1'))).toMatchObject({ granted: false })
})
