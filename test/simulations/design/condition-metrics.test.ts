import { expect, test } from 'vitest'
import type { MetricValue } from '../../../simulations/design/counted-visits.ts'
import { demandFor } from '../../../simulations/design/demand-choice.ts'
import { metricsOf } from '../../../simulations/design/design-metrics.ts'
import { runDesign } from '../../../simulations/design/design-run.ts'
import type { DesignScenario } from '../../../simulations/design/design-scenario.ts'
import { ratesScenario } from './rates-scenario.ts'

const run = { from: '2026-01-05', days: 20, warmup_days: 1, replications: 1, seed: 4 }

function figuresOf(scenario: DesignScenario) {
  const { ledger } = runDesign(scenario, demandFor(scenario, null), { replication: 0 })
  const metrics = metricsOf(scenario, ledger)
  return (name: string) => {
    const { hits, of } = metrics[name] as Exclude<MetricValue, number | null>
    return { hits, of, share: hits / of }
  }
}

test('a camera without infrared reads nobody at night, and as many as before by day; snow on every plate leaves the days of snow without reads', () => {
  const plain = ratesScenario({ run })
  const weather = { ...plain.weather, night: 0.5, snow: 0.4, snowedPlates: 1 }
  const cameras = plain.cameras.map((camera) => ({ ...camera, ir: false }))
  const read = figuresOf(ratesScenario({ run, weather, cameras }))
  expect(read('read-at-once/day').share).toBeGreaterThan(0.2)
  expect(read('read-at-once/night')).toMatchObject({ hits: 0 })
  expect(read('read-at-once/night').of).toBeGreaterThan(30)
  expect(read('read-at-once/snow')).toMatchObject({ hits: 0 })
  expect(read('read-at-once/snow').of).toBeGreaterThan(30)
  expect(read('fallback/snow').share).toBeGreaterThan(read('fallback/no-snow').share)
  for (const figure of ['read-at-once', 'fallback', 'reviewed', 'not-charged'])
    for (const [one, other] of [
      ['day', 'night'],
      ['snow', 'no-snow'],
    ]) {
      expect(read(`${figure}/${one}`).hits + read(`${figure}/${other}`).hits).toBe(read(figure).hits)
      expect(read(`${figure}/${one}`).of + read(`${figure}/${other}`).of).toBe(read(figure).of)
    }
})
