import { rmSync, writeFileSync } from 'node:fs'
import { Fault } from '../../machines/faults.ts'
import type { PostgresLine, Row } from '../journal/postgres-line.ts'
import { type Database, openDatabase, transaction } from '../journal/sqlite-file.ts'
import type { ErasedList } from '../privacy/erased-list.ts'
import { KEY_SCHEMA } from '../privacy/key-tables.ts'

/** Tables of a key store, and the column that names a row. */
const TABLES = [
  ['meta', 'name'],
  ['site_key', 'period'],
  ['subject', 'handle'],
  ['data_key', 'subject'],
  ['start_token', 'start_id'],
] as const
/** Kind of the rows that are entries of the list of erasures. */
const ERASED = 'erased'

/** Rows that go to the server, or come from it, at a time. */
const PAGE = 2_000

/** Only the owner's rows are taken: the epoch that the journal stands under stands behind them too. */
const PUT = `
  WITH mine AS (SELECT site FROM berth.site WHERE site = $1 AND epoch = $2 FOR SHARE),
  written AS (
    INSERT INTO berth.key_row (site, kind, name, content)
    SELECT mine.site, row.* FROM mine, unnest($3::text[], $4::text[], $5::text[]) AS row
    ON CONFLICT (site, kind, name) DO UPDATE SET content = excluded.content RETURNING 1)
  SELECT (SELECT count(*) FROM written) AS written, (SELECT epoch FROM berth.site WHERE site = $1) AS epoch`

type Place = { readonly line: PostgresLine; readonly siteId: string }
type KeyRow = { readonly kind: string; readonly name: string; readonly content: string }
type Dirty = KeyRow & { readonly times: number }

/**
 * The key store of a site that nodes share: a file beside whichever node serves the site, and every row of it in the database before a
 * record that needs it. What it holds is wrapped under the master key, which the database never sees.
 */
export class SharedKeys {
  readonly #place: Place
  #database: Database | null = null
  #erased: ErasedList | null = null
  /** Entries of the list of erasures that the database has. */
  readonly #toldErased = new Set<string>()
  #epoch = 0
  #turn: Promise<unknown> = Promise.resolve()

  constructor(place: Place) {
    this.#place = place
  }

  /** Makes the file at `path` anew from the database, and the list of erasures beside it. Nothing of a former owner's time here is left. */
  async fetch(path: string): Promise<void> {
    for (const ending of ['', '-wal', '-shm', '.erased']) rmSync(`${path}${ending}`, { force: true })
    const database = openDatabase(path, KEY_SCHEMA)
    try {
      let last: KeyRow = { kind: '', name: '', content: '' }
      for (let page = await this.#page(last); page.length > 0; page = await this.#page(last)) {
        const stored = page.filter(({ kind }) => kind !== ERASED)
        transaction(database, path, () => {
          for (const row of stored) insert(database, row)
        })
        const erased = page.filter(({ kind }) => kind === ERASED)
        for (const { name } of erased) this.#toldErased.add(name)
        const lines = erased.map(({ name, content }) => `${content} ${name}\n`)
        if (lines.length > 0) writeFileSync(`${path}.erased`, lines.join(''), { flag: 'a', mode: 0o600 })
        last = page.at(-1) as KeyRow
      }
    } finally {
      database.close()
    }
  }

  /** From here on every row that changes is remembered until the database has it. */
  watch(database: Database): void {
    this.#database = database
    database.exec(
      'CREATE TEMP TABLE dirty (kind TEXT, name TEXT, times INTEGER, PRIMARY KEY (kind, name)) WITHOUT ROWID',
    )
    for (const [table, key] of TABLES)
      for (const event of ['INSERT', 'UPDATE'])
        database.exec(
          `CREATE TEMP TRIGGER ${table}_${event} AFTER ${event} ON main.${table} BEGIN
             INSERT INTO dirty VALUES ('${table}', NEW.${key}, 1) ON CONFLICT DO UPDATE SET times = times + 1; END`,
        )
  }

