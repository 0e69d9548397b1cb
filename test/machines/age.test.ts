import { describe, expect, test } from 'vitest'
import {
  ageOf,
  type CameraClock,
  type CameraHabit,
  hearClock,
  hearHabit,
  isSilent,
  type MessageSort,
  UNKNOWN_CLOCK,
} from '../../machines/age.ts'

const T0 = Date.parse('2026-11-22T10:00:00Z')
const HOUR = 3_600_000
const FRESH = 15_000

type Heard = { readonly at: number; readonly capturedAt: number | null; readonly retained?: boolean }
const hear = (messages: readonly Heard[], clock: CameraClock = UNKNOWN_CLOCK): CameraClock =>
  messages.reduce((known, one) => hearClock(known, one.at, one.capturedAt, one.retained), clock)

/** `count` messages every `step` ms from `from`; the device clock is `behind` ms behind arrival. */
const steady = (from: number, count: number, step: number, behind: number): Heard[] =>
  Array.from({ length: count }, (_, number) => ({
    at: from + number * step,
    capturedAt: from + number * step - behind,
  }))

describe('the age of a read', () => {
  test('until the clock is learnt, a small difference is no age and a large one is evidence only', () => {
    expect(ageOf(UNKNOWN_CLOCK, T0, T0 - 14_000, FRESH)).toEqual({ age_ms: 0, fresh: true })
    expect(ageOf(UNKNOWN_CLOCK, T0, T0 - 16_000, FRESH)).toEqual({ age_ms: 16_000, fresh: false })
    expect(ageOf(UNKNOWN_CLOCK, T0, T0 + 3 * HOUR, FRESH).fresh).toBe(false)
  })

  test('E13: a camera three hours off works once five messages over ten seconds agree', () => {
    for (const behind of [3 * HOUR, -3 * HOUR]) {
      const four = hear(steady(T0, 4, 2_500, behind))
      expect(ageOf(four, T0 + 8_000, T0 + 8_000 - behind, FRESH).fresh).toBe(false)
      const five = hear(steady(T0, 5, 2_500, behind))
      expect(five.offset).toBe(behind)
      expect(ageOf(five, T0 + 11_000, T0 + 10_000 - behind, FRESH)).toEqual({ age_ms: 1_000, fresh: true })
      expect(ageOf(five, T0 + 60_000, T0 + 30_000 - behind, FRESH)).toEqual({ age_ms: 30_000, fresh: false })
    }
  })

  test('a fast camera learns after ten seconds, not after five frames', () => {
    expect(hear(steady(T0, 40, 200, HOUR)).offset).toBeNull()
    expect(hear(steady(T0, 60, 200, HOUR)).offset).toBe(HOUR)
  })

  test('a camera that sends one message per vehicle learns from five vehicles', () => {
    expect(hear(steady(T0, 5, 400_000, HOUR)).offset).toBe(HOUR)
  })

  test('messages that disagree by more than two seconds teach nothing', () => {
    const wild = steady(T0, 40, 1_000, HOUR).map((one, number) => ({
      ...one,
      capturedAt: (one.capturedAt ?? 0) - (number % 3) * 1_500,
    }))
    expect(hear(wild).offset).toBeNull()
  })

  test('E14: retained copies never teach and are never fresh', () => {
    expect(hear(steady(T0, 20, 1_000, 60_000).map((one) => ({ ...one, retained: true })))).toEqual(UNKNOWN_CLOCK)
    expect(ageOf(UNKNOWN_CLOCK, T0, T0, FRESH, true).fresh).toBe(false)
    expect(ageOf(UNKNOWN_CLOCK, T0, null, FRESH, true).fresh).toBe(false)
    expect(ageOf(UNKNOWN_CLOCK, T0, null, FRESH)).toEqual({ age_ms: 0, fresh: true })
  })

  test('E14: a backlog sent in a burst after a gap stays old and does not move the clock', () => {
    const known = hear(steady(T0, 20, 1_000, 500))
    const gap = T0 + 20_000 + 600_000
    const burst = Array.from({ length: 600 }, (_, number) => ({
      at: gap + number * 20,
      capturedAt: T0 + 20_000 + number * 1_000 - 500,
    }))
    let clock = known
    for (const one of burst) {
      clock = hearClock(clock, one.at, one.capturedAt)
      if (gap - one.capturedAt > 60_000) expect(ageOf(clock, one.at, one.capturedAt, FRESH).fresh).toBe(false)
    }
    expect(clock.offset).toBe(500)
    expect(ageOf(clock, gap + 13_000, gap + 12_000, FRESH).fresh).toBe(true)
  })

  test('E14: a queue that stays a minute behind after an outage is not taken for the clock', () => {
    const known = hear(steady(T0, 20, 1_000, 500))
    const behind = hear(steady(T0 + 80_000, 300, 1_000, 60_500), known)
    expect(behind.offset).toBe(500)
    expect(ageOf(behind, T0 + 400_000, T0 + 340_000, FRESH).fresh).toBe(false)
  })

  test('a clock that is set while the camera sends is learnt anew within fifteen seconds', () => {
    const known = hear(steady(T0, 20, 1_000, 0))
    const winter = hear(steady(T0 + 20_000, 16, 1_000, HOUR), known)
    expect(winter.offset).toBe(HOUR)
    const summer = hear(steady(T0 + 40_000, 16, 1_000, 0), winter)
    expect(summer.offset).toBe(0)
  })

  test('a lag that grows little by little is not followed', () => {
    let clock = hear(steady(T0, 20, 1_000, 0))
    for (let second = 20; second < 620; second += 1)
      clock = hearClock(clock, T0 + second * 1_000, T0 + second * 1_000 - (second - 20) * 100)
    expect(clock.offset ?? Number.NaN).toBeLessThan(3_000)
    expect(ageOf(clock, T0 + 620_000, T0 + 560_000, FRESH).fresh).toBe(false)
  })
})

