import { createSecretKey, type KeyObject } from 'node:crypto'
import type { Clock } from '../../actors/ports.ts'
import type { Json } from '../../machines/events.ts'
import { Fault } from '../../machines/faults.ts'
import { guarded } from '../journal/sqlite-file.ts'
import { decrypt, encrypt, type RandomBytes } from './cipher.ts'
import type { ErasedList } from './erased-list.ts'
import type { KeyTables } from './key-tables.ts'
import { unwrap, wrap } from './site-keys.ts'

type DataGround = {
  readonly path: string
  readonly siteId: string
  readonly clock: Clock
  readonly random: RandomBytes
  readonly erased: ErasedList
  readonly tables: KeyTables
  readonly master: KeyObject
  /** Takes a write that is made durable with the next flush. */
  readonly later: (write: () => unknown) => void
}

/** `bound` is what sealed bytes are bound to: `siteId|subject`. */
type DataKey = { readonly key: KeyObject; readonly bound: Buffer }

/** Entries of each cache: a large register fits, a long life stays small. */
const CACHE_LIMIT = 50_000

/** Subjects' own keys: what is sealed for one subject opens with its key only, and with none once that is destroyed. */
export class DataKeys {
  readonly #ground: DataGround
  /** Null: destroyed. */
  readonly #keys = new Map<string, DataKey | null>()

  constructor(ground: DataGround) {
    this.#ground = ground
  }

  /** See Sealer. */
  seal(subject: string, fields: Json): string | null {
    const found = this.#find(subject)
    const key = found === undefined ? this.#make(subject) : found
    return key === null
      ? null
      : encrypt(key.key, this.#ground.random(12), key.bound, JSON.stringify(fields)).toString('base64')
  }

  /** See Sealer. */
  open(subject: string, sealed: string): Json | undefined {
    const key = this.#find(subject)
    if (!key) return undefined
    const clear = decrypt(key.key, key.bound, Buffer.from(sealed, 'base64'))
    if (clear !== null) return JSON.parse(clear.toString()) as Json
    throw new Fault(
      'STORE_CORRUPT',
      { subject },
      { says: `Sealed fields of ${subject} were altered; run \`berth verify\` and restore from a copy.` },
    )
  }

  /** After a flush: everything can be read again. */
  trim(): void {
    trim(this.#keys)
  }

  clear(): void {
    this.#keys.clear()
  }

  #find(subject: string): DataKey | null | undefined {
    const { path, erased, tables, master } = this.#ground
    const known = erased.times.has(subject) ? null : this.#keys.get(subject)
    if (known !== undefined) return known
    const wrapped = guarded(path, () => tables.dataKey(subject))
    if (wrapped === undefined) return undefined
    const bytes = wrapped === null ? null : unwrap(master, this.#bound(`data|${subject}`), wrapped, path)
    const key = bytes === null ? null : { key: createSecretKey(bytes), bound: this.#bound(subject) }
    this.#keys.set(subject, key)
    return key
  }

  #make(subject: string): DataKey {
    const { random, master, clock, tables, later } = this.#ground
    const bytes = random(32)
    const key = { key: createSecretKey(bytes), bound: this.#bound(subject) }
    const wrapped = wrap(master, random, this.#bound(`data|${subject}`), bytes)
    const created = clock.now()
    later(() => tables.addDataKey(subject, wrapped, created))
    this.#keys.set(subject, key)
    return key
  }

  #bound(what: string): Buffer {
    return Buffer.from(`${this.#ground.siteId}|${what}`)
  }
}

/** Drops the oldest entries: everything in a cache can be read again once it is durable. */
export function trim(cache: Map<string, unknown>): void {
  for (const name of cache.keys()) {
    if (cache.size <= CACHE_LIMIT) return
    cache.delete(name)
  }
}
