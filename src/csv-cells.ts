/** One record of a CSV text: `line` is where it begins, from 1; `problem` a sentence where its quotes do not hold. */
export type CsvRecord = { readonly line: number; readonly cells: readonly string[]; readonly problem: string | null }

export type Separator = ',' | ';'

/** The separator that the first line uses: a semicolon where it has more of them outside quotes, as spreadsheets of half the world write. */
export function separatorOf(text: string): Separator {
  let commas = 0
  let semicolons = 0
  let quoted = false
  for (const character of text) {
    if (character === '"') quoted = !quoted
    else if (quoted) continue
    else if (character === '\n' || character === '\r') break
    else if (character === ',') commas += 1
    else if (character === ';') semicolons += 1
  }
  return semicolons > commas ? ';' : ','
}

/**
 * Splits CSV text (RFC 4180: quotes, doubled quotes, line ends in quotes; CRLF, LF or CR between records) into records. Empty lines
 * are left out. Never throws: a record with wrong quotes carries its problem and the reading goes on behind it.
 */
export function* csvRecords(text: string, separator: Separator): Generator<CsvRecord> {
  let line = 1
  let begins = 1
  let cells: string[] = []
  let problem: string | null = null
  let from = 0
  while (from < text.length || cells.length > 0) {
    const cell = cellAt(text, from, separator)
    cells.push(cell.value)
    problem ??= cell.problem
    const next = text.startsWith('\r\n', cell.end) ? cell.end + 2 : cell.end + 1
    line += lineEnds(text.slice(from, next))
    from = next
    if (text[cell.end] === separator) continue
    if (cells.length > 1 || cells[0]?.trim() !== '' || problem !== null) yield { line: begins, cells, problem }
    begins = line
    cells = []
    problem = null
  }
}

/** `end` is the place of the separator, of the line end, or behind the text. */
type Cell = { readonly value: string; readonly end: number; readonly problem: string | null }

function cellAt(text: string, from: number, separator: Separator): Cell {
  if (text[from] !== '"') {
    const end = cellEnd(text, from, separator)
    const value = text.slice(from, end)
    return {
      value,
      end,
      problem: value.includes('"')
        ? 'has a quote inside an unquoted cell; quote the whole cell and double the quotes in it'
        : null,
    }
  }
  let close = text.indexOf('"', from + 1)
  while (close >= 0 && text[close + 1] === '"') close = text.indexOf('"', close + 2)
  if (close < 0) {
    const end = cellEnd(text, from, separator)
    return { value: text.slice(from, end), end, problem: 'opens a quote that is never closed' }
  }
  const end = cellEnd(text, close + 1, separator)
  const value = text.slice(from + 1, close).replaceAll('""', '"')
  return { value, end, problem: text.slice(close + 1, end).trim() === '' ? null : 'has text behind a closing quote' }
}

/** Where an unquoted stretch that begins at `from` ends. */
function cellEnd(text: string, from: number, separator: Separator): number {
  for (let at = from; at < text.length; at += 1) {
    const character = text[at]
    if (character === separator || character === '\n' || character === '\r') return at
  }
  return text.length
}

const lineEnds = (text: string): number => text.match(/\r\n|\n|\r/g)?.length ?? 0
