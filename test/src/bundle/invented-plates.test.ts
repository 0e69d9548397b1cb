import { expect, test } from 'vitest'
import { fold, plausible } from '../../../machines/plate.ts'
import { countriesThatIssue } from '../../../machines/plate-formats.ts'
import { inventPlates } from '../../../src/bundle/invented-plates.ts'
import { seededRoll } from '../../bench/tamper-yard.ts'

function rollOf(seed: number): (below: number) => number {
  const next = seededRoll(seed)
  return (below) => Math.floor(next() * below)
}

const differing = (one: string, other: string): number => [...one].filter((letter, at) => letter !== other[at]).length

test('each plate becomes another of the same form, the same one each time, and none of the originals', () => {
  const plates = ['KX58VTZ', 'BMW4711', 'WABC123', 'AB123CD', 'XX12YYY', '7ABC123', 'KX58VTZ']
  for (let seed = 1; seed <= 20; seed++) {
    const invented = inventPlates(plates, rollOf(seed))
    expect([...invented.keys()]).toHaveLength(6)
    for (const [plate, made] of invented) {
      expect(plates.map(fold), `${plate}, seed ${seed}`).not.toContain(fold(made))
      expect(made.replace(/[A-Z]/g, 'A').replace(/\d/g, '0')).toBe(plate.replace(/[A-Z]/g, 'A').replace(/\d/g, '0'))
      expect(plausible(made)).toBe(plausible(plate))
    }
    expect(new Set([...invented.values()].map(fold)).size).toBe(6)
    expect(countriesThatIssue(invented.get('KX58VTZ') ?? '')).toEqual(countriesThatIssue('KX58VTZ'))
  }
})

test('plates of which a misread makes one of the other stay as near, and look-alikes stay one key', () => {
  const [one, near, like, far] = ['KX58VTZ', 'KX58VTY', 'KXS8VT2', 'LB17WQT'] as const
  for (let seed = 1; seed <= 50; seed++) {
    const made = inventPlates([one, near, like, far], rollOf(seed))
    const [a, b, c, d] = [one, near, like, far].map((plate) => made.get(plate) ?? '') as [
      string,
      string,
      string,
      string,
    ]
    expect(differing(fold(a), fold(b)), `seed ${seed}: ${a} ${b}`).toBe(1)
    expect(fold(a), `seed ${seed}: ${a} ${c}`).toBe(fold(c))
    expect(a).not.toBe(c)
    expect(differing(fold(a), fold(d)), `seed ${seed}: ${a} ${d}`).toBeGreaterThan(2)
  }
})

test('a hundred plates are re-invented without two becoming one', () => {
  const plates = Array.from({ length: 100 }, (_, n) => `KX${String(n).padStart(2, '0')}VTZ`)
  const made = inventPlates(plates, rollOf(4))
  expect(new Set([...made.values()].map(fold)).size).toBe(new Set(plates.map(fold)).size)
  for (const plate of made.values()) expect(plates).not.toContain(plate)
})
