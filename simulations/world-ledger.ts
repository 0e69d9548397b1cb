import type { Stay } from './toy-driver.ts'

/** One transaction as it truly was: what the cable gave, and to whom. Energy in Wh, times in ms since 1970. */
export type TrueTransaction = {
  readonly postId: string
  readonly evse: number
  readonly key: number
  readonly idTag: string
  readonly beganAt: number
  /** The register when it began. */
  readonly first_Wh: number
  readonly given: Map<Stay | null, number>
  energy_Wh: number
}

/** What really flowed, beside the journal: the world's own books. */
export class Ledger {
  readonly transactions: TrueTransaction[] = []
  readonly #byKey = new Map<string, TrueTransaction>()

  /** A charge point began a transaction of its own count `key`. */
  began(begin: Omit<TrueTransaction, 'given' | 'energy_Wh'>): void {
    const transaction: TrueTransaction = { ...begin, given: new Map(), energy_Wh: 0 }
    this.transactions.push(transaction)
    this.#byKey.set(`${begin.postId} ${begin.key}`, transaction)
  }

  /** Energy flowed in a transaction, to whoever had this cable. */
  flowed(postId: string, key: number, stay: Stay | null, energy_Wh: number): void {
    const transaction = this.#byKey.get(`${postId} ${key}`)
    if (!transaction) return
    transaction.energy_Wh += energy_Wh
    transaction.given.set(stay, (transaction.given.get(stay) ?? 0) + energy_Wh)
  }
}
