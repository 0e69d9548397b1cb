import { expect, test } from 'vitest'
import type { Draft, FactRecord } from '../../../machines/record.ts'
import { RelivedSite } from '../../../machines/relived.ts'
import { erlangB } from '../../../simulations/design/closed-forms.ts'
import { demandFor } from '../../../simulations/design/demand-choice.ts'
import { byKind } from '../../../simulations/design/demand-figures.ts'
import { metricsOf } from '../../../simulations/design/design-metrics.ts'
import { runDesign } from '../../../simulations/design/design-run.ts'
import type { DesignScenario } from '../../../simulations/design/design-scenario.ts'
import { summarize } from '../../../simulations/design/metric-summary.ts'
import { visitLines } from '../../../simulations/design/visit-lines.ts'
import { ratesScenario } from './rates-scenario.ts'

const runOf = (scenario: DesignScenario, replication = 0, record?: (draft: Draft) => void) =>
  runDesign(scenario, demandFor(scenario, null), { replication, ...(record && { record }) })

test('the same seed gives the same visits to the last byte, another seed others', () => {
  const scenario = ratesScenario()
  const lines = visitLines(0, runOf(scenario).ledger)
  expect(visitLines(0, runOf(scenario).ledger)).toBe(lines)
  expect(lines.split('\n').length).toBeGreaterThan(100)
  const other = { ...scenario, run: { ...scenario.run, seed: 8 } }
  expect(visitLines(0, runOf(other).ledger)).not.toBe(lines)
})

test('every record of a run is what the production machines decide when they live it again', () => {
  const drafts: Draft[] = []
  const faults = {
    ...ratesScenario().faults,
    falseEmpty_perBayDay: 2,
    falseEmpty_s: 400,
    chargePointOffline_perBayDay: 1,
  }
  runOf(ratesScenario({ faults }), 0, (draft) => drafts.push(draft))
  const site = new RelivedSite()
  const drift = drafts.filter((draft) => site.take({ ...structuredClone(draft), seq: 1 } as unknown as FactRecord))
  expect(drafts.length).toBeGreaterThan(2000)
  expect(drift.map(({ cause, rule }) => `${cause.type} ${rule}`)).toEqual([])
})

test('who finds no bay is turned away as often as Erlang says', () => {
  const scenario = ratesScenario({ run: { from: '2026-01-05', days: 20, warmup_days: 1, replications: 8, seed: 3 } })
  const counted = Array.from({ length: 8 }, (_, replication) =>
    metricsOf(scenario, runOf(scenario, replication).ledger),
  )
  const turned = summarize(counted).find(({ name }) => name === 'turned-away')?.interval
  const wanted = erlangB(2, (30 / 24) * 1)
  expect(turned?.low).toBeLessThan(wanted)
  expect(turned?.high).toBeGreaterThan(wanted)
  expect((turned?.high ?? 1) - (turned?.low ?? 0)).toBeLessThan(0.05)
})

test('a past visit whose meter wrote 0 kWh charged all the same: better reading would avoid nothing of it', () => {
  const scenario = ratesScenario()
  const read = (kWh: number) => {
    const comings = byKind(() => ({ kind: 'past' as const, visits: [[600, 90, kWh] as const] }))
    return metricsOf(
      scenario,
      runDesign(scenario, { ...demandFor(scenario, null), comings }, { replication: 0 }).ledger,
    )
  }
  const [none, some] = [read(0), read(5)]
  for (const name of ['not-charged', 'fallbacks', 'read-at-once', 'sessions']) expect(none[name]).toEqual(some[name])
  expect((some['read-at-once'] as { hits: number }).hits).toBeGreaterThan(5)
})

test('the clock of a run never goes back, over the end of summer time neither', () => {
  const scenario = ratesScenario({
    site: { ...ratesScenario().site, timezone: 'Europe/Berlin' },
    faults: { ...ratesScenario().faults, falseEmpty_perBayDay: 20, chargePointOffline_perBayDay: 4 },
    run: { from: '2026-10-20', days: 12, warmup_days: 0, replications: 1, seed: 1 },
  })
  const times: number[] = []
  runOf(scenario, 0, ({ at }) => times.push(Date.parse(at)))
  expect(times.length).toBeGreaterThan(3000)
  expect(times.filter((at, index) => at < (times[index - 1] ?? 0))).toEqual([])
})

test('each camera takes as many frames a second as its own plan says', () => {
  const [camera] = ratesScenario().cameras
  if (!camera) throw new Error('There is a camera.')
  const cameras = [0.25, 5].map((framesPerSecond, bay) => ({ ...camera, framesPerSecond, covers: [bay + 1] }))
  const opened = new Map<string | null, number>()
  const took: { [bay: string]: number[] } = { 'bay-1': [], 'bay-2': [] }
  runOf(ratesScenario({ cameras }), 0, ({ bayId, at, decisions }) => {
    for (const { type } of decisions) {
      if (type === 'VisitOpened') opened.set(bayId, Date.parse(at))
      if (type === 'PlateAgreed') took[String(bayId)]?.push(Date.parse(at) - (opened.get(bayId) ?? 0))
    }
  })
  const middle = (of: readonly number[] = []): number => [...of].sort((a, b) => a - b)[Math.floor(of.length / 2)] ?? 0
  expect(middle(took['bay-1'])).toBeGreaterThanOrEqual(4000)
  expect(middle(took['bay-2'])).toBeLessThan(1500)
  expect(middle(took['bay-2'])).toBeGreaterThan(0)
})

