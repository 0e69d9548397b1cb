import { memory } from '../../../actors/record-memory.ts'
import type { FactRecord } from '../../../machines/record.ts'
import { keepNewest } from '../../newest-kept.ts'

/** A PIN, or a code that works once: only its keyed mark is kept. `until` ms since 1970, null = for ever. */
export type DriverSecret = { readonly kind: 'pin' | 'code'; readonly mark: string; readonly until: number | null }
/** A payment that a driver was sent for, as the journal knows it; `until` ms since 1970. */
export type Payment = {
  readonly ref: string
  readonly bayId: string
  readonly visitId: string
  /** Mark of the device that was sent. */
  readonly device: string
  /** Decimal, as `40.00`. */
  readonly hold: string
  readonly currency: string
  readonly until: number
  readonly state: 'asked' | 'held' | 'refused' | 'unused'
}

/** Which device began in which visit. */
type Began = { readonly visitId: string; readonly device: string }

/** Ended payments are remembered this long: a link that comes back later is late in any case, ms. */
const PAYMENT_KEPT_ms = 24 * 3_600_000
const MOST_PAYMENTS = 20_000

/** What drivers did at their doors, by the journal: who may stop what, which payments are out, which PINs there are. */
export class DoorBook {
  readonly #secrets = new Map<string, DriverSecret>()
  /** Device by bay, for the visit in it. */
  readonly #began = new Map<string, Began>()
  /** Who is about to begin, by the id of the order: the bay may refuse it. */
  readonly #begins = new Map<string, Began & { readonly bayId: string }>()
  readonly #payments = new Map<string, Payment>()
  /** Payments whose visit is over, and nothing was charged on them. */
  readonly #unspent = new Set<string>()
  /** Payments on which something was charged. */
  readonly #spent = new Set<string>()
  /** Bays in which a transaction runs. */
  readonly #running = new Set<string>()
  /** What is remembered by records alone. */
  readonly memory = memory({
    secrets: this.#secrets,
    began: this.#began,
    begins: this.#begins,
    payments: this.#payments,
    unspent: this.#unspent,
    spent: this.#spent,
    running: this.#running,
  })

  /** Folds the next record. */
  hear(record: FactRecord): void {
    if (record.bayId !== null) {
      this.#hearOrder(record, record.bayId)
      this.#hearBay(record, record.bayId)
    }
    if (record.stream === 'register') this.#hearRegister(record.cause)
    if (record.stream !== 'audit') return
    const { cause } = record
    const text = (name: string): string => String(cause[name] ?? '')
    switch (cause.type) {
      case 'driver.secret-set':
        this.#secrets.set(`${text('kind')} ${text('accountId')}`, {
          kind: cause['kind'] === 'code' ? 'code' : 'pin',
          mark: text('mark'),
          until: typeof cause['until'] === 'string' ? Date.parse(cause['until']) : null,
        })
        return
      case 'driver.secret-removed':
        this.#secrets.delete(`${text('kind')} ${text('accountId')}`)
        return
      case 'driver.began':
        this.#hearBegin({ bayId: text('bayId'), visitId: text('visitId'), device: text('device') }, text('order'))
        return
      default:
        if (cause.type.startsWith('payment.')) this.#hearPayment(cause.type, text)
    }
  }

  /** Before berth named the order in it, a record of this kind was taken for the beginning itself. */
  #hearBegin(one: Began & { readonly bayId: string }, order: string): void {
    if (order === '') this.#began.set(one.bayId, one)
    else keepNewest(this.#begins, order, one)
  }

  /** Only the order that the bay took makes a device the one that began there. */
  #hearOrder({ cause }: FactRecord, bayId: string): void {
    const one = this.#begins.get(String(cause['id']))
    if (cause.type !== 'operator.commanded' || one?.bayId !== bayId) return
    this.#begins.delete(String(cause['id']))
    this.#began.set(bayId, one)
  }

  /** A visit that ends without a charge on what was paid for it leaves a hold that nobody will use. */
  #hearBay({ decisions }: FactRecord, bayId: string): void {
    for (const { type, visitId, accountId } of decisions) {
      if (type === 'TransactionOpened') this.#running.add(bayId)
      if (type === 'TransactionEnded') this.#running.delete(bayId)
      const ref = /^pay-(.+)$/.exec(String(accountId))?.[1]
      if (type === 'TransactionEnded' && ref !== undefined && this.#payments.has(ref)) this.#spent.add(ref)
      if (type !== 'VisitEnded' || this.#running.has(bayId)) continue
      for (const one of this.#payments.values())
        if (one.state === 'held' && one.visitId === visitId && !this.#spent.has(one.ref)) this.#unspent.add(one.ref)
    }
  }

  #hearRegister(cause: FactRecord['cause']): void {
    if (cause.type !== 'account.changed' || cause['deleted'] !== true) return
    for (const kind of ['pin', 'code']) this.#secrets.delete(`${kind} ${String(cause['accountId'])}`)
  }

  #hearPayment(type: string, text: (name: string) => string): void {
    const ref = text('ref')
    const known = this.#payments.get(ref)
    if (type === 'payment.asked') {
      const [bayId, visitId, device] = [text('bayId'), text('visitId'), text('device')]
      const until = Date.parse(text('until'))
      this.#forgetOlder(until)
      const asked = { hold: text('hold'), currency: text('currency'), until, state: 'asked' } as const
      this.#payments.set(ref, { ref, bayId, visitId, device, ...asked })
    } else if (known) {
      const state = type === 'payment.held' ? 'held' : type === 'payment.refused' ? 'refused' : 'unused'
      this.#payments.set(ref, { ...known, state })
      if (state === 'unused') this.#unspent.delete(ref)
    }
  }

  /** What came back long before the newest payment runs out; the oldest stand first. */
  #forgetOlder(newest: number): void {
    for (const [ref, { until, state }] of this.#payments) {
      const isFull = this.#payments.size >= MOST_PAYMENTS
      if (!isFull && newest - until < PAYMENT_KEPT_ms) return
      // Its visit may last for days: whether the money is used nobody knows before it ends.
      if (!isFull && state === 'held' && !this.#spent.has(ref)) continue
      this.#payments.delete(ref)
      this.#unspent.delete(ref)
      this.#spent.delete(ref)
    }
  }

  /** The account's PIN or code, null where it has none. */
  secret(accountId: string, kind: DriverSecret['kind']): DriverSecret | null {
    return this.#secrets.get(`${kind} ${accountId}`) ?? null
  }

  /** Mark of the device that began this visit's charge; null where none did. */
  deviceOf(bayId: string, visitId: string): string | null {
    const began = this.#began.get(bayId)
    return began?.visitId === visitId ? began.device : null
  }

  /** How many payments of this bay are out, of which nothing came back yet; `now` ms since 1970. */
  outAt(bayId: string, now: number): number {
    const all = [...this.#payments.values()]
    return all.filter((one) => one.bayId === bayId && one.state === 'asked' && now < one.until).length
  }

  /** What is held and was never used, until that is on record. */
  unspent(): readonly Payment[] {
    return [...this.#unspent].flatMap((ref) => this.#payments.get(ref) ?? [])
  }

  payment(ref: string): Payment | null {
    return this.#payments.get(ref) ?? null
  }
}
