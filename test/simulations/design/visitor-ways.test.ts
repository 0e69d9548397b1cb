import { expect, test } from 'vitest'
import type { Draft } from '../../../machines/record.ts'
import type { MessageOrder } from '../../../simulations/design/bay-charge-points.ts'
import type { MetricValue } from '../../../simulations/design/counted-visits.ts'
import type { DesignScenario } from '../../../simulations/design/design-scenario.ts'
import { SWAPPED_FROM, type VisitorWay, WAY_NAMES } from '../../../simulations/design/visitor-ways.ts'
import { ratesScenario } from './rates-scenario.ts'
import { recordedRun } from './recorded-run.ts'
import { relivedDrift } from './relived-drift.ts'

const run = { from: '2026-01-05', days: 6, warmup_days: 0, replications: 1, seed: 9 }
const shares = (share: number): DesignScenario['personalities'] =>
  Object.fromEntries(WAY_NAMES.map((name) => [name, share])) as DesignScenario['personalities']
const site = { ...ratesScenario().site, bays: 4 }
const cameras = ratesScenario().cameras
const demand = { ...ratesScenario().demand, visitsPerDay: 50 }
// Rear plates only, and a camera that hangs far away: who backs in or is dirty is hardly read.
const far = cameras.map((camera) => ({ ...camera, model: '2MP-1/2.7', focal_mm: 3.8, pose: { y_m: -14, height_m: 5 } }))
const layout = { ...ratesScenario().layout, plates: 'rear' as const, backedInShare: 0.1 }
const usual = ratesScenario({ run, site, cameras: far, demand, layout })
const all = (way: VisitorWay): DesignScenario => ({
  ...usual,
  personalities: { ...usual.personalities, [way]: 1 },
})

type Run = ReturnType<typeof recordedRun>

const share = (value: MetricValue | undefined): number =>
  typeof value === 'object' && value !== null ? value.hits / value.of : (value ?? 0)
const of = (name: string, { metrics }: Run): number => share(metrics[name])
const count = (of: Run, is: (draft: Draft) => boolean): number => of.drafts.filter(is).length
const told = (of: Run, type: string, key: string, value: unknown): number =>
  count(of, ({ cause }) => cause.type === type && cause[key] === value)
const rare = recordedRun(usual)

/** What a site sees more or less of where everybody has this way. */
const SEEN: { readonly [way in VisitorWay]: (run: Run) => boolean } = {
  backsIn: (one) => of('read-at-once', one) < 0.6 * of('read-at-once', rare),
  parksCrooked: (one) => of('read-at-once', one) < 0.7 * of('read-at-once', rare),
  dirtyPlate: (one) => of('read-at-once', one) < of('read-at-once', rare) - 0.05,
  noPlate: (one) => of('read-at-once', one) === 0,
  clonedPlate: (one) => of('wrong-payer', one) > 0.2 && of('wrong-payer', rare) < 0.01,
  lookAlikePlate: (one) => of('read-at-once', one) < 0.02 && of('fallback', one) > 0.8,
  tailgates: (one) => of('read-at-once', one) < 0.7 * of('read-at-once', rare),
  drivesPast: (one) => of('wrong-bay', one) > 0.2 && of('wrong-bay', rare) === 0,
  cardOnly: (one) => of('read-at-once', one) === 0 && of('fallback', one) > 0.8,
  strayCard: (one) => told(one, 'transaction.started', 'accepted', false) > 2,
  lateCard: (one) => count(one, ({ cause }) => cause.type === 'token.presented') > 75,
  plugsFirst: (one) => of('stop-to-power-p50', one) < 0.5 * of('stop-to-power-p50', rare),
  plugsIntoNeighbour: (one) => of('read-at-once', one) < 0.6 * of('read-at-once', rare),
  sharesCable: (one) => one.lines !== rare.lines,
  pauses: (one) => of('time-to-full', one) > of('time-to-full', rare) + 2,
  replugs: (one) => told(one, 'transaction.ended', 'reason', 'EVDisconnected') > of('sessions', one) * 4 * 6 * 1.2,
  stopsAndStays: (one) => told(one, 'transaction.ended', 'reason', 'Local') > 50,
  leavesCable: (one) => told(one, 'connector.status', 'status', 'finishing') > 100,
  drivesOff: (one) => count(one, ({ cause }) => cause.type === 'charger.offline') > 50,
  swapsCars: (one) => one.ledger.rows.filter(({ index }) => index >= SWAPPED_FROM).length > 100,
}

