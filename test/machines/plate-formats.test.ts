import { describe, expect, test } from 'vitest'
import { fold } from '../../machines/plate.ts'
import { countriesOf, countriesThatIssue, PLATE_COUNTRIES, repaired } from '../../machines/plate-formats.ts'

/** Country: plates that it issues, texts that it never does, and a misread with what it must have been. */
const EXAMPLES: readonly (readonly [country: string, issued: string, never: string, misread: string, meant: string])[] =
  [
    ['AE', 'A12345 F9', 'AAA123 A123456', 'A1Z345', 'A12345'],
    ['AL', 'AA123BC', 'A123BC AO123BC', 'AA1Z3BC', 'AA123BC'],
    ['AR', 'AB123CD ABC123', 'A123BC ABCD12', 'A8123CD', 'AB123CD'],
    ['AT', 'W12345A GU1ABC WABC1', '1WABC WABCDEFGH', 'W1Z345A', 'W12345A'],
    ['AU', 'ABC12D 1AB2CD 123AB4', 'ABCDEF 12345A', 'A8C12D', 'ABC12D'],
    ['BA', 'A12K345', 'B12K345 A1K2345', 'A12K34S', 'A12K345'],
    ['BE', '1ABC234 ABC123', '0ABC234 1ABCD23', '1A8C234', '1ABC234'],
    ['BG', 'CA1234BX C1234BX', 'CAD123BX CF1234BX', 'CAI234BX', 'CA1234BX'],
    ['BR', 'ABC1234 ABC1D23', 'AB12345 1ABC234', 'ABCI234', 'ABC1234'],
    ['CA', 'ABCD123 A12BCD', 'ABCDE12 1234567', 'A8CD123', 'ABCD123'],
    ['CH', 'ZH123456 AG1', 'XX123456 ZH1234567', '2H123456', 'ZH123456'],
    ['CL', 'BCDF12 BC1234', 'ABCD12 B12345', '8CDF12', 'BCDF12'],
    ['CO', 'ABC123', 'AB1234 ABCD12', 'ABCI23', 'ABC123'],
    ['CY', 'ABE123', 'ABD123 AB1234', 'A8E123', 'ABE123'],
    ['CZ', '1AB2345 1A12345 EL123AB', 'AB12345 1GB234', '1A8234S', '1A82345'],
    ['DE', 'BMW1234 MKL123E BA1', 'BMWABC1 ABCDEF1', '8MW1234', 'BMW1234'],
    ['DK', 'AB12345', 'AB1234 AO12345', 'A812345', 'AB12345'],
    ['EE', '123ABC', '12ABCD ABC123', 'I23ABC', '123ABC'],
    ['ES', '1234BCD M1234AB', '1234ABE12 123BCDF', 'I234BCD', '1234BCD'],
    ['FI', 'ABC123 AB1', 'A123BC ABCD12', 'A8C123', 'ABC123'],
    ['FR', 'AB123CD 123ABC75', 'AU123CD AI123CD', 'A8123CD', 'AB123CD'],
    ['GB', 'KX19TYP A123BCD ABC1', 'KX19TY1 KQ19TYPE', 'KXI9TYP', 'KX19TYP'],
    ['GR', 'ABE1234', 'ABC1234 AB12345', 'A8E1234', 'ABE1234'],
    ['HK', 'AB1234', 'A12345 AO1234', 'A81234', 'AB1234'],
    ['HR', 'ZG1234AB ZG123A', 'ZG12345A ZQ1234AB', '2G1234AB', 'ZG1234AB'],
    ['HU', 'ABC123 ABCD123', 'AB1234 ABC1234', 'A8C123', 'ABC123'],
    ['ID', 'B1234ABC AB12C', 'ABC123 B12345A', '81234ABC', 'B1234ABC'],
    ['IE', '131D12345 99LH1', '13D1234567 13I123', 'I31D12345', '131D12345'],
    ['IL', '1234567 12345678', '123456 AB12345', 'I234567', '1234567'],
    ['IN', 'MH12AB1234 22BH1234A', 'MH12AB123 M12AB1234', 'MHI2AB1234', 'MH12AB1234'],
    ['IS', 'AB123 ABD12', 'A1234 ABCD1', 'A8123', 'AB123'],
    ['IT', 'AB123CD', 'AI123CD A123BCD', 'AB1Z3CD', 'AB123CD'],
    ['KE', 'KAB123C', 'ABC123D KAB1234', 'KABI23C', 'KAB123C'],
    ['LT', 'ABC123 EA1234', 'AB1234X ABQ123', 'A8C123', 'ABC123'],
    ['LU', 'AB1234 12345', 'A12345 AO1234', 'A81234', 'AB1234'],
    ['LV', 'AB1234 AB1', 'A1234 ABC123', 'A8I234', 'AB1234'],
    ['ME', 'PGAB123', 'PGA1234 PG12345', 'PGA8123', 'PGAB123'],
    ['MK', 'SK1234AB', 'SK123AB S1234AB', '5K1234AB', 'SK1234AB'],
    ['MT', 'ABC123', 'AB1234 ABCD12', 'A8C123', 'ABC123'],
    ['MX', 'ABC123D A12BCD', 'AB12345 ABCDEF1', 'A8C123D', 'ABC123D'],
    ['MY', 'ABC1234 W1234A', '1ABC234 ABCD123', 'A8C1234', 'ABC1234'],
    ['NL', 'GB123B 12GBB3 12BBGB', 'AB1234X 1AB23C4', 'G8123B', 'GB123B'],
    ['NO', 'EL12345', 'EL1234 EO12345', 'E112345', 'EL12345'],
    ['NZ', 'ABC123 AB1234', 'A12345 ABCD12', 'A8C123', 'ABC123'],
    ['PL', 'WA12345 WGMA123 KR1AC23', 'W123456 WAI234567', 'WAI2345', 'WA12345'],
    ['PT', 'AB12CD 12AB34', 'A1234B ABC123', 'A812CD', 'AB12CD'],
    ['RO', 'CJ12ABC B123ABC', 'XX12ABC CJ123ABC', 'CJI2ABC', 'CJ12ABC'],
    ['RS', 'BG1234AB BG123AB', 'BG12AB B1234AB', '8G1234AB', 'BG1234AB'],
    ['RU', 'A123BC77 A123BC777', 'A123BD77 AB12377', 'A1Z3BC77', 'A123BC77'],
    ['SE', 'ABC123 ABC12D', 'ABQ123 AB1234', 'A8C123', 'ABC123'],
    ['SG', 'SBA1234A SA1B', 'ABA1234A SBA12345', 'S8A1234A', 'SBA1234A'],
    ['SI', 'LJ12ABC LJABC12', 'XX12ABC LJ1ABCD', 'LJI2ABC', 'LJ12ABC'],
    ['SK', 'BA123CD', 'BA12CD BAQ23CD', '8A123CD', 'BA123CD'],
    ['TR', '34AB1234 06A12345 34ABC12', '94AB1234 34ABCD1', '3ZAB1234', '32AB1234'],
    ['UA', 'AA1234BB', 'AA123BB AD1234BB', 'AA1234B8', 'AA1234BB'],
    ['US', '1ABC234 ABC1234 UH1F0F', 'A1B2C3D 12345678', '1A8C234', '1ABC234'],
    ['ZA', 'BC12DFGP CA123456', 'BC12DFXX 12BCDF', 'BCI2DFGP', 'BC12DFGP'],
  ]

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
