import { describe, expect, test } from 'vitest'
import { authorizer } from '../../actors/authorizer.ts'
import type { Cause } from '../../machines/record.ts'
import { cardStanding, emptyRegister, foldRegister, type Register, vehicleStanding } from '../../machines/register.ts'
import { neighbours } from '../../machines/register-neighbours.ts'
import { fc } from '../seeded-check.ts'

const LONDON = 'Europe/London'
const MONDAY_NOON = Date.parse('2026-11-23T12:00:00Z')

const account = (accountId: string, more: Partial<Cause> = {}): Cause => ({
  type: 'account.changed',
  accountId,
  status: 'active',
  confirm: 'never',
  ...more,
})
const vehicle = (handle: string, accountId: string, more: Partial<Cause> = {}): Cause => ({
  type: 'vehicle.registered',
  handle,
  accountId,
  fleet: null,
  hasAlias: false,
  validFrom: null,
  validTo: null,
  hours: null,
  blocked: false,
  ...more,
})
const token = (handle: string, accountId: string, more: Partial<Cause> = {}): Cause => ({
  type: 'token.registered',
  handle,
  accountId,
  validFrom: null,
  validTo: null,
  blocked: false,
  ...more,
})

const given = (...causes: Cause[]): Register =>
  causes.reduce((register, cause, index) => foldRegister(register, { version: index + 1, cause }), emptyRegister())
const standing = (register: Register, at = MONDAY_NOON, zone = LONDON) =>
  vehicleStanding(register, 'veh-1', at, zone).standing

