import type { Clock } from '../../actors/ports.ts'
import { Fault } from '../../machines/faults.ts'
import type { Ask, PostgresLine } from '../journal/postgres-line.ts'
import type { CentralOrder, CentralOutcome } from '../uplink/central-order.ts'

/** An order as it was given here; times ISO 8601 UTC. */
export type GivenOrder = Omit<CentralOrder, 'remaining_ms'> & { readonly site: string; readonly given: string }
/**
 * What is known of it: `waiting` = its gateway was not told; `sent` = it was, and did not answer yet; `asked` = a second person at the site
 * must agree; then what became of it. `seq` of the record at the site that says so.
 */
export type OrderState = 'waiting' | 'sent' | 'asked' | 'done' | 'refused' | 'expired'
export type KnownOrder = GivenOrder & {
  readonly state: OrderState
  readonly says: string | null
  readonly seq: number | null
  readonly ended: string | null
}

const MOST_LISTED = 200
/** Open orders of one site that are read at once: those that still hold before those whose time is over. */
const MOST_OPEN = 64
/** An order of which it is known what became is kept for so long, days. */
const KEPT_DAYS = 90
/** So many are thrown away by one statement. */
const MOST_CLEANED = 1_000
const DAY_MS = 86_400_000
const NEVER_SENT = 'Its gateway was away, or takes no orders yet, until its time was over: it was never sent.'
const SITE_GONE =
  'The site was removed here before its gateway said what became of it; where it was sent, the site’s own records tell.'
const COLUMNS = 'id, site, body, given, expires, sent, asked, outcome, says, seq, ended'

const GIVE = `
  INSERT INTO berth_centre.request (id, site, type, body, given_by, role, given, expires)
  SELECT $1, site, $3, $4, $5, $6, $7, $8 FROM berth_centre.site WHERE site = $2 FOR KEY SHARE
  ON CONFLICT DO NOTHING`

const OPEN = `
  SELECT ${COLUMNS} FROM (
    SELECT *, row_number() OVER (PARTITION BY site ORDER BY expires <= $1, given, id) AS place FROM berth_centre.request WHERE outcome IS NULL) open
  WHERE place <= ${MOST_OPEN} ORDER BY given, id`

/** Nobody sends orders of a site that is removed, nor to another gateway that gets its name: each is over, `at` ISO 8601 UTC. */
export async function endOrders(ask: Ask, site: string, at: string): Promise<void> {
  const text = `UPDATE berth_centre.request SET outcome = 'expired', says = $2, ended = $3 WHERE site = $1 AND outcome IS NULL`
  await ask(text, [site, SITE_GONE, at])
}

/** Orders that people at the centre gave, in its database: each is kept before anybody hears of it. */
export class OrderBook {
  readonly #line: PostgresLine
  readonly #clock: Pick<Clock, 'now'>

  constructor(line: PostgresLine, clock: Pick<Clock, 'now'>) {
    this.#line = line
    this.#clock = clock
  }

  /** Durable when it resolves, to what is known of it; the order of before where its id was used. Rejects with Fault NOT_FOUND (the site was removed meanwhile), or one of the store. */
  async give(order: GivenOrder): Promise<KnownOrder> {
    const { id, site, type, by, role, given, expires } = order
    await this.#line.read(GIVE, [id, site, type, JSON.stringify(order), by, role, given, expires])
    const known = await this.one(id)
    if (known === null) throw new Fault('NOT_FOUND', {}, { says: 'No such site ships here.' })
    return known
  }

  /** Null where nobody gave it. */
  async one(id: string): Promise<KnownOrder | null> {
    const [row] = await this.#line.read(`SELECT ${COLUMNS} FROM berth_centre.request WHERE id = $1`, [id])
    return row === undefined ? null : knownOf(row)
  }

  /** Of these sites, the newest first. */
  async newest(sites: readonly string[]): Promise<readonly KnownOrder[]> {
    const text = `SELECT ${COLUMNS} FROM berth_centre.request WHERE site = ANY($1) ORDER BY given DESC, id LIMIT ${MOST_LISTED}`
    return (await this.#line.read(text, [sites])).map(knownOf)
  }

  /** Those of which it is not known what became of them, oldest first, a bounded number of each site; whatever was never sent in its time is over. */
  async open(): Promise<readonly KnownOrder[]> {
    const now = this.#now()
    const over = `UPDATE berth_centre.request SET outcome = 'expired', says = $2, ended = $1 WHERE outcome IS NULL AND sent IS NULL AND expires <= $1`
    await this.#line.read(over, [now, NEVER_SENT])
    return (await this.#line.read(OPEN, [now])).map(knownOf)
  }

  /** Throws away orders whose end is known and that were given longer ago than they are kept; some of them where they are many. */
  async clean(): Promise<void> {
    const before = new Date(this.#clock.now() - KEPT_DAYS * DAY_MS).toISOString()
    const old = `SELECT id FROM berth_centre.request WHERE given < $1 AND outcome IS NOT NULL LIMIT ${MOST_CLEANED}`
    await this.#line.read(`DELETE FROM berth_centre.request WHERE id IN (${old})`, [before])
  }

  /** It is about to be sent: from here on only its gateway knows what became of it. False where it must not be. */
  async sending(id: string): Promise<boolean> {
    const text = `UPDATE berth_centre.request SET sent = coalesce(sent, $2)
      WHERE id = $1 AND outcome IS NULL AND (sent IS NOT NULL OR expires > $2) RETURNING 1`
    return (await this.#line.read(text, [id, this.#now()])).length > 0
  }

  /** What its gateway says of it. */
  async heard(id: string, told: CentralOutcome): Promise<void> {
    if (told.outcome === 'asked') {
      await this.#line.read('UPDATE berth_centre.request SET asked = $2 WHERE id = $1 AND outcome IS NULL', [
        id,
        told.until,
      ])
      return
    }
    const says = told.outcome === 'done' ? null : told.says
    const text = `UPDATE berth_centre.request SET outcome = $2, says = $3, seq = $4, ended = $5 WHERE id = $1 AND outcome IS NULL`
    await this.#line.read(text, [id, told.outcome, says, told.seq, this.#now()])
  }

  #now = (): string => new Date(this.#clock.now()).toISOString()
}

function knownOf(row: { readonly [column: string]: unknown }): KnownOrder {
  const { body, sent, asked, outcome, says, seq, ended } = row
  const order = JSON.parse(String(body)) as GivenOrder
  const open = asked !== null ? 'asked' : sent !== null ? 'sent' : 'waiting'
  return {
    ...order,
    state: outcome === null ? open : (String(outcome) as OrderState),
    says: says === null ? null : String(says),
    seq: seq === null ? null : Number(seq),
    ended: ended === null ? null : String(ended),
  }
}
