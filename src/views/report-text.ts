import type { Json } from '../../machines/events.ts'
import type { Row } from '../../projections/row-fold.ts'
import { toldSession } from '../../projections/session-row.ts'
import type { Report } from '../../projections/told.ts'
import { csvLine } from '../server/csv-line.ts'

/** A row with the report's columns alone, in their order. */
export function columnsOf({ name, columns }: Report, stored: Row): Row {
  const row = name === 'sessions' ? toldSession(stored) : stored
  return Object.fromEntries(columns.map((column) => [column, row[column] ?? null]))
}

/** Rows as CSV (RFC 4180) with a header line; lists as JSON in one cell. */
export function csvOf(columns: readonly string[], rows: readonly Row[]): string {
  const lines = rows.map((row) => csvLine(columns.map((column) => cell(row[column] ?? null))))
  return csvLine(columns) + lines.join('')
}

const cell = (value: Json): string | number | null =>
  value === null || typeof value === 'string' || typeof value === 'number' ? value : JSON.stringify(value)

/** One JSON object a line. */
export const linesOf = (rows: readonly unknown[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('')
