import { chmodSync } from 'node:fs'
import { type Database, openDatabase, type Statement } from '../journal/sqlite-file.ts'
import { rewriteFile } from './file-rewrite.ts'
import type { RelayCounters } from './relay-counters.ts'

const SCHEMA = `
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS token (
  token TEXT PRIMARY KEY, alias TEXT NOT NULL, start_id TEXT NOT NULL, subject TEXT NOT NULL, live INTEGER NOT NULL,
  changed_at INTEGER NOT NULL, charge_point TEXT NOT NULL DEFAULT '', made_at INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE IF NOT EXISTS remote_start (
  charge_point TEXT NOT NULL, remote_start_id INTEGER NOT NULL, token TEXT NOT NULL, PRIMARY KEY (charge_point, remote_start_id)) STRICT;
CREATE TABLE IF NOT EXISTS transaction_id (
  charge_point TEXT NOT NULL, given INTEGER NOT NULL, upstream INTEGER, made_at INTEGER NOT NULL, PRIMARY KEY (charge_point, given)) STRICT;
CREATE TABLE IF NOT EXISTS unbilled (
  charge_point TEXT NOT NULL, transaction_id TEXT NOT NULL, made_at INTEGER NOT NULL, text TEXT,
  PRIMARY KEY (charge_point, transaction_id)) STRICT;
CREATE TABLE IF NOT EXISTS opened (
  charge_point TEXT NOT NULL, transaction_id TEXT NOT NULL, token TEXT NOT NULL, made_at INTEGER NOT NULL,
  PRIMARY KEY (charge_point, transaction_id)) STRICT;
CREATE TABLE IF NOT EXISTS promised (
  charge_point TEXT NOT NULL, transaction_id TEXT NOT NULL, token TEXT NOT NULL, made_at INTEGER NOT NULL,
  PRIMARY KEY (charge_point, transaction_id)) STRICT;
CREATE TABLE IF NOT EXISTS message (
  seq INTEGER PRIMARY KEY, charge_point TEXT NOT NULL, text TEXT NOT NULL, start_id TEXT, answer TEXT, given INTEGER, done INTEGER NOT NULL,
  at INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS news (id INTEGER PRIMARY KEY, text TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS charge_point (
  id TEXT PRIMARY KEY, interval_s INTEGER, protocol TEXT, caller TEXT) STRICT;
`

/** Ids and tokens that nobody asked for in this time are forgotten: late stops arrive after days, not after months. */
export const KEPT_MS = 90 * 86_400_000

/** How long a commit waits for others where one has just been, and where that one was of many. */
const TOGETHER_MS = 2
const MANY_TOGETHER_MS = 10
const MANY = 16
const LATER_MS = 20
const FORGET_MS = 500

type Group = {
  readonly work: (() => void)[]
  readonly after: ((durable: boolean) => void)[]
  sync: boolean
}

/**
 * The relay's own file. Everything that is written in one turn of the event loop is one commit, and what must not leave before it is
 * durable waits for that commit with `afterCommit`. A disk that fails is counted and never stops a frame.
 */
export class RelayStore {
  readonly database: Database
  readonly #counters: RelayCounters
  readonly #begin: Statement
  readonly #end: Statement
  #group: Group | null = null
  readonly #later: (() => void)[] = []
  #laterTimer: NodeJS.Timeout | null = null
  #forgetting: NodeJS.Timeout | null = null
  readonly #path: string
  /** The file is written anew, one time after the other. */
  #rewriting: Promise<unknown> = Promise.resolve()
  /** Commits wait for that. */
  #isHeld = false
  /** When the last commit was, ms of the process. */
  #committed = 0
  #together = TOGETHER_MS
  #sync = true

  /** Throws Fault STORE_UNWRITABLE or STORE_CORRUPT. */
  constructor(path: string, counters: RelayCounters, now: number) {
    this.#path = path
    this.database = openDatabase(path, SCHEMA)
    this.#counters = counters
    this.#addColumn('token', 'charge_point', "TEXT NOT NULL DEFAULT ''")
    this.#addColumn('token', 'made_at', 'INTEGER NOT NULL DEFAULT 0')
    this.#addColumn('token', 'evses', "TEXT NOT NULL DEFAULT '[]'")
    this.#addColumn('token', 'spent', 'TEXT')
    this.#addColumn('transaction_id', 'reused', 'INTEGER NOT NULL DEFAULT 0')
    this.#addColumn('unbilled', 'text', 'TEXT')
    // What is deleted here is deleted every minute; the journal's care would write every page twice.
    // The same few pages change all the time: a longer log folds them together before they are copied (16 MB at most).
    this.database.exec('PRAGMA secure_delete = FAST; PRAGMA wal_autocheckpoint = 4000')
    // A commit that cannot wait for the file to be written anew waits as long as that takes.
    this.database.exec('PRAGMA busy_timeout = 60000')
    this.#begin = this.database.prepare('BEGIN IMMEDIATE')
    this.#end = this.database.prepare('COMMIT')
    // Tokens and what charge points send: for this user's eyes.
    chmodSync(path, 0o600)
    this.forgetOld(now)
  }

