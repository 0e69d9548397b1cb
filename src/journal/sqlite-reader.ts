import { existsSync } from 'node:fs'
import type { Journal } from '../../actors/ports.ts'
import { Fault } from '../../machines/faults.ts'
import type { FactRecord } from '../../machines/record.ts'
import type { Sealer } from '../privacy/sealer.ts'
import { type ArchivedSegment, ArchiveShelf, SHELF_SCHEMA } from './archive-shelf.ts'
import { GENESIS_LINK } from './chain.ts'
import { type Head, type JournalRow, openPersonal, recordOf, recordsOf } from './journal-row.ts'
import { type Database, guarded, openDatabaseReadOnly, type Statement } from './sqlite-file.ts'

/** The store's tables. `record.personal` is null once erased; no row of `record` is ever changed otherwise, and only the oldest go, into an archive. */
export const JOURNAL_SCHEMA = `
  CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS owner (id INTEGER PRIMARY KEY CHECK (id = 1), epoch INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS record (
    seq INTEGER PRIMARY KEY, stream TEXT NOT NULL, version INTEGER NOT NULL, at TEXT NOT NULL, content TEXT NOT NULL, personal TEXT,
    personal_hash TEXT NOT NULL, content_hash TEXT NOT NULL, prev TEXT NOT NULL, hash TEXT NOT NULL);
  CREATE UNIQUE INDEX IF NOT EXISTS record_stream_version ON record (stream, version);
  CREATE INDEX IF NOT EXISTS record_at ON record (at);
  ${SHELF_SCHEMA}`

/** The store's own note while a copy into it is not whole yet: nobody may own it before. */
export const COPYING = 'copying'

/** The columns of a row, named as JournalRow names them. */
const COLUMNS =
  'seq, stream, version, at, content, personal, personal_hash AS personalHash, content_hash AS contentHash, prev, hash'

/** Records of a page when the caller names no limit. */
const PAGE = 1_000

/** Reads a store's tables; what is written to them meanwhile is seen at the next call. All throw Fault STORE_CORRUPT for damage. */
export class SqliteReader {
  readonly #path: string
  /** Null in a store of a berth that archived nothing yet. */
  readonly #shelf: ArchiveShelf | null
  readonly #head: Statement
  readonly #version: Statement
  readonly #site: Statement
  readonly #stream: Statement
  readonly #epoch: Statement
  readonly #meta: Statement

  constructor(database: Database, path: string) {
    this.#path = path
    const prepare = (sql: string) => guarded(path, () => database.prepare(sql))
    const isShelved = prepare("SELECT 1 FROM sqlite_schema WHERE name = 'archived_stream'").get() !== undefined
    this.#shelf = isShelved ? new ArchiveShelf(database, path) : null
    this.#head = prepare('SELECT seq, hash FROM record ORDER BY seq DESC LIMIT 1')
    this.#version = prepare('SELECT version FROM record WHERE stream = ? ORDER BY version DESC LIMIT 1')
    this.#site = prepare(`SELECT ${COLUMNS} FROM record WHERE seq > ? ORDER BY seq LIMIT ?`)
    this.#stream = prepare(`SELECT ${COLUMNS} FROM record WHERE stream = ? AND version > ? ORDER BY version LIMIT ?`)
    this.#epoch = prepare('SELECT epoch FROM owner WHERE id = 1')
    this.#meta = prepare('SELECT value FROM meta WHERE name = ?')
  }

