import { join } from 'node:path'
import { Fault } from '../../machines/faults.ts'
import { archiveBeside } from './archive-shelf.ts'
import { type ClosedSegment, demandWhole, shelfPages } from './segment.ts'
import { type Database, guarded, openDatabase, transaction } from './sqlite-file.ts'
import { JOURNAL_SCHEMA, SqliteReader } from './sqlite-reader.ts'
import { lockStore } from './store-lock.ts'

/**
 * Takes the records of these segments, which stand in the store's archive, out of the store: each file is read whole first, then its
 * records go and its place is noted in one transaction. A crash leaves a segment's records in the store or in the archive alone, never
 * in neither. Answers how many went. Throws Fault STORE_OWNED while somebody serves, STORE_CORRUPT where a segment does not hold.
 */
export function dropArchived(storePath: string, siteId: string, segments: readonly ClosedSegment[]): number {
  const lock = lockStore(storePath)
  try {
    const database = openDatabase(storePath, JOURNAL_SCHEMA)
    try {
      const reader = new SqliteReader(database, storePath)
      if (reader.meta('siteId') !== siteId) throw new Fault('STORE_CORRUPT', { path: storePath })
      lock.sign(takeOver(database, storePath, reader), new Date().toISOString())
      let dropped = 0
      for (const segment of segments) dropped += drop(database, reader, storePath, segment)
      if (dropped > 0) shrink(database, storePath)
      return dropped
    } finally {
      database.close()
    }
  } finally {
    lock.release()
  }
}

/** Whoever still holds the store from before is fenced: what it knows of it is over. */
function takeOver(database: Database, path: string, reader: SqliteReader): number {
  return transaction(database, path, () => {
    database.exec('INSERT INTO owner (id, epoch) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET epoch = epoch + 1')
    return reader.epoch()
  })
}

function drop(database: Database, reader: SqliteReader, storePath: string, segment: ClosedSegment): number {
  const { file, first, prev, last, hash } = segment
  const [own] = reader.ownRows(first - 1, 1)
  const border = reader.ownRows(last - 1, 1)[0]
  if (own?.seq !== first || own.prev !== prev || border?.seq !== last || border.hash !== hash) {
    const says = `The segment ${file} is not of the oldest records of ${storePath}; move it out of ${archiveBeside(storePath)}, and look how it came there.`
    throw new Fault('STORE_CORRUPT', {}, { says })
  }
  const path = join(archiveBeside(storePath), file)
  demandWhole(path, { seq: last, hash, before: { seq: first - 1, hash: prev } })
  const pages = [...shelfPages(path)]
  return transaction(database, storePath, () => {
    database
      .prepare('INSERT INTO archived_segment (first, last, file, hash) VALUES (?, ?, ?, ?)')
      .run(first, last, file, hash)
    const page = database.prepare('INSERT INTO archived_page (first, last, file, start, size) VALUES (?, ?, ?, ?, ?)')
    const held = database.prepare('INSERT INTO archived_stream (stream, first, last, page) VALUES (?, ?, ?, ?)')
    for (const one of pages) {
      page.run(one.first, one.last, file, one.offset, one.size)
      for (const [stream, versions] of one.streams) held.run(stream, versions.first, versions.last, one.first)
    }
    return Number(database.prepare('DELETE FROM record WHERE seq BETWEEN ? AND ?').run(first, last).changes)
  })
}

/** Gives the room back to the disk. What cannot be given back now is used again by later records. */
function shrink(database: Database, path: string): void {
  try {
    guarded(path, () => database.exec('VACUUM; PRAGMA wal_checkpoint(TRUNCATE)'))
  } catch {
    // The records are gone for good: that the file stays large is no failure of that.
  }
}
