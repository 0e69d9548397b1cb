import type { Clock } from '../../actors/ports.ts'
import { KEPT_MS, type RelayStore } from './relay-store.ts'

/** Ids that the relay gives stand above this: far from where back ends count, and 32 bits with a sign are enough. */
const FIRST_GIVEN = 2_000_000_000
const LAST_GIVEN = 2_147_483_647

/** Transaction ids of OCPP 1.6: what the charge point was given while the back end was away, and what the back end gave later. */
export class IdMap {
  readonly #store: RelayStore
  readonly #clock: Clock
  readonly #upstream = new Map<string, number | null>()
  readonly #given = new Map<string, number>()
  /** When each was given or bound last, ms since 1970. */
  readonly #made = new Map<string, number>()
  readonly #save
  #next: number

  constructor(store: RelayStore, clock: Clock) {
    this.#store = store
    this.#clock = clock
    this.#save = store.prepare(
      'INSERT OR REPLACE INTO transaction_id (charge_point, given, upstream, made_at) VALUES (?, ?, ?, ?)',
    )
    let last = FIRST_GIVEN
    for (const row of store.prepare('SELECT * FROM transaction_id').all()) {
      const upstream = row['upstream'] === null ? null : Number(row['upstream'])
      const [chargePointId, given] = [String(row['charge_point']), Number(row['given'])]
      this.#remember(chargePointId, given, upstream, Number(row['made_at']), row['reused'] === 1)
      last = Math.max(last, Number(row['given']))
    }
    const counted = Number(store.prepare("SELECT value FROM meta WHERE key = 'given'").get()?.['value'] ?? FIRST_GIVEN)
    this.#next = Math.max(last, counted) + 1
  }

  /** A new id, never given before by this relay; durable with the next commit. */
  give(chargePointId: string): number {
    const given = this.#next
    this.#next = given >= LAST_GIVEN ? FIRST_GIVEN + 1 : given + 1
    const at = this.#clock.now()
    this.#remember(chargePointId, given, null, at)
    this.#store.write(() => {
      this.#save.run(chargePointId, given, null, at)
      this.#store.prepare("INSERT OR REPLACE INTO meta (key, value) VALUES ('given', ?)").run(String(given))
    }, true)
    return given
  }

  /** The back end has given its own id. */
  bind(chargePointId: string, given: number, upstream: number): void {
    const at = this.#clock.now()
    this.#remember(chargePointId, given, upstream, at)
    this.#store.write(() => void this.#save.run(chargePointId, given, upstream, at))
  }

  /** The back end has given this id to the charge point itself: from now on it means that transaction, and no former one. */
  reuse(chargePointId: string, upstream: number): void {
    if (!this.#given.delete(key(chargePointId, String(upstream)))) return
    const sql = 'UPDATE transaction_id SET reused = 1 WHERE charge_point = ? AND upstream = ?'
    this.#store.write(() => void this.#store.prepare(sql).run(chargePointId, upstream), true)
  }

  /** The back end's id for one that the relay gave; null: not known yet; undefined: the relay never gave it. */
  toUpstream(chargePointId: string, id: string): number | null | undefined {
    return this.#upstream.get(key(chargePointId, id))
  }

  /** The id that the charge point knows for the back end's; undefined: they agree. */
  toChargePoint(chargePointId: string, id: string): number | undefined {
    return this.#given.get(key(chargePointId, id))
  }

  /** What the file forgets after 90 days is not remembered here either. `now`: ms since 1970. */
  forgetOld(now: number): void {
    for (const [given, at] of this.#made) {
      if (at >= now - KEPT_MS) continue
      const upstream = this.#upstream.get(given)
      const chargePointId = given.slice(given.indexOf('/') + 1)
      if (upstream != null) this.#given.delete(key(chargePointId, String(upstream)))
      this.#upstream.delete(given)
      this.#made.delete(given)
    }
  }

  #remember(chargePointId: string, given: number, upstream: number | null, at: number, reused = false): void {
    this.#made.set(key(chargePointId, String(given)), at)
    this.#upstream.set(key(chargePointId, String(given)), upstream)
    if (upstream !== null && !reused) this.#given.set(key(chargePointId, String(upstream)), given)
  }
}

const key = (chargePointId: string, id: string): string => `${id}/${chargePointId}`
