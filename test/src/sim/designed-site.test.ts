import { expect, test } from 'vitest'
import type { DesignScenario } from '../../../simulations/design/design-scenario.ts'
import { designedSite } from '../../../src/commands/sim/designed-site.ts'
import { checkScenario } from '../../../src/commands/sim/scenario-file.ts'
import { EXAMPLE_SITE, scenarioText } from '../../../src/commands/sim/scenario-template.ts'
import { checkSiteFile } from '../../../src/site-file.ts'

const designOf = (text: string): DesignScenario => checkScenario(text).scenario as DesignScenario

test('the example, as a site file, checks: every bay with its zone, every camera with a token to be set', () => {
  const text = designedSite(designOf(scenarioText(EXAMPLE_SITE)))
  const tokens = Object.fromEntries([1, 2, 3, 4, 5, 6].map((number) => [`CAM_${number}_TOKEN`, `secret-${number}`]))
  const { site, errors } = checkSiteFile(text, 'site.yaml', tokens)
  expect(errors).toEqual([])
  expect(site?.bays.length).toBe(12)
  expect(site?.bays.every(({ zones }) => zones.length === 1)).toBe(true)
  expect(site?.cameras.map(({ id }) => id)).toEqual(['cam-1', 'cam-2', 'cam-3', 'cam-4', 'cam-5', 'cam-6'])
})

test('rules that are not the defaults go with it, and a token that is not set is named', () => {
  const text = designedSite(
    designOf('version: 1\nsite: { bays: 1 }\ncameras: [{ covers: 1 }]\npolicy: { quorum: 3 }\n'),
  )
  expect(text).toContain('quorum: 3')
  expect(checkSiteFile(text, 'site.yaml', {}).errors.map(({ says }) => says)).toEqual([
    'the environment has no CAM_1_TOKEN',
  ])
})
