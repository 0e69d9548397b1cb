/** One CSV line (RFC 4180, CRLF). A text that a spreadsheet would run as a formula, also one that parts cells at semicolons, gets an apostrophe before it. */
export function csvLine(cells: readonly (string | number | null)[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`
}

function csvCell(cell: string | number | null): string {
  if (cell === null) return ''
  if (typeof cell === 'number') return String(cell)
  // Where a semicolon parts cells, what follows one begins a cell too, also inside quotes.
  const safe = cell.replace(/(^|;)(?=\s*[=+\-@]|[\t\r])/g, "$1'")
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
