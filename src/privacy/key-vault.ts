import type { KeyObject } from 'node:crypto'
import type { Chance, Clock, Keys } from '../../actors/ports.ts'
import type { Handle, Json } from '../../machines/events.ts'
import { invariant } from '../../machines/faults.ts'
import { type Database, guarded } from '../journal/sqlite-file.ts'
import type { StoreLock } from '../journal/store-lock.ts'
import type { RandomBytes } from './cipher.ts'
import { DataKeys, trim } from './data-keys.ts'
import type { ErasedList } from './erased-list.ts'
import { KeptSeal } from './kept-seal.ts'
import {
  beginPeriod,
  type Carried,
  carriedLater,
  endPeriod,
  freeLookup,
  keyed,
  type PeriodGround,
  type SubjectKind,
} from './key-periods.ts'
import type { KeyTables } from './key-tables.ts'
import { ownedWrite } from './owned-write.ts'
import type { Sealer } from './sealer.ts'
import { type SiteKeys, type SitePeriod, unwrap, wrap } from './site-keys.ts'

/** What a vault stands on. `lock` is null where nothing may, or need, be fenced: read-only and memory. */
export type VaultGround = {
  readonly path: string
  readonly siteId: string
  readonly clock: Clock
  readonly chance: Chance
  readonly random: RandomBytes
  readonly database: Database
  readonly lock: StoreLock | null
  readonly erased: ErasedList
}

/** The key store over its tables. */
export class KeyVault implements Keys, Sealer {
  readonly storeId: string
  readonly generation: number
  readonly erasedList: ErasedList
  readonly kept: KeptSeal
  erasedAgain: readonly string[] = []
  goesOn: (name: Handle) => boolean = () => false
  settled = (): Promise<void> => Promise.resolve()
  readonly #ground: VaultGround
  readonly #tables: KeyTables
  readonly #master: KeyObject
  readonly #keys: SiteKeys
  /** Newest first. */
  #periods: readonly SitePeriod[]
  readonly #handles = new Map<string, Handle>()
  readonly #data: DataKeys
  /** Writes not yet durable, in order. */
  #pending: (() => unknown)[] = []
  /** A key was destroyed, and the write-ahead log may still hold it. */
  #hasTrace = false

  constructor(ground: VaultGround, tables: KeyTables, master: KeyObject, keys: SiteKeys, generation: number) {
    this.storeId = keys.storeId
    this.generation = generation
    this.erasedList = ground.erased
    this.kept = new KeptSeal(ground.siteId, keys, ground.random)
    this.#ground = ground
    this.#tables = tables
    this.#master = master
    this.#keys = keys
    this.#periods = keys.periods
    this.#data = new DataKeys({ ...ground, tables, master, later: (write) => this.#pending.push(write) })
  }

  vehicle(folded: string): Handle {
    return this.#find('vehicle', folded) ?? this.#make('vehicle', 'veh', folded)
  }

  findVehicle(folded: string): Handle | null {
    return this.#find('vehicle', folded)
  }

  card(idToken: string): Handle {
    return this.findCard(idToken) ?? this.#make('card', 'card', idToken)
  }

  findCard(idToken: string): Handle | null {
    return this.#find('card', idToken) ?? this.#standingCard(idToken)
  }

