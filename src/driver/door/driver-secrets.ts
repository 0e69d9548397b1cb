import { randomInt } from 'node:crypto'
import type { Clock, Keys, Scribe } from '../../../actors/ports.ts'
import { Fault } from '../../../machines/faults.ts'
import { fold, normalize } from '../../../machines/plate.ts'
import { isSameSecret } from '../../same-secret.ts'
import type { SiteDesk } from '../../site-desk.ts'
import type { DoorBook, DriverSecret } from './door-book.ts'
import { WrongTries } from './wrong-tries.ts'

export type SecretsParts = {
  readonly desk: Pick<SiteDesk, 'register'>
  readonly keys: Pick<Keys, 'mark'>
  readonly scribe: Scribe
  readonly clock: Pick<Clock, 'now'>
  readonly book: DoorBook
}

/** Who stands there: by a PIN, or by a code that is used up with it. */
export type Identified = { readonly accountId: string; readonly by: DriverSecret['kind'] }

/** Within which wrong tries count, ms; and how long nobody gets in after too many. */
const PAUSE_ms = 15 * 60_000
const DAY_ms = 24 * 60 * 60_000
const CODE_WORKS_ms = 15 * 60_000

/** Plate and PIN, or plate and a code that works once. What is kept of both are marks made with the site's own key. */
export class DriverSecrets {
  readonly #parts: SecretsParts
  /** Too many for one plate, or at one bay, and nobody gets in there until the pause is over. */
  readonly #ofPlates = new WrongTries(5, PAUSE_ms)
  readonly #atBays = new WrongTries(30, PAUSE_ms)
  /** Too many for one account without a right one, by whichever of its plates, and its PIN proves nothing until the day is over. Nobody is told: a pause that is seen would say which plates are one account's. A one-time code still opens. */
  readonly #ofAccounts = new WrongTries(10, DAY_ms)
  /** Codes being used now. */
  readonly #using = new Set<string>()

  constructor(parts: SecretsParts) {
    this.#parts = parts
  }

  /** Sets the account's PIN, 4 to 8 digits. Rejects with Fault BODY_INVALID or STORE_UNWRITABLE. */
  async setPin(accountId: string, pin: string, by: string): Promise<void> {
    if (!/^\d{4,8}$/.test(pin))
      throw new Fault('BODY_INVALID', { field: 'pin' }, { says: 'A PIN takes 4 to 8 digits.' })
    await this.#write({ type: 'driver.secret-set', accountId, kind: 'pin', mark: this.#mark(accountId, pin), by })
  }

  /** Takes the account's PIN away; false where it had none. */
  async removePin(accountId: string, by: string): Promise<boolean> {
    if (this.#parts.book.secret(accountId, 'pin') === null) return false
    await this.#write({ type: 'driver.secret-removed', accountId, kind: 'pin', by })
    return true
  }

  /** A code of six digits that works once, for a quarter of an hour; it takes the place of the one before. */
  async makeCode(accountId: string, by: string): Promise<{ readonly code: string; readonly until: string }> {
    const code = String(randomInt(1_000_000)).padStart(6, '0')
    const until = new Date(this.#parts.clock.now() + CODE_WORKS_ms).toISOString()
    await this.#write({
      type: 'driver.secret-set',
      accountId,
      kind: 'code',
      mark: this.#mark(accountId, code),
      until,
      by,
    })
    return { code, until }
  }

  /** The account that this plate and secret prove; `wrong` where they prove nothing, `pause` after too many tries. A code is used up. */
  async identify(bayId: string, plate: string, secret: string): Promise<Identified | 'wrong' | 'pause'> {
    const now = this.#parts.clock.now()
    const door = this.#parts.keys.mark(`driver door|${fold(normalize(plate))}`)
    if (this.#ofPlates.areOver(door, now) || this.#atBays.areOver(bayId, now)) return 'pause'
    const accountId = this.#parts.desk.register.vehicle(plate)?.accountId ?? null
    // An unknown plate costs the same time and gets the same answer: nobody learns who is registered.
    const kind = this.#proves(accountId ?? '', secret)
    if (accountId === null || kind === null) {
      this.#ofPlates.add(door, now)
      this.#atBays.add(bayId, now)
      if (accountId !== null) this.#ofAccounts.add(accountId, now)
      return 'wrong'
    }
    this.#ofAccounts.forget(accountId)
    if (kind === 'code') await this.#useUp(accountId)
    return { accountId, by: kind }
  }

  #proves(accountId: string, secret: string): DriverSecret['kind'] | null {
    const { book, clock } = this.#parts
    const mark = this.#mark(accountId, secret)
    const kinds = ['pin', 'code'] as const
    return (
      kinds.find((kind) => {
        const known = book.secret(accountId, kind)
        if (known === null || (known.until !== null && clock.now() >= known.until)) return false
        if (kind === 'code' && this.#using.has(accountId)) return false
        if (kind === 'pin' && this.#ofAccounts.areOver(accountId, clock.now())) return false
        return isSameSecret(mark, known.mark)
      }) ?? null
    )
  }

  async #useUp(accountId: string): Promise<void> {
    this.#using.add(accountId)
    try {
      await this.#write({ type: 'driver.secret-removed', accountId, kind: 'code', by: 'driver page' })
    } finally {
      this.#using.delete(accountId)
    }
  }

  #mark(accountId: string, secret: string): string {
    return this.#parts.keys.mark(`driver secret|${accountId}|${secret}`)
  }

  async #write(cause: Parameters<Scribe['write']>[0][number]['cause']): Promise<void> {
    await this.#parts.scribe.write([{ stream: 'audit', cause, decisions: [], personal: {} }])
  }
}
