import { describe, expect, test } from 'vitest'
import { amountText, digitsOf, readAmount, readPrice, rounded, split, toMinor } from '../../projections/money.ts'
import { type Adopted, costOf, type Tariff, tariffAt, tariffIn } from '../../projections/tariff.ts'
import { fc } from '../seeded-check.ts'

const price = fc
  .integer({ min: 0, max: 99_999_999 })
  .map((micros) => `${Math.floor(micros / 1e6)}.${String(micros % 1e6).padStart(6, '0')}`)
const currency = fc.constantFrom('GBP', 'EUR', 'JPY', 'KWD')
const tariff: fc.Arbitrary<Tariff> = fc.record({
  currency,
  perKwh: price,
  perSession: price,
  idlePerMinute: price,
  idleGrace_min: fc.integer({ min: 0, max: 60 }),
  tax: fc.option(fc.record({ name: fc.constant('VAT'), percent: fc.constantFrom('0', '5', '20', '19.6', '9.975') })),
})
const consumed = fc.record({
  energy_Wh: fc.integer({ min: 0, max: 200_000_000 }).map((milli) => milli / 1000),
  idle_s: fc.integer({ min: 0, max: 1_000_000 }),
})
const micros = (text: string): bigint => readPrice(text) ?? -1n

describe('a price', () => {
  test('is the sum of its parts, and each part is the exact amount rounded once to the minor unit', () => {
    fc.assert(
      fc.property(tariff, consumed, (by, used) => {
        const cost = costOf(by, used)
        expect(cost.energy + cost.session + cost.idle).toBe(cost.net)
        expect(cost.taxes.energy + cost.taxes.session + cost.taxes.idle).toBe(cost.tax)
        expect(cost.net + cost.tax).toBe(cost.gross)
        const unit = 10n ** BigInt(6 - digitsOf(by.currency))
        const milli = BigInt(Math.round(used.energy_Wh * 1000))
        const off = (part: number, over: bigint, under: bigint): boolean => {
          const doubled = 2n * (over - BigInt(part) * unit * under)
          return (doubled < 0n ? -doubled : doubled) <= unit * under
        }
        expect(off(cost.energy, milli * micros(by.perKwh), 1_000_000n)).toBe(true)
        expect(off(cost.session, micros(by.perSession), 1n)).toBe(true)
        const idle = BigInt(Math.max(0, used.idle_s - by.idleGrace_min * 60))
        expect(off(cost.idle, idle * micros(by.idlePerMinute), 60n)).toBe(true)
      }),
    )
  })

  test('of what binary fractions get wrong is right to the cent', () => {
    const by: Tariff = {
      currency: 'EUR',
      perKwh: '1.005',
      perSession: '0',
      idlePerMinute: '0',
      idleGrace_min: 0,
      tax: null,
    }
    // 1.005 × 1 kWh in binary is 1.00499…: a cent less.
    expect(costOf(by, { energy_Wh: 1_000, idle_s: 0 }).energy).toBe(101)
    expect(costOf({ ...by, perKwh: '0.1' }, { energy_Wh: 2_950, idle_s: 0 }).net).toBe(30)
  })

  test('of idle time begins when the grace is over', () => {
    const by: Tariff = {
      currency: 'GBP',
      perKwh: '0',
      perSession: '0',
      idlePerMinute: '0.20',
      idleGrace_min: 15,
      tax: null,
    }
    const idle = (idle_s: number) => costOf(by, { energy_Wh: 0, idle_s }).idle
    expect([idle(899), idle(900), idle(901), idle(960), idle(1_000)]).toEqual([0, 0, 0, 20, 33])
  })

  test('has the tax on each part, which add up to the tax of the whole', () => {
    const by: Tariff = {
      currency: 'GBP',
      perKwh: '0.45',
      perSession: '0.35',
      idlePerMinute: '0',
      idleGrace_min: 0,
      tax: { name: 'VAT', percent: '20' },
    }
    expect(costOf(by, { energy_Wh: 10_010, idle_s: 0 })).toMatchObject({
      energy: 450,
      session: 35,
      net: 485,
      tax: 97,
      gross: 582,
    })
  })
})

test('rounding is half away from zero', () => {
  expect([rounded(5n, 10n), rounded(-5n, 10n), rounded(4n, 10n), rounded(15n, 10n), rounded(-14n, 10n)]).toEqual([
    1n,
    -1n,
    0n,
    2n,
    -1n,
  ])
  expect(toMinor(12_345_678n, 1n, 'JPY')).toBe(12)
  expect(toMinor(12_345_678n, 1n, 'KWD')).toBe(12_346)
})

test('an amount is written and read back the same, and what is no amount is none', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }),
      currency,
      (minor, of) => readAmount(amountText(minor, of), of) === minor,
    ),
  )
  expect([amountText(5, 'GBP'), amountText(-1234, 'EUR'), amountText(7, 'JPY'), amountText(7, 'KWD')]).toEqual([
    '0.05',
    '-12.34',
    '7',
    '0.007',
  ])
  for (const text of ['', 'x', '1,20', '1e3', '0.005']) expect(readAmount(text, 'GBP')).toBeNull()
  for (const text of ['0.1234567', '1.', '.5', '1e-7']) expect(readPrice(text)).toBeNull()
})

test('a whole that is split is the sum of its parts, and no part is off by a unit', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 10_000_000 }),
      fc.array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 1, maxLength: 20 }),
      (whole, weights) => {
        const parts = split(whole, weights)
        const all = weights.reduce((sum, one) => sum + one, 0)
        expect(parts.reduce((sum, part) => sum + part, 0)).toBe(whole)
        const off = parts.map((part, place) => Math.abs(part - (whole * (weights[place] ?? 0)) / Math.max(1, all)))
        if (all > 0) expect(Math.max(...off)).toBeLessThanOrEqual(1)
      },
    ),
  )
})

test('a session costs what the tariff of its beginning says, and one from before any tariff nothing but where that says so', () => {
  const at = (from: string, perKwh: string, more: object = { since: null }): Adopted => ({
    from,
    tariff: tariffIn({ currency: 'GBP', perKwh, ...more }) as Tariff,
  })
  const adopted = [at('2026-01-01T00:00:00.000Z', '0.30'), at('2026-06-01T00:00:00.000Z', '0.40')]
  const price = (startedAt: string) => tariffAt(adopted, startedAt)?.perKwh
  expect(['2025-12-31', '2026-05-31T23:59:59.999Z', '2026-06-01T00:00:00.000Z', '2027-01-01'].map(price)).toEqual([
    undefined,
    '0.30',
    '0.40',
    '0.40',
  ])
  const reaching = [...adopted, at('2026-07-01T00:00:00.000Z', '0.50', { since: '2025-12-01T00:00:00.000Z' })]
  expect(tariffAt(reaching, '2025-12-31T00:00:00.000Z')?.perKwh).toBe('0.50')
  expect(tariffAt(reaching, '2025-11-30T00:00:00.000Z')).toBeNull()
  expect(tariffAt(reaching, '2026-01-02T00:00:00.000Z')?.perKwh, 'what had a price keeps it').toBe('0.30')
  const ofBefore = [
    at('2026-01-01T00:00:00.000Z', '0.30', {}),
    at('2026-06-01T00:00:00.000Z', '0.40', { since: '2020' }),
  ]
  expect(tariffAt(ofBefore, '2025-12-31')?.perKwh, 'bills of journals of before stay').toBe('0.30')
  expect(tariffAt([], '2026-01-01')).toBeNull()
})
