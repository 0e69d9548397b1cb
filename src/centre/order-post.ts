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
/** When an order was sent last on its site's present link: `turn` counts up; past its time it is asked after again at `again` (ms since 1970), after `wait` ms. */
type Asked = { readonly turn: number; readonly again: number; readonly wait: number }

/** So long a gateway has to answer, ms; then it is asked again: one id is one order. */
const ANSWER_MS = 10_000
/** An order whose time is over is asked after ever more seldom, ms: it is not carried out any more, only what became of it is not known. */
const FIRST_WAIT_MS = 5_000
const LONGEST_WAIT_MS = 10 * 60_000
/** Orders that were kept long enough are thrown away so often, ms. */
const CLEAN_MS = 60 * 60_000
const NEVER: Asked = { turn: 0, again: 0, wait: 0 }

/** Takes orders to their gateways, again and again until each says what became of it: those of a site one after the other, and no site waits for another. */
export class OrderPost {
  readonly #parts: OrderPostParts
  /** What each site is sent next, as the last look found it. */
  #due: ReadonlyMap<string, KnownOrder[]> = new Map()
  readonly #busy = new Set<string>()
  readonly #asked = new Map<string, Map<string, Asked>>()
  #turn = 0
  #round: Promise<void> | null = null
  #again = false
  #cleanedAt = Number.NEGATIVE_INFINITY

  constructor(parts: OrderPostParts) {
    this.#parts = parts
    parts.links.onReady((site) => {
      // Over a new link all go again, in the order in which they were given.
      this.#asked.delete(site)
      void this.look()
    })
  }

  /** Keeps the order, and begins to send it. Rejects with Fault COMMAND_REFUSED where its id is another site's, or one of the store: then nobody hears of it. */
  async give(order: GivenOrder): Promise<KnownOrder> {
    const known = await this.#parts.book.give(order)
    if (known.site !== order.site)
      throw new Fault('COMMAND_REFUSED', {}, { says: 'This id was used for an order to another site; send a new id.' })
    void this.look()
    return known
  }

  /** Begins to send whatever is open; every few seconds, and whenever there is news. What fails now is sent with the next look. */
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
        await this.#begin()
        await this.#clean()
      } catch (cause) {
        return this.#waits(cause)
      }
    }
  }

  async #begin(): Promise<void> {
    const { book, links, clock } = this.#parts
    const open = Map.groupBy(await book.open(), ({ site }) => site)
    for (const site of this.#asked.keys()) if (!open.has(site)) this.#asked.delete(site)
    const now = clock.now()
    const due = new Map<string, KnownOrder[]>()
    for (const [site, orders] of open) {
      if (!links.takes(site, ORDER_KIND)) continue
      const asked = this.#askedOf(site, orders)
      const turnOf = ({ id }: KnownOrder): number => (asked.get(id) ?? NEVER).turn
      const next = orders.filter((one) => isDue(one, asked.get(one.id) ?? NEVER, now))
      // What was never sent over this link goes before what it did not answer.
      due.set(
        site,
        next.toSorted((a, b) => turnOf(a) - turnOf(b)),
      )
    }
    this.#due = due
    for (const site of due.keys()) if (!this.#busy.has(site)) void this.#serve(site)
  }

  /** What is known of these, and of no others of the site any more. */
  #askedOf(site: string, orders: readonly KnownOrder[]): Map<string, Asked> {
    const before = this.#asked.get(site)
    const asked = new Map(orders.flatMap(({ id }) => (before?.has(id) ? [[id, before.get(id) as Asked]] : [])))
    this.#asked.set(site, asked)
    return asked
  }

  /** Sends a site's orders while there are some, also those that come meanwhile. */
  async #serve(site: string): Promise<void> {
    this.#busy.add(site)
    try {
      for (;;) {
        const order = this.#due.get(site)?.shift()
        if (order === undefined || !this.#parts.links.takes(site, ORDER_KIND)) return
        await this.#send(order)
      }
    } catch (cause) {
      this.#waits(cause)
    } finally {
      this.#busy.delete(site)
    }
  }

  async #send({ id, site, expires, ...known }: KnownOrder): Promise<void> {
    const { book, links, clock } = this.#parts
    if (!(await book.sending(id))) return
    const remaining_ms = Date.parse(expires) - clock.now()
    this.#note(site, id, remaining_ms)
    const { given: _given, state: _state, says: _says, seq: _seq, ended: _ended, ...order } = known
    const body = { ...order, id, expires, remaining_ms }
    const answer = await links.request(site, ORDER_KIND, body as unknown as Json, ANSWER_MS)
    const told = answer?.ok ? outcomeToldOf(answer.body) : null
    if (told !== null) await book.heard(id, told)
  }

  #note(site: string, id: string, remaining_ms: number): void {
    const asked = this.#asked.get(site) ?? new Map<string, Asked>()
    const before = asked.get(id) ?? NEVER
    const wait = remaining_ms > 0 ? 0 : Math.min(Math.max(before.wait * 2, FIRST_WAIT_MS), LONGEST_WAIT_MS)
    asked.set(id, { turn: ++this.#turn, again: this.#parts.clock.now() + wait, wait })
    this.#asked.set(site, asked)
  }

  /** Now and then. */
  async #clean(): Promise<void> {
    const now = this.#parts.clock.now()
    if (Math.abs(now - this.#cleanedAt) < CLEAN_MS) return
    await this.#parts.book.clean()
    this.#cleanedAt = now
  }

  #waits(cause: unknown): void {
    this.#parts.log(`Orders wait: ${cause instanceof Error ? cause.message : String(cause)}`)
  }
}

/** Before its time is over always: the gateway may be ready by now. A clock that was set back makes nothing wait longer. */
const isDue = ({ expires }: KnownOrder, { again, wait }: Asked, now: number): boolean =>
  Date.parse(expires) > now || now >= again || again - now > wait
