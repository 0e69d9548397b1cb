import { createHmac, createSecretKey, type KeyObject } from 'node:crypto'
import { existsSync } from 'node:fs'
import type { Chance, Clock, Keys } from '../../actors/ports.ts'
import type { Handle, Json } from '../../machines/events.ts'
import { Fault } from '../../machines/faults.ts'
import { type Database, guarded, openDatabase, openDatabaseReadOnly, transaction } from '../journal/sqlite-file.ts'
import { lockStore, type StoreLock } from '../journal/store-lock.ts'
import { decrypt, encrypt, type RandomBytes, systemRandom } from './cipher.ts'
import { KEY_SCHEMA, type KeyTables, keyTables } from './key-tables.ts'
import { masterKey } from './master-key.ts'
import type { Sealer } from './sealer.ts'
import { type SiteKeys, siteKeys, unwrap, wrap } from './site-keys.ts'

/** The key store of one site: handles, tokens, and the keys under which personal fields are sealed. */
export interface KeyStore extends Keys, Sealer {
  /**
   * Destroys the subject's key and unties its handle from plate or card, durably: what was sealed for it can never be opened again.
   * False when there was nothing to destroy.
   */
  destroy(subject: string): boolean
  close(): void
}

/** `path` is the key store's own file (`<store path>.keys`); `env` holds BERTH_MASTER_KEY, else the master key is in `<path>.master`. */
export type KeyStoreOptions = {
  readonly path: string
  readonly siteId: string
  readonly clock: Clock
  readonly chance: Chance
  readonly env?: { readonly [name: string]: string | undefined }
}

/**
 * Opens the site's key store as its one owner, making it at first use. Throws Fault STORE_OWNED, STORE_UNWRITABLE, STORE_CORRUPT, or
 * KEY_UNAVAILABLE when the master key is missing, malformed or another one, or the store is another site's.
 */
export function openKeyStore({ path, siteId, clock, chance, env = process.env }: KeyStoreOptions): KeyStore {
  const lock = lockStore(path)
  try {
    const store = openTables({ path, siteId, clock, chance, env, random: systemRandom(), lock, database: openDatabase(path, KEY_SCHEMA) })
    lock.sign(store.generation, new Date(clock.now()).toISOString())
    return store
  } catch (error) {
    lock.release()
    throw error
  }
}

/** Opens a key store beside its owner, to look up and to open only: making anything throws Fault STORE_UNWRITABLE. Throws Fault KEY_UNAVAILABLE where there is none. */
export function openKeyStoreReadOnly({ path, siteId, clock, chance, env = process.env }: KeyStoreOptions): KeyStore {
  if (!existsSync(path)) throw new Fault('KEY_UNAVAILABLE', { path }, { says: `There is no key store at ${path}; put the file back.` })
  return openTables({ path, siteId, clock, chance, env, random: systemRandom(), lock: null, database: openDatabaseReadOnly(path) })
}

/** A key store without files, the same for the same chance: for tests. */
export function openMemoryKeys({ siteId, clock, chance }: { siteId: string; clock: Clock; chance: Chance }): KeyStore {
  const random: RandomBytes = (count) => Buffer.from(chance.hex(count * 2), 'hex')
  const env = { BERTH_MASTER_KEY: chance.hex(64) }
  return openTables({ path: ':memory:', siteId, clock, chance, env, random, lock: null, database: openDatabase(':memory:', KEY_SCHEMA) })
}

type Opening = Required<KeyStoreOptions> & { readonly random: RandomBytes; readonly database: Database; readonly lock: StoreLock | null }

function openTables(opening: Opening): SqliteKeyStore {
  const { database, path, siteId, env, random, clock, lock } = opening
  try {
    return guarded(path, () => {
      const tables = keyTables(database)
      const isNew = tables.meta('siteId') === null
      const master = masterKey(`${path}.master`, env, random, isNew)
      const keys = siteKeys({ database, tables, path, siteId, master, random, now: clock.now(), isNew })
      return new SqliteKeyStore(opening, tables, master, keys, lock === null ? 0 : nextGeneration(database, path, tables))
    })
  } catch (error) {
    database.close()
    throw error
  }
}

