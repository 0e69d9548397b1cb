import type { Database } from '../journal/sqlite-file.ts'

/**
 * Keys are wrapped under the master key; plates, cards and tokens stand as keyed hashes only. `period` lets site keys rotate,
 * `destroyed_at` keeps the fact of an erasure after its key is gone, `hold_until` is for legal holds. Times are ms since 1970.
 */
export const KEY_SCHEMA = `
  CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS site_key (
    period INTEGER PRIMARY KEY, wrapped BLOB, created INTEGER NOT NULL, destroyed_at INTEGER, hold_until INTEGER);
  CREATE TABLE IF NOT EXISTS subject (
    handle TEXT PRIMARY KEY, kind TEXT NOT NULL, period INTEGER NOT NULL, lookup TEXT,
    created INTEGER NOT NULL, destroyed_at INTEGER, hold_until INTEGER) WITHOUT ROWID;
  CREATE UNIQUE INDEX IF NOT EXISTS subject_lookup ON subject (lookup, period, kind);
  CREATE TABLE IF NOT EXISTS data_key (
    subject TEXT PRIMARY KEY, wrapped BLOB, created INTEGER NOT NULL, destroyed_at INTEGER, hold_until INTEGER) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS start_token (
    lookup TEXT PRIMARY KEY, start_id TEXT NOT NULL UNIQUE, visit_id TEXT NOT NULL, wrapped BLOB NOT NULL, created INTEGER NOT NULL) WITHOUT ROWID;`

export type SubjectRow = {
  readonly handle: string
  readonly kind: string
  readonly period: number
  readonly lookup: string
  readonly created: number
}
export type StartRow = {
  readonly lookup: string
  readonly startId: string
  readonly visitId: string
  readonly wrapped: Buffer
  readonly created: number
}

/** The key store's statements, prepared once. */
export type KeyTables = ReturnType<typeof keyTables>

/** Prepares the key store's statements on an open database. */
export function keyTables(database: Database) {
  const get = {
    meta: database.prepare('SELECT value FROM meta WHERE name = ?'),
    siteKey: database.prepare('SELECT wrapped FROM site_key WHERE period = ?'),
    subject: database.prepare('SELECT handle FROM subject WHERE lookup = ? AND period = ? AND kind = ?'),
    dataKey: database.prepare('SELECT wrapped FROM data_key WHERE subject = ?'),
    start: database.prepare('SELECT start_id AS startId, visit_id AS visitId FROM start_token WHERE lookup = ?'),
    token: database.prepare('SELECT wrapped FROM start_token WHERE start_id = ?'),
  }
  const put = {
    meta: database.prepare('INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)'),
    siteKey: database.prepare('INSERT INTO site_key (period, wrapped, created) VALUES (?, ?, ?)'),
    subject: database.prepare('INSERT INTO subject (handle, kind, period, lookup, created) VALUES (?, ?, ?, ?, ?)'),
    dataKey: database.prepare('INSERT INTO data_key (subject, wrapped, created) VALUES (?, ?, ?)'),
    start: database.prepare(
      'INSERT INTO start_token (lookup, start_id, visit_id, wrapped, created) VALUES (?, ?, ?, ?, ?)',
    ),
  }
  const destroyKey = database.prepare(
    'UPDATE data_key SET wrapped = NULL, destroyed_at = ? WHERE subject = ? AND wrapped IS NOT NULL',
  )
  const untie = database.prepare(
    'UPDATE subject SET lookup = NULL, destroyed_at = ? WHERE handle = ? AND lookup IS NOT NULL',
  )
  return {
    ...periodTables(database),
    meta: (name: string) => text(get.meta.get(name)?.['value']),
    setMeta: (name: string, value: string) => put.meta.run(name, value),
    siteKey: (period: number) => bytes(get.siteKey.get(period)?.['wrapped']),
    addSiteKey: (period: number, wrapped: Buffer, created: number) => put.siteKey.run(period, wrapped, created),
    findSubject: (kind: string, period: number, lookup: string) =>
      text(get.subject.get(lookup, period, kind)?.['handle']),
    addSubject: (row: SubjectRow) => put.subject.run(row.handle, row.kind, row.period, row.lookup, row.created),
    /** Undefined: never made. Null: destroyed. */
    dataKey: (subject: string) => {
      const row = get.dataKey.get(subject)
      return row === undefined ? undefined : bytes(row['wrapped'])
    },
    addDataKey: (subject: string, wrapped: Buffer, created: number) => put.dataKey.run(subject, wrapped, created),
    findStart: (lookup: string) => {
      const row = get.start.get(lookup)
      return row === undefined ? null : { startId: String(row['startId']), visitId: String(row['visitId']) }
    },
    tokenOf: (startId: string) => bytes(get.token.get(startId)?.['wrapped']),
    addStart: (row: StartRow) => put.start.run(row.lookup, row.startId, row.visitId, row.wrapped, row.created),
    /** True when the subject had a key or a lookup to lose. */
    destroy: (subject: string, at: number) =>
      Number(destroyKey.run(at, subject).changes) + Number(untie.run(at, subject).changes) > 0,
  }
}

