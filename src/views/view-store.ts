import { rmSync } from 'node:fs'
import type { Row, RowFold, Rows } from '../../projections/row-fold.ts'
import { canonicalJson } from '../journal/canonical.ts'
import { type Database, guarded, openDatabase, type Statement, transaction } from '../journal/sqlite-file.ts'
import type { ViewLook } from './site-views.ts'

/** Where in a site's journal the rows stand: everything up to `seq` is in them; `hash` is that record's. */
export type Place = { readonly seq: number; readonly hash: string }

/** Rows that are kept in memory beside the disk, by fold; the ones not asked for longest go first. */
const MOST_KEPT = 5_000

const SCHEMA = `CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;`

/** Names of folds become names of tables. */
export const tableOf = (name: string): string => `view_${name.replaceAll('-', '_')}`

/** Rows of one fold: what changed since the last checkpoint in memory, the rest on disk. */
class StoredRows implements Rows {
  readonly #select: (key: string) => Record<string, unknown> | undefined
  readonly #kept = new Map<string, Row>()
  /** Since the last checkpoint; null = dropped. */
  changed = new Map<string, Row | null>()

  constructor(select: (key: string) => Record<string, unknown> | undefined) {
    this.#select = select
  }

  get(key: string): Row | undefined {
    const fresh = this.changed.get(key)
    if (fresh !== undefined) return fresh ?? undefined
    const kept = this.#kept.get(key)
    if (kept !== undefined) return kept
    const found = this.#select(key)
    if (found === undefined) return undefined
    const row = JSON.parse(String(found['body'])) as Row
    this.#keep(key, row)
    return row
  }
  put(key: string, row: Row): void {
    this.changed.set(key, row)
  }
  drop(key: string): void {
    this.changed.set(key, null)
  }

  /** What changed is on disk now. */
  settle(): void {
    for (const [key, row] of this.changed) {
      this.#kept.delete(key)
      if (row !== null) this.#keep(key, row)
    }
    this.changed = new Map()
  }

  /** Nothing changed since the last checkpoint. */
  forget(): void {
    this.changed = new Map()
  }

  #keep(key: string, row: Row): void {
    this.#kept.set(key, row)
    const oldest = this.#kept.keys().next().value
    if (this.#kept.size > MOST_KEPT && oldest !== undefined) this.#kept.delete(oldest)
  }
}

type Table = { readonly fold: RowFold; readonly rows: StoredRows; readonly put: Statement; readonly drop: Statement }

/**
 * The rows of every fold on disk, one table a fold, beside the journal and thrown away at any time: they are told anew from it. Written
 * without waiting for the disk: a power cut costs the newest checkpoint, never the agreement of the tables with their place.
 */
export class ViewStore {
  readonly #path: string
  readonly #database: Database
  readonly #tables: readonly Table[]
  readonly #meta: Statement
  #place: Place

  /** `mark` names what was folded and how; rows of another mark are thrown away. Throws Fault STORE_UNWRITABLE. */
  constructor(path: string, folds: readonly RowFold[], mark: string) {
    this.#path = path
    this.#database = openDisposable(path)
    this.#database.exec('PRAGMA synchronous = NORMAL')
    if (this.#noted('mark') !== mark) this.#clear(folds, mark)
    this.#meta = this.#database.prepare('INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)')
    this.#tables = folds.map((fold) => this.#table(fold))
    this.#place = JSON.parse(this.#noted('place') ?? '{"seq":0,"hash":""}') as Place
  }

  /** Up to where the rows on disk and in memory are told. */
  get place(): Place {
    return this.#place
  }

  /** The rows of a fold, notes included. */
  rows(name: string): Rows {
    const table = this.#tables.find(({ fold }) => fold.name === name)
    if (table === undefined) throw new Error(`Broken invariant: no fold is called ${name}`)
    return table.rows
  }

  /** Everything told so far is on disk, up to `place`. */
  checkpoint(place: Place): void {
    transaction(this.#database, this.#path, () => {
      for (const { rows, put, drop } of this.#tables)
        for (const [key, row] of rows.changed) row === null ? drop.run(key) : put.run(key, canonicalJson(row))
      this.#meta.run('place', JSON.stringify(place))
    })
    for (const { rows } of this.#tables) rows.settle()
    this.#place = place
  }

  /** What was told since the last checkpoint is dropped: it is told again from there. */
  forget(): void {
    for (const { rows } of this.#tables) rows.forget()
  }

  /** Rows of a fold as they lie on disk, without what was told since the last checkpoint. */
  look(name: string): ViewLook {
    const table = tableOf(name)
    const one = this.#database.prepare(`SELECT body FROM ${table} WHERE key = ?`)
    const some = this.#database.prepare(`SELECT key, body FROM ${table} WHERE key > ? AND key < ? ORDER BY key LIMIT ?`)
    return {
      get: (key) => {
        const found = guarded(this.#path, () => one.get(key))
        return found === undefined ? undefined : (JSON.parse(String(found['body'])) as Row)
      },
      between: (from, until, limit) =>
        guarded(this.#path, () => some.all(from, until, limit)).map(({ key, body }) => [
          String(key),
          JSON.parse(String(body)) as Row,
        ]),
    }
  }

  /** Rows on disk that are told, without the folds' notes, in the order of their keys, after the key `after`. */
  *entries(name: string, after = ''): Generator<readonly [key: string, row: Row]> {
    const page = this.#database.prepare(
      `SELECT key, body FROM ${tableOf(name)} WHERE key > ? AND NOT (key >= '~' AND key < char(127)) ORDER BY key LIMIT 1000`,
    )
    for (let last = after; ; ) {
      const found = guarded(this.#path, () => page.all(last))
      for (const { key, body } of found) yield [String(key), JSON.parse(String(body)) as Row]
      const end = found.at(-1)
      if (end === undefined) return
      last = String(end['key'])
    }
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close()
  }

  #noted(name: string): string | null {
    const found = this.#database.prepare('SELECT value FROM meta WHERE name = ?').get(name)
    return found === undefined ? null : String(found['value'])
  }

  /** Nothing is told yet. */
  #clear(folds: readonly RowFold[], mark: string): void {
    transaction(this.#database, this.#path, () => {
      for (const { name } of folds) this.#database.exec(`DROP TABLE IF EXISTS ${tableOf(name)}`)
      this.#database.exec('DELETE FROM meta')
      this.#database.prepare('INSERT INTO meta (name, value) VALUES (?, ?)').run('mark', mark)
    })
  }

  #table(fold: RowFold): Table {
    const table = tableOf(fold.name)
    this.#database.exec(
      `CREATE TABLE IF NOT EXISTS ${table} (key TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID, STRICT`,
    )
    const prepare = (sql: string): Statement => this.#database.prepare(sql)
    const select = prepare(`SELECT body FROM ${table} WHERE key = ?`)
    return {
      fold,
      rows: new StoredRows((key) => guarded(this.#path, () => select.get(key))),
      put: prepare(`INSERT OR REPLACE INTO ${table} (key, body) VALUES (?, ?)`),
      drop: prepare(`DELETE FROM ${table} WHERE key = ?`),
    }
  }
}

/** Rows that cannot be read are told anew: nothing is lost with the file. */
function openDisposable(path: string): Database {
  try {
    return openDatabase(path, SCHEMA)
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'STORE_CORRUPT')) throw cause
    removeViews(path)
    return openDatabase(path, SCHEMA)
  }
}

/** Throws the file away, with what SQLite keeps beside it. */
export function removeViews(path: string): void {
  for (const end of ['', '-wal', '-shm']) rmSync(`${path}${end}`, { force: true })
}