/** Each owner raises the generation: an older one that still runs can no longer write (its journal is fenced as well). */
function nextGeneration(database: Database, path: string, tables: KeyTables): number {
  return transaction(database, path, () => {
    const generation = Number(tables.meta('generation') ?? 0) + 1
    tables.setMeta('generation', String(generation))
    return generation
  })
}

/** The period whose key makes handles and marks. */
const PERIOD = 1

/** Entries of each cache: a large register fits, a long life stays small. */
const CACHE_LIMIT = 50_000

type Kind = 'vehicle' | 'card'
/** `bound` is what sealed bytes are bound to: `siteId|subject`. */
type DataKey = { readonly key: KeyObject; readonly bound: Buffer }

class SqliteKeyStore implements KeyStore {
  readonly storeId: string
  readonly generation: number
  readonly #opening: Opening
  readonly #tables: KeyTables
  readonly #master: KeyObject
  readonly #keys: SiteKeys
  readonly #handles = new Map<string, Handle>()
  /** Null: destroyed. */
  readonly #dataKeys = new Map<string, DataKey | null>()
  /** Writes not yet durable, in order. */
  #pending: (() => unknown)[] = []

  constructor(opening: Opening, tables: KeyTables, master: KeyObject, keys: SiteKeys, generation: number) {
    this.storeId = keys.storeId
    this.generation = generation
    this.#opening = opening
    this.#tables = tables
    this.#master = master
    this.#keys = keys
  }

  vehicle(folded: string): Handle {
    return this.#find('vehicle', folded) ?? this.#make('vehicle', 'veh', folded)
  }

  findVehicle(folded: string): Handle | null {
    return this.#find('vehicle', folded)
  }

  card(idToken: string): Handle {
    return this.#find('card', idToken) ?? this.#make('card', 'card', idToken)
  }

  findCard(idToken: string): Handle | null {
    return this.#find('card', idToken)
  }

