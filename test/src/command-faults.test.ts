import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { sentence } from '../../src/command-faults.ts'

const broken = (work: () => unknown): unknown => {
  try {
    return work()
  } catch (error) {
    return error
  }
}

test('a file that is not there is named in one sentence; anything else that breaks is our own', () => {
  const missing = broken(() => readFileSync('nowhere/policy.yaml', 'utf8'))
  expect(sentence(missing)).toBe('nowhere/policy.yaml: there is no such file or folder; check the path.')
  expect(sentence(new Error('x is not a function'))).toContain('something unexpected broke: x is not a function')
})
