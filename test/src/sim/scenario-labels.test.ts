import { expect, test } from 'vitest'
import { scenarioLabels } from '../../../src/commands/sim/scenario-labels.ts'

test('designs are called by their files, with folders before them only where it takes them', () => {
  expect(scenarioLabels(['now.yaml', 'plans/wider.yml'])).toEqual(['now', 'wider'])
  expect(scenarioLabels(['x/site.yaml', 'y/site.yaml', 'other.yaml'])).toEqual(['x/site', 'y/site', 'other'])
  expect(scenarioLabels(['a/x/site.yaml', 'b/x/site.yaml', 'site.yaml'])[0]).toBe('a/x/site')
  expect(new Set(scenarioLabels(['site.yaml', 'x/site.yaml'])).size).toBe(2)
})

test('a file that is given twice, and two that differ by their ending alone, are told apart by numbers', () => {
  expect(scenarioLabels(['a.yaml', './a.yaml', 'b.yaml'])).toEqual(['a (1)', 'a (2)', 'b'])
  expect(scenarioLabels(['a.yaml', 'a.yml'])).toEqual(['a (1)', 'a (2)'])
})
