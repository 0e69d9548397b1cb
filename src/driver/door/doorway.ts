import { randomBytes, randomUUID } from 'node:crypto'
import type { Clock, Keys, Scribe } from '../../../actors/ports.ts'
import { mask, normalize } from '../../../machines/plate.ts'
import type { BayView } from '../../../projections/bay-view.ts'
import { isSameSecret } from '../../same-secret.ts'
import type { SiteAlarms } from '../../site-alarms.ts'
import type { Caller, Command, SiteDesk } from '../../site-desk.ts'
import { isDark } from '../word-now.ts'
import { BayCodes } from './bay-codes.ts'
import type { DoorBook } from './door-book.ts'
import { DRIVER_WORKS, type DriverSays } from './door-words.ts'
import { DriverPayments, type Paid } from './driver-payments.ts'
import { DriverSecrets } from './driver-secrets.ts'
import type { SitePayment } from './payment-link.ts'

export type DoorwayParts = {
  readonly desk: SiteDesk
  readonly keys: Pick<Keys, 'mark'>
  readonly scribe: Scribe
  readonly clock: Pick<Clock, 'now'>
  readonly book: DoorBook
  readonly alarms: Pick<SiteAlarms, 'raise' | 'calm'>
  /** Null = nobody pays here without an account. */
  readonly payment: SitePayment | null
  /** Where phones reach the driver page, without a slash at its end. */
  readonly publicUrl: string | null
}

/** A plate that may be the driver's; `mark` names it on the page, which shows no more than `masked`. */
export type Choice = { readonly mark: string; readonly plate: string; readonly masked: string }

/** Plates that a driver is asked between, at most. */
const MOST_CHOICES = 3

/** Who typed what: plate and PIN, or the code that works once. */
export type Typed = { readonly plate: string; readonly secret: string }

const DRIVER: Caller = { name: 'driver page', role: 'operator', isDriver: true }

/** What drivers may do at a bay by its code: begin with a PIN or a payment, and stop what is theirs. All of it is on record first. */
export class Doorway {
  readonly codes: BayCodes
  readonly secrets: DriverSecrets
  readonly payments: DriverPayments
  readonly publicUrl: string | null
  readonly #parts: DoorwayParts

  constructor(parts: DoorwayParts) {
    const { desk, keys, payment, publicUrl } = parts
    this.#parts = parts
    this.publicUrl = publicUrl
    const bayIds = desk.bays().map(({ bayId }) => bayId)
    this.codes = new BayCodes(keys, desk.siteId, bayIds)
    this.secrets = new DriverSecrets(parts)
    const begin = (bay: BayView, paid: Paid) => this.#begin(bay, paid.device, { accountId: paid.accountId }, 'payment')
    this.payments = new DriverPayments({ ...parts, payment, codes: this.codes, mayBegin: this.mayBegin, begin })
  }

  /** The bay of a code; null where the code is none of this site's. */
  bay(code: string): BayView | null {
    const bayId = this.codes.bayOf(code)
    return bayId === null ? null : this.#parts.desk.bay(bayId)
  }

  /** The address on a bay's sign; null where phones reach nothing. */
  addressOf(bayId: string): string | null {
    const code = this.codes.codeOf(bayId)
    return code === null || this.publicUrl === null ? null : `${this.publicUrl}/b/${code}`
  }

  /** A new device's cookie: chance, and the site's own mark on it, so that nobody else makes one. */
  newDevice = (): string => {
    const chance = randomBytes(24).toString('base64url')
    return `${chance}.${this.#issued(chance)}`
  }

