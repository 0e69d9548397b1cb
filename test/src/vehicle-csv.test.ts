import { describe, expect, test } from 'vitest'
import { VEHICLE_COLUMNS } from '../../machines/register-fields.ts'
import { readVehicleCsv, refusedLine, writeVehicleCsv } from '../../src/vehicle-csv.ts'
import { fc } from '../seeded-check.ts'

describe('a file of vehicles', () => {
  test('columns in any order, a byte order mark, CRLF, quotes and empty cells', () => {
    const text =
      '\uFEFFaccountId,Plate,hours,fleet\r\nacc-1,AB12CDE,"Mo 06:00-10:00,14:00-18:00","north ""A"""\r\n\r\nacc-2, XY99ZZZ ,,\r\n'
    expect(readVehicleCsv(text)).toEqual({
      problems: [],
      rows: [
        {
          line: 2,
          fields: { accountId: 'acc-1', plate: 'AB12CDE', hours: 'Mo 06:00-10:00,14:00-18:00', fleet: 'north "A"' },
        },
        { line: 4, fields: { accountId: 'acc-2', plate: 'XY99ZZZ' } },
      ],
    })
  })

  test('semicolons between cells, where the header has them', () => {
    expect(
      readVehicleCsv('plate;accountId;hours\nAB12CDE;acc-1;"Mo 08:00-09:00; Tu 08:00-09:00"\nXY99ZZZ;acc,1;').rows,
    ).toEqual([
      { line: 2, fields: { plate: 'AB12CDE', accountId: 'acc-1', hours: 'Mo 08:00-09:00; Tu 08:00-09:00' } },
      { line: 3, fields: { plate: 'XY99ZZZ', accountId: 'acc,1' } },
    ])
  })

  test('lines are counted through line ends in quotes', () => {
    const { rows, problems } = readVehicleCsv('plate,accountId,fleet\nAB12CDE,acc-1,"two\r\nlines"\nXY99ZZZ,acc-1\n')
    expect(rows).toEqual([{ line: 2, fields: { plate: 'AB12CDE', accountId: 'acc-1', fleet: 'two\r\nlines' } }])
    expect(problems).toEqual([{ line: 4, says: expect.stringContaining('2 cells where the header has 3') }])
  })

  test.each([
    ['', 1, 'The file is empty'],
    ['plate,colour\n', 1, '"colour", which is no column'],
    ['plate,accountId,plate\n', 1, 'names plate twice'],
    ['plate,fleet\n', 1, 'lacks accountId'],
    ['plate,accountId\nAB12CDE,"acc-1\nXY99ZZZ,acc-2\n', 2, 'never closed'],
    ['plate,accountId\n"AB12CDE"x,acc-1\n', 2, 'behind a closing quote'],
    ['plate,accountId\nAB"12"CDE,acc-1\n', 2, 'inside an unquoted cell'],
    ['plate,accountId\nAB12CDE,acc-1,\n', 2, '3 cells where the header has 2'],
  ])('%j names line %i: %s', (text, line, says) => {
    const { problems } = readVehicleCsv(text)
    expect(problems[0]?.line).toBe(line)
    expect(problems[0]?.says).toContain(says)
  })

  test('what was written is read back, whatever the cells hold', () => {
    const cell = fc
      .string({ unit: fc.constantFrom('A', '1', ',', ';', '"', '\n', '\r\n', ' ', 'é'), maxLength: 8 })
      .map((text) => text.trim())
    const row = fc.record({ plate: cell.filter((text) => text !== ''), accountId: cell, hours: cell, fleet: cell })
    fc.assert(
      fc.property(fc.array(row, { maxLength: 10 }), (list) => {
        const rows = list.map((fields, index) => ({
          line: index + 2,
          fields: Object.fromEntries(Object.entries(fields).filter(([, text]) => text !== '')),
        }))
        const back = readVehicleCsv(writeVehicleCsv(rows))
        expect(back.problems).toEqual([])
        expect(back.rows.map(({ fields }) => fields)).toEqual(rows.map(({ fields }) => fields))
      }),
    )
  })

  test('no text makes it throw, and every row has the columns of the header only', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', ',', ';', '"', '\n', '\r', ' '), maxLength: 60 }), (body) => {
        const { rows } = readVehicleCsv(`plate,accountId\n${body}`)
        for (const { fields } of rows)
          for (const column of Object.keys(fields)) expect(VEHICLE_COLUMNS).toContain(column)
      }),
    )
  })
})

test('a refused row is named by its line, and so is another row that it is like', () => {
  const rows = [{ line: 2 }, { line: 5 }, { line: 6 }]
  const says = 'The plate stands in row 2 already; keep one of the two.'
  expect(refusedLine(rows, { row: 3, says })).toEqual({ line: 6, says: says.replace('row 2', 'line 5') })
  const other = 'hours “row 7” are none.'
  expect(refusedLine(rows, { row: 1, says: other })).toEqual({ line: 2, says: other })
})
