import { expect, test } from 'vitest'
import { csvLine } from '../../src/server/csv-line.ts'

test('no text of a CSV file begins a formula, whether its reader parts cells at commas or at semicolons', () => {
  const run = ['=1+1', '+1', '-1', '@x', ' =1+1', '\t=1', 'a;=1+1', 'a; =1+1', 'a;-1;+2', '"=1"']
  for (const text of run)
    for (const cell of csvLine(['x', text, 'y']).split(/[;,]/)) expect(cell).not.toMatch(/^"?\s*[=+\-@]/)
  expect(csvLine(['Depot North', 'a;b', -5, null, 'say "hi"'])).toBe('Depot North,a;b,-5,,"say ""hi"""\r\n')
})
