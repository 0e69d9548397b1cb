import { describe, expect, it } from 'vitest'
import { ClockSkew } from '../../../actors/ocpp/clock-skew.ts'
import { readMeterValues } from '../../../actors/ocpp/meter-samples.ts'
import { DEFAULT_PROFILE } from '../../../actors/ocpp/profiles/default.ts'
import type { MeterSample } from '../../../actors/ports.ts'
import { fc } from '../../seeded-check.ts'

const AT = Date.UTC(2026, 10, 22, 10)
const NOW = new Date(AT).toISOString()

type Told = {
  readonly currentFrom?: 'import' | 'export' | 'either'
  readonly past?: boolean
  readonly skew?: ClockSkew
  readonly at?: number
}

function read(meterValue: unknown, told: Told = {}): readonly MeterSample[] {
  const { currentFrom = 'import', past = false, skew = new ClockSkew(), at = AT } = told
  return readMeterValues(meterValue, { profile: { ...DEFAULT_PROFILE, currentFrom }, past, skew, at })
}

/** The one sample of values taken now. */
function one(sampledValue: unknown, told: Told = {}): MeterSample | undefined {
  const samples = read([{ timestamp: NOW, sampledValue }], told)
  expect(samples.length).toBeLessThanOrEqual(1)
  return samples[0]
}

const amps = (value: unknown, phase?: string, more: object = {}): object => ({
  measurand: 'Current.Import',
  unit: 'A',
  value,
  ...(phase ? { phase } : {}),
  ...more,
})
const watts = (value: unknown, more: object = {}): object => ({
  measurand: 'Power.Active.Import',
  unit: 'W',
  value,
  ...more,
})
const energy = (value: unknown, unit: unknown = 'Wh', more: object = {}): object => ({
  measurand: 'Energy.Active.Import.Register',
  unit,
  value,
  ...more,
})

describe('quantities and units', () => {
  const cases: readonly [string, unknown[], Partial<MeterSample>][] = [
    [
      'a value without measurand and unit is the register in Wh',
      [{ value: '1234' }],
      { register_Wh: 1_234, verdict: 'valid' },
    ],
    ['kWh become Wh without binary dust', [energy('1.1', 'kWh')], { register_Wh: 1_100, verdict: 'valid' }],
    ['kW become W', [watts('7.36', { unit: 'kW' })], { power_W: 7_360, verdict: 'valid' }],
    ['a number where text is wanted is mended', [watts(100)], { power_W: 100, verdict: 'repaired' }],
    ['a decimal comma and blanks are mended', [amps(' 6,1 ')], { current_A: 6.1, verdict: 'repaired' }],
    ['an odd spelling of a unit is mended', [energy('2', 'KWH')], { register_Wh: 2_000, verdict: 'repaired' }],
    ['an unknown unit makes the value unusable', [energy('2', 'varh')], { register_Wh: null, verdict: 'unusable' }],
    [
      'tenths of amperes are no unit of the protocol',
      [amps('61', undefined, { unit: 'dA' })],
      { current_A: null, verdict: 'unusable' },
    ],
    ['text that is no number is unusable', [amps('n/a')], { current_A: null, verdict: 'unusable' }],
    ['an empty value is unusable', [amps('')], { verdict: 'unusable' }],
    ['hex is no number', [amps('0x10')], { verdict: 'unusable' }],
    [
      'one bad value beside good ones is left out and noted',
      [amps('NaN'), watts('230')],
      { current_A: null, power_W: 230, verdict: 'repaired' },
    ],
    ['more than any charge point carries is left out', [watts('9999999999')], { power_W: null, verdict: 'unusable' }],
    ['a register below zero is left out', [energy('-5')], { register_Wh: null, verdict: 'unusable' }],
    ['a current with a minus is the same flow, mended', [amps('-6.1')], { current_A: 6.1, verdict: 'repaired' }],
  ]
  it.each(cases)('%s', (_says, values, wanted) => {
    expect(one(values)).toMatchObject(wanted)
  })

  it('what berth does not use makes no sample: voltage, state of charge, signed values', () => {
    expect(
      one([
        { measurand: 'Voltage', unit: 'V', value: '230' },
        { measurand: 'SoC', unit: 'Percent', value: '80' },
      ]),
    ).toBeUndefined()
    expect(one([{ format: 'SignedData', value: 'A1B2C3' }])).toBeUndefined()
    expect(one([{ format: 'SignedData', value: 'A1B2C3' }, amps('6')])).toMatchObject({
      current_A: 6,
      verdict: 'valid',
    })
  })
})