  /** What is kept of a device: nobody makes its cookie from that. Null for a cookie that this site never gave. */
  deviceMark(cookie: string): string | null {
    const [chance = '', issued = ''] = cookie.split('.')
    const isOurs = /^[\w-]{32}$/.test(chance) && isSameSecret(issued, this.#issued(chance))
    return isOurs ? this.#parts.keys.mark(`driver device|${cookie}`) : null
  }

  #issued = (chance: string): string => this.#parts.keys.mark(`driver cookie|${chance}`)

  /** Somebody stands there whom nobody pays for yet, and a charge could begin. */
  mayBegin = (bay: BayView): boolean =>
    bay.visit !== null &&
    bay.visit.accountId === null &&
    // While a plate is being read nobody is asked for money: the vehicle may be known in a moment.
    (bay.state === 'authorizing' || (bay.state === 'detecting' && bay.detail === 'in-review')) &&
    bay.service === 'in-service' &&
    bay.autonomy !== 'observe' &&
    !isDark(bay)

  /** A charge runs that could be stopped from here: a session is shown after its last transaction ended as well. */
  mayStop = (bay: BayView): boolean => bay.lock.reasons.includes('transaction-open') && !isDark(bay)

  /** This device began the charge that runs there. */
  isOwn(bay: BayView, device: string): boolean {
    return bay.visit !== null && this.#parts.book.deviceOf(bay.bayId, bay.visit.visitId) === device
  }

  /** The plates between which people are asked to decide, where one could not be read: the driver may say which is theirs, with the PIN of its account. */
  choices(bay: BayView): readonly Choice[] {
    const { desk, keys } = this.#parts
    if (!this.mayBegin(bay) || bay.detail !== 'in-review') return []
    const review = desk.reviews.all().find(({ bayId, blind }) => bayId === bay.bayId && !blind)
    return (review?.candidates ?? []).slice(0, MOST_CHOICES).flatMap(({ plate: handle }) => {
      const plate = desk.plateOf(handle)
      const mark = keys.mark(`driver choice|${bay.bayId}|${handle}`)
      return plate === null ? [] : [{ mark, plate, masked: mask(normalize(plate)) }]
    })
  }

  /** Begins with plate and PIN. Rejects with Fault STORE_UNWRITABLE. */
  async begin(bay: BayView, device: string, { plate, secret }: Typed): Promise<DriverSays> {
    if (!this.mayBegin(bay)) return 'changed'
    const who = await this.secrets.identify(bay.bayId, plate, secret)
    if (typeof who === 'string') return who
    return this.#begin(bay, device, { plate, accountId: who.accountId }, who.by)
  }

  /** Stops what this device began, or what the account of plate and PIN pays. */
  async stop(bay: BayView, device: string, typed: Typed | null): Promise<DriverSays> {
    if (!this.mayStop(bay) || bay.visit === null) return 'changed'
    let how = 'device'
    if (!this.isOwn(bay, device)) {
      if (typed === null) return 'not-yours'
      const who = await this.secrets.identify(bay.bayId, typed.plate, typed.secret)
      if (typeof who === 'string') return who
      if (who.accountId !== bay.visit.accountId) return 'not-yours'
      how = who.by
    }
    await this.#note({ type: 'driver.ended', bayId: bay.bayId, visitId: bay.visit.visitId, how })
    return this.#order(bay, { type: 'remote-stop', reason: 'driver-asked' }, 'stopping')
  }

  async #begin(
    bay: BayView,
    device: string,
    who: { readonly plate?: string; readonly accountId: string },
    how: string,
  ): Promise<DriverSays> {
    const { accountId } = who
    await this.#note({
      type: 'driver.began',
      bayId: bay.bayId,
      visitId: bay.visit?.visitId ?? '',
      accountId,
      device,
      how,
    })
    return this.#order(bay, { type: 'authorize', reason: 'driver-asked', ...who }, 'starting')
  }

  /** The order is for the visit that was looked at: whatever moved since then refuses it. */
  async #order(bay: BayView, order: Omit<Command, 'id'>, done: DriverSays): Promise<DriverSays> {
    const command = { ...order, id: `driver-${randomUUID()}`, expectVersion: bay.version }
    const { outcome } = await this.#parts.desk.command(bay.bayId, command, DRIVER)
    return outcome === 'done' ? done : 'changed'
  }

  async #note(cause: Parameters<Scribe['write']>[0][number]['cause']): Promise<void> {
    await this.#parts.scribe.write([
      { stream: 'audit', cause: { ...cause, by: DRIVER.name }, decisions: [], personal: {} },
    ])
  }
}

/** A word of the query that says what came of a press; null for any other. */
export const saysOf = (word: unknown): DriverSays | null => DRIVER_WORKS.find((one) => one === word) ?? null
