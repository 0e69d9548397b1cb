import { join } from 'node:path'
import { Fault } from '../../machines/faults.ts'
import { sha256 } from './chain.ts'
import { linesIn, parseLine } from './export-file.ts'
import type { Head, JournalRow } from './journal-row.ts'
import { type PackedPage, readPacked } from './packed-pages.ts'
import { type Database, guarded, type Statement } from './sqlite-file.ts'

/** Where the segments of a store stand that it no longer holds itself. */
export const archiveBeside = (storePath: string): string => `${storePath}.archive`

/**
 * What a store keeps of records that it no longer holds: its segments, where each piece of them lies, and which versions of which stream
 * are in it. Empty until something is dropped.
 */
export const SHELF_SCHEMA = `
  CREATE TABLE IF NOT EXISTS archived_segment (
    first INTEGER PRIMARY KEY, last INTEGER NOT NULL, file TEXT NOT NULL, hash TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS archived_page (
    first INTEGER PRIMARY KEY, last INTEGER NOT NULL, file TEXT NOT NULL, start INTEGER NOT NULL, size INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS archived_stream (
    stream TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, page INTEGER NOT NULL, PRIMARY KEY (stream, first)) WITHOUT ROWID;`

/** A piece of a segment: the records that it holds, where it lies, and of each stream the first and the last version in it. */
export type ShelfPage = PackedPage & {
  readonly first: number
  readonly last: number
  readonly streams: ReadonlyMap<string, { readonly first: number; last: number }>
}

/** A segment that a store follows on. */
export type ArchivedSegment = { readonly first: number; readonly last: number; readonly path: string }

/** Pieces that stay unpacked: who walks a stream backwards meets the same ones again. */
const KEPT_PAGES = 8
/** Pieces that are looked up at once. */
const LOOK_UP = 64

/** Reads the records that a store has dropped, from its segments. All throw Fault STORE_CORRUPT where a segment is lost or damaged. */
export class ArchiveShelf {
  readonly #path: string
  readonly #edge: Statement
  readonly #segments: Statement
  readonly #site: Statement
  readonly #stream: Statement
  readonly #version: Statement
  readonly #pages = new Map<number, readonly JournalRow[]>()

  constructor(database: Database, path: string) {
    this.#path = path
    const prepare = (sql: string) => guarded(path, () => database.prepare(sql))
    const page = 'page.first, page.last, page.file, page.start AS offset, page.size'
    this.#edge = prepare('SELECT last AS seq, hash FROM archived_segment ORDER BY first DESC LIMIT 1')
    this.#segments = prepare('SELECT first, last, file FROM archived_segment ORDER BY first')
    this.#site = prepare(
      `SELECT ${page} FROM archived_page AS page WHERE first <= ? AND last >= ? ORDER BY first DESC LIMIT 1`,
    )
    this.#stream = prepare(
      `SELECT ${page} FROM archived_stream AS held JOIN archived_page AS page ON page.first = held.page
       WHERE held.stream = ? AND held.last > ? ORDER BY held.first LIMIT ${LOOK_UP}`,
    )
    this.#version = prepare('SELECT last FROM archived_stream WHERE stream = ? ORDER BY first DESC LIMIT 1')
  }

  /** The newest link that is archived; null where nothing is. */
  edge(): Head | null {
    const row = guarded(this.#path, () => this.#edge.get())
    return row === undefined ? null : { seq: Number(row['seq']), hash: String(row['hash']) }
  }

  /** Newest archived version of a stream, 0 for none. */
  version(stream: string): number {
    return guarded(this.#path, () => Number(this.#version.get(stream)?.['last'] ?? 0))
  }

  /** Every segment, oldest first; `path` where it must stand. */
  segments(): readonly ArchivedSegment[] {
    return guarded(this.#path, () => this.#segments.all()).map((row) => ({
      first: Number(row['first']),
      last: Number(row['last']),
      path: join(archiveBeside(this.#path), String(row['file'])),
    }))
  }

  /** Archived rows with seq > after, at most `limit`. */
  rows(after: number, limit: number): JournalRow[] {
    const found: JournalRow[] = []
    for (let next = after + 1; found.length < limit; ) {
      const place = guarded(this.#path, () => this.#site.get(next, next)) as Place | undefined
      if (place === undefined) break
      const rows = this.#page(place).slice(next - place.first)
      found.push(...rows.slice(0, limit - found.length))
      next = place.last + 1
    }
    return found
  }

  /** Archived rows of a stream with version > after, at most `limit`. */
  stream(stream: string, after: number, limit: number): JournalRow[] {
    const found: JournalRow[] = []
    for (let from = after; found.length < limit; ) {
      const places = guarded(this.#path, () => this.#stream.all(stream, from)) as unknown as Place[]
      for (const place of places) {
        const rows = this.#page(place).filter((row) => row.stream === stream && row.version > from)
        found.push(...rows.slice(0, limit - found.length))
        if (found.length >= limit) return found
      }
      const newest = found.at(-1)
      if (places.length < LOOK_UP || newest === undefined) break
      from = newest.version
    }
    return found
  }

  #page(place: Place): readonly JournalRow[] {
    const kept = this.#pages.get(place.first)
    if (kept !== undefined) return kept
    const rows = this.#unpacked(place)
    if (this.#pages.size >= KEPT_PAGES) this.#pages.delete(this.#pages.keys().next().value as number)
    this.#pages.set(place.first, rows)
    return rows
  }

  #unpacked({ first, last, file, offset, size }: Place): JournalRow[] {
    const path = join(archiveBeside(this.#path), file)
    const says = (why: string) =>
      `The records ${first} to ${last} of ${this.#path} are archived in ${path}, which ${why}; put it back from a copy.`
    try {
      const rows = [...linesIn(readPacked(path, { offset, size }))].flatMap((line) => rowOfLine(line) ?? [])
      if (rows[0]?.seq === first && rows.at(-1)?.seq === last && rows.length === last - first + 1) return rows
    } catch (cause) {
      const isLost = (cause as NodeJS.ErrnoException).code === 'ENOENT'
      throw new Fault('STORE_CORRUPT', {}, { cause, says: says(isLost ? 'is not there' : 'is damaged') })
    }
    throw new Fault('STORE_CORRUPT', {}, { says: says('is damaged') })
  }
}

/** Where a piece lies, as the store's table says. */
type Place = PackedPage & { readonly first: number; readonly last: number; readonly file: string }

/** The row that a line of a segment was made of; null where it is none, or its texts are not those of its hashes. */
export function rowOfLine(bytes: Buffer): JournalRow | null {
  const line = parseLine(bytes)
  if (line.kind !== 'record') return null
  const { seq, stream, version, at, personalHash, contentHash, prev, hash } = line.record
  const { content, personal } = line.link
  if (content === null || sha256(content) !== contentHash) return null
  if (personal !== null && sha256(personal) !== personalHash) return null
  const links = { personalHash, contentHash, prev, hash } as Pick<
    JournalRow,
    'personalHash' | 'contentHash' | 'prev' | 'hash'
  >
  return {
    seq: Number(seq),
    stream: String(stream),
    version: Number(version),
    at: String(at),
    content,
    personal,
    ...links,
  }
}
