import { describe, expect, test } from 'vitest'
import {
  type MeterState,
  meterFeed,
  type TakenSample,
  type ThinnedValues,
  thin,
  UNMETERED,
} from '../../actors/meter-feed.ts'
import { DEFAULT_POLICY } from '../../machines/events.ts'
import { fc } from '../seeded-check.ts'

const T0 = Date.parse('2026-11-22T10:00:00Z')
const sample = (more: Partial<TakenSample> = {}): TakenSample => ({
  happenedAt: null,
  when: 'live',
  current_A: 6,
  power_W: 1_380,
  register_Wh: 1_000,
  verdict: 'valid',
  transactionId: '17',
  ...more,
})

/** What is told of samples that come every `step` seconds. */
function told(samples: readonly TakenSample[], step = 10): (ThinnedValues | null)[] {
  let state: MeterState = UNMETERED
  return samples.map((one, number) => {
    const next = thin(state, one, T0 + number * step * 1_000, DEFAULT_POLICY)
    state = next.state
    return next.observation
  })
}
const indexes = (list: readonly (ThinnedValues | null)[]): number[] =>
  list.flatMap((one, number) => (one ? [number] : []))

describe('meter values of a connector', () => {
  test('the first sample, the start and the stop of flow are told at once', () => {
    const currents = [0, 0, 0.15, 0.2, 6, 6, 0.15, 0.1, 0]
    expect(indexes(told(currents.map((current_A) => sample({ current_A }))))).toEqual([0, 3, 7])
  })

  test('E23: noise between off and on never looks like flow', () => {
    const noise = Array.from({ length: 6 }, (_, number) => sample({ current_A: number % 2 ? 0.019 : 0.15 }))
    expect(indexes(told(noise))).toEqual([0])
  })

  test('a steady charge is told once a minute with its maximum, its newest register and the count of what was not told', () => {
    const steady = Array.from({ length: 13 }, (_, number) =>
      sample({ current_A: number === 3 ? 9 : 6, register_Wh: 1_000 + number * 40 }),
    )
    const list = told(steady)
    expect(indexes(list)).toEqual([0, 6, 12])
    expect(list[6]).toMatchObject({ max_A: 9, current_A: 6, register_Wh: 1_240, thinned: 5 })
    expect(list[12]).toMatchObject({ max_A: 6, thinned: 5 })
  })

  test('thinning never lets a drawing connector go stale', () => {
    for (const step of [5, 10, 15, 20, 30, 40, 45, 60, 80]) {
      const at = indexes(
        told(
          Array.from({ length: 200 }, () => sample()),
          step,
        ),
      ).map((number) => number * step)
      const gaps = at.slice(1).map((second, number) => second - (at[number] ?? 0))
      expect(Math.max(...gaps), `every ${step} s`).toBeLessThan(DEFAULT_POLICY.lock.stale_s)
      expect(Math.min(...gaps), `every ${step} s`).toBeGreaterThanOrEqual(Math.min(40, DEFAULT_POLICY.lock.stale_s))
    }
  })

  test('another transaction and another verdict are told at once', () => {
    expect(
      indexes(
        told([
          sample(),
          sample(),
          sample({ transactionId: '18' }),
          sample({ transactionId: '18', verdict: 'unusable', current_A: null }),
        ]),
      ),
    ).toEqual([0, 2, 3])
  })

  test('a sample of a begin or an end is always told', () => {
    expect(indexes(told([sample(), sample({ edge: true }), sample(), sample({ edge: true })]))).toEqual([0, 1, 3])
  })

  test('without current, power above 150 W is flow and less is none', () => {
    const [weak, strong] = told([
      sample({ current_A: null, power_W: 120 }),
      sample({ current_A: null, power_W: 2_300 }),
    ])
    expect(weak).toMatchObject({ current_A: 0, power_W: 120, verdict: 'repaired' })
    expect(strong).toMatchObject({ current_A: 10, power_W: 2_300, verdict: 'repaired' })
  })

  test('with the register alone its slope is flow', () => {
    const charging = Array.from({ length: 13 }, (_, number) =>
      sample({ current_A: null, power_W: null, register_Wh: 1_000 + number * 20 }),
    )
    const list = told(charging)
    expect(list[0]).toMatchObject({ current_A: null, verdict: 'valid' })
    expect(list[6]).toMatchObject({ current_A: 31.3, verdict: 'repaired', register_Wh: 1_120 })
    const idle = told(charging.map((one) => ({ ...one, register_Wh: 1_000 })))
    expect(idle.filter((one) => (one?.current_A ?? 0) > 0)).toEqual([])
  })

  test('the signal that the profile trusts is the flow, and the sent current is kept beside it', () => {
    const said = { current_A: 0, power_W: 2_300, register_Wh: 1_000 }
    const by = (trusts: 'current' | 'power' | 'register' | 'status', passed: number, state = UNMETERED) =>
      thin(state, sample({ ...said, register_Wh: 1_000 + passed }), T0 + passed * 1_000, DEFAULT_POLICY, trusts)
    expect(by('current', 0).observation).toMatchObject({ current_A: 0, verdict: 'valid' })
    expect(by('status', 0).observation).toMatchObject({ current_A: 0 })
    expect(by('power', 0).observation).toMatchObject({ current_A: 10, sent_A: 0, verdict: 'repaired' })
    const first = by('register', 0)
    expect(first.observation).toMatchObject({ current_A: null, sent_A: 0 })
    expect(by('register', 60, first.state).observation).toMatchObject({ current_A: 15.65, sent_A: 0 })
  })

  test('a register that jumps back is a new start, not a flow', () => {
    const list = told(
      [9_000, 9_000, 9_000, 9_000, 9_000, 9_000, 10, 10].map((register_Wh) =>
        sample({ current_A: null, power_W: null, register_Wh }),
      ),
    )
    expect(list.filter((one) => (one?.current_A ?? 0) !== 0)).toEqual([])
  })

  test('the register is told although the device sends it in turns with the current', () => {
    const turns = Array.from({ length: 14 }, (_, number) =>
      number % 2
        ? sample({ current_A: null, power_W: null, register_Wh: 1_000 + number })
        : sample({ register_Wh: null }),
    )
    const list = told(turns)
    expect(indexes(list)).toEqual([0, 6, 12])
    expect(list[6]).toMatchObject({ register_Wh: 1_005, current_A: 6, verdict: 'valid' })
  })

  test('E22: past samples never look like flow and are thinned by their own time', () => {
    const past = Array.from({ length: 60 }, (_, number) =>
      sample({ when: 'past', current_A: 16, happenedAt: T0 - 3_600_000 + number * 10_000 }),
    )
    const list = told([sample({ current_A: 0 }), ...past, sample({ current_A: 0 })], 0)
    expect(indexes(list)).toHaveLength(1 + 10)
    expect(list.slice(1).every((one) => one === null || one.when === 'past')).toBe(true)
  })

  test('whatever comes: no edge is missed, nothing is counted twice', () => {
    const currents = fc.array(fc.oneof(fc.constant(0), fc.double({ min: 0, max: 32, noNaN: true })), {
      minLength: 1,
      maxLength: 200,
    })
    fc.assert(
      fc.property(currents, fc.integer({ min: 1, max: 120 }), (list, step) => {
        const all = told(
          list.map((current_A) => sample({ current_A })),
          step,
        )
        let drawing = false
        list.forEach((current_A, number) => {
          const now = drawing ? current_A > 0.1 : current_A >= 0.2
          if (now !== drawing) expect(all[number]?.current_A).toBe(current_A)
          drawing = now
        })
        const counted = all.reduce((sum, one) => sum + (one ? one.thinned + 1 : 0), 0)
        expect(counted).toBeLessThanOrEqual(list.length)
        expect(counted).toBeGreaterThan(list.length - 90)
      }),
    )
  })
})

describe('the meter feed', () => {
  test('connectors do not disturb each other, and what failed is told again', () => {
    let now = T0
    let names = 0
    const feed = meterFeed({
      clock: { now: () => now, after: () => () => {} },
      ids: { next: (kind) => `${kind}-${++names}` },
      policy: () => DEFAULT_POLICY,
    })
    expect(feed.take('CP-1/1', sample())).toMatchObject({
      type: 'meter.values',
      connector: 'CP-1/1',
      source: 'CP-1/1',
      id: 'observation-1',
    })
    expect(feed.take('CP-1/2', sample())).not.toBeNull()
    now += 10_000
    expect(feed.take('CP-1/1', sample())).toBeNull()
    feed.failed('CP-1/1')
    expect(feed.take('CP-1/1', sample())).not.toBeNull()
    expect(feed.counters()).toEqual({ taken: 4, told: 3 })
    feed.doubted('CP-1/2')
    expect(feed.take('CP-1/2', sample())).not.toBeNull()
    expect(feed.take('CP-1/2', sample())).toBeNull()
  })
})
