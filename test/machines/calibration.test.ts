import { describe, expect, test } from 'vitest'
import {
  calibratedChance,
  calibrationOf,
  foldCalibrations,
  LEAST_CASES,
  noCalibrations,
} from '../../machines/calibration.ts'
import type { FactRecord } from '../../machines/record.ts'
import { fc } from '../seeded-check.ts'

const record = (cause: object, decisions: readonly object[] = []): FactRecord =>
  ({ stream: 'bay-1', bayId: 'bay-1', cause, decisions }) as unknown as FactRecord
const news = (said: number | undefined, handle = 'v1', cameraId = 'cam-1') =>
  record({
    type: 'plate.agreed',
    cameraId,
    leader: handle,
    tally: [{ handle, ...(said === undefined ? {} : { said }) }],
  })
const answer = (more: object) => record({ type: 'review.answered', verdict: 'plate', handle: 'v1', ...more })
const ended = record({ type: 'zone.empty' }, [{ type: 'VisitEnded' }])

/** A camera whose plates at these figures were right or wrong, a person said. */
function judged(cases: readonly (readonly [said: number, right: boolean])[]) {
  const all = noCalibrations()
  for (const [said, right] of cases) {
    foldCalibrations(all, news(said))
    foldCalibrations(all, answer({ handle: right ? 'v1' : 'v2' }))
    foldCalibrations(all, ended)
  }
  return all
}
const chance = (all: ReturnType<typeof judged>, said: number) => calibratedChance(all, 'cam-1', said)

describe('what a camera’s own figure is worth', () => {
  test('nothing, until enough plates were looked at by people', () => {
    const cases = Array.from({ length: LEAST_CASES - 1 }, () => [0.9, true] as const)
    expect(chance(judged(cases), 0.9)).toBeNull()
    expect(chance(judged([...cases, [0.9, true]]), 0.9)?.cases).toBe(LEAST_CASES)
  })

  test('what people found: a camera that boasts is cut down, a modest one believed', () => {
    const boasts = judged(Array.from({ length: 100 }, (_, at) => [0.99, at % 4 !== 0] as const))
    expect(chance(boasts, 0.99)?.chance).toBeCloseTo(0.673, 3)
    const modest = judged(
      Array.from({ length: 100 }, (_, at) => [at % 2 ? 0.4 : 0.6, at % 2 === 0 || at % 20 !== 1] as const),
    )
    expect(chance(modest, 0.6)?.chance).toBeCloseTo(0.949, 3)
    expect(chance(modest, 0.4)?.chance).toBeCloseTo(0.808, 3)
  })

  test('five right of five among many that were wrong are no chance to act on; five times as many are', () => {
    const of = (right: number) =>
      chance(
        judged([
          ...Array.from({ length: 50 }, () => [0.5, false] as const),
          ...Array.from({ length: right }, () => [0.95, true] as const),
        ]),
        0.95,
      )?.chance
    expect(of(5)).toBeCloseTo(0.649, 3)
    expect(of(24)).toBeLessThan(0.9)
    expect(of(25)).toBeCloseTo(0.902, 3)
  })

  test('below every figure that was judged nothing is known, and nothing is promised', () => {
    const high = judged(Array.from({ length: 60 }, () => [0.95, true] as const))
    expect([0.1, 0.94].map((said) => chance(high, said)?.chance)).toEqual([0, 0])
    expect(chance(high, 0.95)?.chance).toBeCloseTo(0.957, 3)
  })

  test('figures that fall where they should rise are one: 20 of 30 at 0.8 and 10 of 30 at 0.9 are half of 60 at both', () => {
    const mixed = judged([
      ...Array.from({ length: 30 }, (_, at) => [0.8, at < 20] as const),
      ...Array.from({ length: 30 }, (_, at) => [0.9, at < 10] as const),
      ...Array.from({ length: 30 }, (_, at) => [0.95, at < 29] as const),
    ])
    expect(calibrationOf(mixed, 'cam-1').steps).toEqual([
      { from: 0.8, chance: expect.closeTo(0.396, 3) },
      { from: 0.95, chance: expect.closeTo(0.864, 3) },
    ])
  })

  test('few cases never make a certainty', () => {
    const one = judged([...Array.from({ length: 60 }, () => [0.5, false] as const), [0.9, true]])
    expect(chance(one, 0.9)?.chance).toBeLessThan(0.7)
  })

  test('it never falls as the figure rises, whatever was found and in whatever order', () => {
    const found = fc.tuple(
      fc.integer({ min: 0, max: 20 }).map((n) => n / 20),
      fc.boolean(),
    )
    fc.assert(
      fc.property(fc.array(found, { minLength: LEAST_CASES, maxLength: 120 }), (cases) => {
        const [all, other] = [judged(cases), judged(cases.toReversed())]
        const steps = Array.from({ length: 21 }, (_, at) => chance(all, at / 20)?.chance ?? -1)
        expect(steps).toEqual([...steps].sort((a, b) => a - b))
        expect(steps.every((step) => step >= 0 && step < 1)).toBe(true)
        expect(Array.from({ length: 21 }, (_, at) => chance(other, at / 20)?.chance)).toEqual(steps)
      }),
      { numRuns: 300 },
    )
  })
})

describe('what counts as a case', () => {
  const counted = (...records: readonly FactRecord[]) => {
    const all = noCalibrations()
    for (const one of records) foldCalibrations(all, one)
    return [...all.cameras].map(([cameraId, cases]) => [cameraId, cases.map(({ right }) => right)])
  }

  test('a person’s word on the visit, once, for every camera that read it', () => {
    expect(counted(news(0.9), news(0.8, 'v2', 'cam-2'), answer({}), answer({ handle: 'v2' }))).toEqual([
      ['cam-1', [true]],
      ['cam-2', [false]],
    ])
    expect(counted(news(0.9), record({ type: 'operator.commanded', command: 'correct-plate', handle: 'v2' }))).toEqual([
      ['cam-1', [false]],
    ])
    expect(counted(news(0.9), answer({ verdict: 'not-a-plate', handle: null }))).toEqual([['cam-1', [false]]])
  })

  test('a clear case that a person judged blindly, also after the visit; one that could not be read is none', () => {
    const site = (cause: object) => ({ ...record(cause), stream: 'audit', bayId: null }) as FactRecord
    const opened = site({ type: 'blind-review.opened', review: 'r-1', bayId: 'bay-1', cameraId: 'cam-1', handle: 'v1' })
    const closed = (result: string) => site({ type: 'blind-review.closed', review: 'r-1', cameraId: 'cam-1', result })
    expect(counted(news(0.9), opened, ended, closed('right'))).toEqual([['cam-1', [true]]])
    expect(counted(news(0.9), opened, ended, closed('wrong'), closed('wrong'))).toEqual([['cam-1', [false]]])
    expect(counted(news(0.9), opened, closed('unreadable'))).toEqual([])
  })

  test('nothing where nobody looked, where it could not be read, or where the figure is our own reader’s', () => {
    expect(counted(news(0.9), answer({ verdict: 'no-reviewer', handle: null }))).toEqual([])
    expect(counted(news(0.9), answer({ verdict: 'unreadable', handle: null }))).toEqual([])
    expect(counted(news(undefined), answer({}))).toEqual([])
    expect(counted(news(0.9), ended, answer({}))).toEqual([])
  })
})
