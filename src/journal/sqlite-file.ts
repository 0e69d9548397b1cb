import { closeSync, existsSync, openSync, statSync } from 'node:fs'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { Fault } from '../../machines/faults.ts'

/** The one door to node:sqlite, whose class is about to be renamed. */
export type Database = DatabaseSync
export type Statement = StatementSync

/** How long a statement waits for another process's lock, in ms; it blocks the event loop, so it is short. */
const BUSY_TIMEOUT_MS = 1_000

/** The same for the lock beside a store: whoever holds it holds it for hours. */
const LOCK_TIMEOUT_MS = 250

/** Opens a database for its one writer: WAL, every commit on disk before it returns. Throws Fault STORE_UNWRITABLE or STORE_CORRUPT. */
export function openDatabase(path: string, schema: string): Database {
  return guarded(path, () => {
    makePrivate(path)
    const database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS })
    try {
      database.exec(
        'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA cache_size = -16000',
      )
      database.exec(schema)
    } catch (error) {
      database.close()
      throw error
    }
    return database
  })
}

/** A new file is its owner's alone; SQLite makes its logs with the same mode. One that is there keeps the mode that somebody gave it. */
function makePrivate(path: string): void {
  if (path === ':memory:' || existsSync(path)) return
  try {
    closeSync(openSync(path, 'a', 0o600))
  } catch {
    // SQLite says in its own words what is wrong with the place.
  }
}

/** Opens a database beside its writer. Throws Fault STORE_UNWRITABLE where there is none, STORE_CORRUPT where it is something else. */
export function openDatabaseReadOnly(path: string): Database {
  return guarded(path, () => {
    const database = new DatabaseSync(path, { readOnly: true, timeout: BUSY_TIMEOUT_MS })
    try {
      database.prepare('SELECT 1 FROM sqlite_schema').get()
      return database
    } catch (error) {
      database.close()
      if (primaryCode(error) === READONLY && !hasLog(path)) return openUnchanging(path)
      throw error
    }
  })
}

/** A store in a folder where nothing can be made (evidence on a read-only disk): SQLite is told that nobody writes to it. */
function openUnchanging(path: string): Database {
  const url = pathToFileURL(path)
  url.searchParams.set('immutable', '1')
  return new DatabaseSync(url, { readOnly: true })
}

/** A write-ahead log with something in it: the database alone is not the newest state. */
function hasLog(path: string): boolean {
  const log = statSync(`${path}-wal`, { throwIfNoEntry: false })
  return log !== undefined && log.size > 0
}

/** Runs `work` in one transaction: all or nothing. Throws what `work` throws, or a Fault. */
export function transaction<T>(database: Database, path: string, work: () => T): T {
  return guarded(path, () => {
    database.exec('BEGIN IMMEDIATE')
    try {
      const result = work()
      database.exec('COMMIT')
      return result
    } catch (error) {
      // SQLite rolls back by itself after some errors (disk full): a second rollback would hide the first error.
      if (database.isTransaction) database.exec('ROLLBACK')
      throw error
    }
  })
}

/** Runs `work`; an error of SQLite becomes a Fault: STORE_CORRUPT for a damaged file, STORE_UNWRITABLE for the rest. */
export function guarded<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw sqliteFault(error, path)
  }
}

/** SQLITE_BUSY, SQLITE_READONLY; SQLITE_CORRUPT and SQLITE_NOTADB. */
const BUSY = 5
const READONLY = 8
const DAMAGED: ReadonlySet<number> = new Set([11, 26])

/** The error's code without its details; 0 for errors of somebody else. */
function primaryCode(error: unknown): number {
  if (!(error instanceof Error) || (error as { code?: unknown }).code !== 'ERR_SQLITE_ERROR') return 0
  return Number((error as { errcode?: unknown }).errcode ?? 0) & 0xff
}

function sqliteFault(error: unknown, path: string): unknown {
  const code = primaryCode(error)
  if (code === 0) return error
  const about = { path, sqlite: (error as Error).message, errcode: (error as { errcode?: unknown }).errcode }
  return new Fault(DAMAGED.has(code) ? 'STORE_CORRUPT' : 'STORE_UNWRITABLE', about, { cause: error })
}

/** Opens the small database whose write lock stands for the ownership of a store. The operating system frees it when its process dies. */
export function openLockFile(path: string): Database {
  return guarded(path, () => {
    makePrivate(path)
    return new DatabaseSync(path, { timeout: LOCK_TIMEOUT_MS })
  })
}

/** Somebody else holds the lock. */
export function isBusy(error: unknown): boolean {
  return primaryCode(error) === BUSY
}
