import { Fault } from '../../machines/faults.ts'
import { GENESIS } from '../journal/chain.ts'
import type { Head, JournalRow } from '../journal/journal-row.ts'
import { openStoreReadOnly } from '../journal/sqlite-reader.ts'
import { MOST_CHARACTERS, MOST_ROWS } from './link-message.ts'

/** The site's own log as an uplink reads it: rows as they are stored, their personal fields sealed. Throws Fault STORE_CORRUPT. */
export interface SiteRows {
  head(): Head
  /** The rows of the next batch behind `seq`: some at least where there are any. */
  batch(after: number): readonly JournalRow[]
  /** The hash of a record, the genesis of 0. */
  hashAt(seq: number): string
  close(): void
}

/** Rows that are read at once: a few large ones must not fill the memory. */
const PAGE = 32

/** Opens the store at `path` beside its owner, to read. Throws Fault NOT_FOUND or STORE_CORRUPT. */
export function openSiteRows(path: string): SiteRows {
  const { database, reader } = openStoreReadOnly(path)
  return {
    head: () => reader.head(),
    batch(after) {
      const rows: JournalRow[] = []
      let characters = 0
      while (rows.length < MOST_ROWS && characters < MOST_CHARACTERS) {
        const page = reader.rows(after + rows.length, Math.min(PAGE, MOST_ROWS - rows.length))
        for (const row of page) {
          if (row.seq !== after + rows.length + 1) throw gone(after + rows.length + 1)
          characters += row.content.length + (row.personal?.length ?? 0)
          if (characters > MOST_CHARACTERS && rows.length > 0) return rows
          rows.push(row)
        }
        if (page.length === 0) break
      }
      return rows
    },
    hashAt(seq) {
      if (seq === 0) return GENESIS
      const [row] = reader.rows(seq - 1, 1)
      if (row?.seq !== seq) throw gone(seq)
      return row.hash
    },
    close() {
      if (database.isOpen) database.close()
    },
  }
}

const gone = (seq: number): Fault =>
  new Fault(
    'STORE_CORRUPT',
    { seq },
    {
      says: `Record ${seq} is not in the store any more, nor in the archive beside it; bring back the file that held it.`,
    },
  )
