import { Fault } from '../../machines/faults.ts'
import { type Head, type JournalRow, recordOf } from './journal-row.ts'

/** What a copy takes over with the records. */
export type CopiedOwner = { readonly siteId: string; readonly keyStoreId: string; readonly epoch: number }

/** Where a copy goes: empty at first, or half full of the same copy. */
export interface CopyTarget {
  readonly name: string
  /** This copy was begun before and cut off. */
  readonly isResumed: boolean
  /** Where the copy stands. */
  head(): Head
  /** From now on it is half a copy, and nobody may own it. */
  begin(): Promise<void>
  write(rows: readonly JournalRow[]): Promise<void>
  /** All rows from the first on, as the target gives them. */
  rows(after: number, limit: number): Promise<readonly JournalRow[]>
  /** From now on it is a store like any other. */
  end(): Promise<void>
  close(): Promise<void>
}

/** The refusal of a target that holds something. */
export function notEmpty(name: string, records: number): Fault {
  const says = `${name} holds ${records === 0 ? 'the beginning of another copy' : `${records} records already`}, and a copy goes only where nothing is; name another store.`
  return new Fault('STORE_OWNED', {}, { says })
}

/** Rows with their records, as an append takes them. */
export const linkedRows = (rows: readonly JournalRow[]) => rows.map((row) => ({ row, record: recordOf(row) }))