describe('given what was recorded, how does the register stand to a vehicle', () => {
  test('a vehicle of an active account is accepted, with its payer and who confirms', () => {
    const register = given(account('acc-1', { confirm: 'first-visit' }), vehicle('veh-1', 'acc-1'))
    expect(vehicleStanding(register, 'veh-1', MONDAY_NOON, LONDON)).toEqual({
      standing: 'accepted',
      accountId: 'acc-1',
      confirm: 'first-visit',
    })
  })

  test('a vehicle that nobody registered, or whose account is gone, is unknown and has no payer', () => {
    const stranger = { standing: 'unknown', accountId: null, confirm: 'never' }
    expect(vehicleStanding(emptyRegister(), 'veh-1', MONDAY_NOON, LONDON)).toEqual(stranger)
    const orphan = given(
      account('acc-1', { confirm: 'always' }),
      vehicle('veh-1', 'acc-1'),
      account('acc-1', { deleted: true }),
    )
    expect(vehicleStanding(orphan, 'veh-1', MONDAY_NOON, LONDON)).toEqual(stranger)
    expect(
      standing(given(account('acc-1'), vehicle('veh-1', 'acc-1'), { type: 'vehicle.removed', handle: 'veh-1' })),
    ).toBe('unknown')
  })

  test('blocking the vehicle or its account blocks, and unblocking opens again', () => {
    expect(standing(given(account('acc-1'), vehicle('veh-1', 'acc-1', { blocked: true })))).toBe('blocked')
    expect(standing(given(vehicle('veh-1', 'acc-1'), account('acc-1', { status: 'blocked' })))).toBe('blocked')
    expect(standing(given(vehicle('veh-1', 'acc-1'), account('acc-1', { status: 'blocked' }), account('acc-1')))).toBe(
      'accepted',
    )
  })

  test('a status that this version does not know blocks', () => {
    expect(standing(given(account('acc-1', { status: 'suspended' }), vehicle('veh-1', 'acc-1')))).toBe('blocked')
  })

  test('dates count by the calendar of the site, both days included', () => {
    const register = given(
      account('acc-1'),
      vehicle('veh-1', 'acc-1', { validFrom: '2026-07-06', validTo: '2026-07-07' }),
    )
    expect(standing(register, Date.parse('2026-07-05T22:59:59Z'))).toBe('expired')
    expect(standing(register, Date.parse('2026-07-05T23:00:00Z'))).toBe('accepted')
    expect(standing(register, Date.parse('2026-07-07T22:59:59Z'))).toBe('accepted')
    expect(standing(register, Date.parse('2026-07-07T23:00:00Z'))).toBe('expired')
    expect(standing(register, Date.parse('2026-07-08T03:59:59Z'), 'America/New_York')).toBe('accepted')
  })

  test('instants count to the millisecond', () => {
    const register = given(
      account('acc-1'),
      vehicle('veh-1', 'acc-1', { validFrom: '2026-07-06T10:00:00.000Z', validTo: '2026-07-06T11:00:00.000Z' }),
    )
    expect(standing(register, Date.parse('2026-07-06T09:59:59.999Z'))).toBe('expired')
    expect(standing(register, Date.parse('2026-07-06T10:00:00Z'))).toBe('accepted')
    expect(standing(register, Date.parse('2026-07-06T11:00:00.001Z'))).toBe('expired')
  })

  test('outside its hours a vehicle is out-of-hours; hours that cannot be read open nothing', () => {
    const register = given(account('acc-1'), vehicle('veh-1', 'acc-1', { hours: 'Mo-Fr 06:00-18:00' }))
    expect(standing(register)).toBe('accepted')
    expect(standing(register, Date.parse('2026-11-22T12:00:00Z'))).toBe('out-of-hours')
    expect(standing(given(account('acc-1'), vehicle('veh-1', 'acc-1', { hours: 'sunrise-sunset' })))).toBe(
      'out-of-hours',
    )
  })

  test('cards stand like vehicles, without hours', () => {
    const register = given(
      account('acc-1', { confirm: 'always' }),
      token('card-1', 'acc-1', { validTo: '2026-11-23' }),
      token('card-2', 'acc-1', { blocked: true }),
    )
    expect(cardStanding(register, 'card-1', MONDAY_NOON, LONDON)).toEqual({
      standing: 'accepted',
      accountId: 'acc-1',
      confirm: 'always',
    })
    expect(cardStanding(register, 'card-1', MONDAY_NOON + 86_400_000, LONDON).standing).toBe('expired')
    expect(cardStanding(register, 'card-2', MONDAY_NOON, LONDON).standing).toBe('blocked')
    expect(cardStanding(register, 'veh-1', MONDAY_NOON, LONDON).standing).toBe('unknown')
    expect(
      cardStanding(
        given(token('card-1', 'acc-1'), account('acc-1'), { type: 'token.removed', handle: 'card-1' }),
        'card-1',
        MONDAY_NOON,
        LONDON,
      ).standing,
    ).toBe('unknown')
  })

  test('the authorizer grants to the payer, and refuses with the reason', () => {
    const register = given(
      account('acc-1', { confirm: 'always' }),
      vehicle('veh-1', 'acc-1'),
      vehicle('veh-2', 'acc-1', { blocked: true }),
    )
    const ask = authorizer({ register: () => register, timezone: LONDON, clock: { now: () => MONDAY_NOON } })
    expect(ask({ handle: 'veh-1' })).toEqual({ granted: true, accountId: 'acc-1', confirm: 'always' })
    expect(ask({ handle: 'veh-2' })).toEqual({ granted: false, reason: 'blocked' })
    expect(ask({ handle: 'veh-3' })).toEqual({ granted: false, reason: 'unknown' })
  })
})

