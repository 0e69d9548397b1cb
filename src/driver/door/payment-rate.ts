import type { DoorBook } from './door-book.ts'

/** Payments of one bay that may be out at once, by one phone, and from one network: behind a proxy that does not say for whom it asks, all phones are one. */
const MOST = { phone: 3, address: 20 }

type Asking = { readonly bayId: string; readonly known: string; readonly address: string | null }
type Out = Asking & {
  readonly ref: string
  readonly phone: string
  /** The device that it is since. */
  readonly device: string
  /** Ms since 1970. */
  readonly until: number
}

/**
 * How many payments one phone, and one network, may have out at a bay, so that whoever scans its code takes paying away from nobody else. In
 * memory alone: addresses are nobody's business on record, and a restart forgets them.
 */
export class PaymentRate {
  readonly #book: Pick<DoorBook, 'payment'>
  #out: readonly Out[] = []

  constructor(book: Pick<DoorBook, 'payment'>) {
    this.#book = book
  }

  /** Whether one more may go out; `now` ms since 1970. */
  mayAsk({ bayId, known, address }: Asking, now: number): boolean {
    this.#out = this.#out.filter(({ ref, until }) => {
      const state = this.#book.payment(ref)?.state ?? 'asked'
      return now < until && state === 'asked'
    })
    const here = this.#out.filter((one) => one.bayId === bayId)
    const phone = this.#phoneOf(known)
    return (
      here.filter((one) => one.phone === phone).length < MOST.phone &&
      here.filter((one) => one.address === address).length < MOST.address
    )
  }

  /** One goes out, until `until` ms since 1970. */
  asks(asked: Asking & { readonly ref: string; readonly device: string }, until: number): void {
    this.#out = [...this.#out, { ...asked, phone: this.#phoneOf(asked.known), until }]
  }

  /** Each payment gives a phone a new cookie: it is told again by the device that it was made last. */
  #phoneOf(known: string): string {
    return this.#out.find(({ device }) => device === known)?.phone ?? known
  }
}
