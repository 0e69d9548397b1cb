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

/** Devices that one phone is, at most: one at each bay where it began, or asked to pay, lately. */
const MOST_DEVICES = 3
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

  /**
   * The cookie of a new device: chance, and the site's own mark on it, so that nobody else makes one. Behind it stand those that the phone
   * was `before`, newest first: it stops what it began as one of them as well.
   */
  newDevice = (before: readonly string[] = []): string => {
    const chance = randomBytes(24).toString('base64url')
    const all = [`${chance}.${this.#issued(chance)}`, ...before.flatMap((cookie) => this.#given(cookie))]
    return all.slice(0, MOST_DEVICES).join('.')
  }

  /** What is kept of the devices in a cookie, newest first: nobody makes the cookie from that. None of one that this site never gave. */
  deviceMarks(cookie: string): readonly string[] {
    return this.#given(cookie).map((device) => this.#parts.keys.mark(`driver device|${device}`))
  }

  /** The devices in a cookie that this site gave. */
  #given(cookie: string): readonly string[] {
    const devices = cookie.match(/[\w-]+\.[\w-]+/g) ?? []
    return devices.slice(0, MOST_DEVICES).filter((device) => {
      const [chance = '', issued = ''] = device.split('.')
      return /^[\w-]{32}$/.test(chance) && isSameSecret(issued, this.#issued(chance))
    })
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

  /** One of these devices began the charge that runs there. */
  isOwn({ bayId, visit }: BayView, devices: readonly string[]): boolean {
    const began = visit === null ? null : this.#parts.book.deviceOf(bayId, visit.visitId)
    return began !== null && devices.includes(began)
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

  /** Stops what one of these devices began, or what the account of plate and PIN pays. */
  async stop(bay: BayView, devices: readonly string[], typed: Typed | null): Promise<DriverSays> {
    if (!this.mayStop(bay) || bay.visit === null) return 'changed'
    let how = 'device'
    if (!this.isOwn(bay, devices)) {
      if (typed === null) return 'not-yours'
      const who = await this.secrets.identify(bay.bayId, typed.plate, typed.secret)
      if (typeof who === 'string') return who
      if (who.accountId !== bay.visit.accountId) return 'not-yours'
      how = who.by
    }
    await this.#note({ type: 'driver.ended', bayId: bay.bayId, visitId: bay.visit.visitId, how })
    return this.#order(bay, { id: orderId(), type: 'remote-stop', reason: 'driver-asked' }, 'stopping')
  }

  async #begin(
    bay: BayView,
    device: string,
    who: { readonly plate?: string; readonly accountId: string },
    how: string,
  ): Promise<DriverSays> {
    const { accountId } = who
    const { bayId, visit } = bay
    const id = orderId()
    await this.#note({
      type: 'driver.began',
      bayId,
      visitId: visit?.visitId ?? '',
      accountId,
      device,
      how,
      order: id,
    })
    return this.#order(bay, { id, type: 'authorize', reason: 'driver-asked', ...who }, 'starting')
  }

  /** The order is for the visit that was looked at: whatever moved since then refuses it. */
  async #order(bay: BayView, order: Command, done: DriverSays): Promise<DriverSays> {
    const command = { ...order, expectVersion: bay.version }
    const { outcome } = await this.#parts.desk.command(bay.bayId, command, DRIVER)
    return outcome === 'done' ? done : 'changed'
  }

  async #note(cause: Parameters<Scribe['write']>[0][number]['cause']): Promise<void> {
    await this.#parts.scribe.write([
      { stream: 'audit', cause: { ...cause, by: DRIVER.name }, decisions: [], personal: {} },
    ])
  }
}

const orderId = (): string => `driver-${randomUUID()}`

/** A word of the query that says what came of a press; null for any other. */
export const saysOf = (word: unknown): DriverSays | null => DRIVER_WORKS.find((one) => one === word) ?? null
