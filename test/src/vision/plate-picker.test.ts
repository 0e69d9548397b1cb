import { describe, expect, test } from 'vitest'
import { ratePlates } from '../../../src/vision/plate-picker.ts'
import { plausibility } from '../../../src/vision/plate-shape.ts'

const line = (text: string, cy: number, width: number, height: number) => ({
  box: { cx: 200, cy, width, height, angle: 0 },
  texts: [{ text, characters: [...text].map(() => 0.98), chance: 0.9 }],
})

describe('the picker', () => {
  test('a plate comes before lettering, a date stamp, a short number and a slogan', () => {
    const lines = [
      line('DELIVERIES', 50, 300, 40),
      line('20140502', 100, 200, 30),
      line('24', 150, 40, 30),
      line('WILDWEST', 240, 110, 12),
      line('7ABC123', 200, 160, 34),
    ]
    expect(ratePlates(lines).map((one) => one.texts[0]?.text)[0]).toBe('7ABC123')
    const rating = new Map(ratePlates(lines).map((one) => [one.texts[0]?.text, one.rating]))
    for (const other of ['DELIVERIES', '20140502', '24', 'WILDWEST']) expect(rating.get(other) ?? 0).toBeLessThan(0.2)
  })

  test('what two readers read differently comes behind what both read, and counts half', () => {
    const sure = { ...line('7ABC123', 100, 160, 34), agreed: true }
    const doubted = { ...line('8XYZ456', 200, 160, 36), agreed: false }
    const rated = ratePlates([doubted, sure])
    expect(rated.map((one) => one.texts[0]?.text)).toEqual(['7ABC123', '8XYZ456'])
    const [alike] = ratePlates([{ ...doubted, agreed: true }])
    expect(ratePlates([doubted])[0]?.rating).toBeCloseTo((alike?.rating ?? 0) / 2, 9)
  })

  test('of two boxes on one place the better reading stays', () => {
    const rated = ratePlates([line('7ABC123', 200, 160, 34), line('ABC123X9', 201, 158, 33)])
    expect(rated).toHaveLength(1)
    expect(rated[0]?.texts[0]?.text).toBe('7ABC123')
  })

  test('nothing to rate is no plate', () => {
    expect(ratePlates([])).toEqual([])
    expect(ratePlates([{ box: { cx: 9, cy: 9, width: 90, height: 20, angle: 0 }, texts: [] }])).toEqual([])
  })
})

describe('plausibility', () => {
  test.each(['AB12CDE', 'RK755AJ', '4B39376', 'AYO9034', 'ABC1D23', '7AWV401', 'HK0E7C', 'M5XSX'])(
    '%s looks like a plate',
    (text) => {
      expect(plausibility(text)).toBeGreaterThanOrEqual(0.4)
    },
  )
  test.each(['RESERVED', 'NOPARKING', '20140502064017', '12', 'A1B2C3D4', ''])('%s does not', (text) => {
    expect(plausibility(text)).toBeLessThan(0.2)
  })
})
