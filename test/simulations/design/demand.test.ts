import { expect, test } from 'vitest'
import { ChanceStreams } from '../../../simulations/design/chance-streams.ts'
import {
  type Demand,
  dayKind,
  drawPart,
  drawSpread,
  type Spread,
  wantedVisits,
} from '../../../simulations/design/demand.ts'
import { byKind, demandOf, readFigures } from '../../../simulations/design/demand-figures.ts'
import { FITTED_DEMAND } from '../../../simulations/design/fitted-demand.ts'
import { fc } from '../../seeded-check.ts'

const hamburg = FITTED_DEMAND.get('hamburg-public')
const workplace = FITTED_DEMAND.get('us-workplace')
if (!hamburg || !workplace) throw new Error('The shipped figures are gone.')

const DAY = 86_400_000
const span = fc.record({ seed: fc.nat(), replication: fc.nat(50), days: fc.integer({ min: 1, max: 21 }) })

test('visits come in order, within the days asked for, and are the same for the same seed', () => {
  fc.assert(
    fc.property(span, fc.constantFrom(hamburg, workplace), fc.integer({ min: 1, max: 20 }), (run, figures, bays) => {
      const demand = demandOf(figures, { bays })
      const visits = [...wantedVisits(demand, run)]
      expect([...wantedVisits(demand, run)]).toEqual(visits)
      let before = 0
      for (const [at, visit] of visits.entries()) {
        expect(visit.index).toBe(at)
        expect(visit.arriveMs).toBeGreaterThanOrEqual(before)
        before = visit.arriveMs
        expect(visit.arriveMs).toBeLessThan(run.days * DAY)
        expect(Number.isSafeInteger(visit.stayMs) && visit.stayMs > 0).toBe(true)
        expect(visit.energyWh).toBeGreaterThanOrEqual(0)
        expect(visit.energyWh).toBeLessThanOrEqual((visit.vehicleMax_W * visit.stayMs) / 3_600_000 + 1e-9)
      }
    }),
    { numRuns: 30 },
  )
})

test('more demand adds vehicles to those that came anyway', () => {
  const key = ({ arriveMs, stayMs, energyWh }: { arriveMs: number; stayMs: number; energyWh: number }): string =>
    `${arriveMs} ${stayMs} ${energyWh}`
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 1, max: 12 }), (seed, bays) => {
      const run = { seed, replication: 0, days: 14 }
      const few = [...wantedVisits(demandOf(hamburg, { bays, dispersion: 1 }), run)].map(key)
      const many = new Set([...wantedVisits(demandOf(hamburg, { bays, dispersion: 1, scale: 1.5 }), run)].map(key))
      expect(few.filter((visit) => !many.has(visit))).toEqual([])
    }),
    { numRuns: 20 },
  )
})

test('as many come as the figures say, on each kind of day and in each hour, and stay as long', () => {
  const demand = demandOf(hamburg, { bays: 40 })
  const weeks = 40
  const visits = [...wantedVisits(demand, { seed: 5, replication: 1, days: 7 * weeks })]
  const days = { weekday: 5 * weeks, saturday: weeks, sunday: weeks }
  for (const kind of ['weekday', 'saturday', 'sunday'] as const) {
    const own = visits.filter(({ arriveMs }) => dayKind(Math.floor(arriveMs / DAY)) === kind)
    const wanted = demand.visits[kind] * days[kind]
    expect(Math.abs(own.length - wanted)).toBeLessThan(4 * Math.sqrt(wanted))
    const comings = demand.comings[kind]
    if (comings.kind !== 'figures') throw new Error('The shipped figures are figures.')
    for (const hour of [8, 17]) {
      const ofHour = own.filter(({ arriveMs }) => Math.floor((arriveMs % DAY) / 3_600_000) === hour)
      expect(Math.abs(ofHour.length - wanted * (comings.hours[hour] ?? 0))).toBeLessThan(4 * Math.sqrt(wanted))
      const parts = comings.stays_min[hour] ?? []
      const mean = parts.reduce((sum, part) => sum + part, 0) / parts.length
      const seen = ofHour.reduce((sum, { stayMs }) => sum + stayMs / 60_000, 0) / ofHour.length
      const spread = Math.sqrt(parts.reduce((sum, part) => sum + (part - mean) ** 2, 0) / parts.length)
      expect(Math.abs(seen - mean)).toBeLessThan((4 * spread) / Math.sqrt(ofHour.length))
    }
  }
})

test('draws from equal parts keep their mean and their order', () => {
  const parts = fc.array(fc.double({ min: 0, max: 1e4, noNaN: true }), { minLength: 1, maxLength: 30 })
  fc.assert(
    fc.property(parts, (unsorted) => {
      const sorted = unsorted.sort((a, b) => a - b)
      const places = Array.from({ length: sorted.length * 50 }, (_, i) => (i + 0.5) / (sorted.length * 50))
      const drawn = places.map((place) => drawPart(sorted, place))
      const mean = (list: readonly number[]): number => list.reduce((sum, one) => sum + one, 0) / list.length
      expect(mean(drawn)).toBeCloseTo(mean(sorted), 6)
      expect(drawn.every((one, i) => one >= -1e-9 && (i === 0 || one >= (drawn[i - 1] as number) - 1e-9))).toBe(true)
    }),
  )
})

