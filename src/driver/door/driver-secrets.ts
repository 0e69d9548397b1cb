import { randomInt } from 'node:crypto'
import type { Clock, Keys, Scribe } from '../../../actors/ports.ts'
import { Fault } from '../../../machines/faults.ts'
import { fold, normalize } from '../../../machines/plate.ts'
import { isSameSecret } from '../../same-secret.ts'
import type { SiteDesk } from '../../site-desk.ts'
import type { DoorBook, DriverSecret } from './door-book.ts'

export type SecretsParts = {
  readonly desk: Pick<SiteDesk, 'register'>
  readonly keys: Pick<Keys, 'mark'>
  readonly scribe: Scribe
  readonly clock: Pick<Clock, 'now'>
  readonly book: DoorBook
}

/** Who stands there: by a PIN, or by a code that is used up with it. */
export type Identified = { readonly accountId: string; readonly by: DriverSecret['kind'] }

/** So many wrong tries for one plate, or at one bay, within the pause; then nobody gets in there until it is over. */
const MOST_WRONG = { plate: 5, bay: 30 }
const PAUSE_ms = 15 * 60_000
/** So many wrong tries for one account, by whichever of its plates, within a day without a right one; then its PIN proves nothing until the day is over. */
const MOST_WRONG_PINS = 10
const DAY_ms = 24 * 60 * 60_000
const CODE_WORKS_ms = 15 * 60_000
const MOST_COUNTED = 10_000

/** Plate and PIN, or plate and a code that works once. What is kept of both are marks made with the site's own key. */
export class DriverSecrets {
  readonly #parts: SecretsParts
  readonly #wrong = new Map<string, { readonly count: number; readonly since: number }>()
  /** Wrong tries by account. */
  readonly #wrongPins = new Map<string, { readonly count: number; readonly since: number }>()
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
    const doors = [`plate ${this.#parts.keys.mark(`driver door|${fold(normalize(plate))}`)}`, `bay ${bayId}`]
    if (this.#isPaused(doors)) return 'pause'
    const accountId = this.#parts.desk.register.vehicle(plate)?.accountId ?? null
    // An unknown plate costs the same time and gets the same answer: nobody learns who is registered.
    const kind = this.#proves(accountId ?? '', secret)
    if (accountId === null || kind === null) {
      for (const door of doors) count(this.#wrong, door, now, PAUSE_ms)
      if (accountId !== null) count(this.#wrongPins, accountId, now, DAY_ms)
      return 'wrong'
    }
    this.#wrongPins.delete(accountId)
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
        if (kind === 'pin' && this.#isPinShut(accountId)) return false
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

  #isPaused(doors: readonly string[]): boolean {
    const now = this.#parts.clock.now()
    return doors.some((door) => {
      const wrong = this.#wrong.get(door)
      const most = door.startsWith('plate') ? MOST_WRONG.plate : MOST_WRONG.bay
      return wrong !== undefined && Math.abs(now - wrong.since) < PAUSE_ms && wrong.count >= most
    })
  }

  /** Nobody is told: a pause that is seen would say which plates are one account's. A one-time code still opens. */
  #isPinShut(accountId: string): boolean {
    const wrong = this.#wrongPins.get(accountId)
    if (wrong === undefined || wrong.count < MOST_WRONG_PINS) return false
    return Math.abs(this.#parts.clock.now() - wrong.since) < DAY_ms
  }

  async #write(cause: Parameters<Scribe['write']>[0][number]['cause']): Promise<void> {
    await this.#parts.scribe.write([{ stream: 'audit', cause, decisions: [], personal: {} }])
  }
}

/** One more wrong try of `whose`, after which the counting begins anew once `within_ms` are over. */
function count(
  tries: Map<string, { readonly count: number; readonly since: number }>,
  whose: string,
  now: number,
  within_ms: number,
): void {
  const before = tries.get(whose)
  const goesOn = before !== undefined && Math.abs(now - before.since) < within_ms
  tries.delete(whose)
  tries.set(whose, goesOn ? { ...before, count: before.count + 1 } : { count: 1, since: now })
  for (const oldest of tries.keys()) {
    if (tries.size <= MOST_COUNTED) break
    tries.delete(oldest)
  }
}
