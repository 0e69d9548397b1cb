import { describe, expect, test } from 'vitest'
import { Fault } from '../../machines/faults.ts'
import type { Caller } from '../../src/site-desk.ts'
import { openRegisterRoom } from './register-room.ts'

const BY: Caller = { name: 'ann', role: 'admin' }
const bare = { fleet: null, alias: null, validFrom: null, validTo: null, hours: null, blocked: false }

const written = async ({ journal }: Awaited<ReturnType<typeof openRegisterRoom>>) =>
  journal.readStream('register', 0, 100_000)

async function faultOf(work: Promise<unknown>): Promise<Fault> {
  const outcome = await work.then(
    () => null,
    (error: unknown) => error,
  )
  if (!(outcome instanceof Fault)) throw new Error(`expected a Fault, got ${String(outcome)}`)
  return outcome
}

describe('vehicles', () => {
  test('a vehicle is registered, its unknown account made in the same batch, and both shown as typed', async () => {
    const room = await openRegisterRoom()
    await room.desk.putVehicle(
      'AB12 CDE',
      { accountId: 'acc-1', alias: 'UP-1', hours: 'Mo-Fr 06:00-18:00', validFrom: '2026-11-22T11:00:00+01:00' },
      BY,
    )
    expect(room.desk.vehicle('ab12cde')).toEqual({
      ...bare,
      plate: 'AB12 CDE',
      accountId: 'acc-1',
      alias: 'UP-1',
      hours: 'Mo-Fr 06:00-18:00',
      validFrom: '2026-11-22T10:00:00.000Z',
    })
    expect(room.desk.account('acc-1')).toEqual({ accountId: 'acc-1', name: null, status: 'active', confirm: 'never' })
    const records = await written(room)
    expect(records.map(({ cause }) => cause.type)).toEqual(['account.changed', 'vehicle.registered'])
    expect(records.every(({ cause }) => cause['by'] === 'ann')).toBe(true)
  })

  test('no plate, alias, name or token text stands in the open part of a record', async () => {
    const room = await openRegisterRoom()
    await room.desk.putAccount('acc-1', { name: 'Jane Roe' }, BY)
    await room.desk.putVehicle('AB12CDE', { accountId: 'acc-1', alias: 'UPSTREAM-7' }, BY)
    await room.desk.putToken('04a2b3c4', { accountId: 'acc-1' }, BY)
    const stored = JSON.stringify(await written(room))
    for (const secret of ['AB12CDE', 'A812C0E', 'UPSTREAM-7', 'Jane Roe', '04A2B3C4'])
      expect(stored).not.toContain(secret)
  })

  test('the same PUT again writes nothing, another one replaces the whole entry', async () => {
    const room = await openRegisterRoom()
    const put = (fields: { [key: string]: string | boolean }) =>
      room.desk.putVehicle('AB12CDE', { accountId: 'acc-1', ...fields }, BY)
    await put({ fleet: 'north', blocked: true })
    await put({ blocked: true, fleet: 'north' })
    expect(await written(room)).toHaveLength(2)
    expect(await put({ alias: 'UP-1' })).toEqual({ ...bare, plate: 'AB12CDE', accountId: 'acc-1', alias: 'UP-1' })
    expect(await written(room)).toHaveLength(3)
  })

  test('a plate whose folded key another account holds is refused without naming that account', async () => {
    const room = await openRegisterRoom()
    await room.desk.putVehicle('AB12CDO', { accountId: 'acc-secret' }, BY)
    for (const plate of ['AB12CDO', 'A812CD0', 'AB12 CDQ']) {
      const fault = await faultOf(room.desk.putVehicle(plate, { accountId: 'acc-2' }, BY))
      expect(fault.code).toBe('PLATE_TAKEN')
      expect(fault.message).not.toContain('acc-secret')
      expect(fault.message).not.toContain(plate)
    }
    expect(room.desk.account('acc-2')).toBeNull()
    expect(await written(room)).toHaveLength(2)
  })

  test('the same account cannot hold two plates that look the same, and is told so', async () => {
    const room = await openRegisterRoom()
    await room.desk.putVehicle('AB12CDO', { accountId: 'acc-1' }, BY)
    const fault = await faultOf(room.desk.putVehicle('AB12CD0', { accountId: 'acc-1' }, BY))
    expect(fault.code).toBe('PLATE_TAKEN')
    expect(fault.message).toContain('AB•••DO')
    expect(fault.message).toContain('cannot tell')
  })

  test('a plate that only looks the same neither shows nor removes the registered one', async () => {
    const room = await openRegisterRoom()
    await room.desk.putVehicle('AB12CDO', { accountId: 'acc-1' }, BY)
    expect(room.desk.vehicle('AB12CD0')).toBeNull()
    expect(await room.desk.deleteVehicle('AB12CD0', BY)).toBe(false)
    expect(await room.desk.deleteVehicle('ab12-cdo', BY)).toBe(true)
    expect(await room.desk.deleteVehicle('AB12CDO', BY)).toBe(false)
    expect(room.desk.vehicles()).toEqual([])
    await room.desk.putVehicle('AB12CD0', { accountId: 'acc-2' }, BY)
    expect(room.desk.vehicle('AB12CD0')?.accountId).toBe('acc-2')
  })

  test('of two writes at once for plates that look the same one wins', async () => {
    const room = await openRegisterRoom()
    const both = await Promise.allSettled([
      room.desk.putVehicle('AB12CDO', { accountId: 'acc-1' }, BY),
      room.desk.putVehicle('AB12CD0', { accountId: 'acc-2' }, BY),
    ])
    expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
    expect(room.desk.vehicles().map(({ plate }) => plate)).toEqual(['AB12CDO'])
  })

  test('what could not be written is not shown, and the next write goes on', async () => {
    const room = await openRegisterRoom()
    room.failNext(new Fault('STORE_UNWRITABLE'))
    expect((await faultOf(room.desk.putVehicle('AB12CDE', { accountId: 'acc-1' }, BY))).code).toBe('STORE_UNWRITABLE')
    expect(room.desk.vehicle('AB12CDE')).toBeNull()
    await room.desk.putVehicle('AB12CDE', { accountId: 'acc-1' }, BY)
    expect(room.desk.vehicle('AB12CDE')?.accountId).toBe('acc-1')
  })

  test.each([
    ['A', {}, 'too short'],
    ['ABCDEFGHIJKLM', {}, 'too long'],
    ['AB12CDE'.padEnd(40, ' -').padEnd(41, '.'), {}, 'too long'],
    ['--- ', {}, 'no letters or digits'],
    ['', {}, 'plate is missing'],
    ['AB12CDE', { accountId: null }, 'accountId is missing'],
    ['AB12CDE', { accountId: 7 }, 'accountId is missing'],
    ['AB12CDE', { accountId: '__proto__' }, 'begins with a letter or digit'],
    ['AB12CDE', { accountId: 'a\u0000b' }, 'begins with a letter or digit'],
    ['AB12CDE', { colour: 'red' }, 'A vehicle has no "colour"'],
    ['AB12CDE', { plate: 'XY99ZZZ' }, 'not the vehicle that the address names'],
    ['AB12CDE', { fleet: 7 }, 'fleet must be text'],
    ['AB12CDE', { fleet: 'x'.repeat(65) }, 'fleet is too long'],
    ['AB12CDE', { alias: 'two words' }, 'alias is a token'],
    ['AB12CDE', { blocked: 'true' }, 'blocked must be true or false'],
    ['AB12CDE', { hours: 'weekdays' }, 'write hours like'],
    ['AB12CDE', { validFrom: '22.11.2026' }, 'validFrom must be a date that exists'],
    ['AB12CDE', { validFrom: '2026-02-30' }, 'validFrom must be a date that exists'],
    ['AB12CDE', { validFrom: '2026-02-30T10:00:00Z' }, 'validFrom must be a date that exists'],
    ['AB12CDE', { validTo: '2026-11-22T10:00:00' }, 'with its offset'],
    ['AB12CDE', { validFrom: '2026-11-22', validTo: '2026-11-21' }, 'validTo is before validFrom'],
    ['AB12CDE', { validFrom: '2026-11-22T10:00Z', validTo: '2026-11-22T10:30+01:00' }, 'validTo is before validFrom'],
    ['AB12CDE', { validFrom: '2026-11-22', validTo: '2026-11-20T23:00:00Z' }, 'validTo is before validFrom'],
  ])('%j with %j is refused: %s', async (plate, fields, says) => {
    const room = await openRegisterRoom()
    const fault = await faultOf(room.desk.putVehicle(plate, { accountId: 'acc-1', ...fields }, BY))
    expect(fault.code).toBe('BODY_INVALID')
    expect(fault.message).toContain(says)
    expect(fault.message).toMatch(/^[^\n]+\.$/)
    expect(await written(room)).toEqual([])
  })
})

