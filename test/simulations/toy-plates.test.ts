import { describe, expect, test } from 'vitest'
import { fold, normalize, plausible } from '../../machines/plate.ts'
import { isOneEdit } from '../../machines/vote.ts'
import { nearPlate, seededDraw, TOY_FORMATS, toyPlate, toyRegister } from '../../simulations/toy-plates.ts'

describe('toy plates', () => {
  test.each(TOY_FORMATS)('of the format %s are plates to berth as they are', (format) => {
    const draw = seededDraw(7)
    for (let n = 0; n < 500; n += 1) {
      const plate = toyPlate(format, draw)
      expect(normalize(plate)).toBe(plate)
      expect(plausible(plate), plate).toBe(true)
    }
  })
  test('are the same for the same seed, and others for another', () => {
    const list = (seed: number) => toyRegister({ formats: TOY_FORMATS, count: 200 }, seededDraw(seed))
    expect(list(3)).toEqual(list(3))
    expect(list(3)).not.toEqual(list(4))
  })
})

describe('a toy register', () => {
  test('holds as many plates as asked, each with a matching key of its own', () => {
    const plates = toyRegister({ formats: ['us-6', 'dutch'], count: 20_000 }, seededDraw(1))
    expect(new Set(plates.map(fold)).size).toBe(20_000)
  })
  test('has as large a share of near plates as asked', () => {
    const plates = toyRegister({ formats: ['british'], count: 600, near: 0.5 }, seededDraw(2))
    const keys = plates.map(fold)
    const near = keys.filter((key, at) => keys.slice(0, at).some((other) => isOneEdit(key, other))).length
    expect(near / plates.length).toBeGreaterThan(0.4)
    expect(near / plates.length).toBeLessThan(0.6)
  })
  test('that the format cannot fill is an error, not an endless search', () => {
    const one = () => 0
    expect(() => toyRegister({ formats: ['us-7'], count: 2 }, one)).toThrow('no 2 plates')
  })
})

test('a near plate is one edit away by its matching key', () => {
  const draw = seededDraw(5)
  for (let n = 0; n < 500; n += 1) {
    const plate = toyPlate('us-7', draw)
    expect(isOneEdit(fold(plate), fold(nearPlate(plate, draw)))).toBe(true)
  }
})