describe('phases', () => {
  const cases: readonly [string, unknown[], number | null][] = [
    ['a total alone', [amps('6.1')], 6.1],
    ['three phases are added up', [amps('5', 'L1'), amps('6', 'L2'), amps('7', 'L3')], 18],
    ['two phases of a box that leaves out the first', [amps('5', 'L2'), amps('6', 'L3')], 11],
    ['total and phases are never added up', [amps('18'), amps('5', 'L1'), amps('6', 'L2'), amps('7', 'L3')], 18],
    ['a total that stays 0 hides no phase', [amps('0'), amps('6', 'L1'), amps('0', 'L2')], 6],
    ['a phase that is missing hides no total', [amps('18'), amps('6', 'L1')], 18],
    ['L1 and L1-N are one line', [amps('6', 'L1'), amps('6.1', 'L1-N')], 6.1],
    ['the neutral conductor is not counted', [amps('6', 'L1'), amps('9', 'N')], 6],
    ['the neutral conductor counts where nothing else is sent', [amps('6', 'N')], 6],
    ['line-to-line values count only where no line has its own', [amps('6', 'L1'), amps('99', 'L1-L2')], 6],
    ['phases of opposite sign do not cancel out', [amps('6', 'L1'), amps('-6', 'L2')], 12],
    [
      'inlet and outlet are not the same current twice',
      [amps('6', undefined, { location: 'Outlet' }), amps('7', undefined, { location: 'Inlet' })],
      6,
    ],
    ['the inlet counts where nothing else is sent', [amps('7', undefined, { location: 'Inlet' })], 7],
  ]
  it.each(cases)('%s', (_says, values, current_A) => {
    expect(one(values)?.current_A).toBe(current_A)
  })

  it('the register is the total where there is one, else the sum of phases', () => {
    expect(
      one([energy('900'), energy('300', 'Wh', { phase: 'L1' }), energy('400', 'Wh', { phase: 'L2' })])?.register_Wh,
    ).toBe(900)
    expect(one([energy('300', 'Wh', { phase: 'L1' }), energy('0.4', 'kWh', { phase: 'L2' })])?.register_Wh).toBe(700)
  })

  it('exported current counts as the profile says', () => {
    const both = [amps('1'), { ...amps('16'), measurand: 'Current.Export' }]
    expect(one(both)?.current_A).toBe(1)
    expect(one(both, { currentFrom: 'export' })?.current_A).toBe(16)
    expect(one(both, { currentFrom: 'either' })?.current_A).toBe(16)
    expect(one([{ ...amps('16'), measurand: 'Current.Export' }])?.current_A).toBeNull()
  })

  it('any line that carries current shows in the result, whatever else is sent (any order, any mixture)', () => {
    const value = fc.record({
      phase: fc.constantFrom(undefined, 'L1', 'L2', 'L3', 'L1-N', 'L2-N'),
      amount: fc.integer({ min: 0, max: 320 }),
    })
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 8 }), (values) => {
        const largest = Math.max(...values.map((v) => v.amount)) / 10
        const sampled = values.map((v) => amps((v.amount / 10).toFixed(1), v.phase))
        const sum = values.reduce((a, v) => a + v.amount / 10, 0)
        const read = one(sampled)?.current_A ?? -1
        expect(read).toBeGreaterThanOrEqual(largest - 1e-6)
        expect(read).toBeLessThanOrEqual(sum + 1e-6)
        expect(one(sampled.toReversed())?.current_A).toBe(read)
      }),
    )
  })
})