describe('accounts', () => {
  test('a PUT without a limit takes the limit away that was there', async () => {
    const room = await openRegisterRoom()
    await room.desk.putAccount('acc-1', { plateStartsPerDay: 2 }, BY)
    await room.desk.putAccount('acc-1', {}, BY)
    expect(room.desk.account('acc-1')).toEqual({ accountId: 'acc-1', name: null, status: 'active', confirm: 'never' })
  })

  test('a PUT makes and replaces an account, and the same again writes nothing', async () => {
    const room = await openRegisterRoom()
    await room.desk.putAccount('acc-1', { name: 'North Fleet', confirm: 'always' }, BY)
    await room.desk.putAccount('acc-1', { name: 'North Fleet', confirm: 'always', status: 'active' }, BY)
    expect(await written(room)).toHaveLength(1)
    expect(await room.desk.putAccount('acc-1', { status: 'blocked' }, BY)).toEqual({
      accountId: 'acc-1',
      name: null,
      status: 'blocked',
      confirm: 'never',
    })
    expect(room.desk.accounts()).toEqual([{ accountId: 'acc-1', name: null, status: 'blocked', confirm: 'never' }])
  })

  test('taking an account out takes its vehicles and tokens out in the same batch, and no others', async () => {
    const room = await openRegisterRoom()
    await room.desk.putVehicle('AB12CDE', { accountId: 'acc-1' }, BY)
    await room.desk.putVehicle('XY99ZZZ', { accountId: 'acc-2' }, BY)
    await room.desk.putToken('CARD1', { accountId: 'acc-1' }, BY)
    expect(await room.desk.deleteAccount('acc-1', BY)).toBe(true)
    expect(await room.desk.deleteAccount('acc-1', BY)).toBe(false)
    expect(room.desk.vehicles().map(({ plate }) => plate)).toEqual(['XY99ZZZ'])
    expect(room.desk.token('CARD1')).toBeNull()
    expect(room.desk.account('acc-1')).toBeNull()
  })

  test.each([
    [{ status: 'paused' }, 'status must be one of active, blocked'],
    [{ confirm: true }, 'confirm must be one of never, first-visit, always'],
    [{ name: ['x'] }, 'name must be text'],
    [{ nmae: 'x' }, 'An account has no "nmae"'],
    [{ accountId: 'acc-2' }, 'not the account that the address names'],
  ])('%j is refused: %s', async (fields, says) => {
    const room = await openRegisterRoom()
    expect((await faultOf(room.desk.putAccount('acc-1', fields, BY))).message).toContain(says)
  })
})

