import { Fault } from '../../machines/faults.ts'
import type { FactRecord } from '../../machines/record.ts'
import { GENESIS } from './chain.ts'
import { type Head, type JournalRow, recordOf, recordsOf } from './journal-row.ts'
import { type Ask, PostgresLine } from './postgres-line.ts'
import { postgresRefusal } from './postgres-refusal.ts'
import { APPEND, COLUMNS, columnsOf, rowOf } from './postgres-tables.ts'
import type { Outcome, Patience, ServerLog } from './server-append.ts'

/** Records of a page when the caller names no limit. */
const PAGE = 1_000

/** Newest versions up to a record, read from the index stream by stream: it does not take longer for a longer log. */
const VERSIONS = `
  WITH RECURSIVE stream AS (
    (SELECT stream FROM berth.record WHERE site = $1 ORDER BY stream LIMIT 1)
    UNION ALL
    SELECT (SELECT next.stream FROM berth.record next WHERE next.site = $1 AND next.stream > stream.stream ORDER BY next.stream LIMIT 1)
    FROM stream WHERE stream.stream IS NOT NULL)
  SELECT stream, (SELECT version FROM berth.record WHERE site = $1 AND stream = stream.stream AND seq <= $2 ORDER BY version DESC LIMIT 1) AS version
  FROM stream WHERE stream IS NOT NULL`

/** The same for what came behind a record. */
const VERSIONS_SINCE =
  'SELECT stream, max(version) AS version FROM berth.record WHERE site = $1 AND seq > $2 AND seq <= $3 GROUP BY stream'

/** In which state an owner may write: a site's, or a copy's that is not whole yet. */
export type Writing = 'owned' | 'copying'

/** Lines that logs of several sites share; whoever opened them closes them. */
export type SharedLines = { readonly appends: PostgresLine; readonly reads: PostgresLine }

/** A site's log on a server: its end and the newest version of each stream are kept in memory, everything else is asked. */
export class PostgresLog implements ServerLog {
  readonly siteId: string
  /** For appends and what they ask, so that no long page holds one up. */
  readonly line: PostgresLine
  readonly #reading: PostgresLine
  readonly #isShared: boolean
  readonly #state: Writing
  readonly #versions = new Map<string, number>()
  #head: Head = { seq: 0, hash: GENESIS }
  #epoch = 0

  constructor(
    siteId: string,
    where: {
      readonly url: string
      readonly patience?: Patience | undefined
      readonly lines?: SharedLines | undefined
    },
    state: Writing = 'owned',
  ) {
    this.siteId = siteId
    this.line = where.lines?.appends ?? new PostgresLine(where.url, where.patience)
    this.#reading = where.lines?.reads ?? new PostgresLine(where.url, where.patience)
    this.#isShared = where.lines !== undefined
    this.#state = state
  }

  get shown(): string {
    return this.line.shown
  }

  get server(): string {
    return `PostgreSQL at ${this.shown}`
  }

  /** Of the newest owner that this process knows of; 0 before the first. */
  get newestEpoch(): number {
    return this.#epoch
  }

  until(): number {
    return this.line.until()
  }

  head(): Head {
    return this.#head
  }

  version(stream: string): number {
    return this.#versions.get(stream) ?? 0
  }

  /** Reads what came since. Throws Fault STORE_UNREACHABLE or STORE_CORRUPT. */
  async refresh(): Promise<void> {
    await this.#reading.insist((ask) => this.load(ask))
  }