describe('the fold', () => {
  const causes = fc.array(
    fc.oneof(
      fc
        .record({
          accountId: fc.constantFrom('a', 'b', 'c'),
          status: fc.constantFrom('active', 'blocked'),
          deleted: fc.boolean(),
        })
        .map(({ accountId, status, deleted }) => account(accountId, { status, ...(deleted ? { deleted } : {}) })),
      fc
        .record({
          handle: fc.constantFrom('v1', 'v2', 'v3'),
          accountId: fc.constantFrom('a', 'b', 'c'),
          blocked: fc.boolean(),
        })
        .map(({ handle, accountId, blocked }) => vehicle(handle, accountId, { blocked })),
      fc.constantFrom('v1', 'v2', 'v3').map((handle): Cause => ({ type: 'vehicle.removed', handle })),
      fc
        .record({ handle: fc.constantFrom('c1', 'c2'), accountId: fc.constantFrom('a', 'b') })
        .map(({ handle, accountId }) => token(handle, accountId)),
      fc.constantFrom('c1', 'c2').map((handle): Cause => ({ type: 'token.removed', handle })),
      fc.constant<Cause>({ type: 'something.newer', handle: 'v1' }),
    ),
    { maxLength: 60 },
  )

  test('any sequence gives what the last word about each entry says', () => {
    fc.assert(
      fc.property(causes, (sequence) => {
        const register = given(...sequence)
        const last = (wanted: (cause: Cause) => boolean) => sequence.findLast(wanted)
        for (const id of ['a', 'b', 'c']) {
          const word = last((cause) => cause.type === 'account.changed' && cause['accountId'] === id)
          const isThere = word !== undefined && word['deleted'] !== true
          expect(register.accounts.get(id)?.status).toBe(isThere ? word['status'] : undefined)
        }
        for (const handle of ['v1', 'v2', 'v3', 'c1', 'c2']) {
          const word = last((cause) => /^(vehicle|token)\./.test(cause.type) && cause['handle'] === handle)
          const known = register.vehicles.get(handle) ?? register.cards.get(handle)
          expect(known?.accountId).toBe(word?.type.endsWith('.registered') ? word['accountId'] : undefined)
          expect(known?.blocked).toBe(word?.type.endsWith('.registered') ? word['blocked'] : undefined)
        }
      }),
    )
  })

  test('folding any record of the past again changes nothing', () => {
    fc.assert(
      fc.property(causes, fc.nat(60), (sequence, index) => {
        const once = given(...sequence)
        const twice = given(...sequence)
        const cause = sequence[index % Math.max(1, sequence.length)]
        if (cause !== undefined) foldRegister(twice, { version: (index % sequence.length) + 1, cause })
        expect(twice).toEqual(once)
      }),
    )
  })

  test('100,000 vehicles fold into one register, and a later write is the one that counts', () => {
    const sequence = [
      account('acc-1'),
      ...Array.from({ length: 100_000 }, (_, index) =>
        vehicle(`veh-${index}`, 'acc-1', { hours: 'Mo-Fr 06:00-18:00' }),
      ),
    ]
    const register = given(...sequence)
    expect(register.vehicles.size).toBe(100_000)
    for (let index = 0; index < 1000; index += 1)
      foldRegister(register, { version: 200_000 + index, cause: vehicle('veh-7', 'acc-1', { blocked: true }) })
    expect(vehicleStanding(register, 'veh-7', MONDAY_NOON, LONDON).standing).toBe('blocked')
  })
})

describe('keys one edit apart', () => {
  test('exactly the pairs that one changed, added or missing character joins, each once', () => {
    const isOneEdit = (a: string, b: string): boolean => {
      if (a.length === b.length) return [...a].filter((character, index) => character !== b[index]).length === 1
      const [short, long] = a.length < b.length ? [a, b] : [b, a]
      return (
        long.length - short.length === 1 &&
        [...long].some((_, index) => long.slice(0, index) + long.slice(index + 1) === short)
      )
    }
    const keys = fc.uniqueArray(fc.string({ unit: fc.constantFrom('A', '0', '8'), minLength: 1, maxLength: 5 }), {
      maxLength: 25,
    })
    fc.assert(
      fc.property(keys, (list) => {
        const found = [...neighbours(list)].map(({ a, b }) => `${a}-${b}`).sort()
        const wanted = list
          .flatMap((one, a) => list.flatMap((other, b) => (a < b && isOneEdit(one, other) ? [`${a}-${b}`] : [])))
          .sort()
        expect(found).toEqual(wanted)
      }),
    )
  })

  test('100,000 keys are compared without comparing every pair', () => {
    let seed = 7
    const random = (below: number) => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0
      return (seed >>> 8) % below
    }
    const letters = 'ACEFHJKMNPRTUVWXY'
    const keys = new Set<string>()
    while (keys.size < 100_000)
      keys.add(
        Array.from({ length: 7 }, (_, index) =>
          index > 1 && index < 4 ? String(random(10)) : letters[random(letters.length)],
        ).join(''),
      )
    let pairs = 0
    for (const _ of neighbours([...keys])) pairs += 1
    expect(pairs).toBeGreaterThan(0)
  })
})