  /** This process owns the site under this epoch, and its list of erasures is this one. */
  own(epoch: number, erased: ErasedList): void {
    this.#epoch = epoch
    this.#erased = erased
  }

  /** Resolves once the database has every row. Rejects with Fault STORE_FENCED or STORE_UNREACHABLE; what it lacks goes with the next call. */
  settled = (): Promise<void> => {
    const mine = this.#turn.then(
      () => this.#settle(),
      () => this.#settle(),
    )
    this.#turn = mine.catch(() => {})
    return mine
  }

  async #settle(): Promise<void> {
    for (let rows = this.#dirty(); rows.length > 0; rows = this.#dirty()) {
      await this.#put(rows)
      const done = this.#database?.prepare('DELETE FROM dirty WHERE kind = ? AND name = ? AND times = ?')
      for (const { kind, name, times } of rows)
        if (kind === ERASED) this.#toldErased.add(name)
        else done?.run(kind, name, times)
    }
  }

  /** The next rows that the database lacks. A row that changes while it is on its way goes again. */
  #dirty(): readonly Dirty[] {
    const database = this.#database
    if (database === null || !database.isOpen || this.#epoch === 0) return []
    const erased = [...(this.#erased?.times ?? [])].filter(([name]) => !this.#toldErased.has(name)).slice(0, PAGE)
    if (erased.length > 0) return erased.map(([name, time]) => ({ kind: ERASED, name, content: time, times: 0 }))
    const marks = database.prepare(`SELECT kind, name, times FROM dirty LIMIT ${PAGE}`).all()
    return marks.map(({ kind, name, times }) => {
      const [table, key] = TABLES.find(([one]) => one === kind) ?? TABLES[0]
      const row = database.prepare(`SELECT * FROM ${table} WHERE ${key} = ?`).get(name ?? null)
      return { kind: String(kind), name: String(name), content: JSON.stringify(row, packed), times: Number(times) }
    })
  }

  async #put(rows: readonly KeyRow[]): Promise<void> {
    const { line, siteId } = this.#place
    const columns = [rows.map(({ kind }) => kind), rows.map(({ name }) => name), rows.map(({ content }) => content)]
    const [answer] = await line.read(PUT, [siteId, this.#epoch, ...columns])
    if (Number(answer?.['written']) === rows.length) return
    throw new Fault('STORE_FENCED', { epoch: this.#epoch, newer: Number(answer?.['epoch']) })
  }

  async #page({ kind, name }: KeyRow): Promise<readonly KeyRow[]> {
    const { line, siteId } = this.#place
    const rows = await line.read(
      `SELECT kind, name, content FROM berth.key_row WHERE site = $1 AND (kind, name) > ($2, $3) ORDER BY kind, name LIMIT ${PAGE}`,
      [siteId, kind, name],
    )
    return rows.map((row: Row) => ({
      kind: String(row['kind']),
      name: String(row['name']),
      content: String(row['content']),
    }))
  }
}

function insert(database: Database, { kind, content }: KeyRow): void {
  const table = TABLES.find(([one]) => one === kind)?.[0]
  if (table === undefined) return
  const row = JSON.parse(content) as { readonly [column: string]: unknown }
  const columns = Object.keys(row)
  const values = columns.map((column) => unpacked(row[column]))
  database
    .prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`)
    .run(...values)
}

/** Bytes as text that says so. */
const packed = (_key: string, value: unknown): unknown =>
  value instanceof Uint8Array ? { bytes: Buffer.from(value).toString('base64') } : value

function unpacked(value: unknown): string | number | null | Buffer {
  if (typeof value === 'object' && value !== null && 'bytes' in value) return Buffer.from(String(value.bytes), 'base64')
  return typeof value === 'number' || typeof value === 'string' ? value : null
}
