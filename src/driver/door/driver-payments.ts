import { randomBytes } from 'node:crypto'
import type { Clock, Scribe } from '../../../actors/ports.ts'
import type { BayView } from '../../../projections/bay-view.ts'
import type { SiteAlarms } from '../../site-alarms.ts'
import type { Caller, SiteDesk } from '../../site-desk.ts'
import type { BayCodes } from './bay-codes.ts'
import type { DoorBook, Payment } from './door-book.ts'
import type { DriverSays } from './door-words.ts'
import { isEnough, isSignedReturn, paymentAddress, type SitePayment } from './payment-link.ts'
import { PaymentRate } from './payment-rate.ts'

/** A payment that is held: the account made for it, and the device that was sent to pay. */
export type Paid = { readonly accountId: string; readonly device: string }

/** Who asks to pay: the device that came, the one that it is from now on, and the network that it asks from (null = unknown). */
export type Payer = { readonly known: string; readonly device: string; readonly address: string | null }
/** The address of the payment page that somebody is sent to. */
type Sent = { readonly to: string }

type PaymentsParts = {
  readonly desk: Pick<SiteDesk, 'siteId' | 'register' | 'subscribe'>
  readonly scribe: Scribe
  readonly clock: Pick<Clock, 'now'>
  readonly book: DoorBook
  readonly payment: SitePayment | null
  readonly publicUrl: string | null
  readonly codes: BayCodes
  readonly alarms: Pick<SiteAlarms, 'raise' | 'calm'>
  readonly mayBegin: (bay: BayView) => boolean
  readonly begin: (bay: BayView, paid: Paid) => Promise<DriverSays>
}
type Query = { readonly [name: string]: string }

const BY: Caller = { name: 'driver page', role: 'admin' }
/** So many payments of one bay may be out at once, of everybody together. */
const MOST_OUT = 100
/** A hold that nobody uses is an alarm so long, ms. */
const TOLD_ms = 24 * 3_600_000

/**
 * Drivers without an account: sent to the operator's payment page with a signed address, and let in by the signed one that they come back
 * with. That one works once, for its bay and its visit. What is held is on record before anything starts; no card data comes here.
 */
export class DriverPayments {
  readonly #parts: PaymentsParts
  readonly #rate: PaymentRate
  /** Returns being worked on: one that comes twice at once is one. */
  readonly #using = new Set<string>()

  constructor(parts: PaymentsParts) {
    this.#parts = parts
    this.#rate = new PaymentRate(parts.book)
    parts.desk.subscribe(() => this.#releaseUnspent())
  }

  /** What a driver is asked to hold; null where nobody pays here without an account. */
  get terms(): { readonly hold: string; readonly currency: string; readonly origin: string } | null {
    const { payment, publicUrl } = this.#parts
    if (payment === null || publicUrl === null) return null
    return { hold: payment.hold, currency: payment.currency, origin: new URL(payment.url).origin }
  }

  /** Where the driver goes to pay, on record first; else why not. Rejects with Fault STORE_UNWRITABLE. */
  async ask(bay: BayView, { known, device, address }: Payer, language: string): Promise<Sent | DriverSays> {
    const { payment, publicUrl, desk, clock, codes, book } = this.#parts
    if (payment === null || publicUrl === null || !this.#parts.mayBegin(bay)) return 'changed'
    const { bayId, visit } = bay
    const now = clock.now()
    if (book.outAt(bayId, now) >= MOST_OUT || !this.#rate.mayAsk({ bayId, known, address }, now)) return 'payment-many'
    const ref = randomBytes(12).toString('hex')
    this.#rate.asks({ ref, bayId, known, device, address }, now + payment.valid_min * 60_000)
    const until = new Date(now + payment.valid_min * 60_000).toISOString()
    const { hold, currency } = payment
    await this.#note({
      type: 'payment.asked',
      ref,
      bayId,
      visitId: visit?.visitId ?? '',
      device,
      hold,
      currency,
      until,
    })
    const back = `${publicUrl}/b/${codes.codeOf(bayId) ?? ''}/paid`
    const asked = { site: desk.siteId, bay: bayId, ref, hold, currency, until, back, language }
    return { to: paymentAddress(payment, asked) }
  }

  /** The driver is back with what the payment page says. Rejects with Fault STORE_UNWRITABLE. */
  async paid(bay: BayView, query: Query): Promise<DriverSays> {
    const { payment, desk, book } = this.#parts
    if (payment === null || !isSignedReturn(payment.secret, query)) return 'payment-unknown'
    const { ref = '' } = query
    const asked = book.payment(ref)
    if (asked === null || asked.bayId !== bay.bayId || query['site'] !== desk.siteId || query['bay'] !== bay.bayId)
      return 'payment-unknown'
    if (asked.state !== 'asked' || this.#using.has(ref)) return 'payment-used'
    this.#using.add(ref)
    try {
      return await this.#judge(bay, asked, query)
    } finally {
      this.#using.delete(ref)
    }
  }

  async #judge(bay: BayView, asked: Payment, query: Query): Promise<DriverSays> {
    const { ref } = asked
    if (query['status'] !== 'held') {
      await this.#note({ type: 'payment.refused', ref, bayId: asked.bayId })
      return 'payment-refused'
    }
    const { hold = '', currency = '', payment = '' } = query
    await this.#note({ type: 'payment.held', ref, bayId: asked.bayId, hold, currency, payment: payment.slice(0, 100) })
    if (this.#parts.clock.now() >= asked.until) return this.#unused(asked, 'late', 'payment-late')
    if (currency !== asked.currency || !isEnough(hold, asked.hold))
      return this.#unused(asked, 'too little is held', 'payment-refused')
    if (bay.visit?.visitId !== asked.visitId || !this.#parts.mayBegin(bay))
      return this.#unused(asked, 'the bay changed', 'payment-gone')
    const accountId = `pay-${ref}`
    await this.#parts.desk.register.putAccount(accountId, { confirm: 'never' }, BY)
    const says = await this.#parts.begin(bay, { accountId, device: asked.device })
    return says === 'starting' ? says : this.#unused(asked, 'the bay changed', 'payment-gone')
  }

  /** The visit is over, and nothing was charged on what is held for it; what could not be written is tried again with the next change. */
  #releaseUnspent(): void {
    for (const one of this.#parts.book.unspent()) {
      if (this.#using.has(one.ref)) continue
      this.#using.add(one.ref)
      this.#unused(one, 'nothing was charged', 'payment-gone')
        .catch(() => undefined)
        .finally(() => this.#using.delete(one.ref))
    }
  }

  /** Money is held and nothing begins: whoever runs the payment page hears it as news, operators for a day as an alarm, and one of them lets it go. */
  async #unused({ ref, bayId }: Payment, why: string, says: DriverSays): Promise<DriverSays> {
    await this.#note({ type: 'payment.unused', ref, bayId, why })
    const { alarms, clock } = this.#parts
    alarms.raise('payment', `Money is held for ${bayId} (${ref}) and is not used: ${why}.`, clock.now(), ref, bayId)
    setTimeout(() => alarms.calm('payment', ref), TOLD_ms).unref()
    return says
  }

  async #note(cause: Parameters<Scribe['write']>[0][number]['cause']): Promise<void> {
    await this.#parts.scribe.write([{ stream: 'audit', cause: { ...cause, by: BY.name }, decisions: [], personal: {} }])
  }
}
