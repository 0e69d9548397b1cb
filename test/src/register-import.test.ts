import { describe, expect, test } from 'vitest'
import { Fault } from '../../machines/faults.ts'
import { fold, normalize } from '../../machines/plate.ts'
import { registerDesk } from '../../src/register-desk.ts'
import { rebuildRegister } from '../../src/register-texts.ts'
import type { Caller } from '../../src/site-desk.ts'
import { fc } from '../seeded-check.ts'
import { openRegisterRoom } from './register-room.ts'

const BY: Caller = { name: 'ann', role: 'admin' }
const bare = { fleet: null, alias: null, validFrom: null, validTo: null, hours: null, blocked: false }

async function faultOf(work: Promise<unknown>): Promise<Fault> {
  const outcome = await work.then(
    () => null,
    (error: unknown) => error,
  )
  if (!(outcome instanceof Fault)) throw new Error(`expected a Fault, got ${String(outcome)}`)
  return outcome
}

describe('import', () => {
  test('all rows or none: one bad row keeps the others out, each refused row named', async () => {
    const room = await openRegisterRoom()
    await room.desk.putVehicle('TAKEN1', { accountId: 'acc-9' }, BY)
    const rows = [
      { plate: 'AB12CDE', accountId: 'acc-1' },
      { plate: 'XY99 ZZZ', accountId: 'acc-1', hours: 'never' },
      { plate: 'AB12 CDE', accountId: 'acc-1' },
      { plate: 'A812CDE', accountId: 'acc-2' },
      { plate: 'TAKENI', accountId: 'acc-1' },
      { accountId: 'acc-1' },
    ]
    const { imported, refused } = await room.desk.importVehicles(rows, BY)
    expect(imported).toBe(0)
    expect(refused.map(({ row }) => row)).toEqual([2, 3, 4, 5, 6])
    expect(refused.map(({ says }) => says)).toEqual([
      expect.stringContaining('write hours like'),
      'The plate stands in row 1 already; keep one of the two.',
      expect.stringContaining('looks the same to cameras as that of row 1'),
      expect.stringContaining('Another account'),
      'The plate is missing.',
    ])
    expect(room.desk.vehicles().map(({ plate }) => plate)).toEqual(['TAKEN1'])
    const good = await room.desk.importVehicles(
      [rows[0] ?? {}, { plate: 'XY99ZZZ', accountId: 'acc-3', blocked: 'yes' }],
      BY,
    )
    expect(good).toEqual({ imported: 2, refused: [] })
    expect(room.desk.vehicle('XY99ZZZ')).toMatchObject({ ...bare, plate: 'XY99ZZZ', accountId: 'acc-3', blocked: true })
  })

  test('a failed write imports nothing', async () => {
    const room = await openRegisterRoom()
    room.failNext(new Fault('STORE_UNWRITABLE'))
    await faultOf(
      room.desk.importVehicles(
        [
          { plate: 'AB12CDE', accountId: 'acc-1' },
          { plate: 'XY99ZZZ', accountId: 'acc-2' },
        ],
        BY,
      ),
    )
    expect(room.desk.vehicles()).toEqual([])
    expect(room.desk.accounts()).toEqual([])
  })

  test('10,000 rows are one batch, and importing them again writes nothing', async () => {
    const room = await openRegisterRoom()
    const rows = Array.from({ length: 10_000 }, (_, index) => ({
      plate: `K${String(index)
        .padStart(5, '0')
        .replace(/./g, (digit) => 'ACEFHJKMNP'[Number(digit)] ?? '')}7`,
      accountId: `acc-${index % 50}`,
      hours: 'Mo-Fr 06:00-18:00',
    }))
    expect(await room.desk.importVehicles(rows, BY)).toEqual({ imported: 10_000, refused: [] })
    expect(room.journal.version('register')).toBe(10_050)
    expect(await room.desk.importVehicles(rows, BY)).toEqual({ imported: 10_000, refused: [] })
    expect(room.journal.version('register')).toBe(10_050)
  })
})