  mark(text: string): string {
    return keyed(this.#keys.period, 'mark', text)
  }

  startToken(startId: string, visitId: string, length: number): string {
    const known = this.tokenOf(startId)
    if (known !== null) return known
    let token = this.#opening.chance.hex(length)
    while (this.findStart(token) !== null) token = this.#opening.chance.hex(length)
    const lookup = keyed(this.#keys.lasting, 'token', token)
    const wrapped = wrap(this.#master, this.#opening.random, this.#bound(`token|${startId}`), Buffer.from(token))
    const created = this.#opening.clock.now()
    this.#pending.push(() => this.#tables.addStart({ lookup, startId, visitId, wrapped, created }))
    try {
      this.flush()
    } catch (error) {
      // Nobody has the token yet: the next call makes another.
      this.#pending.pop()
      throw error
    }
    return token
  }

  findStart(idToken: string): { readonly startId: string; readonly visitId: string } | null {
    const lookup = keyed(this.#keys.lasting, 'token', idToken.toUpperCase())
    return guarded(this.#opening.path, () => this.#tables.findStart(lookup))
  }

  tokenOf(startId: string): string | null {
    const wrapped = guarded(this.#opening.path, () => this.#tables.tokenOf(startId))
    return wrapped === null ? null : unwrap(this.#master, this.#bound(`token|${startId}`), wrapped, this.#opening.path).toString()
  }

  seal(subject: string, fields: Json): string | null {
    const found = this.#dataKey(subject)
    const key = found === undefined ? this.#makeDataKey(subject) : found
    return key === null ? null : encrypt(key.key, this.#opening.random(12), key.bound, JSON.stringify(fields)).toString('base64')
  }

  open(subject: string, sealed: string): Json | undefined {
    const key = this.#dataKey(subject)
    if (!key) return undefined
    const clear = decrypt(key.key, key.bound, Buffer.from(sealed, 'base64'))
    if (clear !== null) return JSON.parse(clear.toString()) as Json
    throw new Fault('STORE_CORRUPT', { subject }, { says: `Sealed fields of ${subject} were altered; run \`berth verify\` and restore from a copy.` })
  }

  salt(): string {
    return this.#opening.random(16).toString('base64')
  }

  flush(): void {
    if (this.#pending.length === 0) return
    this.#write(() => {
      for (const write of this.#pending) write()
    })
    this.#pending = []
    trim(this.#handles)
    trim(this.#dataKeys)
  }

  destroy(subject: string): boolean {
    this.flush()
    const { database, path, clock } = this.#opening
    if (!this.#write(() => this.#tables.destroy(subject, clock.now()))) return false
    this.#handles.clear()
    this.#dataKeys.clear()
    // The write-ahead log still holds the key's page: fold it in and cut it to nothing.
    guarded(path, () => database.exec('PRAGMA wal_checkpoint(TRUNCATE)'))
    return true
  }

  close(): void {
    const { database, lock } = this.#opening
    if (!database.isOpen) return
    // What is not durable yet is named by no record: it may be forgotten.
    database.close()
    lock?.release()
  }

  #write<T>(work: () => T): T {
    const { database, path, lock } = this.#opening
    return transaction(database, path, () => {
      const newest = Number(this.#tables.meta('generation') ?? 0)
      if (lock !== null && newest !== this.generation) throw new Fault('STORE_FENCED', { path, epoch: this.generation, newer: newest })
      return work()
    })
  }

  #find(kind: Kind, text: string): Handle | null {
    const name = `${kind}|${text}`
    const known = this.#handles.get(name)
    if (known !== undefined) return known
    const lookup = keyed(this.#keys.period, kind, text)
    const handle = guarded(this.#opening.path, () => this.#tables.findSubject(kind, PERIOD, lookup))
    if (handle !== null) this.#handles.set(name, handle)
    return handle
  }

  #make(kind: Kind, prefix: string, text: string): Handle {
    const handle = `${prefix}-${this.#opening.chance.hex(16).toLowerCase()}`
    const lookup = keyed(this.#keys.period, kind, text)
    const created = this.#opening.clock.now()
    this.#pending.push(() => this.#tables.addSubject({ handle, kind, period: PERIOD, lookup, created }))
    this.#handles.set(`${kind}|${text}`, handle)
    return handle
  }

  #dataKey(subject: string): DataKey | null | undefined {
    const known = this.#dataKeys.get(subject)
    if (known !== undefined) return known
    const { path } = this.#opening
    const wrapped = guarded(path, () => this.#tables.dataKey(subject))
    if (wrapped === undefined) return undefined
    const bytes = wrapped === null ? null : unwrap(this.#master, this.#bound(`data|${subject}`), wrapped, path)
    const key = bytes === null ? null : { key: createSecretKey(bytes), bound: this.#bound(subject) }
    this.#dataKeys.set(subject, key)
    return key
  }

  #makeDataKey(subject: string): DataKey {
    const bytes = this.#opening.random(32)
    const key = { key: createSecretKey(bytes), bound: this.#bound(subject) }
    const wrapped = wrap(this.#master, this.#opening.random, this.#bound(`data|${subject}`), bytes)
    const created = this.#opening.clock.now()
    this.#pending.push(() => this.#tables.addDataKey(subject, wrapped, created))
    this.#dataKeys.set(subject, key)
    return key
  }

  #bound(what: string): Buffer {
    return Buffer.from(`${this.#opening.siteId}|${what}`)
  }
}

/** HMAC-SHA-256, base64url; `kind` keeps a plate, a card and a mark of one text apart. */
function keyed(key: KeyObject, kind: string, text: string): string {
  return createHmac('sha256', key).update(`${kind}|${text}`).digest('base64url')
}

/** Drops the oldest entries: everything in a cache can be read again once it is durable. */
function trim(cache: Map<string, unknown>): void {
  for (const name of cache.keys()) {
    if (cache.size <= CACHE_LIMIT) return
    cache.delete(name)
  }
}
