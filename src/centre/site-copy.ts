import { hostname } from 'node:os'
import { Fault } from '../../machines/faults.ts'
import { GENESIS, GENESIS_LINK } from '../journal/chain.ts'
import { ChainCheck } from '../journal/chain-check.ts'
import type { Head, JournalRow } from '../journal/journal-row.ts'
import type { PostgresLine } from '../journal/postgres-line.ts'
import { ownerNote } from '../journal/postgres-owner.ts'
import { postgresRefusal } from '../journal/postgres-refusal.ts'
import { APPEND, columnsOf } from '../journal/postgres-tables.ts'
import { wrongRow } from '../journal/row-check.ts'
import type { Batch, Hello, SiteAnswer } from '../uplink/link-message.ts'
import type { AsideShelf } from './aside-shelf.ts'
import type { Admitted } from './link-tokens.ts'

/** The newest version of each of these streams, each by one look into the index. */
const VERSIONS = `
  SELECT stream, coalesce((SELECT version FROM berth.record WHERE site = $1 AND record.stream = asked.stream COLLATE "C" ORDER BY version DESC LIMIT 1), 0) AS version
  FROM unnest($2::text[]) AS asked (stream)`

const BEGIN = `
  INSERT INTO berth.site (site, epoch, seq, hash, key_store, state, host, pid, since) VALUES ($1, $2, 0, $3, $4, 'copying', $5, $6, $7)
  ON CONFLICT DO NOTHING`

/** Where a log ends, and who may write to it. */
type Place = Head & { readonly epoch: number; readonly state: string }

/**
 * The copy of one site's log, as one link writes to it: only what continues it under the link's epoch is appended, each batch whole. What
 * is there already is answered as done. What contradicts it, or comes under an older epoch, is set aside. Calls must come one after the other.
 */
export class SiteCopy {
  readonly #line: PostgresLine
  readonly #aside: AsideShelf
  readonly #who: Admitted
  /** What was read or written last; null = it is asked again. */
  #place: Place | null = null
  readonly #versions = new Map<string, number>()

  constructor(line: PostgresLine, aside: AsideShelf, who: Admitted) {
    this.#line = line
    this.#aside = aside
    this.#who = who
  }

