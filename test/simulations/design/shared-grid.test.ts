import { expect, test } from 'vitest'
import { type GridLoad, SharedGrid, type Sharing } from '../../../simulations/design/shared-grid.ts'
import { fc } from '../../seeded-check.ts'

const HOUR = 3_600_000
const V = 230
const load = (id: number, max_A: number, hoursAlone: number, phases: readonly number[] = [1]): GridLoad => ({
  id,
  phases,
  max_A,
  energyWh: max_A * hoursAlone * V * phases.length,
})
const grid = (limit_A: number | null, sharing: Sharing): SharedGrid =>
  new SharedGrid({ limit_A, sharing, voltage_V: V })

test('two who share half of what they want take twice as long, and the second goes on alone', () => {
  const site = grid(32, 'equal')
  site.plug(0, load(1, 32, 1))
  site.plug(0, load(2, 32, 2))
  expect(site.current_A(1)).toBe(16)
  expect(site.next()).toEqual({ atMs: 2 * HOUR, id: 1 })
  site.advance(2 * HOUR)
  expect(site.isFull(1)).toBe(true)
  expect(site.current_A(1)).toBe(0)
  expect(site.current_A(2)).toBe(32)
  expect(site.next()).toEqual({ atMs: 3 * HOUR, id: 2 })
  site.advance(10 * HOUR)
  expect(site.sums).toEqual({ peak_A: 32, limitedMs: 2 * HOUR, takenWh: 3 * 32 * V })
  expect(site.unplug(10 * HOUR, 2)).toBeCloseTo(2 * 32 * V, 6)
})

test('by turn, who came first takes all it can', () => {
  const site = grid(40, 'fifo')
  site.plug(0, load(1, 32, 1))
  site.plug(0, load(2, 32, 1))
  site.plug(0, load(3, 32, 1))
  expect([1, 2, 3].map((id) => site.current_A(id))).toEqual([32, 8, 0])
  site.advance(HOUR)
  expect([1, 2, 3].map((id) => site.current_A(id))).toEqual([0, 32, 8])
})

test('who cannot take its part leaves it to the others, and every phase has a limit of its own', () => {
  const site = grid(40, 'equal')
  site.plug(0, load(1, 6, 1))
  site.plug(0, load(2, 32, 1))
  site.plug(0, load(3, 32, 1, [2]))
  expect([1, 2, 3].map((id) => site.current_A(id))).toEqual([6, 32, 32])
  site.plug(0, load(4, 16, 1, [1, 2, 3]))
  // Phase 1: 6 for the first, and what is left of 40 in two; phase 2 then has room.
  expect(site.current_A(1)).toBe(6)
  expect(site.current_A(4)).toBe(16)
  expect(site.current_A(2)).toBeCloseTo(18, 9)
  expect(site.current_A(3)).toBeCloseTo(24, 9)
})

const anyLoad = fc.record({
  max_A: fc.integer({ min: 1, max: 63 }),
  hours: fc.double({ min: 0.01, max: 8, noNaN: true }),
  phases: fc.constantFrom([1], [2], [3], [1, 2, 3], [1, 2]),
  atMs: fc.nat(4 * HOUR),
  staysMs: fc.integer({ min: 1, max: 6 * HOUR }),
})

type Event = { readonly atMs: number; readonly does: () => void }

test('no phase ever carries more than the limit, nobody more than it can take or wants, and nothing is lost', () => {
  const sharing = fc.constantFrom<Sharing>('equal', 'fifo', 'none')
  fc.assert(
    fc.property(
      fc.array(anyLoad, { maxLength: 12 }),
      fc.integer({ min: 5, max: 200 }),
      sharing,
      (all, limit_A, how) => {
        const site = grid(limit_A, how)
        const there = new Map<number, GridLoad>()
        let got = 0
        const events: Event[] = all.flatMap(({ atMs, staysMs, hours, max_A, phases }, id) => {
          const come = (): void => {
            site.plug(atMs, load(id, max_A, hours, phases))
            there.set(id, load(id, max_A, hours, phases))
          }
          const go = (): void => {
            got += site.unplug(atMs + staysMs, id)
            there.delete(id)
          }
          return [
            { atMs, does: come },
            { atMs: atMs + staysMs, does: go },
          ]
        })
        for (const { atMs, does } of events.sort((a, b) => a.atMs - b.atMs)) {
          site.advance(atMs)
          does()
          const used = [0, 0, 0]
          for (const { id, phases, max_A, energyWh } of there.values()) {
            const current = site.current_A(id)
            expect(current).toBeLessThanOrEqual(max_A + 1e-9)
            expect(site.energyWh(id)).toBeLessThanOrEqual(energyWh + 1e-9)
            for (const phase of phases) used[phase - 1] = (used[phase - 1] ?? 0) + current
          }
          if (how !== 'none') expect(Math.max(...used)).toBeLessThanOrEqual(limit_A + 1e-6)
          expect(site.now_A).toBeCloseTo(Math.max(...used), 6)
          // Nothing is left lying: whoever gets less than it can take stands on a phase that is full.
          if (how !== 'none')
            for (const { id, phases, max_A } of there.values())
              if (!site.isFull(id) && site.current_A(id) < max_A - 1e-6)
                expect(Math.max(...phases.map((phase) => used[phase - 1] ?? 0))).toBeGreaterThan(limit_A - 1e-6)
        }
        expect(got).toBeCloseTo(site.sums.takenWh, 4)
      },
    ),
  )
})

test('it does not matter how often one looks', () => {
  fc.assert(
    fc.property(fc.array(anyLoad, { minLength: 1, maxLength: 6 }), fc.array(fc.nat(10 * HOUR)), (all, looks) => {
      const run = (at: readonly number[]): SharedGrid => {
        const site = grid(32, 'equal')
        for (const [id, { max_A, hours, phases }] of all.entries()) site.plug(0, load(id, max_A, hours, phases))
        for (const ms of [...at].sort((a, b) => a - b)) site.advance(ms)
        site.advance(10 * HOUR)
        return site
      }
      const [often, once] = [run(looks), run([])]
      for (const id of all.keys()) expect(often.energyWh(id)).toBeCloseTo(once.energyWh(id), 2)
      expect(Math.abs(often.sums.limitedMs - once.sums.limitedMs)).toBeLessThan(100)
    }),
    { numRuns: 50 },
  )
})

test('a full vehicle, a wish for nothing and an unknown one draw nothing', () => {
  const site = grid(null, 'none')
  site.plug(0, load(1, 16, 0))
  expect(site.next()).toBeNull()
  expect(site.isFull(1)).toBe(true)
  expect(site.unplug(5, 7)).toBe(0)
  expect(site.current_A(7)).toBe(0)
  site.advance(HOUR)
  expect(site.sums).toEqual({ peak_A: 0, limitedMs: 0, takenWh: 0 })
})