const text = (value: unknown) => (typeof value === 'string' ? value : null)
const bytes = (value: unknown) => (value instanceof Uint8Array ? Buffer.from(value) : null)

/** The statements about periods, and about who lives in them. */
function periodTables(database: Database) {
  const get = {
    periods: database.prepare(
      'SELECT period, wrapped, created FROM site_key WHERE period > 0 AND wrapped IS NOT NULL ORDER BY period DESC',
    ),
    living: database.prepare(
      `SELECT 1 FROM subject WHERE handle = ?1 AND kind = 'vehicle' AND
         (lookup IS NOT NULL OR EXISTS (SELECT 1 FROM data_key WHERE subject = ?1 AND wrapped IS NOT NULL))`,
    ),
    holds: database.prepare(
      `SELECT 1 FROM subject WHERE handle = ?1 AND lookup IS NOT NULL
         UNION ALL SELECT 1 FROM data_key WHERE subject = ?1 AND wrapped IS NOT NULL`,
    ),
    allLiving: database.prepare(
      `SELECT handle FROM subject WHERE kind = 'vehicle' AND
         (lookup IS NOT NULL OR handle IN (SELECT subject FROM data_key WHERE wrapped IS NOT NULL)) ORDER BY handle`,
    ),
    ofPeriod: database.prepare(
      `SELECT handle, kind FROM subject WHERE period = ?1 AND lookup IS NOT NULL OR period < ?1 AND lookup IS NULL
         AND handle IN (SELECT subject FROM data_key WHERE wrapped IS NOT NULL) ORDER BY handle`,
    ),
  }
  const change = {
    carry: database.prepare('UPDATE subject SET lookup = ?, period = ? WHERE handle = ? AND lookup IS NOT NULL'),
    endPeriod: database.prepare('UPDATE site_key SET wrapped = NULL, destroyed_at = ? WHERE period = ?'),
    untieOnly: database.prepare('UPDATE subject SET lookup = NULL WHERE handle = ?'),
  }
  return {
    /** Periods whose key was not destroyed, newest first; `since` ms since 1970. */
    livingPeriods: () =>
      get.periods.all().flatMap((row) => {
        const wrapped = bytes(row['wrapped'])
        return wrapped === null ? [] : [{ period: Number(row['period']), wrapped, since: Number(row['created']) }]
      }),
    /** A vehicle of which a plate leads to the handle, or something sealed can still be opened. */
    isLivingVehicle: (handle: string) => get.living.get(handle) !== undefined,
    /** It has a key, or something to be found by. */
    holds: (subject: string) => get.holds.get(subject) !== undefined,
    livingVehicles: () => get.allLiving.all().map((row) => String(row['handle'])),
    /** Handles that are looked up under this period's key, and those of earlier ones that were kept then: nothing leads to them any more. */
    ofPeriod: (period: number) =>
      get.ofPeriod.all(period).map((row) => ({ handle: String(row['handle']), kind: String(row['kind']) })),
    /** From now on the handle is looked up under this period's key. */
    carry: (handle: string, lookup: string, period: number) => change.carry.run(lookup, period, handle),
    endPeriod: (period: number, at: number) => change.endPeriod.run(at, period),
    /** Nothing leads to the handle any more; what was sealed for it stays. */
    untie: (handle: string) => change.untieOnly.run(handle),
  }
}
