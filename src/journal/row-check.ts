import type { ChainCheck } from './chain-check.ts'
import type { JournalRow } from './journal-row.ts'

/** What is wrong with the next row in one sentence, or null: the chain, and that the columns by which records are found say what the record says. */
export function wrongRow(row: JournalRow, chain: ChainCheck, siteId: string): string | null {
  if (typeof row.content !== 'string' || (row.personal !== null && typeof row.personal !== 'string'))
    return `record ${chain.seq + 1}: its text is damaged`
  return chain.take(row, () => wrongColumn(row, siteId))
}

function wrongColumn(row: JournalRow, siteId: string): string | null {
  const content = contentOf(row.content)
  if (content === null) return `record ${row.seq}: its content is no record`
  if (content['siteId'] !== siteId)
    return `record ${row.seq} is of the site ${String(content['siteId'])}, the store of ${siteId}`
  for (const column of ['seq', 'stream', 'version', 'at'] as const) {
    if (content[column] !== row[column])
      return `record ${row.seq}: the column ${column} says ${row[column]}, the record ${String(content[column])}`
  }
  return null
}

/** Null where somebody hashed and linked what is no JSON object. */
function contentOf(text: string): { readonly [member: string]: unknown } | null {
  try {
    const content: unknown = JSON.parse(text)
    return typeof content === 'object' && content !== null ? (content as { readonly [member: string]: unknown }) : null
  } catch {
    return null
  }
}
