import { describe, expect, test } from 'vitest'
import type { ReadText } from '../../../src/vision/text-decoder.ts'
import { joinReadings } from '../../../src/vision/two-readers.ts'

const read = (text: string, chance: number, sure: number | readonly number[] = chance): ReadText => ({
  text,
  chance,
  characters: typeof sure === 'number' ? [...text].map(() => sure) : sure,
})

describe('two readers of one line', () => {
  test('who reads the same agrees, and every character is surer than with either alone', () => {
    const { texts, agreed } = joinReadings([read('RK755AJ', 0.9)], [read('RK755AJ', 0.8)])
    expect(agreed).toBe(true)
    expect(texts[0]?.text).toBe('RK755AJ')
    for (const sure of texts[0]?.characters ?? []) expect(sure).toBeGreaterThan(0.9)
  })

  test('look-alike characters do not part them', () => {
    expect(joinReadings([read('RKO26AJ', 0.9)], [read('RK026AJ', 0.9)]).agreed).toBe(true)
    expect(joinReadings([read('RK126AJ', 0.9)], [read('RK026AJ', 0.9)]).agreed).toBe(false)
  })

  test('a text that both hold possible comes before one that only one likes', () => {
    const own = [read('MRK755AJ', 0.6), read('RK755AJ', 0.35)]
    const other = [read('RK755A1', 0.55), read('RK755AJ', 0.4)]
    const { texts, agreed } = joinReadings(own, other)
    expect(texts[0]?.text).toBe('RK755AJ')
    expect(agreed).toBe(false)
  })

  test('where they contradict each other in one character, that character is weak and the others are strong', () => {
    const { texts } = joinReadings([read('1ABC123', 0.95)], [read('7ABC123', 0.95)])
    const [first, ...others] = texts[0]?.characters ?? []
    expect(first).toBeLessThan(0.6)
    expect(Math.min(...others)).toBeGreaterThan(0.95)
  })

  test('each is believed where it is sure', () => {
    const own = read('4FCW533', 0.8, [0.3, 0.99, 0.99, 0.99, 0.99, 0.99, 0.99])
    const other = read('AFCH533', 0.8, [0.9, 0.99, 0.99, 0.4, 0.99, 0.99, 0.99])
    expect(joinReadings([own], [other]).texts[0]?.text).toBe('AFCW533')
  })

  test('a reader that sees nothing neither agrees nor forbids', () => {
    const { texts, agreed } = joinReadings([], [read('AB123C', 0.9)])
    expect(agreed).toBe(false)
    expect(texts[0]?.text).toBe('AB123C')
  })
})
