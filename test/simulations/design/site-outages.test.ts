import { expect, test } from 'vitest'
import type { DesignScenario } from '../../../simulations/design/design-scenario.ts'
import { ratesScenario } from './rates-scenario.ts'
import { recordedRun } from './recorded-run.ts'
import { relivedDrift } from './relived-drift.ts'

const run = { from: '2026-01-05', days: 30, warmup_days: 1, replications: 1, seed: 4 }
const failing = (change: Partial<DesignScenario['faults']>): DesignScenario =>
  ratesScenario({ run, faults: { ...ratesScenario().faults, ...change } })

const hits = (value: unknown): number => (value as { hits: number }).hits

const ALL = failing({
  chargePointBetweenFailures_days: 3,
  chargePointRepair_h: 6,
  powerCut_perYear: 150,
  powerCut_min: 40,
  cameraAway_perDay: 1,
  cameraAway_min: 60,
  chargePointOffline_perBayDay: 1,
  falseEmpty_perBayDay: 1,
})

test('what charge points are out of order comes to their time to repair over both times', () => {
  const scenario = failing({ chargePointBetweenFailures_days: 2, chargePointRepair_h: 16 })
  const long = { ...scenario, run: { ...run, days: 400 }, demand: { ...scenario.demand, visitsPerDay: 4 } }
  const lost = recordedRun(long).metrics['bays-lost']
  expect(lost).toBeGreaterThan(0.22)
  expect(lost).toBeLessThan(0.28)
})

test('who comes while a charge point is out of order takes the other bay or is turned away, and only who parks stands before it', () => {
  const scenario = failing({ chargePointBetweenFailures_days: 1, chargePointRepair_h: 24 })
  const { ledger, drafts, metrics } = recordedRun({ ...scenario, demand: { ...scenario.demand, iceShare: 0.2 } })
  const sound = recordedRun(failing({})).metrics
  expect(hits(metrics['turned-away'])).toBeGreaterThan(1.5 * hits(sound['turned-away']))
  expect(sound['bays-lost']).toBeNull()
  const faulted = drafts.filter(({ cause }) => cause['status'] === 'faulted').map(({ at, bayId }) => ({ at, bayId }))
  expect(faulted.length).toBeGreaterThan(20)
  expect(ledger.rows.some(({ hit, outcome }) => hit && outcome === 'turned-away')).toBe(true)
  expect(ledger.rows.some(({ hit, outcome, fullMs }) => hit && outcome === 'charged' && fullMs === null)).toBe(true)
})

test('charges that a power cut ended are billed for what they got, and who comes in the dark is turned away', () => {
  const { ledger, drafts, metrics } = recordedRun(failing({ powerCut_perYear: 500, powerCut_min: 120 }))
  expect(metrics['bays-lost']).toBeGreaterThan(0.06)
  expect(hits(metrics['drivers-hit'])).toBeGreaterThan(20)
  const ended = drafts.filter(({ cause }) => cause['reason'] === 'PowerLoss')
  expect(ended.length).toBeGreaterThan(4)
  const billed = drafts.flatMap(({ decisions }) => decisions).filter(({ type }) => type === 'SessionBilled')
  const sum = billed.reduce((total, one) => total + Number(one['energy_Wh']), 0)
  const given = ledger.rows.reduce((total, { energy_Wh }) => total + energy_Wh, 0)
  expect(ledger.rows.some(({ hit, outcome }) => hit && outcome === 'turned-away')).toBe(true)
  expect(Math.abs(sum - given)).toBeLessThan(0.01 * given)
})

test('while the only camera is away everybody pays otherwise, and who is still there when it is back may be read', () => {
  const { ledger, metrics } = recordedRun(failing({ cameraAway_perDay: 2, cameraAway_min: 400 }))
  const sound = recordedRun(failing({})).metrics
  expect(hits(metrics['read-at-once'])).toBeLessThan(0.8 * hits(sound['read-at-once']))
  expect(ledger.rows.filter(({ hit, knownBy }) => hit && knownBy === 'card').length).toBeGreaterThan(20)
  expect(metrics['bays-lost']).toBe(0)
})

test('with everything failing, the tables and XState itself give the same bytes, and the journal is lived again without a difference', () => {
  const [tables, xstate] = [recordedRun(ALL), recordedRun(ALL, 'xstate')]
  expect(xstate.lines).toBe(tables.lines)
  expect(xstate.drafts).toEqual(tables.drafts)
  const drift = relivedDrift(tables.drafts)
  expect(tables.drafts.length).toBeGreaterThan(5000)
  expect(drift).toEqual([])
})
