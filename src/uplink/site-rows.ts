import { Fault } from '../../machines/faults.ts'
import { GENESIS } from '../journal/chain.ts'
import type { Head, JournalRow } from '../journal/journal-row.ts'
import { type LogAsItIs, type ServerStore, serverDoor } from '../journal/server-store.ts'
import { openStoreReadOnly } from '../journal/sqlite-reader.ts'
import { MOST_CHARACTERS, MOST_ROWS } from './link-message.ts'

/** The site's own log as an uplink reads it: rows as they are stored, their personal fields sealed. Throws and rejects with Fault STORE_CORRUPT or STORE_UNREACHABLE. */
export interface SiteRows {
  head(): Head
  /** The rows of the next batch behind `seq`: some at least where there are any. */
  batch(after: number): readonly JournalRow[] | Promise<readonly JournalRow[]>
  /** The hash of a record, the genesis of 0. */
  hashAt(seq: number): string | Promise<string>
  close(): void | Promise<void>
}
/** Those of a file, which is read at once. */
export interface FileRows extends SiteRows {
  batch(after: number): readonly JournalRow[]
  hashAt(seq: number): string
}

/** Rows that are read at once: a few large ones must not fill the memory. */
const PAGE = 32

/** A batch that is being read, page by page. */
class Filling {
  readonly rows: JournalRow[] = []
  readonly #after: number
  #characters = 0
  #isFull = false

  constructor(after: number) {
    this.#after = after
  }

  /** Where the next page begins, and how long it may be; null where the batch is full. */
  get next(): readonly [after: number, limit: number] | null {
    const { length } = this.rows
    if (this.#isFull || length >= MOST_ROWS || this.#characters >= MOST_CHARACTERS) return null
    return [this.#after + length, Math.min(PAGE, MOST_ROWS - length)]
  }

  take(page: readonly JournalRow[]): void {
    this.#isFull = page.length === 0
    for (const row of page) {
      const seq = this.#after + this.rows.length + 1
      if (row.seq !== seq) throw gone(seq)
      this.#characters += row.content.length + (row.personal?.length ?? 0)
      if (this.#characters > MOST_CHARACTERS && this.rows.length > 0) {
        this.#isFull = true
        return
      }
      this.rows.push(row)
    }
  }
}

/** Opens the store at `path` beside its owner, to read. Throws Fault NOT_FOUND or STORE_CORRUPT. */
export function openSiteRows(path: string): FileRows {
  const { database, reader } = openStoreReadOnly(path)
  return {
    head: () => reader.head(),
    batch(after) {
      const batch = new Filling(after)
      for (let next = batch.next; next !== null; next = batch.next) batch.take(reader.rows(...next))
      return batch.rows
    },
    hashAt: (seq) => hashIn(seq, seq === 0 ? [] : reader.rows(seq - 1, 1)),
    close() {
      if (database.isOpen) database.close()
    },
  }
}

/** The log of a site whose journal is on a server, over a connection of its own, opened when it is first read; `head` of what its owner has committed. */
export function serverSiteRows(store: ServerStore, siteId: string, head: () => Head): SiteRows {
  let opened: Promise<LogAsItIs> | null = null
  const log = (): Promise<LogAsItIs> => {
    opened ??= serverDoor(store.kind)
      .asItIs({ url: store.url, siteId })
      .catch((fault: unknown) => {
        opened = null
        throw fault
      })
    return opened
  }
  return {
    head,
    async batch(after) {
      const batch = new Filling(after)
      // What was not committed by the owner as it knows it is not asked for.
      const newest = head().seq
      for (let next = batch.next; next !== null && next[0] < newest; next = batch.next)
        batch.take(await (await log()).rows(next[0], Math.min(next[1], newest - next[0])))
      return batch.rows
    },
    hashAt: async (seq) => hashIn(seq, seq === 0 ? [] : await (await log()).rows(seq - 1, 1)),
    close: async () => void (await opened?.catch(() => null))?.close(),
  }
}

function hashIn(seq: number, [row]: readonly JournalRow[]): string {
  if (seq === 0) return GENESIS
  if (row?.seq !== seq) throw gone(seq)
  return row.hash
}

const gone = (seq: number): Fault =>
  new Fault(
    'STORE_CORRUPT',
    { seq },
    {
      says: `Record ${seq} is not in the store any more, nor in the archive beside it; bring back the file that held it.`,
    },
  )
