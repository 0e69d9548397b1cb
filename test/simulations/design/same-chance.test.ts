import { expect, test } from 'vitest'
import type { DesignScenario } from '../../../simulations/design/design-scenario.ts'
import { ratesScenario } from './rates-scenario.ts'
import { recordedRun } from './recorded-run.ts'

const usual = ratesScenario({ run: { from: '2026-01-05', days: 30, warmup_days: 0, replications: 1, seed: 4 } })
const sized = (bays: number, change: Partial<DesignScenario> = {}): DesignScenario => ({
  ...usual,
  site: { ...usual.site, bays },
  ...change,
})

/** When the charge point of the first bay lost its link and had it again. */
const linksOfFirst = (scenario: DesignScenario): string[] =>
  recordedRun(scenario)
    .drafts.filter(({ bayId, cause }) => bayId === 'bay-1' && /^charger\.(off|on)line$/.test(cause.type))
    .map(({ at, cause }) => `${cause.type} ${at}`)

/** How long each question took, ms, by the vehicle and the moment in which it was asked. `key` names the question in what is asked and answered. */
function delays(scenario: DesignScenario, asks: string, answers: RegExp, key: string): Map<string, number> {
  const asked = new Map<string, { readonly at: string; readonly of: string }>()
  const took = new Map<string, number>()
  for (const { at, bayId, cause, effects } of recordedRun(scenario).drafts) {
    for (const effect of effects)
      if (effect.type === asks) asked.set(`${bayId} ${effect[key]}`, { at, of: `${effect['handle']} at ${at}` })
    const question = asked.get(`${bayId} ${cause[key]}`)
    if (question && answers.test(cause.type)) took.set(question.of, Date.parse(at) - Date.parse(question.at))
  }
  return took
}

/** Of the questions that both designs ask: how many, and those that take longer in one of them. */
function compared(few: ReadonlyMap<string, number>, many: ReadonlyMap<string, number>) {
  const both = [...few].filter(([question]) => many.has(question))
  return { of: both.length, otherwise: both.filter(([question, took]) => many.get(question) !== took) }
}

test('the same bay meets the same faults beside one other bay and beside seven, whatever else fails', () => {
  const faults = { ...usual.faults, chargePointOffline_perBayDay: 1 }
  const few = linksOfFirst(sized(2, { faults }))
  expect(few.length).toBeGreaterThan(40)
  expect(linksOfFirst(sized(8, { faults }))).toEqual(few)
  expect(linksOfFirst(sized(8, { faults: { ...faults, falseEmpty_perBayDay: 3 } }))).toEqual(few)
})

test('the back end takes as long for the same vehicle at a site of another size', () => {
  const backEnd = { ...usual.backEnd, accounts: 1, answer_s: 0.5, cache_s: 0 }
  const of = (bays: number) => delays(sized(bays, { backEnd }), 'ask.authorizer', /^authorization\./, 'ask')
  const { of: asked, otherwise } = compared(of(2), of(8))
  expect(asked).toBeGreaterThan(100)
  expect(otherwise).toEqual([])
})

test('a person takes as long for the same vehicle at a site of another size', () => {
  const change = {
    review: { answer_s: 20, handling_s: 0.001 },
    weather: { ...usual.weather, dirtyPlate: 0.6 },
    run: { ...usual.run, days: 60 },
  }
  const of = (bays: number) => delays(sized(bays, change), 'open.review', /^review\.answered$/, 'review')
  const { of: asked, otherwise } = compared(of(2), of(8))
  expect(asked).toBeGreaterThan(10)
  expect(otherwise).toEqual([])
})
