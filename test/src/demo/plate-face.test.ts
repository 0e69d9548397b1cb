import { describe, expect, test } from 'vitest'
import type { PlateStyle } from '../../../src/demo/plate-design.ts'
import { plateShapes, plateSize } from '../../../src/demo/plate-design.ts'
import { FACE_CHARACTERS, glyphLines } from '../../../src/demo/plate-face.ts'

const STYLES: readonly PlateStyle[] = ['gb-front', 'gb-rear', 'de', 'nl', 'fr', 'us', 'br']

describe('the plate face', () => {
  test('draws every letter and digit, each in its own way and inside its box', () => {
    expect([...FACE_CHARACTERS].sort().join('')).toBe('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ')
    const drawn = FACE_CHARACTERS.map((character) => glyphLines(character, 1, 2))
    expect(new Set(drawn.map((lines) => JSON.stringify(lines))).size).toBe(36)
    for (const [u, v] of drawn.flat(2)) {
      expect(u).toBeGreaterThanOrEqual(-0.06)
      expect(u).toBeLessThanOrEqual(1.06)
      expect(v).toBeGreaterThanOrEqual(-0.08)
      expect(v).toBeLessThanOrEqual(2)
    }
  })

  test('names the character that it lacks', () => {
    expect(() => glyphLines('Ä', 1, 2)).toThrow('no character "Ä"')
  })
})

describe('a plate', () => {
  test.each(STYLES)('of style %s keeps its text on the plate', (style) => {
    const { width_m, height_m } = plateSize(style)
    const text = style === 'us' ? '7HXJ 482' : style === 'br' ? 'RTA7E43' : style === 'de' ? 'M KX 4821' : 'GH 347 KL'
    const lines = plateShapes({ style, text }).filter((shape) => shape.kind === 'line')
    expect(lines.length).toBeGreaterThanOrEqual(text.replaceAll(' ', '').length)
    for (const [u, v] of lines.flatMap((line) => line.points)) {
      expect(Math.abs(u)).toBeLessThan(width_m / 2)
      expect(Math.abs(v)).toBeLessThan(height_m / 2)
    }
  })

  test('under mud is covered by shapes drawn after its characters', () => {
    const clean = plateShapes({ style: 'gb-rear', text: 'KP19 WVM' })
    const dirty = plateShapes({ style: 'gb-rear', text: 'KP19 WVM', cover: 'mud' })
    expect(dirty.slice(0, clean.length)).toEqual(clean)
    expect(dirty.slice(clean.length).every((shape) => shape.kind === 'fill')).toBe(true)
    expect(dirty.length).toBeGreaterThan(clean.length)
  })
})
