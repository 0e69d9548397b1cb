import type { ConnectorKey } from '../machines/events.ts'
import type { Cause } from '../machines/record.ts'

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

/** OCPP 1.6 ids are 32 bit, positive, given by berth, and never used twice on a site. */
const LARGEST = 2_147_483_647
const MOST_ANNOUNCED = 1_000

/** All transactions of the site, by id and by the mark of their start. Folded from `transaction.started` and `transaction.announced` causes. */
export class TransactionBook {
  readonly #byId = new Map<string, Entered>()
  readonly #byKey = new Map<string, string>()
  /** Starts by transactions that wait for a vehicle. */
  readonly #announced = new Map<string, string>()
  /** Those whose end the charge point has told. */
  readonly #over = new Set<string>()
  #last = 0

  /** Enters what a record's cause says; other causes say nothing. */
  fold(bayId: string | null, cause: Cause): void {
    if (cause.type === 'transaction.announced') this.#announce(String(cause['transactionId']), String(cause['startId']))
    if (cause.type === 'transaction.ended') this.#over.add(String(cause['transactionId']))
    if (cause.type !== 'transaction.started') return
    this.#announced.delete(String(cause['transactionId']))
    const transactionId = String(cause['transactionId'])
    this.enter(
      { transactionId, bayId, connector: String(cause['connector']), accepted: cause['accepted'] === true },
      typeof cause['key'] === 'string' ? cause['key'] : null,
    )
  }

  /** Most of them begin within minutes or never: only the newest can still. */
  #announce(transactionId: string, startId: string): void {
    this.#announced.set(transactionId, startId)
    const oldest = this.#announced.keys().next().value
    if (this.#announced.size > MOST_ANNOUNCED && oldest !== undefined) this.#announced.delete(oldest)
  }

  enter(entered: Entered, key: string | null): void {
    this.#byId.set(entered.transactionId, entered)
    if (key !== null) this.#byKey.set(key, entered.transactionId)
    const number = Number(entered.transactionId)
    if (Number.isSafeInteger(number) && number <= LARGEST) this.#last = Math.max(this.#last, number)
  }

  /** Its start did not become durable. */
  forget(transactionId: string, key: string): void {
    this.#byId.delete(transactionId)
    this.#byKey.delete(key)
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

  /** A station's name for a transaction, told apart from earlier ones that it gave the same name. */
  nameFor(name: string): string {
    let number = 1
    while (this.#byId.has(number === 1 ? name : `${name}${AGAIN}${number}`)) number += 1
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
