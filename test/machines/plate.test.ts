import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { fold, LONGEST_PLATE, mask, normalize, plausible } from '../../machines/plate.ts'

describe('a plate as text', () => {
  test('spaces, dots, hyphens and case do not make another plate', () => {
    for (const text of ['AB12 CDE', 'ab-12·cde', ' AB12CDE\n', 'ÀB12CDÉ', 'ＡＢ１２ＣＤＥ'])
      expect(normalize(text)).toBe('AB12CDE')
  })

  test('Cyrillic and Greek capitals that look Latin are the Latin ones', () => {
    expect(normalize('А123ВС')).toBe('A123BC')
    expect(normalize('ΙΚΥ1234')).toBe('IKY1234')
  })

  test('an endless text is cut and never becomes plausible by it', () => {
    const cut = normalize('AB12CDE'.repeat(10_000))
    expect(cut).toHaveLength(LONGEST_PLATE)
    expect(plausible(cut)).toBe(false)
    expect(normalize('***')).toBe('')
  })

  test('E01: A812CDE and AB12CDE have one key, and AB12CDF has another', () => {
    expect(fold('A812CDE')).toBe(fold('AB12CDE'))
    expect(fold('AB12CDF')).not.toBe(fold('AB12CDE'))
    expect(fold('OQDILZSBG')).toBe('000112586')
  })
})

describe('what can be a plate', () => {
  test('plates of many countries are plausible', () => {
    const plates = [
      'AB12CDE',
      'BMW1234',
      'HSKAB123',
      '1AMW240',
      'YG9X2G',
      'RK755AJ',
      '4B21875',
      'OZC8400',
      'ABC1D23',
      '1049338',
      'MH12AB1234',
      '22BH1234AA',
      '12345678',
      'CEMENT0',
      'AA123BB',
      'WA12345',
      '8D79882',
    ]
    expect(plates.filter((plate) => !plausible(plate))).toEqual([])
  })

  test('E03: rings, lettering, grilles and printed dates are not', () => {
    const others = [
      'C00D',
      'COOD',
      '0000',
      'OO0O',
      'POLICE',
      'BOSS',
      'SERVICE24',
      '11111',
      'I1I1I1',
      '20261122',
      '22112026',
      '911',
      'A3E4C7F',
      '',
    ]
    expect(others.filter(plausible)).toEqual([])
  })

  test('the true plates of real photographs are plausible', () => {
    const folder = join(import.meta.dirname, '../../../shared/plates')
    if (!existsSync(folder)) {
      console.log('skipped: plates of real photographs, ../shared/plates is not here')
      return
    }
    const texts = ['eu', 'us', 'br'].flatMap((set) =>
      readdirSync(join(folder, set))
        .filter((file) => file.endsWith('.txt'))
        .map((file) => normalize(readFileSync(join(folder, set, file), 'utf8').split('\t')[5] ?? '')),
    )
    const refused = texts.filter((text) => !plausible(text))
    expect(texts.length).toBeGreaterThan(150)
    // One vanity plate of letters only cannot be told from lettering.
    expect(refused.filter((text) => /\d/.test(text))).toEqual([])
    expect(refused.length).toBeLessThanOrEqual(texts.length * 0.01)
  })
})

describe('a masked plate', () => {
  test('shows two characters at each end of seven', () => {
    expect(mask('AB12CDE')).toBe('AB•••DE')
  })

  test('never shows more than half, nor how long it is', () => {
    for (const plate of ['', 'A', 'A1', 'AB1', 'AB12', 'AB123', 'AB1234', 'AB12345678']) {
      expect(mask(plate)).toContain('•••')
      expect(mask(plate).replaceAll('•', '').length * 2).toBeLessThanOrEqual(Math.max(plate.length, 0) + 1)
    }
    expect(mask('AB')).toBe('•••')
  })
})
