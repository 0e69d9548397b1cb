import { expect, test } from 'vitest'
import type { Draft } from '../../../machines/record.ts'
import { bayChargePoints, type MessageOrder } from '../../../simulations/design/bay-charge-points.ts'
import { demandFor } from '../../../simulations/design/demand-choice.ts'
import { metricsOf } from '../../../simulations/design/design-metrics.ts'
import { runDesign } from '../../../simulations/design/design-run.ts'
import type { DesignScenario } from '../../../simulations/design/design-scenario.ts'
import { ratesScenario } from './rates-scenario.ts'

const usual = ratesScenario()
const mixed = (chargers: Partial<DesignScenario['chargers']>, bays = 6): DesignScenario =>
  ratesScenario({ site: { ...usual.site, bays }, chargers: { ...usual.chargers, ...chargers } })

function runOf(scenario: DesignScenario) {
  const drafts: Draft[] = []
  const { ledger } = runDesign(scenario, demandFor(scenario, null), {
    replication: 0,
    record: (one) => drafts.push(one),
  })
  return { drafts, ledger, metrics: metricsOf(scenario, ledger) }
}
const of = (profile: MessageOrder) => runOf(mixed({ profile }, 2))
const causes = (drafts: readonly Draft[], type: string) =>
  drafts.flatMap(({ cause }) => (cause.type === type ? [cause] : []))

test('charge points of one phase take the three phases in turn, whatever stands between them', () => {
  const others = [{ bays: [1, 3, 4], phases: 1 as const, power_kW: 3.7 }]
  const all = bayChargePoints(mixed({ others }))
  expect(all.map(({ phases }) => phases.join(''))).toEqual(['1', '123', '2', '3', '123', '123'])
  expect(all.map(({ power_W }) => power_W)).toEqual([3700, 11_000, 3700, 3700, 11_000, 11_000])
  expect(bayChargePoints(mixed({ others, wiring: 'L1' })).map(({ phases }) => phases.join(''))[3]).toBe('1')
})

test('what one kind leaves out is as for all others', () => {
  const [first, second] = bayChargePoints(
    mixed({ answer_s: 9, others: [{ bays: [2], profile: 'eager', startOn: 'plug' }] }),
  )
  expect(first).toMatchObject({ answer_s: 9, startOn: 'validation', habits: { name: 'plain' } })
  expect(second).toMatchObject({ answer_s: 9, startOn: 'plug', habits: { name: 'eager' }, power_W: 11_000 })
})

test('a fast charge point beside slow ones fills its vehicles sooner', () => {
  const demand = { ...usual.demand, vehicle_kW: 22, energy_kWh: 8, energyCv: 0 }
  const { ledger } = runOf({ ...mixed({ power_kW: 4, others: [{ bays: [1], power_kW: 22 }] }, 2), demand })
  const time = (bay: number): number[] =>
    ledger.rows.flatMap((row) =>
      row.bay === bay && row.fullMs !== null && row.powerMs !== null && row.wanted_Wh > 7999
        ? [(row.fullMs - row.powerMs) / 60_000]
        : [],
    )
  expect(time(0).length).toBeGreaterThan(20)
  for (const minutes of time(0)) expect(minutes).toBeCloseTo((8 / 22) * 60, 1)
  for (const minutes of time(1)) expect(minutes).toBeCloseTo((8 / 4) * 60, 1)
})

test('each message order says what it was measured to say, and all of them charge', () => {
  const [plain, terse, thorough, eager, hasty] = [of('plain'), of('terse'), of('thorough'), of('eager'), of('hasty')]
  const words = ({ drafts }: { drafts: readonly Draft[] }) =>
    new Set(causes(drafts, 'connector.status').map(({ status }) => status))
  expect(words(plain)).toContain('preparing')
  expect(words(terse)).not.toContain('preparing')
  expect(words(terse)).not.toContain('suspended-ev')
  for (const { current_A, power_W } of causes(terse.drafts, 'meter.values'))
    expect([current_A, power_W]).toEqual([null, null])
  for (const { current_A } of causes(hasty.drafts, 'meter.values')) expect(current_A).toBeNull()
  expect(causes(hasty.drafts, 'meter.values').some(({ power_W }) => Number(power_W) > 1000)).toBe(true)
  expect(new Set(causes(terse.drafts, 'transaction.ended').map(({ reason }) => reason))).toEqual(new Set([null]))
  const order = hasty.drafts.map(({ cause }) => (cause.type === 'connector.status' ? cause['status'] : cause.type))
  expect(order[order.indexOf('transaction.started') - 1]).toBe('charging')
  const accepted = thorough.drafts.findIndex(({ cause }) => cause.type === 'start.accepted')
  expect(thorough.drafts[accepted + 1]?.cause['status']).toBe('preparing')
  for (const one of [plain, terse, thorough, eager, hasty]) expect(one.metrics['sessions']).toBeGreaterThan(8)
})

test('where plugs are not told, a start that waits for its plug never leaves, and drivers pay otherwise', () => {
  const waiting = runOf(mixed({ profile: 'terse', startOn: 'plug' }, 2)).metrics['read-at-once']
  expect(waiting).toMatchObject({ hits: 0 })
})