test('with queue places fewer are turned away, and some wait', () => {
  const few = metricsOf(ratesScenario(), runOf(ratesScenario()).ledger)
  const site = { ...ratesScenario().site, queuePlaces: 3 }
  const more = metricsOf(ratesScenario({ site }), runOf(ratesScenario({ site })).ledger)
  const share = (value: unknown): number => (value as { hits: number; of: number }).hits / (value as { of: number }).of
  expect(share(more['turned-away'])).toBeLessThan(share(few['turned-away']))
  expect(more['wait-mean']).toBeGreaterThan(1)
  expect(few['wait-mean']).toBe(0)
})

test('without a camera nobody is read, and everybody who has a card charges by it', () => {
  const { ledger } = runOf(ratesScenario({ cameras: [] }))
  const entered = ledger.rows.filter(({ enteredMs }) => enteredMs !== null)
  expect(entered.some(({ knownBy }) => knownBy === 'plate')).toBe(false)
  const long = entered.filter(({ enteredMs, leftMs }) => (leftMs ?? 0) - (enteredMs ?? 0) > 900_000)
  expect(long.length).toBeGreaterThan(50)
  expect(long.filter(({ outcome }) => outcome !== 'charged')).toEqual([])
})

test('in front of a good camera most registered vehicles charge by their plate alone', () => {
  const { ledger } = runOf(ratesScenario())
  const charged = ledger.rows.filter(({ outcome }) => outcome === 'charged')
  const byPlate = charged.filter(({ knownBy }) => knownBy === 'plate').length / charged.length
  expect(byPlate).toBeGreaterThan(0.7)
  expect(byPlate).toBeLessThan(0.9)
})

test('nobody gets more energy than was wanted, or than the charge point gives in the time', () => {
  const { ledger } = runOf(ratesScenario())
  for (const { energy_Wh, wanted_Wh, powerMs, leftMs } of ledger.rows) {
    expect(energy_Wh).toBeLessThanOrEqual(wanted_Wh + 1e-6)
    if (powerMs !== null) expect(energy_Wh).toBeLessThanOrEqual((11_000 * ((leftMs ?? 0) - powerMs)) / 3_600_000 + 1)
  }
})

test('half of the grid doubles what a charge takes, and the peak stays below the limit', () => {
  const busy = { ...ratesScenario().demand, visitsPerDay: 40, energy_kWh: 12 }
  const limited = ratesScenario({ demand: busy, chargers: { ...ratesScenario().chargers, gridLimit_A: 16 } })
  const ample = metricsOf(limited, runOf(ratesScenario({ demand: busy })).ledger)
  const tight = metricsOf(limited, runOf(limited).ledger)
  expect(tight['peak']).toBeLessThanOrEqual(16.001)
  expect(ample['peak']).toBeGreaterThan(16)
  expect(tight['energy-met']).toBeLessThan(ample['energy-met'] as number)
  expect(tight['at-limit']).toBeGreaterThan(10)
})

test('polygons on the ground read fewer plates at once, and put plates into wrong bays; lifted ones do not', () => {
  const wide = { ...ratesScenario().site, bays: 6 }
  const cameras = ratesScenario().cameras.map((camera) => ({ ...camera, covers: 6 }))
  const demand = { ...ratesScenario().demand, visitsPerDay: 60 }
  const run = { from: '2026-01-05', days: 20, warmup_days: 1, replications: 1, seed: 2 }
  const of = (zones: 'plateHeight' | 'ground') => {
    const scenario = ratesScenario({ site: wide, cameras, demand, run, layout: { ...ratesScenario().layout, zones } })
    return metricsOf(scenario, runOf(scenario).ledger)
  }
  const hits = (value: unknown): number => (value as { hits: number }).hits
  const [lifted, ground] = [of('plateHeight'), of('ground')]
  expect(hits(lifted['wrong-bay'])).toBe(0)
  expect(hits(ground['wrong-bay'])).toBeGreaterThan(3)
  expect(hits(ground['read-at-once'])).toBeLessThan(0.8 * hits(lifted['read-at-once']))
})

test('cameras that see nobody for a while release bays that hold nothing, and charging ones never', () => {
  const faults = { ...ratesScenario().faults, falseEmpty_perBayDay: 12, falseEmpty_s: 900 }
  const { ledger } = runOf(ratesScenario({ faults, demand: { ...ratesScenario().demand, iceShare: 0.3 } }))
  const released = ledger.rows.filter(({ troubles }) => troubles.has('false-release'))
  expect(released.some(({ outcome }) => outcome === 'parked')).toBe(true)
  expect(released.filter(({ outcome, fullMs }) => outcome === 'charged' && fullMs === null)).toEqual([])
})

test('charge points of one phase share the load of the site among three phases, unless all hang on one', () => {
  const site = { ...ratesScenario().site, bays: 3 }
  const demand = { ...ratesScenario().demand, visitsPerDay: 200, vehicle_kW: 7.4, energy_kWh: 40 }
  const chargers = { ...ratesScenario().chargers, power_kW: 7.4, phases: 1 as const }
  const peak = (wiring: 'rotate' | 'L1'): number => {
    const scenario = ratesScenario({ site, demand, chargers: { ...chargers, wiring } })
    return metricsOf(scenario, runOf(scenario).ledger)['peak'] as number
  }
  expect(peak('rotate')).toBeCloseTo(7400 / 230, 6)
  expect(peak('L1')).toBeCloseTo((3 * 7400) / 230, 6)
})
