import type { ConnectorKey } from '../machines/events.ts'
import type { Bay } from '../machines/knowledge.ts'
import type { Cause } from '../machines/record.ts'
import { cell, memory } from './record-memory.ts'

/** A transaction berth knows: its bay, its connector, and what its start was answered. */
export type Entered = {
  readonly transactionId: string
  readonly bayId: string | null
  readonly connector: ConnectorKey
  readonly accepted: boolean
}

/** Behind a station's name for a transaction that it gave before: no character of OCPP's identifiers. */
const AGAIN = '#'

/** The station's own name for a transaction, without what tells it apart from earlier ones. */
export const withoutCount = (transactionId: string): string => transactionId.replace(/#\d+$/, '')

/** The site's transaction goes by this name at its station. */
export const isNamed = (transactionId: string, name: string): boolean =>
  transactionId === name || withoutCount(transactionId) === name

/**
 * What nobody has spoken of for so long is forgotten, unless its bay has it open: boxes that were offline tell of their transactions after
 * days, rarely weeks, and the relay before a back end keeps its own numbers just as long. A stop that comes later still is an unknown one:
 * answered, put on record, and nobody's.
 */
const KEPT_ms = 90 * 86_400_000
/** Names of stations are told apart for longer, as far as so many reach: a station that counts from one again must not meet its old bills. */
const MOST_NAMES = 100_000

/** The transaction is open in this bay, which is its own. */
export const isOpenIn = (bay: Bay | undefined, { connector, transactionId }: Entered): boolean =>
  bay?.connectors[connector]?.transaction?.transactionId === transactionId

/** OCPP 1.6 ids are 32 bit, positive, given by berth, and never used twice on a site. */
const LARGEST = 2_147_483_647
const MOST_ANNOUNCED = 1_000

/** All transactions of the site, by id and by the mark of their start. Folded from the causes of records. */
export class TransactionBook {
  readonly #isOpen: (entered: Entered) => boolean
  /** Oldest first. */
  readonly #byId = new Map<string, Entered & { readonly key: string | null; readonly at: number }>()
  readonly #byKey = new Map<string, string>()
  /** Starts by transactions that wait for a vehicle. */
  readonly #announced = new Map<string, string>()
  /** Those whose end the charge point has told. */
  readonly #over = new Set<string>()
  /** Ended ones whose start was told again, and people were told so. */
  readonly #noticed = new Set<string>()
  /** Charge points of which people were told so last. */
  readonly #repeating = new Set<string>()
  /** Names of stations that are in use or were. */
  readonly #names = new Set<string>()
  #last = 0
  /** What is remembered by records alone. */
  readonly memory = memory({
    byId: this.#byId,
    byKey: this.#byKey,
    announced: this.#announced,
    over: this.#over,
    noticed: this.#noticed,
    repeating: this.#repeating,
    names: this.#names,
    last: cell(
      () => this.#last,
      (last) => {
        this.#last = last
      },
    ),
  })

  /** `isOpen`: its bay has it open now. */
  constructor(isOpen: (entered: Entered) => boolean = () => false) {
    this.#isOpen = isOpen
  }

  /** How many transactions are known. */
  get size(): number {
    return this.#byId.size
  }

  /** Enters what a record's cause says; other causes say nothing. `at`: when it was put on record, ms since 1970. */
  fold(bayId: string | null, cause: Cause, at: number): void {
    if (cause.type === 'transaction.announced') this.#announce(String(cause['transactionId']), String(cause['startId']))
    if (cause.type === 'transaction.ended') this.#end(String(cause['transactionId']), at)
    if (cause.type === 'transaction.repeated')
      this.#notice(String(cause['chargePointId']), String(cause['transactionId']))
    if (cause.type === 'transaction.fresh') this.#repeating.delete(String(cause['chargePointId']))
    if (cause.type !== 'transaction.started') return
    this.#announced.delete(String(cause['transactionId']))
    const transactionId = String(cause['transactionId'])
    this.enter(
      { transactionId, bayId, connector: String(cause['connector']), accepted: cause['accepted'] === true },
      typeof cause['key'] === 'string' ? cause['key'] : null,
      at,
    )
  }

  /** Most of them begin within minutes or never: only the newest can still. */
  #announce(transactionId: string, startId: string): void {
    this.#announced.set(transactionId, startId)
    const oldest = this.#announced.keys().next().value
    if (this.#announced.size > MOST_ANNOUNCED && oldest !== undefined) this.#announced.delete(oldest)
  }

  /** Its start is told; `at` ms since 1970. */
  enter(entered: Entered, key: string | null, at: number): void {
    const { transactionId } = entered
    this.#forgetOld(at)
    this.#byId.set(transactionId, { ...entered, key, at })
    if (key !== null) this.#byKey.set(key, transactionId)
    const number = Number(transactionId)
    if (Number.isSafeInteger(number) && number <= LARGEST) this.#last = Math.max(this.#last, number)
    else this.#name(transactionId)
  }

  #name(transactionId: string): void {
    this.#names.delete(transactionId)
    this.#names.add(transactionId)
    const oldest = this.#names.values().next().value
    if (this.#names.size > MOST_NAMES && oldest !== undefined) this.#names.delete(oldest)
  }

  #end(transactionId: string, at: number): void {
    const known = this.#byId.get(transactionId)
    if (!known) return
    this.#over.add(transactionId)
    this.#mention(known, at)
  }

  /** It is one of the newest again. */
  #mention(known: Entered & { readonly key: string | null }, at: number): void {
    this.#byId.delete(known.transactionId)
    this.#byId.set(known.transactionId, { ...known, at })
  }

  #forgetOld(now: number): void {
    for (const known of this.#byId.values()) {
      if (known.at >= now - KEPT_ms) return
      if (this.#isOpen(known)) this.#mention(known, now)
      else this.#drop(known)
    }
  }

  #drop({ transactionId, key }: Entered & { readonly key: string | null }): void {
    this.#byId.delete(transactionId)
    this.#over.delete(transactionId)
    this.#noticed.delete(transactionId)
    if (key !== null && this.#byKey.get(key) === transactionId) this.#byKey.delete(key)
  }

  /** Its start did not become durable. */
  forget(transactionId: string, key: string): void {
    this.#byId.delete(transactionId)
    this.#byKey.delete(key)
    this.#names.delete(transactionId)
  }

  find(transactionId: string): Entered | null {
    return this.#byId.get(transactionId) ?? null
  }

  /** The start whose transaction a station has begun before a vehicle was at the cable (2.x); null where none was. */
  announced(transactionId: string): string | null {
    return this.#announced.get(transactionId) ?? null
  }

  /** The start that was marked so before: a repeat with a new message id. */
  repeated(key: string): Entered | null {
    const id = this.#byKey.get(key)
    return id === undefined ? null : (this.#byId.get(id) ?? null)
  }

  /** The charge point has told its end: it has heard how its start was answered. */
  isOver(transactionId: string): boolean {
    return this.#over.has(transactionId)
  }

  /** People were told that its start came again after its end. */
  isNoticed(transactionId: string): boolean {
    return this.#noticed.has(transactionId)
  }

  /** The newest start of this charge point that people were told of was one told again. */
  repeats(chargePointId: string): boolean {
    return this.#repeating.has(chargePointId)
  }

  #notice(chargePointId: string, transactionId: string): void {
    if (this.#byId.has(transactionId)) this.#noticed.add(transactionId)
    this.#repeating.add(chargePointId)
  }

  /** A station's name for a transaction, told apart from earlier ones that it gave the same name. */
  nameFor(name: string): string {
    let number = 1
    while (this.#names.has(number === 1 ? name : `${name}${AGAIN}${number}`)) number += 1
    return number === 1 ? name : `${name}${AGAIN}${number}`
  }

  /** A new id, one above the last: a positive number of 32 bits that is no other transaction's. */
  next(): string {
    // Beyond 32 bits with a sign it begins anew, with what is free.
    do this.#last = this.#last >= LARGEST ? 1 : this.#last + 1
    while (this.#byId.has(String(this.#last)))
    return String(this.#last)
  }
}
