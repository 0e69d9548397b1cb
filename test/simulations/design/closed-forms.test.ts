import { expect, test } from 'vitest'
import {
  circuitsLaw,
  erlangB,
  erlangC,
  gridLaw,
  meanOccupancy,
  offeredFromCarried,
  queueLaw,
} from '../../../simulations/design/closed-forms.ts'
import { fc } from '../../seeded-check.ts'

const load = fc.double({ min: 0.01, max: 60, noNaN: true })
const bays = fc.integer({ min: 1, max: 60 })

test.each([
  [1, 1, 0.5],
  [2, 1, 0.2],
  [4, 3, 0.20610687],
  [10, 5, 0.01838457],
  [1000, 950, 0.00364986],
])('Erlang B of %d bays under %d Erlang is %d', (n, offered, wanted) => {
  expect(erlangB(n, offered)).toBeCloseTo(wanted, 5)
})

test('Erlang C of one and two bays is what one can work out by hand', () => {
  expect(erlangC(1, 0.5, 2)).toMatchObject({ waits: 0.5, mean: 2 })
  expect(erlangC(2, 1, 3)?.waits).toBeCloseTo(1 / 3, 12)
  expect(erlangC(2, 1, 3)?.mean).toBeCloseTo(1, 12)
  expect(erlangC(2, 1, 3)?.p95).toBeCloseTo(3 * Math.log(1 / 3 / 0.05), 12)
  expect(erlangC(2, 2, 3)).toBeNull()
})

test('one bay more never turns more away, and more load never fewer', () => {
  fc.assert(
    fc.property(bays, load, (n, offered) => {
      expect(erlangB(n + 1, offered)).toBeLessThanOrEqual(erlangB(n, offered))
      expect(erlangB(n, offered * 1.1)).toBeGreaterThanOrEqual(erlangB(n, offered))
    }),
  )
})

test('the load offered is found again from the load carried', () => {
  fc.assert(
    fc.property(bays, fc.double({ min: 0.01, max: 2, noNaN: true }), (n, each) => {
      const offered = n * each
      const carried = offered * (1 - erlangB(n, offered))
      expect(offeredFromCarried(n, carried) / offered).toBeCloseTo(1, 5)
    }),
  )
  expect(offeredFromCarried(2, 0)).toBe(0)
  expect(offeredFromCarried(2, 2)).toBe(Number.POSITIVE_INFINITY)
})

test('a queue without places is Erlang B, and one with very many is Erlang C', () => {
  fc.assert(
    fc.property(bays, load, (n, offered) => {
      const none = queueLaw(n, 0, offered)
      expect(none.blocked).toBeCloseTo(erlangB(n, offered), 10)
      expect(none.waiting).toBe(0)
      expect(none.inBays).toBeCloseTo(offered * (1 - none.blocked), 8)
    }),
  )
  const endless = queueLaw(5, 2000, 4)
  expect(endless.blocked).toBeLessThan(1e-12)
  expect(endless.waits).toBeCloseTo(erlangC(5, 4, 1)?.waits ?? 0, 10)
  // Little: vehicles that wait = arrivals × mean wait.
  expect(endless.waiting).toBeCloseTo(4 * (erlangC(5, 4, 1)?.mean ?? 0), 8)
})

test('a limit that binds nobody is Erlang B, and Little’s law holds under any', () => {
  const share = fc.double({ min: 0.05, max: 1, noNaN: true })
  fc.assert(
    fc.property(bays, load, share, (n, offered, part) => {
      const free = gridLaw(n, n, offered, 1)
      expect(free.blocked).toBeCloseTo(erlangB(n, offered), 10)
      expect(free.timeToFull).toBeCloseTo(1, 8)
      expect(free.atLimit).toBe(0)
      const tight = gridLaw(n, n * part, offered, 1)
      expect(tight.blocked).toBeGreaterThanOrEqual(free.blocked - 1e-12)
      expect(tight.timeToFull).toBeGreaterThanOrEqual(1 - 1e-9)
      // What goes in comes out: accepted vehicles × their energy = the mean power drawn.
      expect(tight.drawn / (offered * (1 - tight.blocked))).toBeCloseTo(1, 6)
    }),
  )
  expect(gridLaw(3, 2, 0, 1.5)).toMatchObject({ blocked: 0, charging: 0, timeToFull: 1.5 })
})

test('one at a time under a limit is a shared line (M/M/1/c)', () => {
  // Weights 1, a, a²: worked by hand for a = 0.5.
  const law = gridLaw(2, 1, 0.5, 1)
  expect(law.blocked).toBeCloseTo(0.25 / 1.75, 12)
  expect(law.atLimit).toBeCloseTo(0.25 / 1.75, 12)
  expect(law.charging).toBeCloseTo(1 / 1.75, 12)
})

