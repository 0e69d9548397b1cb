import { describe, expect, test } from 'vitest'
import { fold } from '../../../machines/plate.ts'
import { neighbours } from '../../../machines/register-neighbours.ts'
import { seededDice } from '../../../src/demo/dice.ts'
import { makeDistractors } from '../../../src/demo/distractors.ts'

const TRUE_PLATES = ['AB12CDE', 'RK755AJ', 'JIT7463', 'EUS664', '4PCI264', 'M5XSX']
const made = makeDistractors(TRUE_PLATES, 10_000, seededDice('distractors'))

describe('distractors', () => {
  test('are as many as asked, and no two plates, true ones included, have one matching key', () => {
    expect(made).toHaveLength(10_000)
    const keys = [...TRUE_PLATES, ...made.map(({ plate }) => plate)].map(fold)
    expect(new Set(keys).size).toBe(keys.length)
  })

  test('include one-edit neighbours and look-alikes of every true plate', () => {
    const keys = [...TRUE_PLATES, ...made.map(({ plate }) => plate)].map(fold)
    const pairs = [...neighbours(keys)]
    for (let truth = 0; truth < TRUE_PLATES.length; truth++) {
      expect(pairs.filter(({ a }) => a === truth).length, TRUE_PLATES[truth]).toBeGreaterThanOrEqual(5)
    }
    const kinds = new Set(made.map(({ why }) => why))
    expect([...kinds].sort()).toEqual(['look-alike', 'neighbour', 'random'])
  })

  test("are mostly of the true plates' formats", () => {
    const shape = (plate: string): string => plate.replace(/[A-Z]/g, 'A').replace(/\d/g, '9')
    const formats = new Set(TRUE_PLATES.map(shape))
    const random = made.filter(({ why }) => why === 'random')
    expect(random.length).toBeGreaterThan(9_000)
    expect(random.every(({ plate }) => formats.has(shape(plate)))).toBe(true)
  })

  test('are the same for the same seed, and others for another', () => {
    expect(makeDistractors(TRUE_PLATES, 200, seededDice(4))).toEqual(makeDistractors(TRUE_PLATES, 200, seededDice(4)))
    expect(makeDistractors(TRUE_PLATES, 200, seededDice(4))).not.toEqual(
      makeDistractors(TRUE_PLATES, 200, seededDice(5)),
    )
  })
})
