import { VEHICLE_COLUMNS } from '../machines/register-fields.ts'
import { csvRecords, separatorOf } from './csv-cells.ts'

/** One vehicle of a file as `RegisterDesk.importVehicles` takes it; `line` is where it stands, from 1. */
export type VehicleRow = { readonly line: number; readonly fields: { readonly [column: string]: string } }

/** A line that cannot be read, with one sentence. */
export type CsvProblem = { readonly line: number; readonly says: string }

/** All rows of a file, in its order. Where `problems` is not empty nothing of the file may be imported. */
export type VehicleCsv = { readonly rows: readonly VehicleRow[]; readonly problems: readonly CsvProblem[] }

type Column = (typeof VEHICLE_COLUMNS)[number]

/**
 * Reads a file of vehicles: a header (`plate,accountId,fleet,alias,validFrom,validTo,hours,blocked` in any order; plate and accountId
 * must be there), one vehicle a line, `,` or `;` between cells. An empty cell is a field left out.
 * Never throws. Whether a plate, a date or hours are right is judged by the register, not here.
 */
export function readVehicleCsv(text: string): VehicleCsv {
  // Spreadsheets put a byte order mark before the header.
  const clean = text.startsWith('\uFEFF') ? text.slice(1) : text
  const records = csvRecords(clean, separatorOf(clean))
  const first = records.next()
  if (first.done)
    return {
      rows: [],
      problems: [{ line: 1, says: `The file is empty; begin it with the header ${VEHICLE_COLUMNS.join(',')}.` }],
    }
  const header = readHeader(first.value.cells)
  if ('says' in header) return { rows: [], problems: [{ line: first.value.line, says: header.says }] }
  const rows: VehicleRow[] = []
  const problems: CsvProblem[] = []
  for (const { line, cells, problem } of records) {
    const read = problem === null ? readRow(cells, header.columns) : { says: `The line ${problem}.` }
    if ('says' in read) problems.push({ line, says: read.says })
    else rows.push({ line, fields: read.fields })
  }
  return { rows, problems }
}

function readHeader(cells: readonly string[]): { readonly columns: readonly Column[] } | { readonly says: string } {
  const columns: Column[] = []
  for (const cell of cells) {
    const name = cell.trim()
    const column = VEHICLE_COLUMNS.find((each) => each.toLowerCase() === name.toLowerCase())
    if (column === undefined)
      return {
        says: `The header names "${name.slice(0, 40)}", which is no column; the columns are ${VEHICLE_COLUMNS.join(', ')}.`,
      }
    if (columns.includes(column)) return { says: `The header names ${column} twice; name each column once.` }
    columns.push(column)
  }
  for (const needed of ['plate', 'accountId'] as const) {
    if (!columns.includes(needed))
      return {
        says: `The header lacks ${needed}; begin the file with ${VEHICLE_COLUMNS.join(',')} (plate and accountId at least).`,
      }
  }
  return { columns }
}

function readRow(
  cells: readonly string[],
  columns: readonly Column[],
): { readonly fields: VehicleRow['fields'] } | { readonly says: string } {
  if (cells.length !== columns.length) {
    return {
      says: `The line has ${cells.length} cells where the header has ${columns.length}; put cells that hold the separator in quotes.`,
    }
  }
  const fields: { [column: string]: string } = {}
  for (const [index, column] of columns.entries()) {
    const cell = cells[index]?.trim() ?? ''
    if (cell !== '') fields[column] = cell
  }
  return { fields }
}

/** A refused row by its line in the file; where it names another row, that is a line as well: people count from the header on. */
export function refusedLine(
  rows: readonly Pick<VehicleRow, 'line'>[],
  { row, says }: { readonly row: number; readonly says: string },
): { readonly line: number; readonly says: string } {
  const lineOf = (one: number): number => rows[one - 1]?.line ?? one + 1
  const twin = /^(The plate .*?\b)row (\d+)\b/
  return { line: lineOf(row), says: says.replace(twin, (_, head, other) => `${head}line ${lineOf(Number(other))}`) }
}

/** The rows as text that `readVehicleCsv` reads back: all columns, comma, CRLF. */
export function writeVehicleCsv(rows: readonly VehicleRow[]): string {
  const quoted = (cell: string): string => (/[",;\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)
  const lines = rows.map(({ fields }) => VEHICLE_COLUMNS.map((column) => quoted(fields[column] ?? '')).join(','))
  return [VEHICLE_COLUMNS.join(','), ...lines, ''].join('\r\n')
}