  /** The same with the caller's own statements, inside its transaction. */
  async load(ask: Ask): Promise<void> {
    const [site] = await ask('SELECT epoch, seq, hash FROM berth.site WHERE site = $1', [this.siteId])
    if (site === undefined) return
    const head = { seq: Number(site['seq']), hash: String(site['hash']) }
    this.#epoch = Number(site['epoch'])
    const { seq } = this.#head
    if (head.seq === seq && head.hash === this.#head.hash) return
    if (head.seq <= seq) throw this.#corrupt(seq, 'is gone: the log ends before it, or with another one')
    const [newest] = await ask('SELECT hash FROM berth.record WHERE site = $1 AND seq = $2', [this.siteId, head.seq])
    if (newest?.['hash'] !== head.hash) throw this.#corrupt(head.seq, 'is not the one that the log ends with')
    const found =
      seq === 0 ? await ask(VERSIONS, [this.siteId, head.seq]) : await ask(VERSIONS_SINCE, [this.siteId, seq, head.seq])
    for (const { stream, version } of found) this.#versions.set(String(stream), Number(version))
    this.#head = head
  }

  /** The log goes on with this record. Throws Fault STORE_CORRUPT where it does not fit. */
  take({ seq, stream, version, prev, hash }: JournalRow, epoch: number): void {
    const fits = seq === this.#head.seq + 1 && version === this.version(stream) + 1 && prev === this.#head.hash
    if (!fits) throw this.#corrupt(seq, 'does not follow the one before it')
    this.#versions.set(stream, version)
    this.#head = { seq, hash }
    this.#epoch = Math.max(this.#epoch, epoch)
  }

  /** Sends a batch behind the head, once. Throws a Fault only where it is certain that this try wrote nothing. */
  async send(rows: readonly JournalRow[], epoch: number): Promise<Outcome> {
    const last = rows.at(-1)
    if (last === undefined) return { is: 'done' }
    const place = [this.siteId, epoch, this.#state, this.#head.seq, this.#head.hash, last.seq, last.hash]
    try {
      // A large batch is given longer: one that is never waited for is never done.
      const [answer] = await this.line.once(APPEND, [...place, ...columnsOf(rows)], rows.length)
      if (Number(answer?.['written']) === rows.length) return { is: 'done' }
      if (answer?.['epoch'] === null)
        throw this.#corrupt(last.seq, 'has no place any more: the site was taken out of `berth.site`')
      const newer = Number(answer?.['epoch'])
      return newer > epoch ? { is: 'fenced', newer } : { is: 'wrong' }
    } catch (cause) {
      const refused = postgresRefusal(cause, this.shown)
      if (refused !== null) throw refused
      return { is: 'unsure', cause }
    }
  }

  async found(after: number, limit: number): Promise<readonly { readonly hash: string; readonly epoch: number }[]> {
    const text = 'SELECT hash, epoch FROM berth.record WHERE site = $1 AND seq > $2 ORDER BY seq LIMIT $3'
    const rows = await this.line.read(text, [this.siteId, after, limit])
    return rows.map(({ hash, epoch }) => ({ hash: String(hash), epoch: Number(epoch) }))
  }

  /** Rows with seq > after as they stand, whatever they are and wherever the log ends. */
  async rowsAsTheyAre(after: number, limit: number): Promise<JournalRow[]> {
    const text = `SELECT ${COLUMNS} FROM berth.record WHERE site = $1 AND seq > $2 ORDER BY seq LIMIT $3`
    return (await this.#reading.read(text, [this.siteId, after, limit])).map(rowOf)
  }

  /** Rows up to the head that this process knows of: nobody has taken in what lies behind it. Throws Fault STORE_CORRUPT at a gap. */
  async rows(after: number, limit: number): Promise<JournalRow[]> {
    const count = Math.min(limit, this.#head.seq - after)
    if (count <= 0) return []
    const rows = await this.rowsAsTheyAre(after, count)
    const gap = rows.findIndex(({ seq }, index) => seq !== after + index + 1)
    if (gap >= 0 || rows.length < count) throw this.#corrupt(after + (gap < 0 ? rows.length : gap) + 1, 'is gone')
    return rows
  }

  async readSite(after = 0, limit = PAGE): Promise<FactRecord[]> {
    return recordsOf(await this.rows(after, limit))
  }

  async readStream(stream: string, after = 0, limit = PAGE): Promise<FactRecord[]> {
    const count = Math.min(limit, this.version(stream) - after)
    if (count <= 0) return []
    const text = `SELECT ${COLUMNS} FROM berth.record WHERE site = $1 AND stream = $2 AND version > $3 ORDER BY version LIMIT $4`
    const rows = (await this.#reading.read(text, [this.siteId, stream, after, count])).map(rowOf)
    const gap = rows.findIndex(({ version }, index) => version !== after + index + 1)
    if (gap < 0 && rows.length === count) return rows.map(recordOf)
    const says = `Version ${after + (gap < 0 ? rows.length : gap) + 1} of ${stream} on ${this.shown} is gone; run \`berth verify\` and restore the database from a backup.`
    throw new Fault('STORE_CORRUPT', { stream }, { says })
  }

  async close(): Promise<void> {
    if (!this.#isShared) await Promise.all([this.line.close(), this.#reading.close()])
  }

  #corrupt(seq: number, what: string): Fault {
    const says = `Record ${seq} of ${this.siteId} on PostgreSQL at ${this.shown} ${what}; run \`berth verify\` and restore the database from a backup.`
    return new Fault('STORE_CORRUPT', { seq }, { says })
  }
}
