import { expect, test } from 'vitest'
import { Fault } from '../../../machines/faults.ts'
import { type Signed, takenSays } from '../../../src/register-source/register-taking.ts'
import { SourceMarks } from '../../../src/register-source/source-marks.ts'
import type { Caller } from '../../../src/site-desk.ts'
import { openRegisterRoom } from '../register-room.ts'
import { registerOf } from './register-server.ts'

const ANN: Caller = { name: 'ann', role: 'operator' }

async function stage() {
  const room = await openRegisterRoom()
  const ground = () => ({ siteId: 'site-1', journal: room.journal, marks: new SourceMarks() })
  let kept = ground()
  const take = (version: number, more: Parameters<typeof registerOf>[1], key = 'k1') =>
    room.desk.takeRegister({ register: registerOf(version, more), key } satisfies Signed, kept)
  const vehicles = () =>
    room.desk.vehicles().map(({ plate, accountId, blocked }) => `${plate} ${accountId}${blocked ? ' blocked' : ''}`)
  const accounts = () => room.desk.accounts().map(({ accountId, status }) => `${accountId} ${status}`)
  const records = () => room.journal.readStream('register', 0, 10_000)
  /** As after a restart: everything known is read from the journal again. */
  const restart = () => {
    kept = ground()
  }
  return { ...room, take, vehicles, accounts, records, restart }
}

const car = (plate: string, accountId: string, more = {}) => ({ plate, accountId, ...more })

test('a register brings its accounts and vehicles in one batch, which ends in a record of its version', async () => {
  const { take, vehicles, accounts, records } = await stage()
  expect(
    await take(3, {
      accounts: [{ accountId: 'acc-1', name: 'Jane Roe' }],
      vehicles: [car('AB12CDE', 'acc-1'), car('XY34ZZT', 'acc-2', { blocked: 'yes' })],
    }),
  ).toEqual({ version: 3, isNew: true, changed: 4, removed: 0 })
  expect(vehicles()).toEqual(['AB12CDE acc-1', 'XY34ZZT acc-2 blocked'])
  expect(accounts()).toEqual(['acc-1 active', 'acc-2 active'])
  const written = await records()
  expect(written.map(({ cause }) => cause.type)).toEqual([
    'account.changed',
    'vehicle.registered',
    'account.changed',
    'vehicle.registered',
    'register.adopted',
  ])
  expect(written.at(-1)?.cause).toMatchObject({
    version: 3,
    key: 'k1',
    vehicles: 2,
    accounts: 1,
    changed: 4,
    removed: 0,
    by: 'register.source',
  })
  const open = JSON.stringify(written)
  for (const secret of ['AB12CDE', 'XY34ZZT', 'Jane Roe']) expect(open).not.toContain(secret)
})

test('the same version again writes nothing, also after a restart; another content of it, and an older one, are refused in a sentence', async () => {
  const { take, vehicles, records, restart } = await stage()
  const content = { vehicles: [car('AB12CDE', 'acc-1')] }
  await take(7, content)
  const { length } = await records()
  restart()
  expect(await take(7, content)).toEqual({ version: 7, isNew: false, changed: 0, removed: 0 })
  expect(await take(7, { vehicles: [] })).toEqual({
    refused: 'it is version 7 again with another content; sign it with a newer number.',
  })
  expect(await take(6, { vehicles: [] })).toMatchObject({
    refused: expect.stringMatching(
      /^it is version 6, and version 7 is in force here; an older one is never taken back/,
    ),
  })
  expect(await records()).toHaveLength(length)
  expect(vehicles()).toEqual(['AB12CDE acc-1'])
})

test('versions count by key: with another key in the site file a lower number is taken', async () => {
  const { take } = await stage()
  await take(7, {})
  expect(await take(1, {}, 'k2')).toMatchObject({ version: 1, isNew: true })
})

test('a register of other sites is refused', async () => {
  const { take, vehicles } = await stage()
  expect(await take(1, { sites: ['depot-south'], vehicles: [car('AB12CDE', 'acc-1')] })).toEqual({
    refused: 'it is for depot-south, and not for site-1; take the one of this site.',
  })
  expect(vehicles()).toEqual([])
  expect(await take(1, { sites: ['depot-south', 'site-1'] })).toMatchObject({ version: 1 })
})

test('a vehicle that changes hands follows the source; what it names no more goes, and what people entered stays', async () => {
  const { desk, take, vehicles, accounts, restart } = await stage()
  await desk.putVehicle('LOCAL01', { accountId: 'here' }, ANN)
  await take(1, { vehicles: [car('AB12CDE', 'acc-1'), car('XY34ZZT', 'acc-1'), car('MN56OPQ', 'acc-2')] })
  await desk.putToken('04A2B3C4', { accountId: 'acc-2' }, ANN)
  restart()
  expect(await take(2, { vehicles: [car('AB12CDE', 'acc-3'), car('XY34ZZT', 'acc-1')] })).toMatchObject({
    changed: 2,
    removed: 3,
  })
  expect(vehicles().sort()).toEqual(['AB12CDE acc-3', 'LOCAL01 here', 'XY34ZZT acc-1'])
  expect(accounts().sort()).toEqual(['acc-1 active', 'acc-3 active', 'here active'])
  expect(desk.token('04A2B3C4')).toBeNull()
})

