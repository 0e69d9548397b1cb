import { Fault } from '../../machines/faults.ts'
import { type Database, guarded, isBusy, openLockFile } from './sqlite-file.ts'

/** The ownership of a store by this process, until it is released or the process dies. */
export type StoreLock = {
  /** Writes down who owns the store, for whoever is refused. `since` is ISO 8601 UTC. Throws Fault STORE_OWNED when it was lost meanwhile. */
  readonly sign: (epoch: number, since: string) => void
  readonly release: () => void
}

const SCHEMA =
  'CREATE TABLE IF NOT EXISTS owner (id INTEGER PRIMARY KEY CHECK (id = 1), pid INTEGER NOT NULL, epoch INTEGER NOT NULL, since TEXT NOT NULL)'

/**
 * Takes the lock beside a store. It is the write lock of a tiny SQLite file, so the operating system drops it with its process:
 * a dead owner's lock is free at once, and a reused pid cannot hold it. Throws Fault STORE_OWNED, naming the owner's pid and epoch.
 */
export function lockStore(storePath: string): StoreLock {
  const path = `${storePath}.lock`
  const file = openLockFile(path)
  try {
    hold(file, storePath)
    return {
      sign: (epoch, since) => sign(file, storePath, epoch, since),
      release: () => {
        if (file.isTransaction) file.exec('ROLLBACK')
        file.close()
      },
    }
  } catch (error) {
    file.close()
    throw error
  }
}

/** An open write transaction that never writes: others may read who holds it. */
function hold(file: Database, storePath: string): void {
  guarded(`${storePath}.lock`, () => {
    try {
      file.exec('BEGIN IMMEDIATE')
    } catch (error) {
      if (isBusy(error)) throw owned(file, storePath)
      throw error
    }
  })
}

function sign(file: Database, storePath: string, epoch: number, since: string): void {
  guarded(`${storePath}.lock`, () => {
    file.exec(SCHEMA)
    file
      .prepare('INSERT OR REPLACE INTO owner (id, pid, epoch, since) VALUES (1, ?, ?, ?)')
      .run(process.pid, epoch, since)
    file.exec('COMMIT')
  })
  // Whoever came between has a newer epoch: then this process is the one that is refused.
  hold(file, storePath)
}

function owned(file: Database, storePath: string): Fault {
  const owner = readOwner(file)
  if (owner === null) return new Fault('STORE_OWNED', { path: storePath })
  const says = `The store ${storePath} is owned by process ${owner.pid} (epoch ${owner.epoch}, since ${owner.since}); stop it first, or use its API.`
  return new Fault('STORE_OWNED', { path: storePath, ...owner }, { says })
}

function readOwner(file: Database): { pid: number; epoch: number; since: string } | null {
  try {
    const row = file.prepare('SELECT pid, epoch, since FROM owner WHERE id = 1').get()
    return row === undefined
      ? null
      : { pid: Number(row['pid']), epoch: Number(row['epoch']), since: String(row['since']) }
  } catch {
    // The first owner has not signed yet.
    return null
  }
}