describe('after a restart', () => {
  test('everything shown is shown again from the journal alone', async () => {
    const room = await openRegisterRoom()
    await room.desk.importVehicles(
      Array.from({ length: 1500 }, (_, index) => ({
        plate: `ZZ ${10_000 + index}`.replace(/1/g, '7'),
        accountId: `acc-${index}`,
      })).filter(({ plate }, index, all) => all.findIndex((other) => other.plate === plate) === index),
      BY,
    )
    await room.desk.putVehicle('AB12 CDE', { accountId: 'acc-1', alias: 'UP-1', fleet: 'north' }, BY)
    await room.desk.putAccount('acc-1', { name: 'Jane', confirm: 'first-visit' }, BY)
    await room.desk.putToken('CARD1', { accountId: 'acc-1', blocked: true }, BY)
    await room.desk.deleteVehicle(room.desk.vehicles()[3]?.plate ?? '', BY)
    await room.desk.deleteAccount('acc-7', BY)
    const { register, texts } = await rebuildRegister(room.journal)
    expect(register).toEqual(room.register)
    expect(texts).toEqual(room.texts)
    const again = registerDesk({
      scribe: { write: async () => [] },
      keys: room.keys,
      register: () => register,
      texts,
      wasErased: () => false,
    })
    expect(again.vehicle('AB12CDE')).toEqual(room.desk.vehicle('AB12CDE'))
    expect(again.vehicles()).toEqual(room.desk.vehicles())
    expect(again.accounts()).toEqual(room.desk.accounts())
    expect(again.token('card1')).toEqual(room.desk.token('card1'))
  })

  test('a vehicle whose key was destroyed is shown no more, and its plate may be registered anew', async () => {
    const room = await openRegisterRoom()
    await room.desk.putVehicle('AB12CDE', { accountId: 'acc-1' }, BY)
    const [handle = ''] = [...room.register.vehicles.keys()]
    expect(room.keys.destroy(handle)).toBe(true)
    const { register, texts } = await rebuildRegister(room.journal)
    const again = registerDesk({
      scribe: { write: async () => [] },
      keys: room.keys,
      register: () => register,
      texts,
      wasErased: () => false,
    })
    expect(again.vehicles()).toEqual([])
    await room.desk.putVehicle('AB12CDE', { accountId: 'acc-2' }, BY)
    expect(room.desk.vehicle('AB12CDE')?.accountId).toBe('acc-2')
  })
})

describe('whatever is asked, in whatever order', () => {
  const plates = fc.constantFrom('AB12CDO', 'AB12CD0', 'A812CDQ', 'ab12 cdo', 'XY99ZZZ', 'XY992ZZ', 'KK77KKK')
  const accounts = fc.constantFrom('a', 'b')
  const row = fc.record({
    plate: plates,
    accountId: accounts,
    hours: fc.constantFrom('24/7', 'Mo-Fr 06:00-18:00', 'nonsense'),
  })
  type Step =
    | { readonly put: { plate: string; accountId: string; hours: string } }
    | { readonly rows: { plate: string; accountId: string; hours: string }[] }
    | { readonly remove: string }
    | { readonly drop: string }
  const steps: fc.Arbitrary<Step[]> = fc.array(
    fc.oneof(
      row.map((put) => ({ put })),
      fc.array(row, { maxLength: 4 }).map((rows) => ({ rows })),
      plates.map((remove) => ({ remove })),
      accounts.map((drop) => ({ drop })),
    ),
    { maxLength: 12 },
  )

  test('equal folded keys never coexist, an import is whole or nothing, and the journal rebuilds it all', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (sequence) => {
        const room = await openRegisterRoom()
        for (const step of sequence) {
          const before = room.desk.vehicles()
          if ('put' in step)
            await room.desk
              .putVehicle(step.put.plate, { accountId: step.put.accountId, hours: step.put.hours }, BY)
              .catch((error) => expect(error).toBeInstanceOf(Fault))
          else if ('remove' in step) await room.desk.deleteVehicle(step.remove, BY)
          else if ('drop' in step) await room.desk.deleteAccount(step.drop, BY)
          else {
            const { imported, refused } = await room.desk.importVehicles(step.rows, BY)
            expect(imported).toBe(refused.length === 0 ? step.rows.length : 0)
            if (refused.length > 0) expect(room.desk.vehicles()).toEqual(before)
            else
              for (const { plate, accountId } of step.rows)
                expect(room.desk.vehicle(plate)).toMatchObject({ plate, accountId })
          }
          const shown = room.desk.vehicles()
          expect(new Set(shown.map(({ plate }) => fold(normalize(plate)))).size).toBe(shown.length)
          for (const { accountId } of shown) expect(room.desk.account(accountId)).not.toBeNull()
        }
        expect(await rebuildRegister(room.journal)).toEqual({ register: room.register, texts: room.texts })
      }),
      { numRuns: 60 },
    )
  })
})
