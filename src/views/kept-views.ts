import { existsSync } from 'node:fs'
import type { Row, RowFold, Rows } from '../../projections/row-fold.ts'
import { isAsked, REPORTS, TOLD } from '../../projections/told.ts'
import { type Database, openDatabaseReadOnly } from '../journal/sqlite-file.ts'
import { asKept, eachRecord, markOf, passingViews, type ToldJournal, type Views } from './site-views.ts'
import { type Place, tableOf } from './view-store.ts'

/** Rows on disk, with what the newest records made of them in memory: the disk is never written. */
class OverlaidRows implements Rows {
  readonly #database: Database
  readonly #table: string
  readonly #fresh = new Map<string, Row | null>()

  constructor(database: Database, name: string) {
    this.#database = database
    this.#table = tableOf(name)
  }

  get(key: string): Row | undefined {
    const fresh = this.#fresh.get(key)
    if (fresh !== undefined) return fresh ?? undefined
    const found = this.#database.prepare(`SELECT body FROM ${this.#table} WHERE key = ?`).get(key)
    return found === undefined ? undefined : (JSON.parse(String(found['body'])) as Row)
  }

  put(key: string, row: Row): void {
    this.#fresh.set(key, row)
  }

  drop(key: string): void {
    this.#fresh.set(key, null)
  }

  /** Every row behind the key `after`, in the order of their keys as the disk has it (UTF-8). */
  entries(after: string): readonly (readonly [key: string, row: Row])[] {
    const all = new Map<string, Row | null>()
    const kept = this.#database.prepare(`SELECT key, body FROM ${this.#table} WHERE key > ?`).all(after)
    for (const { key, body } of kept) all.set(String(key), JSON.parse(String(body)) as Row)
    for (const [key, row] of this.#fresh) if (key > after) all.set(key, row && asKept(row))
    return [...all]
      .flatMap(([key, row]) => (row === null ? [] : [[key, row] as const]))
      .toSorted(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
  }
}

/**
 * Rows as the running site left them in `<store path>.views`, and only the records since then told on top: for commands beside the owner, or
 * where nobody serves. Where the file is missing, damaged, or of another past or version, all is told anew in memory, to the same bytes.
 */
export function keptViews(path: string, journal: ToldJournal, folds: readonly RowFold[] = TOLD): Views {
  const anew = passingViews(journal, folds)
  return {
    async read(name, filter = {}, after = '', limit = Number.POSITIVE_INFINITY) {
      const rows = await overlaid(path, journal, folds, name, after).catch(() => null)
      if (rows === null) return anew.read(name, filter, after, limit)
      return rows.filter(([key, row]) => isAsked(REPORTS[name], filter, key, row)).slice(0, limit)
    },
  }
}

/** One fold's rows, newest records included; null where the file is none of this journal's. Rejects where it cannot be read. */
async function overlaid(
  path: string,
  journal: ToldJournal,
  folds: readonly RowFold[],
  name: string,
  after: string,
): Promise<ReturnType<OverlaidRows['entries']> | null> {
  const fold = folds.find((one) => one.name === name)
  if (fold === undefined || !existsSync(path)) return null
  const database = openDatabaseReadOnly(path)
  try {
    // Its owner may go on writing: all that is read here is of one moment.
    database.exec('BEGIN')
    const place = placeOf(database, markOf(journal.siteId, folds))
    const [record] = place === null || place.seq === 0 ? [] : await journal.readSite(place.seq - 1, 1)
    if (place === null || record?.seq !== place.seq || record.hash !== place.hash) return null
    const rows = new OverlaidRows(database, name)
    await eachRecord(journal, place.seq, (newer) => fold.fold(rows, newer))
    return rows.entries(after)
  } finally {
    database.close()
  }
}

/** Up to where the rows are told; null where another berth, or another site, told them. */
function placeOf(database: Database, mark: string): Place | null {
  const noted = (name: string): string | null => {
    const found = database.prepare('SELECT value FROM meta WHERE name = ?').get(name)
    return found === undefined ? null : String(found['value'])
  }
  const place = noted('place')
  return noted('mark') === mark && place !== null ? (JSON.parse(place) as Place) : null
}