test('a huge load overflows nothing', () => {
  for (const offered of [1e3, 1e6]) {
    expect(erlangB(800, offered)).toBeGreaterThan(0)
    expect(gridLaw(800, 2.5, offered, 1).blocked).toBeLessThan(1)
    expect(queueLaw(800, 50, offered).inBays).toBeCloseTo(800, 0)
  }
})

test('occupancy under a sine of arrivals is the textbook’s integral', () => {
  // Stays of D = 3 h, arrivals 10 + 6 sin(2πt/24): the integral over the last three hours.
  const arrivals = (t: number): number => 10 + 6 * Math.sin((2 * Math.PI * t) / 24)
  const stays = (age: number): number => (age < 3 ? 1 : 0)
  const w = (2 * Math.PI) / 24
  for (const at of [0, 6, 12, 18]) {
    const exact = 30 + (6 / w) * (Math.cos(w * (at - 3)) - Math.cos(w * at))
    expect(meanOccupancy(at, arrivals, stays, 3, 0.01)).toBeCloseTo(exact, 4)
  }
})

test('one circuit is the shared grid, and circuits that nothing limits are Erlang B', () => {
  fc.assert(
    fc.property(bays, load, fc.double({ min: 0.2, max: 20, noNaN: true }), (n, offered, atOnce) => {
      const [one, same] = [circuitsLaw(n, 1, atOnce, 90).law(offered / 90), gridLaw(n, atOnce, offered / 90, 90)]
      for (const key of ['blocked', 'charging', 'atLimit', 'drawn'] as const) expect(one[key]).toBeCloseTo(same[key], 8)
      expect(one.timeToFull / same.timeToFull).toBeCloseTo(1, 8)
      const free = circuitsLaw(n, Math.min(n, 3), n, 90).law(offered / 90)
      expect(free.blocked).toBeCloseTo(erlangB(n, offered), 8)
      expect(free.atLimit).toBeCloseTo(0, 10)
    }),
    { numRuns: 40 },
  )
  expect(circuitsLaw(3, 3, 0.5, 90).law(0)).toMatchObject({ blocked: 0, charging: 0, timeToFull: 90 })
  expect(circuitsLaw(200, 3, 1.2, 90).law(5).blocked).toBeLessThan(1)
})

test('three circuits of five bays are what their balance of comings and goings says, state by state', () => {
  const [own, atOnce, full, arrivals] = [[2, 2, 1], 0.8, 2, 1.3] as const
  const states: number[][] = []
  for (let a = 0; a <= 2; a++) for (let b = 0; b <= 2; b++) for (let c = 0; c <= 1; c++) states.push([a, b, c])
  const share = new Map(states.map((state) => [state.join(), 1 / states.length]))
  const total = (state: readonly number[]): number => state.reduce((sum, n) => sum + n, 0)
  // Small steps of time until nothing moves any more.
  for (let step = 0; step < 20_000; step++) {
    const flow = new Map<string, number>()
    const add = (state: readonly number[], amount: number): void => {
      flow.set(state.join(), (flow.get(state.join()) ?? 0) + amount)
    }
    for (const state of states)
      for (const [at, bays] of own.entries()) {
        const here = share.get(state.join()) ?? 0
        const n = state[at] ?? 0
        if (n < bays) {
          const coming = (here * arrivals * (bays - n)) / (5 - total(state))
          add(state, -coming)
          add(state.with(at, n + 1), coming)
        }
        if (n > 0) {
          const going = (here * Math.min(n, atOnce)) / full
          add(state, -going)
          add(state.with(at, n - 1), going)
        }
      }
    for (const [state, amount] of flow) share.set(state, (share.get(state) ?? 0) + 0.02 * amount)
  }
  const mean = (of: (state: readonly number[]) => number): number =>
    states.reduce((sum, state) => sum + (share.get(state.join()) ?? 0) * of(state), 0)
  const law = circuitsLaw(5, 3, atOnce, full).law(arrivals)
  expect(law.blocked).toBeCloseTo(
    mean((state) => (total(state) === 5 ? 1 : 0)),
    6,
  )
  expect(law.charging).toBeCloseTo(mean(total), 6)
  expect(law.atLimit).toBeCloseTo(
    mean((state) => (state.some((n) => n > atOnce) ? 1 : 0)),
    6,
  )
  expect(law.drawn).toBeCloseTo(
    mean((state) => state.reduce((sum, n) => sum + Math.min(n, atOnce), 0)),
    6,
  )
  expect(law.timeToFull).toBeCloseTo(law.charging / (arrivals * (1 - law.blocked)), 9)
})