  /** Newest link, or the genesis. */
  head(): Head {
    const row = guarded(this.#path, () => this.#head.get())
    if (row !== undefined) return { seq: Number(row['seq']), hash: String(row['hash']) }
    return this.archivedTo()
  }

  /** Newest version in a stream, 0 where it is empty. */
  version(stream: string): number {
    const own = guarded(this.#path, () => this.#version.get(stream)?.['version'])
    return Number(own ?? this.#shelf?.version(stream) ?? 0)
  }

  /** Rows with seq > after as they stand, nothing checked; those that are archived too. */
  rows(after: number, limit: number): JournalRow[] {
    const own = this.ownRows(after, limit)
    if (this.#shelf === null || own[0]?.seq === after + 1) return own
    const archived = this.#shelf.rows(after, limit)
    return archived.length === 0 ? own : [...archived, ...own].slice(0, limit)
  }

  /** The same of what the store holds itself. */
  ownRows(after: number, limit: number): JournalRow[] {
    return guarded(this.#path, () => this.#site.all(after, limit) as unknown as JournalRow[])
  }

  /** Segments that this store's first record follows on, oldest first. */
  archived(): readonly ArchivedSegment[] {
    return this.#shelf?.segments() ?? []
  }

  /** The newest link that is archived and no longer in the store itself, or the genesis. */
  archivedTo(): Head {
    return this.#shelf?.edge() ?? GENESIS_LINK
  }

  readSite(after = 0, limit = PAGE): FactRecord[] {
    return recordsOf(this.rows(after, limit))
  }

  readStream(stream: string, after = 0, limit = PAGE): FactRecord[] {
    const own = guarded(this.#path, () => this.#stream.all(stream, after, limit) as unknown as JournalRow[])
    if (this.#shelf === null || own[0]?.version === after + 1) return own.map(recordOf)
    const archived = this.#shelf.stream(stream, after, limit)
    return [...archived, ...own].slice(0, limit).map(recordOf)
  }

  /** The newest owner's epoch, 0 before the first. */
  epoch(): number {
    return guarded(this.#path, () => Number(this.#epoch.get()?.['epoch'] ?? 0))
  }

  /** The store's own note under `name`. */
  meta(name: string): string | null {
    const row = guarded(this.#path, () => this.#meta.get(name))
    return row === undefined ? null : String(row['value'])
  }
}

/** A store opened to be read, whoever owns it. */
export type OpenStore = { readonly siteId: string; readonly database: Database; readonly reader: SqliteReader }

/** Opens a store's file to read. Throws Fault NOT_FOUND where there is none, STORE_CORRUPT where it is something else or damaged. */
export function openStoreReadOnly(path: string): OpenStore {
  if (!existsSync(path))
    throw new Fault(
      'NOT_FOUND',
      {},
      { says: `There is no journal at ${path}; check the path, or start berth once to make it.` },
    )
  const database = openDatabaseReadOnly(path)
  try {
    const tables = guarded(path, () =>
      database.prepare(`SELECT count(*) AS n FROM sqlite_schema WHERE name IN ('meta', 'owner', 'record')`).get(),
    )
    const reader = tables?.['n'] === 3 ? new SqliteReader(database, path) : null
    const siteId = reader?.meta('siteId')
    if (!reader || !siteId)
      throw new Fault('STORE_CORRUPT', {}, { says: `${path} is not a journal of berth; check the path.` })
    return { siteId, database, reader }
  } catch (error) {
    database.close()
    throw error
  }
}

/**
 * Opens a site's journal to read, also while its owner runs: what the owner commits is seen at the next call, and `append` rejects
 * with Fault STORE_UNWRITABLE. Rejects with Fault NOT_FOUND or STORE_CORRUPT.
 */
export async function openSqliteJournalReadOnly({
  path,
  keys,
}: {
  readonly path: string
  readonly keys: Pick<Sealer, 'open'>
}): Promise<Journal> {
  const { siteId, database, reader } = openStoreReadOnly(path)
  return {
    siteId,
    get epoch() {
      return reader.epoch()
    },
    head: () => reader.head(),
    version: (stream) => reader.version(stream),
    append: async () => {
      throw new Fault(
        'STORE_UNWRITABLE',
        { path },
        { says: `The journal ${path} is open for reading only; write through its owner.` },
      )
    },
    readSite: async (after, limit) => reader.readSite(after, limit),
    readStream: async (stream, after, limit) => reader.readStream(stream, after, limit),
    open: (record) => openPersonal(record, keys),
    close: async () => {
      if (database.isOpen) database.close()
    },
  }
}