  mark(text: string): string {
    return keyed(this.#keys.lasting, 'mark', text)
  }

  startToken(startId: string, visitId: string, length: number): string {
    const known = this.tokenOf(startId)
    if (known !== null) return known
    let token = this.#ground.chance.hex(length)
    while (this.findStart(token) !== null) token = this.#ground.chance.hex(length)
    const lookup = keyed(this.#keys.lasting, 'token', token)
    const wrapped = wrap(this.#master, this.#ground.random, this.#bound(`token|${startId}`), Buffer.from(token))
    const created = this.#ground.clock.now()
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
    return guarded(this.#ground.path, () => this.#tables.findStart(lookup))
  }

  tokenOf(startId: string): string | null {
    const wrapped = guarded(this.#ground.path, () => this.#tables.tokenOf(startId))
    return wrapped === null
      ? null
      : unwrap(this.#master, this.#bound(`token|${startId}`), wrapped, this.#ground.path).toString()
  }

  seal(subject: string, fields: Json): string | null {
    return this.#data.seal(subject, fields)
  }

  open(subject: string, sealed: string): Json | undefined {
    return this.#data.open(subject, sealed)
  }

  salt(): string {
    return this.#ground.random(16).toString('base64')
  }

  flush(): void {
    if (this.#pending.length === 0) return
    this.#write(() => {
      for (const write of this.#pending) write()
    })
    this.#pending = []
    if (this.#hasTrace) this.#leaveNoTrace()
    trim(this.#handles)
    this.#data.trim()
  }

  /** See KeyStore. */
  destroy(subject: string): boolean {
    return this.destroyAll([subject]) > 0
  }

  /** See KeyStore. */
  erase(subject: string): boolean {
    const { erased, clock } = this.#ground
    erased.add(subject, clock.now())
    return this.destroy(subject)
  }

  /** Called once as the owner opens the store, before anything is looked up. */
  eraseAgain(): void {
    const { erased } = this.#ground
    this.erasedAgain = guarded(this.#ground.path, () =>
      [...erased.times.keys()].filter((one) => this.#tables.holds(one)),
    )
    if (this.erasedAgain.length > 0) this.destroyAll(this.erasedAgain)
  }

  /** See KeyStore. */
  destroyAll(subjects: readonly string[]): number {
    this.flush()
    const now = this.#ground.clock.now()
    const destroyed = this.#write(() => subjects.filter((subject) => this.#tables.destroy(subject, now)).length)
    if (destroyed > 0) this.#hasTrace = true
    if (this.#hasTrace) this.#leaveNoTrace()
    return destroyed
  }

  isLivingVehicle(handle: Handle): boolean {
    return guarded(this.#ground.path, () => this.#tables.isLivingVehicle(handle))
  }

  /** See KeyStore. */
  isLiving(subject: string): boolean {
    this.flush()
    return guarded(this.#ground.path, () => this.#tables.holds(subject))
  }

  livingVehicles(): readonly Handle[] {
    return guarded(this.#ground.path, () => this.#tables.livingVehicles())
  }

  /** See KeyStore. */
  everyVehicle(folded: string): readonly Handle[] {
    this.flush()
    return guarded(this.#ground.path, () =>
      this.#periods
        .flatMap(({ period, key }) => this.#tables.findSubject('vehicle', period, keyed(key, 'vehicle', folded)) ?? [])
        .filter((handle) => !this.#ground.erased.times.has(handle)),
    )
  }

  /** See KeyStore. */
  periods(): readonly { readonly period: number; readonly since: number }[] {
    return this.#periods.map(({ period, since }) => ({ period, since }))
  }

  /** See KeyStore. */
  beginPeriod(carried: readonly Carried[]): { readonly period: number; readonly carried: number } {
    this.flush()
    const done = this.#write(() => beginPeriod(this.#periodGround(), this.#newest, carried))
    this.#periods = [done.begun, ...this.#periods]
    this.#leaveNoTrace()
    return { period: done.begun.period, carried: done.carried }
  }

  /** See KeyStore. */
  endPeriod(period: number, keeps: (handle: Handle) => boolean): number {
    invariant(period < this.#newest.period, 'the newest period is in use')
    this.flush()
    const destroyed = this.#write(() => endPeriod(this.#periodGround(), period, keeps))
    this.#periods = this.#periods.filter((one) => one.period !== period)
    this.#leaveNoTrace()
    return destroyed
  }

  close(): void {
    const { database, lock } = this.#ground
    if (!database.isOpen) return
    // What is not durable yet is named by no record: it may be forgotten.
    database.close()
    lock?.release()
  }

  get #newest(): SitePeriod {
    return this.#periods[0] as SitePeriod
  }

  #periodGround(): PeriodGround {
    const { siteId, random, clock } = this.#ground
    return { tables: this.#tables, master: this.#master, siteId, random, lookup: keyed, now: clock.now() }
  }

  /** The write-ahead log still holds the pages of what went: fold it in and cut it to nothing. */
  #leaveNoTrace(): void {
    this.#handles.clear()
    this.#data.clear()
    const { database, path } = this.#ground
    guarded(path, () => database.exec('PRAGMA wal_checkpoint(TRUNCATE)'))
    this.#hasTrace = false
  }

  #write<T>(work: () => T): T {
    return ownedWrite(this.#ground, this.#tables, this.generation, work)
  }

  #find(kind: SubjectKind, text: string): Handle | null {
    const name = `${kind}|${text}`
    const known = this.#handles.get(name)
    if (known !== undefined) return known
    const { key, period } = this.#newest
    const lookup = keyed(key, kind, text)
    const handle = guarded(this.#ground.path, () => this.#tables.findSubject(kind, period, lookup))
    // Who only reads a restored copy is not told of anybody who was erased either.
    if (handle === null || this.#ground.erased.times.has(handle)) return null
    this.#handles.set(name, handle)
    return handle
  }

  /** Nobody keeps the text of a card that is not registered: it is known on when it is shown again to the visit that it began. */
  #standingCard(text: string): Handle | null {
    if (this.#periods.length < 2) return null
    const goesOn = (handle: Handle) => this.goesOn(handle) && !this.#ground.erased.times.has(handle)
    const later = (write: () => void) => void this.#pending.push(write)
    const handle = carriedLater(this.#periodGround(), this.#periods, { kind: 'card', text }, { goesOn, later })
    if (handle !== null) this.#handles.set(`card|${text}`, handle)
    return handle
  }

  #make(kind: SubjectKind, prefix: string, text: string): Handle {
    const handle = `${prefix}-${this.#ground.chance.hex(16).toLowerCase()}`
    const { key, period } = this.#newest
    const lookup = keyed(key, kind, text)
    const created = this.#ground.clock.now()
    this.#pending.push(() => {
      if (freeLookup(this.#periodGround(), this.#ground.erased.times, { kind, period, lookup })) this.#hasTrace = true
      this.#tables.addSubject({ handle, kind, period, lookup, created })
    })
    this.#handles.set(`${kind}|${text}`, handle)
    return handle
  }

  #bound(what: string): Buffer {
    return Buffer.from(`${this.#ground.siteId}|${what}`)
  }
}
