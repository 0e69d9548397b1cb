import type { Clock, Journal } from '../../actors/ports.ts'
import type { Json } from '../../machines/events.ts'
import { Fault } from '../../machines/faults.ts'
import type { Draft, FactRecord } from '../../machines/record.ts'
import type { Sealer } from '../privacy/sealer.ts'
import { demandCheckpointed } from './checkpoint-ahead.ts'
import { checkVersions, type Head, type JournalRow, type Linked, linkDrafts, openPersonal } from './journal-row.ts'
import { type Database, openDatabase, transaction } from './sqlite-file.ts'
import { COPYING, JOURNAL_SCHEMA, SqliteReader } from './sqlite-reader.ts'
import { lockStore, type StoreLock } from './store-lock.ts'

/** Where the journal is, whose it is, and what it needs. `path` is the store's file; the lock is `<path>.lock`. */
export type SqliteJournalOptions = {
  readonly path: string
  readonly siteId: string
  readonly clock: Clock
  readonly keys: Sealer
  readonly restored?: (says: string) => void
}

const INSERT = `
  INSERT INTO record (seq, stream, version, at, content, personal, personal_hash, content_hash, prev, hash)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

/** Writes rows as they are, inside a transaction of the caller's. */
export function rowWriter(database: Database): (row: JournalRow) => void {
  const insert = database.prepare(INSERT)
  return ({ seq, stream, version, at, content, personal, personalHash, contentHash, prev, hash }) =>
    void insert.run(seq, stream, version, at, content, personal, personalHash, contentHash, prev, hash)
}

/**
 * Opens the site's journal as its one owner, making it at first use. Rejects with Fault STORE_OWNED (another process has it),
 * STORE_UNWRITABLE, STORE_CORRUPT (not a journal, another site's, or cut off) or KEY_UNAVAILABLE (another key store's).
 */
export async function openSqliteJournal(options: SqliteJournalOptions): Promise<Journal> {
  const lock = lockStore(options.path)
  try {
    const database = openDatabase(options.path, JOURNAL_SCHEMA)
    try {
      return new SqliteJournal(database, lock, options)
    } catch (error) {
      database.close()
      throw error
    }
  } catch (error) {
    lock.release()
    throw error
  }
}

class SqliteJournal implements Journal {
  readonly siteId: string
  readonly epoch: number
  readonly #options: SqliteJournalOptions
  readonly #database: Database
  readonly #lock: StoreLock
  readonly #reader: SqliteReader
  readonly #insert: (row: JournalRow) => void
  readonly #versions = new Map<string, number>()
  #head: Head
  /** The last write failed: head and versions are read again before the next one. */
  #doubtful = false

  constructor(database: Database, lock: StoreLock, options: SqliteJournalOptions) {
    this.siteId = options.siteId
    this.#options = options
    this.#database = database
    this.#lock = lock
    this.#reader = new SqliteReader(database, options.path)
    this.epoch = takeOver(database, this.#reader, options)
    lock.sign(this.epoch, new Date(options.clock.now()).toISOString())
    this.#insert = rowWriter(database)
    this.#head = this.#reader.head()
  }

  head(): Head {
    return this.#head
  }

  version(stream: string): number {
    const known = this.#versions.get(stream)
    if (known !== undefined) return known
    const version = this.#reader.version(stream)
    this.#versions.set(stream, version)
    return version
  }

  async append(drafts: readonly Draft[]): Promise<readonly FactRecord[]> {
    if (drafts.length === 0) return []
    if (this.#doubtful) this.#reload()
    const newest = checkVersions(drafts, (stream) => this.version(stream))
    const { clock, keys } = this.#options
    const linked = linkDrafts(drafts, this.#head, this.siteId, new Date(clock.now()).toISOString(), keys)
    keys.flush()
    this.#write(linked)
    const last = (linked[linked.length - 1] as Linked).row
    this.#head = { seq: last.seq, hash: last.hash }
    for (const [stream, version] of newest) this.#versions.set(stream, version)
    return linked.map(({ record }) => record)
  }

  async readSite(after?: number, limit?: number): Promise<readonly FactRecord[]> {
    return this.#reader.readSite(after, limit)
  }

  async readStream(stream: string, after?: number, limit?: number): Promise<readonly FactRecord[]> {
    return this.#reader.readStream(stream, after, limit)
  }

  open(record: FactRecord): { readonly [subject: string]: Json } {
    return openPersonal(record, this.#options.keys)
  }

  async close(): Promise<void> {
    if (!this.#database.isOpen) return
    this.#database.close()
    this.#lock.release()
  }

  /** The epoch is read inside the transaction: between that read and the commit no other owner can come. */
  #write(linked: readonly Linked[]): void {
    this.#doubtful = true
    transaction(this.#database, this.#options.path, () => {
      this.#checkEpoch()
      for (const { row } of linked) this.#insert(row)
    })
    this.#doubtful = false
  }

  #checkEpoch(): void {
    const newest = this.#reader.epoch()
    if (newest !== this.epoch) throw new Fault('STORE_FENCED', { epoch: this.epoch, newer: newest })
  }

  /** After a failed commit only the file knows where it ends. */
  #reload(): void {
    this.#checkEpoch()
    this.#head = this.#reader.head()
    this.#versions.clear()
    this.#doubtful = false
  }
}

/** Makes this process the store's owner: checks whose store it is and raises the epoch, durably. */
function takeOver(
  database: Database,
  reader: SqliteReader,
  { path, siteId, keys, restored }: SqliteJournalOptions,
): number {
  return transaction(database, path, () => {
    if (reader.meta(COPYING) !== null) {
      const says = `A copy into ${path} was cut off; run the same \`berth copy\` again, it goes on where it stood.`
      throw new Fault('STORE_CORRUPT', {}, { says })
    }
    const note = database.prepare('INSERT OR IGNORE INTO meta (name, value) VALUES (?, ?)')
    note.run('siteId', siteId)
    note.run('keyStoreId', keys.storeId)
    const site = reader.meta('siteId')
    if (site !== siteId) {
      const says = `The store ${path} belongs to the site ${site}, not to ${siteId}; name another file in \`store.path\`.`
      throw new Fault('STORE_CORRUPT', {}, { says })
    }
    if (reader.meta('keyStoreId') !== keys.storeId) {
      const says = `The records of ${path} were sealed with another key store than the one given; put the right ${path}.keys back.`
      throw new Fault('KEY_UNAVAILABLE', {}, { says })
    }
    demandCheckpointed({ path, name: path, siteId, head: reader.head() }, restored)
    database.exec('INSERT INTO owner (id, epoch) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET epoch = epoch + 1')
    return reader.epoch()
  })
}