test.each<[Spread, number]>([
  [{ law: 'fixed', mean: 3 }, 0],
  [{ law: 'exponential', mean: 3 }, 1],
  [{ law: 'lognormal', mean: 3, cv: 1.5 }, 1.5],
  [{ law: 'gamma', mean: 3, cv: 0.5 }, 0.5],
  [{ law: 'hyperexponential', mean: 3, cv: 2 }, 2],
])('a spread $law has its mean and its cv', (spread, cv) => {
  const streams = new ChanceStreams(1, 2)
  const many = 60_000
  const values = Array.from({ length: many }, (_, i) => drawSpread(spread, streams.of('stay', i)))
  const mean = values.reduce((sum, one) => sum + one, 0) / many
  const sd = Math.sqrt(values.reduce((sum, one) => sum + (one - mean) ** 2, 0) / many)
  expect(Math.abs(mean - 3)).toBeLessThanOrEqual((4 * 3 * cv) / Math.sqrt(many) + 1e-9)
  expect(sd / 3).toBeGreaterThanOrEqual(cv * 0.93)
  expect(sd / 3).toBeLessThanOrEqual(cv * 1.07)
})

test('past visits are drawn whole: nobody gets the stay of another', () => {
  const demand: Demand = {
    visits: byKind(() => 30),
    dispersion: 2,
    comings: byKind(() => ({
      kind: 'past',
      visits: [
        [420, 540, 20],
        [720, 30, 4],
      ],
    })),
    energy: { kind: 'spread', energy_kWh: { law: 'fixed', mean: 99 } },
    vehicles: [{ max_W: 22_000, share: 1 }],
  }
  for (const visit of wantedVisits(demand, { seed: 1, replication: 0, days: 30 })) {
    const minute = Math.floor((visit.arriveMs % DAY) / 60_000)
    expect([420, 720]).toContain(minute)
    expect(visit.stayMs).toBe(minute === 420 ? 540 * 60_000 : 30 * 60_000)
    expect(visit.energyWh).toBe(minute === 420 ? 20_000 : 4000)
  }
})

test('what is shipped says whose data it is', () => {
  for (const figures of FITTED_DEMAND.values()) {
    expect(readFigures(JSON.parse(JSON.stringify(figures)))).toEqual(figures)
    expect(figures.source.length).toBeGreaterThan(40)
    expect(figures.licence.length).toBeGreaterThan(3)
    // Figures only: no visit of anybody stands in them.
    expect(Object.values(figures.comings).map(({ kind }) => kind)).toEqual(['figures', 'figures', 'figures'])
  }
})

test('every way to spoil a demand file gets a sentence with the place', () => {
  const spoilt = (path: readonly (string | number)[], value: unknown): unknown => {
    const copy = JSON.parse(JSON.stringify(workplace)) as Record<string | number, unknown>
    const last = path.at(-1) as string
    const inner = path.slice(0, -1).reduce((at, key) => at[key] as typeof copy, copy)
    inner[last] = value
    return copy
  }
  const says = (path: readonly (string | number)[], value: unknown): string => String(readFigures(spoilt(path, value)))
  expect(String(readFigures(null))).toContain('mapping')
  expect(says(['version'], 2)).toContain('version is 2')
  expect(says(['name'], 7)).toContain('name is 7')
  expect(says(['dispersion'], -1)).toContain('dispersion is -1')
  expect(says(['visitsOf'], 'city')).toContain('visitsOf is "city"')
  expect(says(['visits', 'sunday'], null)).toContain('visits.sunday is null')
  expect(says(['comings', 'weekday', 'kind'], 'x')).toContain('comings.weekday has the kind "x"')
  expect(says(['comings', 'weekday', 'hours'], [1])).toContain('24 hours')
  expect(says(['comings', 'weekday', 'hours'], new Array(24).fill(1))).toContain('sum to 24')
  expect(says(['comings', 'weekday', 'stays_min', 3], [5, 4])).toContain('shortest first')
  expect(
    says(['comings', 'sunday'], {
      kind: 'past',
      visits: [
        [1, 2, 3],
        [1500, 2, null],
      ],
    }),
  ).toContain('visit 2')
  expect(says(['comings', 'sunday'], { kind: 'past', visits: [] })).toContain('no `visits`')
  expect(says(['energy', 'below_min'], [3])).toContain('parts_kWh')
  expect(says(['energy'], { kind: 'spread', energy_kWh: { law: 'cauchy', mean: 3 } })).toContain('law')
})

test('nothing that a file can hold breaks the reading', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom('visits', 'comings', 'energy', 'sessions'), (value, key) => {
      readFigures(value)
      readFigures({ ...workplace, [key]: value })
    }),
  )
})
