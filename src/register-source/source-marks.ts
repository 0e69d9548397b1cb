import type { Journal } from '../../actors/ports.ts'
import type { Handle } from '../../machines/events.ts'
import type { Cause } from '../../machines/record.ts'

/** Who writes what a source brings; people are never called so. */
export const SOURCE = 'register.source'

/** Cause of the record that ends each batch of a source. */
const ADOPTED = 'register.adopted'

/** The register that is in force from a source: `mark`, a keyed hash, tells the same content again. */
export type InForce = { readonly version: number; readonly key: string; readonly mark: string }

/** What of the register a source brought, by the stream `register`. */
export class SourceMarks {
  /** Records of the stream that were read. */
  #version = 0
  #inForce: InForce | null = null
  readonly #vehicles = new Set<Handle>()
  readonly #accounts = new Set<string>()
  readonly #blockedVehicles = new Set<Handle>()
  readonly #blockedAccounts = new Set<string>()

  /** Null where nothing was ever taken. */
  get inForce(): InForce | null {
    return this.#inForce
  }

  /** Vehicles and accounts that a source brought and that nobody has taken out since. */
  get vehicles(): ReadonlySet<Handle> {
    return this.#vehicles
  }
  get accounts(): ReadonlySet<string> {
    return this.#accounts
  }

  /** Blocked by people of this site: no source opens them. */
  isBlockedHere({ handle, accountId }: { readonly handle?: Handle; readonly accountId?: string }): boolean {
    return (
      (handle !== undefined && this.#blockedVehicles.has(handle)) ||
      (accountId !== undefined && this.#blockedAccounts.has(accountId))
    )
  }

  /** Reads what came since the last time. */
  async follow(journal: Pick<Journal, 'readStream'>): Promise<void> {
    for (;;) {
      const page = await journal.readStream('register', this.#version, 1000)
      for (const { version, cause } of page) {
        this.#version = version
        this.#fold(cause)
      }
      if (page.length === 0) return
    }
  }

  #fold(cause: Cause): void {
    const isSource = cause['source'] === true
    const handle = cause['handle']
    const { type, accountId } = cause
    if (type === ADOPTED)
      this.#inForce = { version: Number(cause['version']), key: String(cause['key']), mark: String(cause['mark']) }
    else if (type === 'vehicle.registered' && typeof handle === 'string') {
      if (isSource) this.#vehicles.add(handle)
      note(this.#blockedVehicles, handle, isSource, cause['blocked'] === true)
    } else if (type === 'vehicle.removed' && typeof handle === 'string') {
      this.#vehicles.delete(handle)
      this.#blockedVehicles.delete(handle)
    } else if (type === 'account.changed' && typeof accountId === 'string') {
      if (cause['deleted'] === true) {
        this.#accounts.delete(accountId)
        this.#blockedAccounts.delete(accountId)
        return
      }
      if (isSource) this.#accounts.add(accountId)
      note(this.#blockedAccounts, accountId, isSource, cause['status'] === 'blocked')
    }
  }
}

/** A block is people's where they made it, and stays theirs while it stands. */
function note(blocked: Set<string>, name: string, isSource: boolean, isBlocked: boolean): void {
  if (!isBlocked) blocked.delete(name)
  else if (!isSource) blocked.add(name)
}

/** The record that says what is in force now, and what that came to. */
export const adoptedCause = (
  inForce: InForce,
  counts: { readonly vehicles: number; readonly accounts: number; readonly changed: number; readonly removed: number },
): Cause => ({ type: ADOPTED, ...inForce, ...counts })