  /** Begins the copy where there is none yet; answers where it ends. `at` ISO 8601 UTC. Throws a Fault of the store. */
  async greet({ keyStore }: Hello, at: string): Promise<SiteAnswer> {
    const { site, epoch, isNewest } = this.#who
    this.#forget()
    const foreign = await this.#line.transaction(async (ask) => {
      if (isNewest) await ask(BEGIN, [site, epoch, GENESIS, keyStore, hostname(), process.pid, at])
      const note = await ownerNote(ask, site, true)
      if (note === null) return false
      // Whoever has other keys ships nothing: the log stays free for the gateway that has them.
      if (note.keyStoreId !== keyStore) return true
      // A log that was let go, or was begun under an older epoch, goes on as a copy: nobody may own it while a gateway ships to it.
      if (isNewest && note.epoch <= epoch && note.state !== 'owned')
        await ask(`UPDATE berth.site SET state = 'copying', epoch = $2 WHERE site = $1`, [site, epoch])
      return false
    })
    const says = 'The centre’s copy was sealed under other keys; this is not its gateway, or its keys were lost.'
    return foreign ? { type: 'refused', says, again: false } : this.#head(await this.#read())
  }

  /** Takes a batch: durable when it resolves. Throws a Fault of the store where nobody knows: the same batch may come again. */
  async take(batch: Batch): Promise<SiteAnswer> {
    const wrong = wrongBatch(batch, this.#who)
    if (wrong !== null) return { type: 'refused', says: wrong, again: false }
    for (let turn = 1; turn <= 2; turn++) {
      const place = this.#place ?? (await this.#read())
      const known = follows(batch, place) ? 0 : await this.#knownOf(batch)
      // Nothing before the first row is known: it follows on nothing, or on what was set aside.
      if (known === null) return this.#setAside(batch, 0, place)
      if (known === batch.rows.length) return this.#head(place)
      const rest = batch.rows.slice(known)
      const before = known === 0 ? { seq: batch.fromSeq - 1, hash: batch.prevHash } : batch.rows[known - 1]
      const goesOn = before?.seq === place.seq && before.hash === place.hash && this.#mayWrite(place)
      if (!goesOn) return this.#setAside(batch, known, place)
      const broken = await this.#wrongVersion(rest)
      if (broken !== null) return { type: 'refused', says: broken, again: false }
      if (await this.#append(rest, place)) return this.#head(this.#place ?? place)
      this.#forget()
    }
    throw new Fault('VERSION_CONFLICT', {}, { says: `Two links write to the copy of ${this.#who.site} at once.` })
  }

  /** Where this very record is. */
  async where(seq: number, hash: string): Promise<'copy' | 'aside' | null> {
    if (seq === 0) return hash === GENESIS ? 'copy' : null
    const text = 'SELECT 1 FROM berth.record WHERE site = $1 AND seq = $2 AND hash = $3'
    if ((await this.#line.read(text, [this.#who.site, seq, hash])).length > 0) return 'copy'
    return (await this.#aside.has(this.#who.site, { seq, hash })) ? 'aside' : null
  }

  #mayWrite({ epoch, state }: Place): boolean {
    return epoch === this.#who.epoch && state === 'copying'
  }

  #forget(): void {
    this.#place = null
    this.#versions.clear()
  }

  #head({ seq, hash, epoch }: Place): SiteAnswer {
    return { type: 'head', epoch: this.#who.epoch, current: epoch, seq, hash }
  }

  async #read(): Promise<Place> {
    const [row] = await this.#line.read('SELECT seq, hash, epoch, state FROM berth.site WHERE site = $1', [
      this.#who.site,
    ])
    const none = { ...GENESIS_LINK, epoch: this.#who.epoch, state: 'left' }
    this.#place =
      row === undefined
        ? none
        : {
            ...{ seq: Number(row['seq']), hash: String(row['hash']) },
            ...{ epoch: Number(row['epoch']), state: String(row['state']) },
          }
    return this.#place
  }

  /** How many rows of the batch, from the first on, the copy has as they are; null where it lacks even the record before them. */
  async #knownOf({ fromSeq, prevHash, rows }: Batch): Promise<number | null> {
    const text = 'SELECT seq, hash FROM berth.record WHERE site = $1 AND seq >= $2 AND seq < $3'
    const found = await this.#line.read(text, [this.#who.site, fromSeq - 1, fromSeq + rows.length])
    const hashes = new Map(found.map(({ seq, hash }) => [Number(seq), hash]))
    const before = fromSeq === 1 ? GENESIS : hashes.get(fromSeq - 1)
    if (before !== prevHash) return null
    const different = rows.findIndex(({ seq, hash }) => hashes.get(seq) !== hash)
    return different < 0 ? rows.length : different
  }

  /** Readers go by versions without a gap. */
  async #wrongVersion(rows: readonly JournalRow[]): Promise<string | null> {
    const asked = [...new Set(rows.map(({ stream }) => stream))].filter((stream) => !this.#versions.has(stream))
    if (asked.length > 0)
      for (const { stream, version } of await this.#line.read(VERSIONS, [this.#who.site, asked]))
        this.#versions.set(String(stream), Number(version))
    const newest = new Map<string, number>()
    for (const { seq, stream, version } of rows) {
      const expected = (newest.get(stream) ?? this.#versions.get(stream) ?? 0) + 1
      if (version !== expected) return `record ${seq} is version ${version} of ${stream}, and ${expected} is next`
      newest.set(stream, version)
    }
    return null
  }

  /** True once they are durable; false where the log does not end there any more, or belongs to somebody else. */
  async #append(rows: readonly JournalRow[], place: Place): Promise<boolean> {
    const last = rows.at(-1) as JournalRow
    const values = [this.#who.site, this.#who.epoch, 'copying', place.seq, place.hash, last.seq, last.hash]
    try {
      const [answer] = await this.#line.once(APPEND, [...values, ...columnsOf(rows)], rows.length)
      if (Number(answer?.['written']) !== rows.length) return false
    } catch (cause) {
      this.#forget()
      throw postgresRefusal(cause, this.#line.shown) ?? this.#line.unreachable(cause)
    }
    for (const { stream, version } of rows) this.#versions.set(stream, version)
    this.#place = { ...place, seq: last.seq, hash: last.hash }
    return true
  }

  /** What is no part of the copy: kept beside it where it follows on something that is known, else asked for from further back. */
  async #setAside(batch: Batch, known: number, place: Place): Promise<SiteAnswer> {
    const { site, epoch } = this.#who
    const before = { seq: batch.fromSeq - 1, hash: batch.prevHash }
    if (known === 0 && (await this.where(before.seq, before.hash)) === null)
      return { type: 'gap', seq: place.seq, hash: place.hash }
    const kept = await this.#aside.keep(site, epoch, batch.rows.slice(known))
    if (kept !== null) return { type: 'refused', says: kept, again: false }
    const last = batch.rows.at(-1) as JournalRow
    return {
      type: 'aside',
      seq: last.seq,
      hash: last.hash,
      says: this.#whyAside(batch.rows[known] as JournalRow, place),
    }
  }

  #whyAside({ seq }: JournalRow, place: Place): string {
    const { site, epoch } = this.#who
    const kept = `Records of this gateway from ${seq} on are set aside at the centre and are no part of its copy`
    if (place.epoch > epoch)
      return `${site} was taken over at the centre (epoch ${place.epoch}, this gateway has ${epoch}). ${kept}.`
    return `The centre has another record ${seq} of ${site}: an older copy of the site was put back, or two gateways run as ${site}. ${kept}.`
  }
}

const follows = ({ fromSeq, prevHash }: Batch, place: Head): boolean =>
  fromSeq === place.seq + 1 && prevHash === place.hash

/** What is wrong with a batch by itself, in one sentence; null where its rows hold and follow on one another. */
function wrongBatch({ site, epoch, fromSeq, prevHash, rows }: Batch, who: Admitted): string | null {
  if (site !== who.site) return `the batch is of ${site}, this link of ${who.site}`
  if (epoch !== who.epoch) return `the batch is of epoch ${epoch}, this link of ${who.epoch}`
  const chain = new ChainCheck()
  chain.begin({ seq: fromSeq - 1, hash: prevHash })
  for (const row of rows) {
    const wrong = wrongRow(row, chain, site)
    if (wrong !== null) return wrong
  }
  return null
}
