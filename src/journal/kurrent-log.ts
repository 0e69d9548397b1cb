import { Fault } from '../../machines/faults.ts'
import type { FactRecord } from '../../machines/record.ts'
import { GENESIS } from './chain.ts'
import { type Head, type JournalRow, recordsOf } from './journal-row.ts'
import { eventOf, type FoundRow, factOf, foundRow, linkStream, rowOf, siteStream } from './kurrent-event.ts'
import type { KurrentLine } from './kurrent-line.ts'
import type { Outcome, ServerLog } from './server-append.ts'

/** Events of one read. */
const PAGE = 1_000
/** Records that lie no further apart than this are read in one go. */
const NEAR = 64

/** A site's log on a server, and where in it each stream's records are: that is kept in memory, read once at the start. */
export class KurrentLog implements ServerLog {
  readonly siteId: string
  readonly line: KurrentLine
  readonly #stream: string
  /** By stream: the seq of its version 1, 2, … */
  readonly #places = new Map<string, number[]>()
  #head: Head = { seq: 0, hash: GENESIS }
  /** Of the owner that wrote the newest record; 0 before the first. */
  #epoch = 0
  #at = 0

  constructor(siteId: string, line: KurrentLine) {
    this.siteId = siteId
    this.line = line
    this.#stream = siteStream(siteId)
  }

  get shown(): string {
    return this.line.shown
  }

  get server(): string {
    return `KurrentDB at ${this.shown}`
  }

  until(): number {
    return this.line.until()
  }

  head(): Head {
    return this.#head
  }

  get newestEpoch(): number {
    return this.#epoch
  }

  /** Time of the newest record, ms since 1970; 0 before the first. */
  get newestAt(): number {
    return this.#at
  }

  version(stream: string): number {
    return this.#places.get(stream)?.length ?? 0
  }

  /** Streams that have records. */
  streams(): string[] {
    return [...this.#places.keys()]
  }

  /** Where a stream's records with version > after are, `limit` at most: their seqs. */
  places(stream: string, after: number, limit: number): readonly number[] {
    return (this.#places.get(stream) ?? []).slice(after, after + limit)
  }

  /** Reads what came since. Throws Fault STORE_UNREACHABLE, or STORE_CORRUPT for what is no record in its place. */
  async refresh(): Promise<void> {
    for (;;) {
      const found = await this.found(this.#head.seq, PAGE)
      for (const one of found) this.take(one, one.epoch)
      if (found.length < PAGE) return
    }
  }

  /** The log goes on with this record. Throws Fault STORE_CORRUPT where it does not fit. */
  take({ seq, stream, version, at, prev, hash }: Omit<JournalRow, 'content'>, epoch: number): void {
    const fits = seq === this.#head.seq + 1 && version === this.version(stream) + 1 && prev === this.#head.hash
    if (!fits) throw this.#corrupt(seq, 'does not follow the one before it')
    const places = this.#places.get(stream)
    if (places === undefined) this.#places.set(stream, [seq])
    else places.push(seq)
    this.#head = { seq, hash }
    this.#epoch = Math.max(this.#epoch, epoch)
    this.#at = Math.max(this.#at, Date.parse(at))
  }

  /** Sends a batch behind the head, once. Throws a Fault only where it is certain that nothing was written. */
  send(rows: readonly JournalRow[], epoch: number): Promise<Outcome> {
    const events = rows.map((row) => eventOf(row, this.siteId, epoch))
    return this.line.append(this.#stream, events, this.#head.seq - 1)
  }

  /** Records with seq > after as they stand on the server, hashes unchecked. */
  async found(after: number, limit: number): Promise<FoundRow[]> {
    if (limit <= 0) return []
    const events = (await this.line.read(this.#stream, { from: after, count: limit })) ?? []
    return events.map((event, index) => {
      const row = event.revision === after + index ? foundRow(event) : null
      if (row !== null) return row
      if (event.revision === after + index)
        throw this.#corrupt(after + index + 1, 'is not one of berth, or was changed')
      throw this.#corrupt(after + index + 1, `is gone: the stream goes on with record ${event.revision + 1}`)
    })
  }

  async rows(after: number, limit: number): Promise<JournalRow[]> {
    return (await this.#pages(after, limit)).map(rowOf)
  }

  async readSite(after = 0, limit = PAGE): Promise<FactRecord[]> {
    return recordsOf((await this.#pages(after, limit)).map(rowOf))
  }

  /** Through the stream's links where they lead to the right records, else from the log itself: links come later, and prove nothing. */
  async readStream(stream: string, after = 0, limit = PAGE): Promise<FactRecord[]> {
    const wanted = this.places(stream, after, limit)
    const [first, last] = [wanted[0], wanted.at(-1)]
    if (first === undefined || last === undefined) return []
    const spread = last - first + 1 > wanted.length * 4
    const records = spread ? await this.#linked(stream, after, wanted) : []
    for (let from = records.length; from < wanted.length; from = records.length)
      records.push(...(await this.#near(wanted, from)))
    return records
  }

  async #pages(after: number, limit: number): Promise<FoundRow[]> {
    const rows: FoundRow[] = []
    // What lies behind the head that this process knows of is not told yet: nobody has taken it in.
    const end = Math.min(this.#head.seq, after + limit)
    for (let from = after; from < end; ) {
      const page = await this.found(from, Math.min(PAGE, end - from))
      if (page.length === 0) throw this.#corrupt(from + 1, 'is gone: the stream ends before it')
      rows.push(...page)
      from += page.length
    }
    return rows
  }

  /** As many as the links lead to, from the first on. */
  async #linked(stream: string, after: number, wanted: readonly number[]): Promise<FactRecord[]> {
    const asked = { from: after, count: wanted.length, follow: true } as const
    const events = (await this.line.read(linkStream(this.siteId, stream), asked)) ?? []
    const records: FactRecord[] = []
    for (const [index, event] of events.entries()) {
      const row = event.stream === this.#stream && event.revision + 1 === wanted[index] ? foundRow(event) : null
      if (row === null) break
      records.push(factOf(row))
    }
    return records
  }

  /** The wanted records from `from` on that lie near each other. */
  async #near(wanted: readonly number[], from: number): Promise<FactRecord[]> {
    const first = wanted[from] as number
    let to = from
    while (to + 1 < wanted.length && (wanted[to + 1] as number) - (wanted[to] as number) <= NEAR) to++
    const asked = new Set(wanted.slice(from, to + 1))
    const rows = await this.#pages(first - 1, (wanted[to] as number) - first + 1)
    return rows.filter(({ seq }) => asked.has(seq)).map(factOf)
  }

  close(): Promise<void> {
    return this.line.close()
  }

  #corrupt(seq: number, what: string): Fault {
    const says = `Record ${seq} in the stream ${this.#stream} on ${this.line.shown} ${what}; run \`berth verify\` and restore the server from a backup.`
    return new Fault('STORE_CORRUPT', { seq }, { says })
  }
}
