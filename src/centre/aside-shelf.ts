import type { Clock } from '../../actors/ports.ts'
import { counted } from '../counted.ts'
import type { Head, JournalRow } from '../journal/journal-row.ts'
import type { PostgresLine } from '../journal/postgres-line.ts'
import { COLUMNS, columnsOf, rowOf } from '../journal/postgres-tables.ts'

/** Records of one site that are set aside, at most: more of a gateway that should be looked at help nobody. */
const MOST_ASIDE = 100_000

const PAGE = 500

const KEEP = `
  INSERT INTO berth_centre.aside (site, epoch, kept, seq, stream, version, at, content, personal, personal_hash, content_hash, prev, hash)
  SELECT $1, $2, $3, row.* FROM unnest($4::bigint[], $5::text[], $6::bigint[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[],
    $12::text[], $13::text[]) AS row
  WHERE (SELECT count(*) FROM berth_centre.aside WHERE site = $1) < $14
  ON CONFLICT DO NOTHING RETURNING 1`

/** Records that gateways sent and that are no part of their site's log here: kept for people, never merged. */
export class AsideShelf {
  readonly #line: PostgresLine
  readonly #clock: Pick<Clock, 'now'>
  readonly #most: number

  constructor(line: PostgresLine, clock: Pick<Clock, 'now'>, most = MOST_ASIDE) {
    this.#line = line
    this.#clock = clock
    this.#most = most
  }

  /** Whether this very record is here. */
  async has(site: string, { seq, hash }: Head): Promise<boolean> {
    const text = 'SELECT 1 FROM berth_centre.aside WHERE site = $1 AND seq = $2 AND hash = $3'
    return (await this.#line.read(text, [site, seq, hash])).length > 0
  }

  /** Keeps rows, each once: durable when it resolves to null; a sentence where no more of this site are kept. */
  async keep(site: string, epoch: number, rows: readonly JournalRow[]): Promise<string | null> {
    const kept = new Date(this.#clock.now()).toISOString()
    await this.#line.insist((ask) => ask(KEEP, [site, epoch, kept, ...columnsOf(rows), this.#most]))
    const last = rows.at(-1)
    if (last === undefined || (await this.has(site, last))) return null
    return `${counted(this.#most, 'record')} of ${site} are set aside at the centre already, and no more are kept: look at which gateway is the right one, and stop the other.`
  }

  /** All of a site, page by page. */
  async *all(site: string): AsyncGenerator<JournalRow> {
    const text = `SELECT ${COLUMNS} FROM berth_centre.aside WHERE site = $1 AND (seq, hash) > ($2, $3) ORDER BY seq, hash LIMIT ${PAGE}`
    let [seq, hash] = [0, '']
    for (;;) {
      const page = (await this.#line.read(text, [site, seq, hash])).map(rowOf)
      yield* page
      const last = page.at(-1)
      if (last === undefined) return
      ;({ seq, hash } = last)
    }
  }

  /** Throws them away; answers how many. */
  async forget(site: string): Promise<number> {
    const text =
      'WITH gone AS (DELETE FROM berth_centre.aside WHERE site = $1 RETURNING 1) SELECT count(*) AS gone FROM gone'
    return Number((await this.#line.read(text, [site]))[0]?.['gone'] ?? 0)
  }
}
