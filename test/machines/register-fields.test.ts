import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readPlate } from '../../machines/register-fields.ts'
import { EXAMPLES } from './plate-examples.ts'

const refused = (plate: string): boolean => {
  try {
    readPlate(plate)
    return false
  } catch {
    return true
  }
}
const refusedOf = (plates: readonly string[]): readonly string[] => plates.filter(refused)

describe('a plate that is typed for the register', () => {
  test('of every country that berth knows is taken as it is issued', () => {
    const all = EXAMPLES.flatMap(([, issued]) => issued.split(' '))
    expect(all.length).toBeGreaterThan(50)
    expect(refusedOf(all)).toEqual([])
  })

  test('is taken with what stands between its letters, or beside them, on real plates of the world', () => {
    const typed = [
      'AB12 CDE',
      'M-KX 4821',
      'M·KX 4821E',
      'ZH • 123456',
      'GH-347-KL',
      'MH 12 AB 1234',
      '22 BH 1234 AA',
      'А123ВС 77',
      'А123ВС|77',
      'ΥΖΒ-1234',
      '京A·12345',
      '品川 500 さ 12-34',
      'ব ১২-3456',
      '12 ب 345 - 67',
      'BR4★SS',
      'LUV♥12',
      'T&J 12',
      'A+B 12',
      "D'OR 75",
      'CD/123/45',
      'W 12345 A',
      '(CD) 12-34',
    ]
    expect(refusedOf(typed)).toEqual([])
  })

  test('that is markup, a formula or code is refused with a sentence', () => {
    const odd = [
      '__proto__',
      '=1+1',
      '<B>1',
      '+1AB',
      '-1AB',
      '@SUM1',
      '"A1"',
      'A1\u0007B',
      'AB\u202e12',
      '{A1}',
      'A1;B2',
      'constructor_1',
    ]
    expect(odd.filter((plate) => !refused(plate))).toEqual([])
    expect(() => readPlate('=1+1')).toThrow('signs that stand on no plate')
  })

  test('of the photographs is taken', () => {
    const folder = join(import.meta.dirname, '../../../shared/plates')
    if (!existsSync(folder)) return console.log('skipped: plates of real photographs, ../shared/plates is not here')
    const files = ['br', 'eu', 'us'].flatMap((one) =>
      readdirSync(join(folder, one)).map((file) => join(folder, one, file)),
    )
    const plates = files
      .filter((file) => file.endsWith('.txt'))
      .map((file) => readFileSync(file, 'utf8').trim().split('\t').at(-1) ?? '')
    expect(plates.length).toBeGreaterThan(20)
    expect(refusedOf(plates)).toEqual([])
  })
})
