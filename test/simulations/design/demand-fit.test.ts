import { expect, test } from 'vitest'
import { wantedVisits } from '../../../simulations/design/demand.ts'
import { byKind, demandOf } from '../../../simulations/design/demand-figures.ts'
import { type FitWish, fitDemand, type PastSession } from '../../../simulations/design/demand-fit.ts'
import { fc } from '../../seeded-check.ts'

const WISH: FitWish = {
  firstDay: 0,
  lastDay: 27,
  keep: 'past',
  chargePoints: 4,
  visitsOf: 'site',
  name: 'own',
  source: 'own sessions',
  licence: 'the owner’s',
  from: '2026-01-05',
  to: '2026-02-01',
}

const session = fc.record({
  day: fc.nat(27),
  minute: fc.nat(1439),
  stay_min: fc.integer({ min: 1, max: 2000 }),
  energy_kWh: fc.option(fc.integer({ min: 0, max: 60 })),
  siteId: fc.constantFrom('a', 'b'),
})

test('a fit says how many came on each kind of day, whichever way it keeps them', () => {
  fc.assert(
    fc.property(fc.array(session, { minLength: 1, maxLength: 300 }), (sessions) => {
      for (const keep of ['past', 'figures'] as const) {
        const figures = fitDemand(sessions, { ...WISH, keep })
        const { weekday, saturday, sunday } = figures.visits
        expect(weekday * 20 + saturday * 4 + sunday * 4).toBeCloseTo(sessions.length, 2)
        expect(figures.dispersion).toBeGreaterThanOrEqual(1)
        expect(fitDemand([...sessions].reverse(), { ...WISH, keep })).toEqual(figures)
        // Whatever was fitted can be drawn.
        for (const visit of wantedVisits(demandOf(figures, { bays: 1 }), { seed: 1, replication: 0, days: 7 }))
          expect(visit.stayMs).toBeGreaterThan(0)
      }
    }),
    { numRuns: 50 },
  )
})

test('days without visits count: half the days make half the rate', () => {
  const every: readonly PastSession[] = [0, 1, 2, 3, 4].map((day) => ({
    day,
    minute: 480,
    stay_min: 60,
    energy_kWh: null,
    siteId: 'a',
  }))
  expect(fitDemand(every, { ...WISH, lastDay: 6 }).visits).toEqual({ weekday: 1, saturday: 0, sunday: 0 })
  expect(fitDemand(every, { ...WISH, lastDay: 13 }).visits).toEqual({ weekday: 0.5, saturday: 0, sunday: 0 })
  expect(fitDemand(every, { ...WISH, lastDay: 13, visitsOf: 'charge-point' }).visits.weekday).toBe(0.125)
})

test('good and bad days show as dispersion, and equal days as none', () => {
  const sessions = (counts: readonly number[]): readonly PastSession[] =>
    counts.flatMap((count, day) =>
      Array.from({ length: count }, () => ({ day, minute: 600, stay_min: 60, energy_kWh: null, siteId: 'a' })),
    )
  expect(fitDemand(sessions([5, 5, 5, 5, 5]), { ...WISH, lastDay: 4 }).dispersion).toBe(1)
  // Mean 6, variance (36 + 36 + 36 + 36) / 4.
  expect(fitDemand(sessions([0, 12, 0, 12, 6]), { ...WISH, lastDay: 4 }).dispersion).toBe(6)
})

test('a fit of drawn visits finds again what they were drawn from', () => {
  const truth = demandOf(
    {
      ...fitDemand([{ day: 0, minute: 0, stay_min: 1, energy_kWh: 1, siteId: 'a' }], WISH),
      visits: byKind(() => 200),
      comings: byKind(() => ({
        kind: 'rates',
        hours: Array.from({ length: 24 }, (_, hour) => (hour >= 8 && hour < 18 ? 0.1 : 0)),
        stay_min: { law: 'lognormal', mean: 120, cv: 0.8 },
      })),
      dispersion: 3,
    },
    { bays: 1 },
  )
  const sessions = [...wantedVisits(truth, { seed: 9, replication: 0, days: 350 })].map((visit) => ({
    day: Math.floor(visit.arriveMs / 86_400_000),
    minute: (visit.arriveMs % 86_400_000) / 60_000,
    stay_min: visit.stayMs / 60_000,
    energy_kWh: visit.energyWh / 1000,
    siteId: 'a',
  }))
  const found = fitDemand(sessions, { ...WISH, lastDay: 349, keep: 'figures' })
  expect(found.visits.weekday).toBeGreaterThan(195)
  expect(found.visits.weekday).toBeLessThan(205)
  expect(found.dispersion).toBeGreaterThan(2.4)
  expect(found.dispersion).toBeLessThan(3.6)
  const comings = found.comings.weekday
  if (comings.kind !== 'figures') throw new Error('Figures were asked for.')
  for (const hour of [8, 12, 17]) {
    expect(comings.hours[hour]).toBeCloseTo(0.1, 2)
    const parts = comings.stays_min[hour] ?? []
    expect(parts.reduce((sum, part) => sum + part, 0) / parts.length / 120).toBeCloseTo(1, 1)
  }
})
