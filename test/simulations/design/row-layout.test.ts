import { expect, test } from 'vitest'
import { cameraTable } from '../../../simulations/design/camera-table.ts'
import type { MetricValue } from '../../../simulations/design/counted-visits.ts'
import { demandFor } from '../../../simulations/design/demand-choice.ts'
import { placeCameras } from '../../../simulations/design/design-cameras.ts'
import { metricsOf } from '../../../simulations/design/design-metrics.ts'
import { runDesign } from '../../../simulations/design/design-run.ts'
import type { CameraPlan, DesignScenario } from '../../../simulations/design/design-scenario.ts'
import { acrossRows, isBehindRow, neighboursOf, rowOf } from '../../../simulations/design/row-layout.ts'
import { visitLines } from '../../../simulations/design/visit-lines.ts'
import { planDrawing } from '../../../src/commands/sim/plan-drawing.ts'
import { ratesScenario } from './rates-scenario.ts'

const usual = ratesScenario()
const run = { from: '2026-01-05', days: 12, warmup_days: 0, replications: 1, seed: 3 }
function site(change: Partial<DesignScenario['layout']>, camera: Partial<CameraPlan> = {}, bays = 8): DesignScenario {
  return ratesScenario({
    run,
    site: { ...usual.site, bays },
    layout: { ...usual.layout, rows: 2, ...change },
    demand: { ...usual.demand, visitsPerDay: 80, stay_min: 120 },
    cameras: usual.cameras.map((one) => ({ ...one, ...camera })),
  })
}
const share = (value: MetricValue | undefined): number =>
  typeof value === 'object' && value !== null ? value.hits / value.of : Number.NaN
const readAtOnce = (scenario: DesignScenario): number =>
  share(metricsOf(scenario, runDesign(scenario, demandFor(scenario, null), { replication: 0 }).ledger)['read-at-once'])

test('half of the bays lie in each row, the odd one in the first, and rows do not share neighbours', () => {
  const scenario = site({}, {}, 7)
  expect([0, 1, 2, 3, 4, 5, 6].map((bay) => rowOf(scenario, bay))).toEqual([0, 0, 0, 0, 1, 1, 1])
  expect(neighboursOf(scenario, 3)).toEqual([2])
  expect(neighboursOf(scenario, 4)).toEqual([5])
})

test('the second row is the first one turned by half a turn: its last bay faces the first row’s first', () => {
  const scenario = site({ aisle_m: 6 })
  expect(acrossRows(scenario, 1, 10, 0)).toEqual([0, -6])
  const [x, y] = acrossRows(scenario, 1, 1.25, 2)
  expect(acrossRows(scenario, 1, x, y)).toEqual([1.25, 2])
})

test('every row has its own cameras, and sees its plates exactly as the other row does', () => {
  const scenario = site({}, { covers: 2 })
  expect(placeCameras(scenario).map(({ bays }) => bays.join(' '))).toEqual(['0 1', '2 3', '4 5', '6 7'])
  const table = cameraTable(scenario).map(({ plate_px, horizontal_deg, day }) => ({ plate_px, horizontal_deg, day }))
  expect(table.slice(4)).toEqual(table.slice(0, 4))
})

test('a van in the row before hides a plate from a lens behind that row, a car does not from high above', () => {
  const scenario = site({ aisle_m: 6 })
  const behind = (height_m: number, tall_m: number): boolean =>
    isBehindRow(scenario, 0, [1.25, 0.5, 0.6], [1.25, -14, height_m], (bay) => (bay === 7 ? tall_m : 0))
  expect(behind(3.5, 2.2)).toBe(true)
  expect(behind(3.5, 1.5)).toBe(false)
  expect(behind(6, 2.2)).toBe(false)
  expect(behind(2.4, 1.5)).toBe(true)
  expect(isBehindRow(scenario, 0, [1.25, 0.5, 0.6], [1.25, -6, 3.5], () => 2.2)).toBe(false)
  expect(isBehindRow(scenario, 0, [1.25, 0.5, 0.6], [1.25, -14, 3.5], (bay) => (bay === 4 ? 2.2 : 0))).toBe(false)
})

test('cameras over the aisle read two rows as well as one, and cameras behind the other row lose what vans hide', () => {
  const one = readAtOnce(site({ rows: 1 }))
  const over = readAtOnce(site({ vanShare: 0.5 }))
  expect(Math.abs(over - one)).toBeLessThan(0.05)
  const pole = { pose: { y_m: -14, height_m: 3.2 } }
  const cars = readAtOnce(site({ vanShare: 0 }, pole))
  const vans = readAtOnce(site({ vanShare: 0.5 }, pole))
  expect(vans).toBeLessThan(cars - 0.1)
})

test('both engines give the same bytes for two rows', () => {
  const scenario = site({ vanShare: 0.5 }, { pose: { y_m: -14, height_m: 3.2 } })
  const lines = (engine: 'compiled' | 'xstate'): string =>
    visitLines(0, runDesign(scenario, demandFor(scenario, null), { replication: 0, engine }).ledger)
  expect(lines('xstate')).toBe(lines('compiled'))
})

test('the plan shows both rows and every camera before its own', () => {
  const plan = planDrawing(site({}, { covers: 4 }))
  const tops = [...plan.matchAll(/class="bay [a-z]+" x="([\d.]+)" y="([\d.]+)"/g)].map(([, x, y]) => [
    Number(x),
    Number(y),
  ])
  expect(tops.length).toBe(8)
  expect(tops[4]?.[1]).toBeGreaterThan((tops[0]?.[1] ?? 0) + 200)
  expect(tops[7]?.[0]).toBeCloseTo(tops[0]?.[0] ?? -1, 1)
  expect(tops[4]?.[0]).toBeCloseTo(tops[3]?.[0] ?? -1, 1)
})

test('the words at a camera cover no bay’s, wherever it hangs: over the other row, in the aisle, behind it', () => {
  const numbers = (text: RegExp, plan: string): number[][] =>
    [...plan.matchAll(text)].map(([, ...found]) => found.map(Number))
  for (const y_m of [-6, -6.5, -3, -1, -13]) {
    const scenario = site({ aisle_m: 6 }, { covers: 4, pose: { y_m, height_m: 3.5 } })
    const plan = planDrawing(scenario)
    const bays = numbers(/class="bay [a-z]+" x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"/g, plan)
    const marks = numbers(/<text [^>]*x="([\d.]+)" y="([\d.]+)"[^>]*font-size="11"/g, plan)
    expect(marks.length).toBeGreaterThanOrEqual(2)
    for (const [x = 0, y = 0] of marks)
      for (const [left = 0, top = 0, wide = 0, high = 0] of bays)
        expect([y_m, x, y, x + 20 > left && x - 20 < left + wide && y > top && y - 11 < top + high]).toEqual([
          y_m,
          x,
          y,
          false,
        ])
  }
})
