import type { Clock } from '../../actors/ports.ts'
import { KEPT_MS, type RelayStore } from './relay-store.ts'

/**
 * Which transactions bear an alias, or shall by what the station answered, by the token that it stands for, and which are withheld from the back end because they began with
 * a dead token. A charge point may use a transaction's id again: a new one begins from nothing.
 */
export class TransactionPayers {
  readonly #store: RelayStore
  readonly #clock: Clock
  readonly #opened = new Map<string, string>()
  /** When each of all three was noted last, ms since 1970. */
  readonly #made = new Map<string, number>()
  /** The token of the start of berth's that the station answered with this transaction. */
  readonly #promised = new Map<string, string>()
  /** The event that began it, without the dead token; null where it is none (1.6). */
  readonly #withheld = new Map<string, string | null>()

  constructor(store: RelayStore, clock: Clock) {
    this.#store = store
    this.#clock = clock
    for (const row of store.prepare('SELECT * FROM opened').all()) {
      this.#opened.set(keyIn(row), String(row['token']))
      this.#made.set(keyIn(row), Number(row['made_at']))
    }
    for (const row of store.prepare('SELECT * FROM promised').all()) {
      this.#promised.set(keyIn(row), String(row['token']))
      this.#made.set(keyIn(row), Number(row['made_at']))
    }
    for (const row of store.prepare('SELECT * FROM unbilled').all()) {
      this.#withheld.set(keyIn(row), row['text'] === null ? null : String(row['text']))
      this.#made.set(keyIn(row), Number(row['made_at']))
    }
  }

  /** The token of berth's that this transaction was begun or gone on with at the back end; null = none. */
  tokenOf(chargePointId: string, transactionId: string): string | null {
    return this.#opened.get(key(chargePointId, transactionId)) ?? null
  }

  /** The alias of this token went up with this transaction. */
  opens(chargePointId: string, transactionId: string, token: string): void {
    if (this.tokenOf(chargePointId, transactionId) === token) return
    this.#opened.set(key(chargePointId, transactionId), token)
    this.#made.set(key(chargePointId, transactionId), this.#clock.now())
    const sql = 'INSERT OR REPLACE INTO opened (charge_point, transaction_id, token, made_at) VALUES (?, ?, ?, ?)'
    this.#run(sql, chargePointId, transactionId, token, this.#clock.now())
  }

  /** The station has named this transaction in its answer to a start of berth's with this token: it may never name the start again. */
  promises(chargePointId: string, transactionId: string, token: string): void {
    this.#promised.set(key(chargePointId, transactionId), token)
    this.#made.set(key(chargePointId, transactionId), this.#clock.now())
    const sql = 'INSERT OR REPLACE INTO promised (charge_point, transaction_id, token, made_at) VALUES (?, ?, ?, ?)'
    this.#run(sql, chargePointId, transactionId, token, this.#clock.now())
  }

  /** The token of the start that the station answered with this transaction; null = none. */
  promisedTo(chargePointId: string, transactionId: string): string | null {
    return this.#promised.get(key(chargePointId, transactionId)) ?? null
  }

  /** It has ended: the station may give its id to another one. */
  ends(chargePointId: string, transactionId: string): void {
    if (!this.#promised.delete(key(chargePointId, transactionId))) return
    this.#run('DELETE FROM promised WHERE charge_point = ? AND transaction_id = ?', chargePointId, transactionId)
  }

  /** Another transaction has this id from now on. */
  begins(chargePointId: string, transactionId: string): void {
    if (!this.#opened.delete(key(chargePointId, transactionId))) return
    this.#run('DELETE FROM opened WHERE charge_point = ? AND transaction_id = ?', chargePointId, transactionId)
  }

  /** The back end does not hear of this transaction. `text`: the event that began it, as the back end may hear it later. */
  withhold(chargePointId: string, transactionId: string, text: string | null): void {
    this.#withheld.set(key(chargePointId, transactionId), text)
    this.#made.set(key(chargePointId, transactionId), this.#clock.now())
    const sql = 'INSERT OR REPLACE INTO unbilled (charge_point, transaction_id, made_at, text) VALUES (?, ?, ?, ?)'
    this.#run(sql, chargePointId, transactionId, this.#clock.now(), text)
  }

  isWithheld(chargePointId: string, transactionId: string): boolean {
    return this.#withheld.has(key(chargePointId, transactionId))
  }

  /** The event that began a withheld transaction, without its token. */
  beginningOf(chargePointId: string, transactionId: string): string | null {
    return this.#withheld.get(key(chargePointId, transactionId)) ?? null
  }

  /** Somebody pays for it now: the back end hears of it; answers the event that began it. */
  release(chargePointId: string, transactionId: string): string | null {
    const text = this.beginningOf(chargePointId, transactionId)
    this.#withheld.delete(key(chargePointId, transactionId))
    this.#run('DELETE FROM unbilled WHERE charge_point = ? AND transaction_id = ?', chargePointId, transactionId)
    return text
  }

  /** These tokens are erased. To be called within the store's `forget`. */
  forget(tokens: readonly string[]): void {
    for (const [table, known] of [
      ['opened', this.#opened],
      ['promised', this.#promised],
    ] as const) {
      const erase = this.#store.prepare(`DELETE FROM ${table} WHERE token = ?`)
      for (const token of tokens) erase.run(token)
      for (const [key, token] of known) if (tokens.includes(token)) known.delete(key)
    }
  }

  /** What the file forgets after 90 days is not remembered here either. `now`: ms since 1970. */
  forgetOld(now: number): void {
    for (const [key, at] of this.#made) {
      if (at >= now - KEPT_MS) continue
      this.#made.delete(key)
      this.#opened.delete(key)
      this.#promised.delete(key)
      this.#withheld.delete(key)
    }
  }

  #run(sql: string, ...values: (string | number | null)[]): void {
    this.#store.write(() => void this.#store.prepare(sql).run(...values), true)
  }
}

const key = (chargePointId: string, id: string): string => `${id}/${chargePointId}`
const keyIn = (row: { readonly [column: string]: unknown }): string =>
  key(String(row['charge_point']), String(row['transaction_id']))