describe('a learnt clock', () => {
  test('E14: an outage after which the camera stays hours behind is believed only after ten minutes', () => {
    const known = hear(steady(T0, 20, 1_000, 0))
    const later = T0 + 20_000 + 2 * HOUR
    const nine = hear(steady(later, 540, 1_000, HOUR), known)
    expect(nine.offset).toBe(0)
    expect(hear(steady(later + 540_000, 100, 1_000, HOUR), nine).offset).toBe(HOUR)
  })

  test('a late message or two among punctual ones changes nothing', () => {
    const known = hear(steady(T0, 20, 1_000, 0))
    const late = hear([...steady(T0 + 25_000, 2, 100, 4_000), ...steady(T0 + 26_000, 20, 1_000, 100)], known)
    expect(late.offset ?? Number.NaN).toBeLessThanOrEqual(100)
    expect(late.doubtful).toBe(false)
  })
})

describe('a camera’s habit', () => {
  const habit = (...arrivals: number[]): CameraHabit =>
    arrivals.reduce<CameraHabit | null>((known, at) => hearHabit(known, at), null) ?? { lastAt: 0, gaps: [] }

  test('silence up to thirty seconds is never a loss', () => {
    expect(isSilent(habit(T0, T0 + 200, T0 + 400), T0 + 30_400)).toBe(false)
    expect(isSilent(habit(T0, T0 + 200, T0 + 400), T0 + 30_401)).toBe(true)
  })

  test('a camera with pauses is waited for five times as long as the longest of them, once there were two', () => {
    const patient = habit(T0, T0 + 600_000, T0 + 600_100, T0 + 1_200_000, T0 + 1_200_100)
    expect(isSilent(patient, T0 + 1_200_100 + 2_900_000)).toBe(false)
    expect(isSilent(patient, T0 + 1_200_100 + 3_100_000)).toBe(true)
  })

  test('one outage does not hide the next', () => {
    const back = T0 + 600_000
    expect(isSilent(habit(T0, T0 + 1_000, T0 + 2_000, back, back + 1_000), back + 32_000)).toBe(true)
  })

  const sorted = (sort: MessageSort, ...arrivals: number[]): CameraHabit =>
    arrivals.reduce<CameraHabit | null>((known, at) => hearHabit(known, at, sort), null) ?? { lastAt: 0, gaps: [] }

  test('the silence of a camera that tells of vehicles only says nothing, until a week without one', () => {
    expect(isSilent({ lastAt: T0, gaps: [], told: 'vehicles' }, T0 + 365 * 24 * HOUR)).toBe(false)
    const cars = sorted('vehicle', T0, T0 + 500, T0 + 1_000, T0 + 1_500, T0 + HOUR, T0 + 2 * HOUR)
    expect(isSilent(cars, T0 + 100 * HOUR)).toBe(false)
    expect(isSilent(cars, T0 + 171 * HOUR)).toBe(true)
  })

  test('its heartbeat makes the silence visible, with cars between and without', () => {
    const beats = sorted('beat', T0, T0 + 10_000, T0 + 20_000, T0 + 30_000)
    expect(isSilent(sorted('beat', T0, T0 + 10_000, T0 + 20_000), T0 + HOUR)).toBe(false)
    expect(isSilent(beats, T0 + 80_000)).toBe(false)
    expect(isSilent(beats, T0 + 80_001)).toBe(true)
    expect(isSilent(hearHabit(beats, T0 + 31_000, 'vehicle'), T0 + 81_001)).toBe(true)
  })

  test('who sends frames beside its events is as silent as one that sends frames', () => {
    const both = hearHabit(hearHabit(hearHabit(null, T0, 'vehicle'), T0 + 1_000, 'frame'), T0 + 2_000, 'vehicle')
    expect(isSilent(both, T0 + 33_000)).toBe(true)
  })
})