describe('live and past', () => {
  const stamped = (ms: number, more: object = {}): unknown => [
    { timestamp: new Date(AT + ms).toISOString(), sampledValue: [amps('6', undefined, more)] },
  ]

  it('Transaction.End and Interruption are past; one moment with both is two samples', () => {
    for (const context of ['Transaction.End', 'Interruption.Begin', 'Interruption.End', 'transaction.end'])
      expect(one([amps('6', undefined, { context })])?.when).toBe('past')
    for (const context of ['Sample.Periodic', 'Sample.Clock', 'Trigger', 'Transaction.Begin', 'Other'])
      expect(one([amps('6', undefined, { context })])?.when).toBe('live')
    expect(
      read([{ timestamp: NOW, sampledValue: [amps('6'), energy('9', 'Wh', { context: 'Transaction.End' })] }]),
    ).toMatchObject([
      { when: 'live', current_A: 6, register_Wh: null },
      { when: 'past', current_A: null, register_Wh: 9 },
    ])
  })

  it('a sample of an offline hour is past, and so is everything of a stop', () => {
    expect(read(stamped(-30_000))[0]).toMatchObject({ when: 'live', happenedAt: AT - 30_000 })
    expect(read(stamped(-3_600_000))[0]).toMatchObject({ when: 'past', happenedAt: AT - 3_600_000, verdict: 'valid' })
    expect(read(stamped(0), { past: true })[0]?.when).toBe('past')
  })

  it('a clock that was never set gives no time and nothing live; a missing stamp is taken as now', () => {
    expect(read([{ timestamp: '1970-01-01T00:03:00Z', sampledValue: [amps('6')] }])[0]).toMatchObject({
      when: 'past',
      happenedAt: null,
      verdict: 'repaired',
    })
    expect(read([{ timestamp: 'soon', sampledValue: [amps('6')] }])[0]).toMatchObject({
      when: 'past',
      happenedAt: null,
    })
    expect(read([{ sampledValue: [amps('6')] }])[0]).toMatchObject({
      when: 'live',
      happenedAt: null,
      verdict: 'repaired',
    })
  })

  it('a clock an hour off is learnt from the answer to a trigger, and old samples then stay old', () => {
    const skew = new ClockSkew()
    const hour = 3_600_000
    expect(read(stamped(-hour), { skew })[0]?.when).toBe('past')
    expect(read(stamped(-hour, { context: 'Trigger' }), { skew })[0]?.when).toBe('live')
    expect(read(stamped(-hour), { skew })[0]?.when).toBe('live')
    expect(read(stamped(-2 * hour), { skew })[0]?.when).toBe('past')
  })

  it('a clock an hour off is learnt from three steady samples, but not from a replayed queue', () => {
    const live = new ClockSkew()
    const steady = [0, 10_000, 20_000, 30_000].map(
      (ms) => read(stamped(ms - 3_600_000), { skew: live, at: AT + ms })[0]?.when,
    )
    expect(steady).toEqual(['past', 'past', 'live', 'live'])
    const replayed = new ClockSkew()
    for (let i = 0; i < 360; i++)
      expect(read(stamped(-3_600_000 + i * 10_000 - 61_000), { skew: replayed, at: AT + i * 100 })[0]?.when).toBe(
        'past',
      )
  })
})

describe('anything at all', () => {
  it('is read without throwing, and never gives a figure that is not finite or negative', () => {
    const value = fc.record(
      {
        value: fc.oneof(fc.string(), fc.double(), fc.jsonValue()),
        measurand: fc.constantFrom('Current.Import', 'Power.Active.Import', undefined, 'x'),
        unit: fc.constantFrom('A', 'kW', 'Wh', undefined, null, 7),
        phase: fc.constantFrom('L1', 'N', 4, undefined),
      },
      { requiredKeys: [] },
    )
    const moment = fc.record(
      {
        timestamp: fc.oneof(fc.string(), fc.constant(NOW), fc.jsonValue()),
        sampledValue: fc.oneof(fc.array(value), fc.jsonValue(), value),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(fc.oneof(fc.array(moment), fc.jsonValue(), moment), (meterValue) => {
        for (const { current_A, power_W, register_Wh, verdict } of read(meterValue)) {
          const figures = [current_A, power_W, register_Wh].filter((f) => f !== null)
          expect(figures.every((f) => Number.isFinite(f) && f >= 0)).toBe(true)
          expect(verdict === 'unusable').toBe(figures.length === 0)
        }
      }),
    )
  })
})