test('an account that the source brought and names no more stays while vehicles that people entered are under it, and that is said', async () => {
  const { desk, take, vehicles, accounts, restart } = await stage()
  await take(1, { accounts: [{ accountId: 'acc-1' }], vehicles: [car('AB12CDE', 'acc-1')] })
  await desk.putVehicle('LOCAL01', { accountId: 'acc-1' }, ANN)
  restart()
  const taken = await take(2, {})
  expect(taken).toEqual({ version: 2, isNew: true, changed: 0, removed: 1, kept: 1 })
  expect(takenSays(taken as Parameters<typeof takenSays>[0])).toBe(
    'version 2 of the register is in force: 0 entries changed, 1 removed; 1 account that it names no more stays for vehicles that people entered.',
  )
  expect([vehicles(), accounts()]).toEqual([['LOCAL01 acc-1'], ['acc-1 active']])
  await desk.deleteVehicle('LOCAL01', ANN)
  expect(await take(3, {})).toMatchObject({ removed: 1 })
  expect(accounts()).toEqual([])
})

test('a plate written anew, as cameras see it, is the same vehicle', async () => {
  const { take, vehicles } = await stage()
  await take(1, { vehicles: [car('AB12CDO', 'acc-1')] })
  expect(await take(2, { vehicles: [car('AB12CD0', 'acc-1')] })).toMatchObject({ changed: 1, removed: 0 })
  expect(vehicles()).toEqual(['AB12CD0 acc-1'])
})

test('what people of the site blocked no source opens, moves out or forgets', async () => {
  const { desk, take, vehicles, accounts, restart } = await stage()
  await take(1, { accounts: [{ accountId: 'acc-2' }], vehicles: [car('AB12CDE', 'acc-1'), car('XY34ZZT', 'acc-1')] })
  await desk.blockVehicle('AB12CDE', { blocked: true, reason: 'stolen' }, ANN)
  await desk.putAccount('acc-2', { status: 'blocked' }, ANN)
  await take(2, { accounts: [{ accountId: 'acc-2' }], vehicles: [car('AB12CDE', 'acc-1'), car('XY34ZZT', 'acc-1')] })
  expect(vehicles()).toEqual(['AB12CDE acc-1 blocked', 'XY34ZZT acc-1'])
  expect(desk.vehicle('AB12CDE')?.block).toMatchObject({ reason: 'stolen', by: 'ann' })
  restart()
  await take(3, {})
  expect(vehicles()).toEqual(['AB12CDE acc-1 blocked'])
  expect(accounts().sort()).toEqual(['acc-1 active', 'acc-2 blocked'])
  await take(4, { accounts: [{ accountId: 'acc-2' }], vehicles: [car('AB12CDE', 'acc-1')] })
  expect(vehicles()).toEqual(['AB12CDE acc-1 blocked'])
  await desk.blockVehicle('AB12CDE', { blocked: false, reason: 'mistake' }, ANN)
  await take(5, { vehicles: [car('AB12CDE', 'acc-1'), car('QR78STU', 'acc-1')] })
  expect(vehicles()).toContain('AB12CDE acc-1')
})

test('a block of the source’s own ends when the source says so', async () => {
  const { take, vehicles } = await stage()
  await take(1, {
    accounts: [{ accountId: 'acc-1', status: 'blocked' }],
    vehicles: [car('AB12CDE', 'acc-1', { blocked: true })],
  })
  await take(2, { accounts: [{ accountId: 'acc-1' }], vehicles: [car('AB12CDE', 'acc-1')] })
  expect(vehicles()).toEqual(['AB12CDE acc-1'])
})

test('one row that is refused refuses all of it, naming the row and no plate', async () => {
  const { desk, take, vehicles, records } = await stage()
  await desk.putVehicle('LOCAL01', { accountId: 'here' }, ANN)
  const { length } = await records()
  for (const [content, says] of [
    [
      { vehicles: [car('AB12CDE', 'acc-1'), car('L0CAL01', 'acc-1')] },
      /^its vehicle 2 is refused: Another account holds this plate/,
    ],
    [
      { vehicles: [car('AB12CDE', 'acc-1'), car('A812CDE', 'acc-1')] },
      /^its vehicle 2 is refused: The plate looks the same .* row 1/,
    ],
    [
      { vehicles: [car('A', 'acc-1'), car('B', 'acc-1')] },
      /^its vehicle 1 is refused: .*too short.* \(1 more of its rows are refused too\)$/,
    ],
    [{ vehicles: [{ ...car('AB12CDE', 'acc-1'), colour: 'red' }] }, /has no "colour"/],
    [{ accounts: [{ accountId: 'acc-1', status: 'odd' }] }, /^its account 1 is refused: status must be one of/],
    [{ accounts: [{ accountId: 'acc-1' }, { accountId: 'acc-1' }] }, /^its account 2 stands there twice/],
  ] as const) {
    const taken = await take(1, content as never)
    expect(taken).toMatchObject({ refused: expect.stringMatching(says) })
    expect(JSON.stringify(taken)).not.toMatch(/AB12CDE|A812CDE|LOCAL01|L0CAL01/)
  }
  expect(await records()).toHaveLength(length)
  expect(vehicles()).toEqual(['LOCAL01 here'])
})

test('what cannot be written is not in force, and is taken the next time', async () => {
  const { take, vehicles, failNext } = await stage()
  failNext(new Fault('STORE_UNWRITABLE'))
  await expect(take(1, { vehicles: [car('AB12CDE', 'acc-1')] })).rejects.toThrow(Fault)
  expect(vehicles()).toEqual([])
  expect(await take(1, { vehicles: [car('AB12CDE', 'acc-1')] })).toMatchObject({ isNew: true })
  expect(vehicles()).toEqual(['AB12CDE acc-1'])
})
