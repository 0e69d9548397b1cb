import { type Database, guarded, openDatabase } from '../journal/sqlite-file.ts'

/** How far each receiver has been told, on disk: `<store path>.news`. */
export class PositionBook {
  readonly #path: string
  readonly #database: Database

  /** Throws Fault STORE_UNWRITABLE or STORE_CORRUPT. */
  constructor(path: string) {
    this.#path = path
    this.#database = openDatabase(
      path,
      'CREATE TABLE IF NOT EXISTS position (receiver TEXT PRIMARY KEY, after TEXT NOT NULL) WITHOUT ROWID, STRICT',
    )
    // What was told and not noted is told again: that is promised anyway.
    this.#database.exec('PRAGMA synchronous = NORMAL')
  }

  /** The key of the last news that this receiver took; null for one that was never told anything. */
  of(receiver: string): string | null {
    const found = guarded(this.#path, () =>
      this.#database.prepare('SELECT after FROM position WHERE receiver = ?').get(receiver),
    )
    return found === undefined ? null : String(found['after'])
  }

  note(receiver: string, after: string): void {
    guarded(this.#path, () =>
      this.#database.prepare('INSERT OR REPLACE INTO position (receiver, after) VALUES (?, ?)').run(receiver, after),
    )
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close()
  }
}
