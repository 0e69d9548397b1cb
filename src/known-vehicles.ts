import { memory } from '../actors/record-memory.ts'
import type { FactRecord } from '../machines/record.ts'

/** Vehicles that charged here, or that a person let charge; the register's yes alone may still wait for a person. */
export class KnownVehicles {
  readonly #known = new Set<string>()
  /** Whose vehicle pays in a bay, by bay, until its visit ends. */
  readonly #payers = new Map<string, string>()
  /** Visits in which it charged, by vehicle; and the vehicles whose running visit is counted, by bay. */
  readonly #charges = new Map<string, number>()
  readonly #counted = new Map<string, string>()
  /** What is remembered by records alone. */
  readonly memory = memory({ known: this.#known, payers: this.#payers, charges: this.#charges, counted: this.#counted })

  has(handle: string): boolean {
    return this.#known.has(handle)
  }

  /** Visits in which it charged here, the one that runs included. */
  charges(handle: string): number {
    return this.#charges.get(handle) ?? 0
  }

  /** Folds one record: a vehicle is known once a visit that it pays for locked, or a person said yes to it. */
  hear({ bayId, decisions }: FactRecord): void {
    if (bayId === null) return
    for (const { type, handle, person, accountId } of decisions) {
      const names = type === 'VisitAuthorized' || type === 'IdentityUpgraded'
      if (type === 'VisitEnded' || names) this.#payers.delete(bayId)
      if (type === 'VisitEnded') this.#counted.delete(bayId)
      if (names && typeof handle === 'string') this.#payers.set(bayId, handle)
      const payer = this.#payers.get(bayId)
      if (payer !== undefined && ((type === 'BayLocked' && accountId !== null) || (names && person === true)))
        this.#known.add(payer)
      if (payer !== undefined && type === 'BayLocked' && accountId !== null && this.#counted.get(bayId) !== payer) {
        this.#counted.set(bayId, payer)
        this.#charges.set(payer, this.charges(payer) + 1)
      }
    }
  }
}
