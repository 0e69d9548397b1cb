import { describe, expect, test } from 'vitest'
import { fold } from '../../machines/plate.ts'
import { countriesOf, countriesThatIssue, PLATE_COUNTRIES, repaired } from '../../machines/plate-formats.ts'
import { EXAMPLES } from './plate-examples.ts'

describe.each(EXAMPLES)('%s', (country, issued, never, misread, meant) => {
  const own = countriesOf([country])
  test('issues its own plates and no others', () => {
    for (const plate of issued.split(' ')) expect([plate, countriesThatIssue(plate, own)]).toEqual([plate, [country]])
    for (const plate of never.split(' ')) expect([plate, countriesThatIssue(plate, own)]).toEqual([plate, []])
  })
  test('says what a look-alike at the wrong place must have been, and leaves its own plates alone', () => {
    expect(repaired(misread, own)).toContain(meant)
    expect(fold(misread)).toBe(fold(meant))
    for (const plate of issued.split(' ')) expect(repaired(plate, own)).toEqual([plate])
  })
})

test('at least thirty countries are known, each has examples, and the two-line ones are said', () => {
  expect(PLATE_COUNTRIES.length).toBeGreaterThanOrEqual(30)
  expect(PLATE_COUNTRIES.map(({ country }) => country).sort()).toEqual(EXAMPLES.map(([country]) => country).sort())
  expect(PLATE_COUNTRIES.find(({ country }) => country === 'IN')?.twoLine).toBe(true)
  expect(PLATE_COUNTRIES.filter(({ twoLine }) => twoLine).length).toBeGreaterThan(10)
})

test('what no exchange makes a plate stays none, and the matching key is never changed', () => {
  expect(repaired('WXYZWXY', countriesOf(['GB', 'FR']))).toEqual([])
  for (const { country } of PLATE_COUNTRIES)
    for (const text of ['KXI9TYP', 'A8123CD', '0BC1Z34', 'M0I234S'])
      for (const spelling of repaired(text, countriesOf([country]))) expect(fold(spelling)).toBe(fold(text))
})