test.each(WAY_NAMES)('where everybody %s, it shows', (way) => {
  expect(SEEN[way](recordedRun(all(way)))).toBe(true)
})

test('a tenth of the drivers have it where its share is a tenth, and the others are the same drivers as before', () => {
  const some = recordedRun({ ...usual, personalities: { ...usual.personalities, swapsCars: 0.1 } })
  const swapped = some.ledger.rows.filter(({ index }) => index >= SWAPPED_FROM).length
  const parked = some.ledger.rows.filter(({ index, enteredMs }) => index < SWAPPED_FROM && enteredMs !== null).length
  expect(swapped / parked).toBeGreaterThan(0.06)
  expect(swapped / parked).toBeLessThan(0.14)
  const first = some.ledger.rows.filter(({ index }) => index < SWAPPED_FROM)
  expect(first.map(({ arrivedMs, wanted_Wh }) => [arrivedMs, wanted_Wh])).toEqual(
    rare.ledger.rows.map(({ arrivedMs, wanted_Wh }) => [arrivedMs, wanted_Wh]),
  )
})

/** Every way at once, every message order, everything that fails. */
const EVERYTHING: DesignScenario = {
  ...usual,
  site: { ...site, bays: 6 },
  cameras: cameras.map((camera) => ({ ...camera, covers: [1, 2, 3, 4, 5] })),
  demand: { ...demand, visitsPerDay: 80, iceShare: 0.05 },
  personalities: shares(0.08),
  chargers: {
    ...usual.chargers,
    gridLimit_A: 60,
    others: (['terse', 'thorough', 'eager', 'hasty'] satisfies MessageOrder[]).map((profile, index) => ({
      bays: [index + 2],
      profile,
      phases: index % 2 === 0 ? 1 : 3,
      power_kW: 7.4,
    })),
  },
  faults: {
    falseEmpty_perBayDay: 1,
    falseEmpty_s: 300,
    chargePointOffline_perBayDay: 1,
    chargePointOffline_min: 20,
    chargePointBetweenFailures_days: 5,
    chargePointRepair_h: 5,
    powerCut_perYear: 100,
    powerCut_min: 30,
    cameraAway_perDay: 1,
    cameraAway_min: 20,
    backEndAway_perDay: 2,
    backEndAway_min: 30,
  },
  backEnd: {
    accounts: 0.5,
    answer_s: 0.3,
    deadline_s: 3,
    offline: 'allow-known',
    known_days: 30,
    failures: 5,
    rest_s: 30,
    cache_s: 300,
  },
}

test('with every way, message order and fault at once both engines give the same bytes, and the journal is lived again without a difference', () => {
  const [tables, xstate] = [recordedRun(EVERYTHING), recordedRun(EVERYTHING, 'xstate')]
  expect(xstate.lines).toBe(tables.lines)
  expect(xstate.drafts).toEqual(tables.drafts)
  const drift = relivedDrift(tables.drafts)
  expect(tables.drafts.length).toBeGreaterThan(9000)
  expect(drift).toEqual([])
})

test('nobody gets more energy than was wanted, whatever drivers do and whatever fails', () => {
  for (const { energy_Wh, wanted_Wh } of recordedRun(EVERYTHING).ledger.rows)
    expect(energy_Wh).toBeLessThanOrEqual(wanted_Wh + 1e-6)
})
