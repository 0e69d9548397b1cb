import { expect, test } from 'vitest'
import { personOf } from '../../../src/oidc/claimed-person.ts'
import type { OidcSettings } from '../../../src/oidc/oidc-settings.ts'
import { SealedAttempts } from '../../../src/oidc/sealed-attempt.ts'
import { SignedIn } from '../../../src/oidc/signed-in.ts'

const MAPS: Pick<OidcSettings, 'name' | 'roles' | 'sites'> = {
  name: 'preferred_username',
  roles: { claim: 'groups', map: { 'berth-look': 'viewer', 'berth-ops': 'operator', 'berth-lead': 'supervisor' } },
  sites: null,
}
const anna = { sub: '2489', preferred_username: 'anna' }

test('who is in no group that is mapped is nobody here, and who is in several has the role with most rights', () => {
  expect(personOf({ ...anna }, MAPS)).toBe('no-role')
  expect(personOf({ ...anna, groups: ['constructor', 'toString', '__proto__'] }, MAPS)).toBe('no-role')
  expect(personOf({ ...anna, groups: { 'berth-ops': true } }, MAPS)).toBe('no-role')
  expect(personOf({ ...anna, groups: 'berth-ops' }, MAPS)).toMatchObject({ caller: { role: 'operator' } })
  const groups = ['berth-look', 'berth-lead', 7, 'berth-ops']
  expect(personOf({ ...anna, groups }, MAPS)).toEqual({
    caller: { name: 'anna (2489)', role: 'supervisor' },
    sites: null,
  })
})

test('people are named by what the provider calls them and by its own id, without what would deceive in a log', () => {
  const named = (claims: object) => {
    const person = personOf({ sub: '7', groups: ['berth-ops'], ...claims }, MAPS)
    return typeof person === 'string' ? person : person.caller.name
  }
  expect(named({ preferred_username: 'admin' })).toBe('admin (7)')
  expect(named({ name: 'Anna Lee' })).toBe('Anna Lee (7)')
  expect(named({ preferred_username: '\u202Eanna\n2026 admin' })).toBe('anna2026 admin (7)')
  expect(named({ preferred_username: '   ' })).toBe('7')
  expect(named({ preferred_username: 'x'.repeat(5_000) })).toHaveLength(104)
})

test('claims may lie deep, and sites follow from them: no site is no access', () => {
  const maps = {
    ...MAPS,
    roles: { claim: 'realm_access.roles', map: { ops: 'operator' } },
    sites: { claim: 'https://berth.example/region', map: { north: ['depot-north', 'depot-2'], two: ['depot-2'] } },
  } as const
  const claims = { ...anna, realm_access: { roles: ['ops'] } }
  expect(personOf(claims, maps)).toBe('no-site')
  expect(personOf({ ...claims, 'https://berth.example/region': ['two', 'north', 'south'] }, maps)).toMatchObject({
    sites: ['depot-2', 'depot-north'],
  })
})

test('an attempt is opened once, by who sealed it, while it is young', () => {
  let now = 1_000
  const attempts = new SealedAttempts({ now: () => now })
  const attempt = { state: 's', nonce: 'n', verifier: 'v', to: '/' }
  const sealed = attempts.seal(attempt)
  expect(sealed).not.toContain(Buffer.from('verifier').toString('base64url').slice(0, 8))
  expect(new SealedAttempts({ now: () => now }).take(sealed)).toBeNull()
  const [first = '', ...rest] = sealed
  expect(attempts.take([first === 'A' ? 'B' : 'A', ...rest].join(''))).toBeNull()
  for (const nonsense of ['', 'AAAA', 'x'.repeat(100_000)]) expect(attempts.take(nonsense)).toBeNull()
  expect(attempts.take(sealed)).toMatchObject(attempt)
  expect(attempts.take(sealed)).toBeNull()
  const old = attempts.seal({ ...attempt, state: 't' })
  now += 10 * 60_000 + 1
  expect(attempts.take(old)).toBeNull()
})

test('a sign-in holds until it ends, by hour or by hand, and its caller with it', () => {
  let now = 0
  const signedIn = new SignedIn(8, { now: () => now })
  const person = { caller: { name: 'anna (2489)', role: 'operator' }, sites: null } as const
  const [one, two] = [signedIn.begin(person), signedIn.begin(person)]
  const caller = signedIn.of(one)?.caller ?? {}
  expect(signedIn.ofCaller(caller)?.until).toBe(8 * 3_600_000)
  expect(signedIn.of(`${one}x`)).toBeNull()
  signedIn.end(one)
  expect([signedIn.of(one), signedIn.ofCaller(caller)]).toEqual([null, null])
  expect(signedIn.of(two)?.caller).toEqual(person.caller)
  now = 8 * 3_600_000
  expect(signedIn.of(two)).toBeNull()
})
