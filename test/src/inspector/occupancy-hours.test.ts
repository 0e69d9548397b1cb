import { expect, test } from 'vitest'
import { hoursOf, shareOf } from '../../../src/inspector/page/occupancy-hours.ts'

const HOUR = 3_600_000
const noon = Date.parse('2026-11-23T12:00:00Z')
const row = (hour: string, charging_ms: number) => ({ hour, bayId: 'bay-1', detecting_ms: 0, charging_ms })

test('an hour that runs, in which berth began, is a share of the time that berth saw, not of the whole hour', () => {
  const begun = noon + 33 * 60_000
  const asked = { from: noon - 12 * HOUR, begun, to: begun + 67_000, zone: 'UTC', bays: 6 }
  const days = hoursOf([row('2026-11-23T12:00:00.000Z', 160_800)], asked)
  expect([...days.values()].map((hours) => [...hours.keys()])).toEqual([[12]])
  const hour = days.get([...days.keys()][0] ?? '')?.get(12)
  expect(hour).toMatchObject({ of: 6 * 67_000, isPart: true, goesOn: true })
  expect(hour && shareOf([hour])).toBeCloseTo(0.4)
})

test('an hour that is over is whole, and one that has just begun weighs little in the usual day', () => {
  const asked = { from: noon - 24 * HOUR, begun: noon - 100 * HOUR, to: noon + 60_000, zone: 'UTC', bays: 1 }
  const days = hoursOf([row('2026-11-22T12:00:00.000Z', HOUR / 2)], asked)
  const noons = [...days.values()].flatMap((hours) => hours.get(12) ?? [])
  expect(noons.map(({ of, isPart, goesOn }) => [of, isPart, goesOn])).toEqual([
    [HOUR, false, false],
    [60_000, false, true],
  ])
  expect(shareOf(noons)).toBeCloseTo(0.5, 1)
  expect(shareOf([])).toBe(null)
})
