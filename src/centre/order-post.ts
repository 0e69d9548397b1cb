import type { Clock } from '../../actors/ports.ts'
import type { Json } from '../../machines/events.ts'
import { Fault } from '../../machines/faults.ts'
import { ORDER_KIND } from '../uplink/central-order.ts'
import type { CentreLinks } from './centre-links.ts'
import type { GivenOrder, KnownOrder, OrderBook } from './order-book.ts'
import { outcomeToldOf } from './order-told.ts'

type OrderPostParts = {
  readonly book: OrderBook
  readonly links: Pick<CentreLinks, 'request' | 'takes' | 'onReady'>
  readonly clock: Pick<Clock, 'now'>
  readonly log: (says: string) => void
}

/** So long a gateway has to answer, ms; then it is asked again: one id is one order. */
const ANSWER_MS = 10_000
/** Orders of one round at most that are under way at once. */
const MOST_AT_ONCE = 8

/** Takes orders to their gateways, again and again until each says what became of it. */
export class OrderPost {
  readonly #parts: OrderPostParts
  #round: Promise<void> | null = null
  #again = false

  constructor(parts: OrderPostParts) {
    this.#parts = parts
    parts.links.onReady(() => void this.look())
  }

  /** Keeps the order, and begins to send it. Rejects with Fault COMMAND_REFUSED where its id is another site's, or one of the store: then nobody hears of it. */
  async give(order: GivenOrder): Promise<KnownOrder> {
    const known = await this.#parts.book.give(order)
    if (known.site !== order.site)
      throw new Fault('COMMAND_REFUSED', {}, { says: 'This id was used for an order to another site; send a new id.' })
    void this.look()
    return known
  }

  /** Sends whatever is open; every few seconds, and whenever there is news. What fails now is sent with the next look. */
  look(): Promise<void> {
    this.#again = true
    this.#round ??= this.#rounds().finally(() => {
      this.#round = null
    })
    return this.#round
  }

  async #rounds(): Promise<void> {
    while (this.#again) {
      this.#again = false
      try {
        await this.#sendAll()
      } catch (cause) {
        this.#parts.log(`Orders wait: ${cause instanceof Error ? cause.message : String(cause)}`)
        return
      }
    }
  }

  async #sendAll(): Promise<void> {
    const { book, links } = this.#parts
    const open = (await book.open()).filter(({ site }) => links.takes(site, ORDER_KIND))
    const next = open.values()
    // A site that is slow holds up no more than its own share.
    await Promise.all(
      Array.from({ length: Math.min(MOST_AT_ONCE, open.length) }, async () => {
        for (const order of next) await this.#send(order)
      }),
    )
  }

  async #send({ id, site, expires, ...known }: KnownOrder): Promise<void> {
    const { book, links, clock } = this.#parts
    if (!(await book.sending(id))) return
    const { given: _given, state: _state, says: _says, seq: _seq, ended: _ended, ...order } = known
    const body = { ...order, id, expires, remaining_ms: Date.parse(expires) - clock.now() }
    const answer = await links.request(site, ORDER_KIND, body as unknown as Json, ANSWER_MS)
    const told = answer?.ok ? outcomeToldOf(answer.body) : null
    if (told !== null) await book.heard(id, told)
  }
}
