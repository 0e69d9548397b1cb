import { expect, test } from 'vitest'
import { newRun, type Reading, type RegisterRun, readOn } from '../../projections/register-run.ts'
import { fc } from '../seeded-check.ts'

const MINUTE = 60_000
const START = Date.parse('2026-11-22T10:00:00.000Z')
const live = (minute: number, register_Wh: number): Reading => ({
  register_Wh,
  at: START + minute * MINUTE,
  happenedAt: null,
  past: false,
})
const read = (readings: readonly Reading[], first: number | null = 1_000): RegisterRun =>
  readings.reduce(readOn, newRun(first, START))

test('a register that begins anew is counted on from there, and said to have been reset', () => {
  const run = read([live(1, 1_200), live(2, 1_400), live(3, 0), live(4, 150)])
  expect(run).toMatchObject({ metered_Wh: 550, resets: 1, leaps: 0, gaps: 0 })
})

test('what was read only after a long silence is a gap, and its energy is named', () => {
  const run = read([live(1, 1_200), live(30, 6_200), live(31, 6_300)])
  expect(run).toMatchObject({ metered_Wh: 5_300, gaps: 1, gap_Wh: 5_000, resets: 0 })
})

test('a leap that no charge point can give is left out, and the register goes on where it stood', () => {
  const run = read([live(1, 1_200), live(2, 9_000_000), live(3, 1_400)])
  expect(run).toMatchObject({ metered_Wh: 400, leaps: 1, resets: 0 })
})

test('rounding is no reset, and a reading that comes late says nothing twice', () => {
  const late: Reading = { register_Wh: 1_100, at: START + 5 * MINUTE, happenedAt: START + MINUTE / 2, past: true }
  const run = read([live(1, 1_200), live(2, 1_190), live(3, 1_300), late, live(4, 1_350)])
  expect(run).toMatchObject({ metered_Wh: 350, resets: 0 })
})

test('a sound register is metered whole, however often it is read', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 5_000 }), { minLength: 1, maxLength: 40 }), (steps) => {
      const at = (place: number): number => 1_000 + steps.slice(0, place + 1).reduce((sum, step) => sum + step, 0)
      const run = read(steps.map((_step, minute) => live(minute + 1, at(minute))))
      return run.metered_Wh === at(steps.length) - 1_000 && run.resets === 0 && run.leaps === 0
    }),
  )
})
