import { expect, test } from 'vitest'
import { wallTime } from '../../../machines/opening-hours.ts'
import { demandFor } from '../../../simulations/design/demand-choice.ts'
import { runDesign } from '../../../simulations/design/design-run.ts'
import type { DesignScenario } from '../../../simulations/design/design-scenario.ts'
import { presentByHour } from '../../../simulations/design/present-by-hour.ts'
import { calendarOf, RunCalendar } from '../../../simulations/design/run-calendar.ts'
import { visitLines } from '../../../simulations/design/visit-lines.ts'
import { ratesScenario } from './rates-scenario.ts'

const HOUR = 3_600_000
const hours = (calendar: RunCalendar): number[] =>
  calendar.starts.slice(1).map((start, day) => (start - (calendar.starts[day] as number)) / HOUR)

test.each([
  ['Europe/Berlin', '2026-03-28', [24, 23, 24]],
  ['Europe/Berlin', '2026-10-24', [24, 25, 24]],
  ['America/Santiago', '2026-09-05', [24, 23, 24]],
  ['Australia/Lord_Howe', '2026-10-03', [24, 23.5, 24]],
  ['Asia/Kolkata', '2026-03-28', [24, 24, 24]],
  ['UTC', '2026-03-28', [24, 24, 24]],
])(
  'days in %s from %s are as long as its clocks make them, and begin when they show a new date',
  (zone, from, long) => {
    const calendar = new RunCalendar(zone, from, 3)
    expect(hours(calendar)).toEqual(long)
    for (const start of calendar.starts) {
      const [shown, before] = [wallTime(calendar.start + start, zone), wallTime(calendar.start + start - 1, zone)]
      expect(shown.date).not.toBe(before.date)
    }
  },
)

test('a moment by the clock is the moment at which the clocks show it, and the missing hour is the next one', () => {
  const zone = 'Europe/Berlin'
  const spring = new RunCalendar(zone, '2026-03-29', 1)
  for (const hour of [0, 1, 3, 4, 12, 23]) {
    const at = spring.at(0, hour * HOUR + 60_000)
    expect(wallTime(spring.start + at, zone).minute).toBe(hour * 60 + 1)
    expect(spring.hourAt(at)).toBeCloseTo(hour + 1 / 60, 6)
  }
  expect(wallTime(spring.start + spring.at(0, 2.5 * HOUR), zone).minute).toBe(3.5 * 60)
})

test('who comes in the hour that is there twice is spread over both', () => {
  const zone = 'Europe/Berlin'
  const autumn = new RunCalendar(zone, '2026-10-25', 1)
  for (const hour of [0, 1, 3, 4, 12, 23]) {
    const at = autumn.at(0, hour * HOUR + 60_000)
    expect(wallTime(autumn.start + at, zone).minute).toBe(hour * 60 + 1)
    expect(autumn.hourAt(at)).toBeCloseTo(hour + 1 / 60, 6)
  }
  const twice = [2.1, 2.4, 2.6, 2.9].map((hour) => autumn.at(0, hour * HOUR) / HOUR)
  expect(twice.map((hour) => Math.round(hour * 10) / 10)).toEqual([2.2, 2.8, 3.2, 3.8])
  for (const hour of twice) expect(Math.floor(autumn.hourAt(hour * HOUR))).toBe(2)
})

test('the day of a moment goes on counting after the last one', () => {
  const calendar = new RunCalendar('Europe/Berlin', '2026-03-28', 3)
  expect([0, 23.9, 24, 46.9, 47, 70.9, 71, 96].map((hour) => calendar.dayOf(hour * HOUR))).toEqual([
    0, 0, 1, 1, 2, 2, 3, 4,
  ])
})

/** Everybody comes between eight and nine, for half an hour. */
function eight(timezone: string, from: string): DesignScenario {
  const usual = ratesScenario()
  return ratesScenario({
    site: { ...usual.site, timezone, bays: 12 },
    run: { from, days: 14, warmup_days: 0, replications: 1, seed: 5 },
    demand: {
      ...usual.demand,
      stay_min: 30,
      stayLaw: 'fixed',
      hourShares: Array.from({ length: 24 }, (_, hour) => (hour === 8 ? 1 : 0)),
    },
  })
}
const runOf = (scenario: DesignScenario, engine: 'compiled' | 'xstate' = 'compiled') =>
  runDesign(scenario, demandFor(scenario, null), { replication: 0, engine }).ledger

test('over the change of clocks everybody still comes at eight by the site’s clocks', () => {
  const scenario = eight('Europe/Berlin', '2026-03-23')
  const calendar = calendarOf(scenario)
  const ledger = runOf(scenario)
  expect(ledger.rows.length).toBeGreaterThan(200)
  for (const { arrivedMs } of ledger.rows)
    expect(Math.floor(wallTime(calendar.start + arrivedMs, 'Europe/Berlin').minute / 60)).toBe(8)
  const present = presentByHour(ledger, calendar)
  expect(present.filter((mean) => mean > 0).length).toBe(2)
})

test('a run of days of 24 hours is the same by any clocks, and both engines give the same bytes over a change', () => {
  const winter = (zone: string): string => visitLines(0, runOf(eight(zone, '2026-01-05')))
  expect(winter('Europe/Berlin')).toBe(winter('UTC'))
  const change = eight('Europe/Berlin', '2026-10-19')
  expect(visitLines(0, runOf(change, 'xstate'))).toBe(visitLines(0, runOf(change)))
})

test('the week begins with the day that the run begins on', () => {
  expect(new RunCalendar('UTC', '2026-01-05', 1).firstWeekday).toBe(0)
  expect(new RunCalendar('Europe/Berlin', '2026-03-29', 1).firstWeekday).toBe(6)
})
