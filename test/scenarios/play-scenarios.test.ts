import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { playStory } from '../../simulations/player.ts'
import type { Scenario } from '../../simulations/scenario.ts'
import { SCENARIOS } from '../../simulations/scenario-list.ts'

const SEEDS = [0, 7, 424_242]
const PAGE = join(import.meta.dirname, '../../../shared/field/edge-cases.md')

for (const scenario of SCENARIOS)
  for (const story of scenario.stories)
    test(`${scenario.edgeCase} ${scenario.title}: ${story.promise}`, async () => {
      const [first, ...others] = await Promise.all(SEEDS.map((seed) => playStory(story, { seed })))
      for (const played of [first, ...others])
        if (played?.broken) throw new Error(`${played.broken}\n${played.steps.join('\n')}`)
      for (const other of others) expect(other.outcome).toEqual(first?.outcome)
    })

test('a story played twice with one seed gives the same bytes, and with another seed other names and another hour', async () => {
  for (const scenario of SCENARIOS) {
    const [story] = scenario.stories
    if (!story) throw new Error(`${scenario.name} has no story`)
    const [once, twice, other] = [
      await playStory(story, { seed: 3 }),
      await playStory(story, { seed: 3 }),
      await playStory(story, { seed: 4 }),
    ]
    expect(JSON.stringify(twice)).toBe(JSON.stringify(once))
    expect(other.records[0]?.at).not.toBe(once.records[0]?.at)
    expect(JSON.stringify(other.records)).not.toBe(JSON.stringify(once.records))
  }
}, 180_000)

test('every edge case of the page, E01 to E35, has a scenario', () => {
  const numbers = Array.from({ length: 35 }, (_, index) => `E${String(index + 1).padStart(2, '0')}`)
  const cases = SCENARIOS.map(({ edgeCase }) => edgeCase)
  expect(numbers.filter((number) => !cases.includes(number))).toEqual([])
})

test('every scenario is named after its edge case, once, in the order of the page', () => {
  const cases = SCENARIOS.map(({ edgeCase }) => edgeCase)
  expect(cases).toEqual([...new Set(cases)].sort())
  for (const { name, edgeCase, stories } of SCENARIOS) {
    expect(name).toMatch(new RegExp(`^${edgeCase.toLowerCase()}(-[a-z0-9]+)+$`))
    expect(stories.length).toBeGreaterThan(0)
  }
})

test.skipIf(missing(PAGE))('every scenario says given, when and then in the words of the page', () => {
  const page = words(readFileSync(PAGE, 'utf8'))
  for (const scenario of SCENARIOS) for (const said of saidOf(scenario)) expect(page).toContain(words(said))
})

const saidOf = ({ given, when, wanted }: Scenario): string[] => [given, when, wanted].filter((text) => text !== null)

/** The words alone: without emphasis, code marks and the kind of quotation mark. */
const words = (text: string): string => text.replaceAll(/[*`]/g, '').replaceAll('’', "'").replaceAll(/\s+/g, ' ')

function missing(path: string): boolean {
  const isMissing = !existsSync(path)
  if (isMissing) console.info('skipped: the page of edge cases is not beside the checkout')
  return isMissing
}
