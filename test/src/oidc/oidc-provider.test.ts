import { expect, test } from 'vitest'
import { systemClock } from '../../../src/clock.ts'
import { OidcProvider } from '../../../src/oidc/oidc-provider.ts'
import type { OidcSettings } from '../../../src/oidc/oidc-settings.ts'
import { type Algorithm, OwnProvider } from './own-provider.ts'

const HERE = 'https://centre.example/login/callback'

const settingsOf = (issuer: string): OidcSettings => ({
  ...{ issuer, clientId: OwnProvider.clientId, clientSecret: OwnProvider.secret, scopes: ['openid', 'profile'] },
  ...{ name: 'preferred_username', session_h: 8 },
  ...{ roles: { claim: 'groups', map: { 'berth-ops': 'operator' } }, sites: null },
})

/** A provider, and berth as its client. */
async function opened(alg: Algorithm = 'RS256') {
  const own = await OwnProvider.open(alg)
  return { own, oidc: new OidcProvider(settingsOf(own.issuer), HERE, systemClock) }
}

/** Begins, goes to the provider and comes back. */
async function signIn({ own, oidc }: Awaited<ReturnType<typeof opened>>) {
  const begun = await oidc.begin('/')
  if (begun === null) throw new Error('not begun')
  return oidc.finish(own.signIn(begun.url).search, begun.attempt)
}

for (const alg of ['RS256', 'ES256', 'EdDSA'] as const)
  test(`somebody signs in by a token that the provider signed with ${alg}`, async () => {
    expect(await signIn(await opened(alg))).toMatchObject({ claims: { sub: '2489', groups: ['berth-ops'] } })
  })

test('berth proves itself as the provider takes it', async () => {
  for (const proofs of [null, ['client_secret_basic'], ['client_secret_post']]) {
    const scene = await opened()
    scene.own.proofs = proofs
    expect(await signIn(scene)).toHaveProperty('claims')
  }
})

test('keys that the provider changed count from the next sign-in on, and those it took back no more', async () => {
  const scene = await opened()
  expect(await signIn(scene)).toHaveProperty('claims')
  const before = scene.own.signed({})
  scene.own.rotate('ES256')
  expect(await signIn(scene)).toHaveProperty('claims')
  scene.own.rotate('RS256')
  const [head = ''] = before.split('.')
  // Signed by the first key, and said to be.
  scene.own.forge = (token) => `${head}.${token.split('.')[1]}.${before.split('.')[2]}`
  expect(await signIn(scene)).toMatchObject({ no: 'broken' })
})

test('a token is refused that is altered, unsigned, signed with what is no key, or signed by another', async () => {
  const scene = await opened()
  const stranger = await OwnProvider.open()
  const claimsOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
  const forgeries: readonly ((token: string) => string)[] = [
    (token) => OwnProvider.unsigned(token),
    (token) => scene.own.hashed(token),
    (token) => scene.own.hashed(token, OwnProvider.secret),
    (token) => stranger.signed(claimsOf(token)),
    (token) => {
      const [head, , signature] = token.split('.')
      const other = Buffer.from(JSON.stringify({ ...claimsOf(token), groups: ['admins'] })).toString('base64url')
      return `${head}.${other}.${signature}`
    },
    () => 'no token',
  ]
  for (const forge of forgeries) {
    scene.own.forge = forge
    expect(await signIn(scene)).toMatchObject({ no: 'broken' })
  }
  scene.own.forge = (token) => token
  expect(await signIn(scene)).toHaveProperty('claims')
})

test('a token is refused that was made for another client, by another issuer, for another sign-in, or at another time', async () => {
  const scene = await opened()
  const now = Math.floor(Date.now() / 1000)
  const twists: readonly { readonly [claim: string]: unknown }[] = [
    { aud: 'another-client' },
    { aud: [OwnProvider.clientId, 'another-client'], azp: 'another-client' },
    { iss: 'https://id.example' },
    { nonce: 'of-another-sign-in' },
    { nonce: undefined },
    { exp: now - 31 },
    { exp: undefined },
    { iat: now + 120 },
    { iat: now - 3_600 },
    { iat: undefined },
    { nbf: now + 120 },
    { sub: undefined },
  ]
  for (const twist of twists) {
    scene.own.twist = (claims) => ({ ...claims, ...twist })
    expect([twist, await signIn(scene)]).toEqual([twist, { no: 'broken', why: expect.any(String) }])
  }
  // Clocks that are a little apart keep nobody out.
  scene.own.twist = (claims) => ({ ...claims, iat: now + 15, exp: now - 10 })
  expect(await signIn(scene)).toHaveProperty('claims')
})

test('an answer is refused that is another sign-in’s, names another issuer or none, or brings a code that was used', async () => {
  const scene = await opened()
  const { own, oidc } = scene
  const [one, two] = [await oidc.begin('/'), await oidc.begin('/')]
  if (one === null || two === null) throw new Error('not begun')
  const { search } = own.signIn(one.url)
  expect(await oidc.finish(search, two.attempt)).toMatchObject({ no: 'broken' })
  expect(own.asked).not.toContain('/token')
  // The state is mended, so that the proof of who began is what keeps it out.
  const mended = search.replace(one.attempt.state, two.attempt.state)
  expect(await oidc.finish(mended, two.attempt)).toMatchObject({ no: 'broken', why: 'the provider says invalid_grant' })
  expect(await oidc.finish(search, one.attempt)).toHaveProperty('claims')
  expect(await oidc.finish(search, one.attempt)).toMatchObject({ no: 'broken', why: 'the provider says invalid_grant' })
  for (const iss of ['https://attacker.example', null]) {
    own.answer = { iss }
    expect(await signIn(scene)).toMatchObject({ no: 'broken' })
  }
  own.answer = { code: null, error: 'access_denied' }
  expect(await signIn(scene)).toEqual({ no: 'denied', why: 'access_denied' })
})

test('a provider that is away is said to be, and a document of another issuer is not believed', async () => {
  const scene = await opened()
  const begun = await scene.oidc.begin('/')
  if (begun === null) throw new Error('not begun')
  const { search } = scene.own.signIn(begun.url)
  scene.own.isAway = true
  expect(await scene.oidc.finish(search, begun.attempt)).toMatchObject({ no: 'away' })
  expect(await new OidcProvider(settingsOf(scene.own.issuer), HERE, systemClock).begin('/')).toBeNull()
  expect(await new OidcProvider(settingsOf('http://127.0.0.1:9'), HERE, systemClock).begin('/')).toBeNull()
  scene.own.isAway = false
  const elsewhere = scene.own.issuer.replace('127.0.0.1', 'localhost')
  expect(await new OidcProvider(settingsOf(elsewhere), HERE, systemClock).begin('/')).toBeNull()
})
