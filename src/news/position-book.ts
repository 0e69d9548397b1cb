import { existsSync } from 'node:fs'
import { type Database, guarded, openDatabase, openDatabaseReadOnly } from '../journal/sqlite-file.ts'

/** A receiver that is told nothing any more until a person says so: since when (ISO 8601 UTC), and why. */
export type Parked = { readonly at: string; readonly says: string }

/** How far a receiver has been told, by its name. */
export type Position = { readonly receiver: string; readonly after: string; readonly parked: Parked | null }

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS position (receiver TEXT PRIMARY KEY, after TEXT NOT NULL) WITHOUT ROWID, STRICT;
  CREATE TABLE IF NOT EXISTS parked (receiver TEXT PRIMARY KEY, at TEXT NOT NULL, says TEXT NOT NULL) WITHOUT ROWID, STRICT;`

/** How far each receiver has been told, on disk: `<store path>.news`. */
export class PositionBook {
  readonly #path: string
  readonly #database: Database

  /** Throws Fault STORE_UNWRITABLE or STORE_CORRUPT. */
  constructor(path: string) {
    this.#path = path
    this.#database = openDatabase(path, SCHEMA)
    // What was told and not noted is told again: that is promised anyway.
    this.#database.exec('PRAGMA synchronous = NORMAL')
  }

  /** The key of the last news that this receiver took; null for one that was never told anything. */
  of(receiver: string): string | null {
    const found = this.#get('SELECT after FROM position WHERE receiver = ?', receiver)
    return found === undefined ? null : String(found['after'])
  }

  parked(receiver: string): Parked | null {
    const found = this.#get('SELECT at, says FROM parked WHERE receiver = ?', receiver)
    return found === undefined ? null : { at: String(found['at']), says: String(found['says']) }
  }

  note(receiver: string, after: string): void {
    this.#run('INSERT OR REPLACE INTO position (receiver, after) VALUES (?, ?)', receiver, after)
  }

  park(receiver: string, { at, says }: Parked): void {
    this.#run('INSERT OR REPLACE INTO parked (receiver, at, says) VALUES (?, ?, ?)', receiver, at, says)
  }

  /** It is told again. */
  free(receiver: string): void {
    this.#run('DELETE FROM parked WHERE receiver = ?', receiver)
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close()
  }

  #get(sql: string, receiver: string): { readonly [column: string]: unknown } | undefined {
    return guarded(this.#path, () => this.#database.prepare(sql).get(receiver))
  }

  #run(sql: string, ...values: readonly string[]): void {
    guarded(this.#path, () => this.#database.prepare(sql).run(...values))
  }
}

/** All that stands in a book, also beside its owner; none where there is no book. Throws Fault STORE_CORRUPT. */
export function readPositions(path: string): readonly Position[] {
  if (!existsSync(path)) return []
  const database = openDatabaseReadOnly(path)
  try {
    return guarded(path, () => {
      const isNew = database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'parked'").get() !== undefined
      const parked = new Map(
        (isNew ? database.prepare('SELECT receiver, at, says FROM parked').all() : []).map((row) => [
          String(row['receiver']),
          { at: String(row['at']), says: String(row['says']) },
        ]),
      )
      return database
        .prepare('SELECT receiver, after FROM position ORDER BY receiver')
        .all()
        .map((row) => ({
          receiver: String(row['receiver']),
          after: String(row['after']),
          parked: parked.get(String(row['receiver'])) ?? null,
        }))
    })
  } finally {
    database.close()
  }
}