describe('tokens', () => {
  test('a card is found in upper and lower case, replaced, not written twice, and removed', async () => {
    const room = await openRegisterRoom()
    await room.desk.putToken('04a2b3', { accountId: 'acc-1', validTo: '2027-01-01' }, BY)
    await room.desk.putToken('04A2B3', { accountId: 'acc-1', validTo: '2027-01-01' }, BY)
    expect(await written(room)).toHaveLength(2)
    expect(room.desk.token('04a2B3')).toEqual({
      idToken: '04A2B3',
      accountId: 'acc-1',
      validFrom: null,
      validTo: '2027-01-01',
      blocked: false,
    })
    expect(await room.desk.deleteToken('04a2b3', BY)).toBe(true)
    expect(room.desk.token('04A2B3')).toBeNull()
  })

  test('a token that berth made for a start cannot become a card, and what OCPP cannot carry is refused', async () => {
    const room = await openRegisterRoom()
    const start = room.keys.startToken('start-1', 'visit-1', 16)
    expect((await faultOf(room.desk.putToken(start, { accountId: 'acc-1' }, BY))).message).toContain(
      'berth made this token',
    )
    for (const text of ['', 'two words', 'x'.repeat(37), 'ü']) {
      expect((await faultOf(room.desk.putToken(text, { accountId: 'acc-1' }, BY))).code).toBe('BODY_INVALID')
    }
  })
})
