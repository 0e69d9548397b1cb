import { type CopiedOwner, type CopyTarget, notEmpty } from './copy-target.ts'
import type { Head, JournalRow } from './journal-row.ts'
import { rowWriter } from './sqlite.ts'
import { type Database, openDatabase, transaction } from './sqlite-file.ts'
import { COPYING, JOURNAL_SCHEMA, SqliteReader } from './sqlite-reader.ts'

/** Opens a store's file as the target of a copy. Throws Fault STORE_OWNED where it holds something else than this copy's beginning. */
export function openSqliteTarget(path: string, owner: CopiedOwner): CopyTarget {
  const database = openDatabase(path, JOURNAL_SCHEMA)
  try {
    return new SqliteTarget(database, path, owner)
  } catch (fault) {
    database.close()
    throw fault
  }
}

class SqliteTarget implements CopyTarget {
  readonly name: string
  readonly isResumed: boolean
  readonly #mark: string
  readonly #database: Database
  readonly #reader: SqliteReader
  readonly #owner: CopiedOwner
  readonly #insert: (row: JournalRow) => void

  constructor(database: Database, path: string, owner: CopiedOwner) {
    this.name = path
    this.#database = database
    this.#owner = owner
    this.#reader = new SqliteReader(database, path)
    this.#insert = rowWriter(database)
    this.#mark = JSON.stringify({ siteId: owner.siteId, keyStoreId: owner.keyStoreId })
    const copying = this.#reader.meta(COPYING)
    this.isResumed = copying === this.#mark
    const isEmpty = copying === null && this.#reader.head().seq === 0 && this.#reader.meta('siteId') === null
    if (!this.isResumed && !isEmpty) throw notEmpty(path, copying === null ? this.#reader.head().seq : 0)
  }

  async begin(): Promise<void> {
    if (!this.isResumed) transaction(this.#database, this.name, () => this.#note(COPYING, this.#mark))
  }

  head(): Head {
    return this.#reader.head()
  }

  async write(rows: readonly JournalRow[]): Promise<void> {
    transaction(this.#database, this.name, () => {
      for (const row of rows) this.#insert(row)
    })
  }

  async rows(after: number, limit: number): Promise<readonly JournalRow[]> {
    return this.#reader.rows(after, limit)
  }

  async end(): Promise<void> {
    const { siteId, keyStoreId, epoch } = this.#owner
    transaction(this.#database, this.name, () => {
      this.#note('siteId', siteId)
      this.#note('keyStoreId', keyStoreId)
      this.#database.prepare('INSERT INTO owner (id, epoch) VALUES (1, ?)').run(epoch)
      this.#database.prepare('DELETE FROM meta WHERE name = ?').run(COPYING)
    })
  }

  async close(): Promise<void> {
    if (this.#database.isOpen) this.#database.close()
  }

  #note(name: string, value: string): void {
    this.#database.prepare('INSERT INTO meta (name, value) VALUES (?, ?)').run(name, value)
  }
}
