import { createHmac, randomBytes } from 'node:crypto'
import type { RelayStore } from './relay-store.ts'

type Memory = { interval_s: number | null; protocol: string | null; caller: string | null }

/** What the back end decided about charge points while it was there, for the time when it is not. */
export class ChargePointMemory {
  readonly #store: RelayStore
  readonly #known = new Map<string, Memory>()
  readonly #key: string
  readonly #save

  constructor(store: RelayStore) {
    this.#store = store
    this.#key = metaValue(store, 'caller_key', () => randomBytes(32).toString('hex'))
    this.#save = store.prepare(
      'INSERT OR REPLACE INTO charge_point (id, interval_s, protocol, caller) VALUES (?, ?, ?, ?)',
    )
    for (const row of store.prepare('SELECT * FROM charge_point').all())
      this.#known.set(String(row['id']), {
        interval_s: row['interval_s'] === null ? null : Number(row['interval_s']),
        protocol: row['protocol'] === null ? null : String(row['protocol']),
        caller: row['caller'] === null ? null : String(row['caller']),
      })
  }

  /** The heartbeat interval of its last accepted boot, s; null = never booted. */
  interval(id: string): number | null {
    return this.#known.get(id)?.interval_s ?? null
  }

  /** The subprotocol that the back end chose last. */
  protocol(id: string): string | null {
    return this.#known.get(id)?.protocol ?? null
  }

  /** The back end has let this charge point in with these credentials before. Only a keyed hash of them is kept. */
  knows(id: string, authorization: string | undefined): boolean {
    return this.#known.get(id)?.caller === this.#hash(id, authorization)
  }

  booted(id: string, interval_s: number): void {
    this.#set(id, { interval_s })
  }

  letIn(id: string, authorization: string | undefined, protocol: string): void {
    this.#set(id, { caller: this.#hash(id, authorization), protocol })
  }

  #hash(id: string, authorization: string | undefined): string {
    return createHmac('sha256', this.#key)
      .update(`${id}\n${authorization ?? ''}`)
      .digest('hex')
  }

  #set(id: string, change: Partial<Memory>): void {
    const before = this.#known.get(id) ?? { interval_s: null, protocol: null, caller: null }
    const after = { ...before, ...change }
    if (JSON.stringify(before) === JSON.stringify(after)) return
    this.#known.set(id, after)
    this.#store.write(() => void this.#save.run(id, after.interval_s, after.protocol, after.caller))
  }
}

/** A value of the relay's file that is made once. */
export function metaValue(store: RelayStore, key: string, make: () => string): string {
  store.prepare('INSERT OR IGNORE INTO meta (key, value) VALUES (?, ?)').run(key, make())
  return String(store.prepare('SELECT value FROM meta WHERE key = ?').get(key)?.['value'])
}