  /** Ids and tokens that nobody asked for in 90 days go. `now`: ms since 1970. */
  forgetOld(now: number): void {
    const stale = now - KEPT_MS
    this.database.prepare('DELETE FROM token WHERE live = 0 AND changed_at < ?').run(stale)
    this.database.prepare('DELETE FROM transaction_id WHERE made_at < ?').run(stale)
    this.database.prepare('DELETE FROM unbilled WHERE made_at < ?').run(stale)
    this.database.prepare('DELETE FROM opened WHERE made_at < ?').run(stale)
    this.database.prepare('DELETE FROM promised WHERE made_at < ?').run(stale)
    this.database.exec('DELETE FROM remote_start WHERE token NOT IN (SELECT token FROM token)')
  }

  /** A file of before has the table without it. */
  #addColumn(table: string, name: string, type: string): void {
    const columns = this.database.prepare(`SELECT name FROM pragma_table_info('${table}')`).all()
    if (columns.some((column) => column['name'] === name)) return
    this.database.exec(`ALTER TABLE ${table} ADD COLUMN ${name} ${type}`)
  }

  prepare(sql: string): Statement {
    return this.database.prepare(sql)
  }

  /**
   * Puts work into this turn's commit. A killed process loses nothing of it; `sync` also outlives a power cut, for what the charge
   * point is told to forget.
   */
  write(work: () => void, sync = false): void {
    const group = this.#open()
    group.work.push(work)
    group.sync ||= sync
  }

  /** Puts work into a commit soon: with the next one, or alone after a moment. A process that is killed before has not done it. */
  writeLater(work: () => void): void {
    this.#later.push(work)
    this.#laterTimer ??= setTimeout(() => this.#open(), LATER_MS)
  }

  /**
   * Deletes for good: no page and no log keeps what `work` deletes. The file is written anew for it, by another thread: nothing is
   * committed meanwhile, and everything that needs no commit goes on. False where the disk failed.
   */
  forget(work: () => void): Promise<boolean> {
    const forgotten = this.#rewriting.then(() => this.#forgetNow(work))
    this.#rewriting = forgotten
    return forgotten
  }

  async #forgetNow(work: () => void): Promise<boolean> {
    if (!this.database.isOpen) return false
    this.flush()
    let isDone = false
    try {
      work()
      this.#isHeld = true
      isDone = await rewriteFile(this.#path)
    } catch {
      isDone = false
    }
    this.#isHeld = false
    if (!isDone) this.#counters.add('store_failed')
    this.flush()
    return isDone
  }

  /** What was deleted a moment ago shall leave no trace, but not in the middle of a frame. */
  forgetSoon(): void {
    this.#forgetting ??= setTimeout(() => {
      this.#forgetting = null
      void this.forget(() => undefined)
    }, FORGET_MS).unref()
  }

  /** Calls back after the open commit, at once where there is none. `durable` is false when the disk failed. */
  afterCommit(run: (durable: boolean) => void): void {
    if (this.#group) this.#group.after.push(run)
    else run(true)
  }

  /** Commits what is open. */
  flush(): void {
    const group = this.#group
    if (!group) return
    this.#group = null
    if (this.#laterTimer) clearTimeout(this.#laterTimer)
    this.#laterTimer = null
    group.work.push(...this.#later.splice(0))
    this.#together = group.work.length >= MANY ? MANY_TOGETHER_MS : TOGETHER_MS
    const durable = this.#commit(group)
    this.#committed = performance.now()
    for (const run of group.after) run(durable)
  }

  close(): void {
    if (this.#later.length > 0) this.#open()
    this.flush()
    this.database.close()
  }

  #open(): Group {
    if (this.#group) return this.#group
    const group: Group = { work: [], after: [], sync: false }
    this.#group = group
    const flush = (): void => {
      if (this.#group === group && !this.#isHeld) this.flush()
    }
    // A commit costs the same for one message and for fifty: under load they wait for each other.
    if (performance.now() - this.#committed < this.#together) setTimeout(flush, this.#together)
    else setImmediate(flush)
    return group
  }

  #commit(group: Group): boolean {
    const { database } = this
    if (!database.isOpen) return false
    try {
      if (this.#sync !== group.sync) database.exec(`PRAGMA synchronous = ${group.sync ? 'FULL' : 'NORMAL'}`)
      this.#sync = group.sync
      this.#begin.run()
      for (const work of group.work) work()
      this.#end.run()
      return true
    } catch {
      if (database.isTransaction) database.exec('ROLLBACK')
      this.#counters.add('store_failed')
      return false
    }
  }
}
