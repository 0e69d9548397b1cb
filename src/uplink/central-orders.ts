import type { Clock, Scribe } from '../../actors/ports.ts'
import { memory } from '../../actors/record-memory.ts'
import type { Json } from '../../machines/events.ts'
import { Fault } from '../../machines/faults.ts'
import type { FactRecord } from '../../machines/record.ts'
import { keepNewest } from '../newest-kept.ts'
import type { OrderDesk } from '../order-desk.ts'
import { reasonOf } from '../order-reading.ts'
import type { Caller, CommandAnswer, ReviewAnswer, SiteDesk } from '../site-desk.ts'
import {
  type CentralOrder,
  type CentralOrderType,
  type CentralOutcome,
  centralOrderOf,
  PREFIX,
} from './central-order.ts'
import { demandOrder } from './central-rights.ts'
import { sentAt, tooLate } from './order-life.ts'

/** The site whose orders these are. What people at its centre may order is in `file.centre.orders`; empty = nothing. */
type OrderedSite = {
  readonly file: { readonly centre: { readonly orders: readonly CentralOrderType[] } | null }
  readonly desk: Pick<SiteDesk, 'command' | 'reviews' | 'automaticStarts' | 'plateOf'> & {
    readonly orders: Pick<OrderDesk, 'waiting' | 'expire'>
  }
  readonly site: Scribe
}

/** In a cause: whose. */
const isCentral = (name: Json | undefined): boolean => typeof name === 'string' && name.startsWith(PREFIX)

/**
 * Orders of people at the centre, carried out by the very desk that takes those of people at the site, and each turned into a fact: what was
 * done is the bay's own record (`by: centre:NAME`); that it was refused, or came too late, is a record too (`centre.answered`). One id is one
 * order, also after a restart: what became of it is known by the records.
 */
export class CentralOrders {
  readonly #room: OrderedSite
  readonly #clock: Pick<Clock, 'now'>
  /** What became of the newest orders, by id. */
  readonly #ended = new Map<string, CentralOutcome>()
  readonly #inWork = new Map<string, Promise<CentralOutcome>>()
  /** What is remembered by records alone. */
  readonly memory = memory({ ended: this.#ended })

  constructor(room: OrderedSite, clock: Pick<Clock, 'now'>) {
    this.#room = room
    this.#clock = clock
  }

  /** Takes in one record, at rebuild and after commits. */
  hear({ cause, seq }: FactRecord): void {
    const { type, id, by, asked } = cause
    if (typeof id !== 'string') return
    if (type === 'order.withdrawn' && isCentral(asked)) keepNewest(this.#ended, id, withdrawnBy(cause, seq))
    if (!isCentral(by)) return
    if (type === 'centre.answered') {
      const outcome = cause['outcome'] === 'expired' ? 'expired' : 'refused'
      keepNewest(this.#ended, id, { outcome, says: String(cause['why']), seq })
    } else if (type === 'operator.commanded' || type === 'review.answered' || type === 'switch.ordered')
      keepNewest(this.#ended, id, { outcome: 'done', seq })
  }

  /** What becomes of an order as it came over the link: durable when it resolves. Rejects with Fault STORE_UNWRITABLE, where the same may come again. */
  async obey(body: Json): Promise<CentralOutcome> {
    const order = centralOrderOf(body)
    if (typeof order === 'string')
      return { outcome: 'refused', says: `This gateway cannot read the order: ${order}.`, seq: null }
    const known = this.#ended.get(order.id) ?? this.#inWork.get(order.id)
    if (known !== undefined) return known
    const deciding = this.#decide(order).finally(() => this.#inWork.delete(order.id))
    this.#inWork.set(order.id, deciding)
    return deciding
  }

  async #decide(order: CentralOrder): Promise<CentralOutcome> {
    const late = tooLate(order, this.#clock.now())
    if (late !== null) {
      const waiting = this.#room.desk.orders.waiting().find(({ id }) => id === order.id)
      // Only the way was long, or this clock is ahead: by this clock, which ends it in time, somebody may still agree.
      if (waiting && late.outcome === 'refused' && this.#clock.now() >= sentAt(order))
        return { outcome: 'asked', until: waiting.until }
      // Whoever is to agree has no longer than the order, by either clock: it ends now, on record.
      await this.#room.desk.orders.expire(order.id)
      return this.#ended.get(order.id) ?? this.#end(order, late.outcome, late.says)
    }
    const no = this.#forbidden(order)
    if (no !== null) return this.#end(order, 'refused', no)
    const answer = await this.#carryOut(order)
    if (typeof answer === 'string') return this.#end(order, 'refused', answer)
    switch (answer.outcome) {
      case 'done':
        return { outcome: 'done', seq: answer.seq }
      case 'second-person':
        return { outcome: 'asked', until: answer.until }
      case 'refused':
        return this.#end(order, 'refused', answer.why)
      case 'conflict':
      case 'newer-zones':
        return this.#end(order, 'refused', 'The bay changed meanwhile; look at it again and decide again.')
      case 'held':
        return this.#end(order, 'refused', `${answer.by} is at this review at the site; take another, or wait.`)
      case 'unknown-bay':
        return this.#end(order, 'refused', `This site has no bay ${order.bayId}.`)
    }
  }

  #forbidden({ type, by, role }: CentralOrder): string | null {
    if (this.#room.file.centre?.orders.includes(type) !== true)
      return `This site does not let its centre order \`${type}\`; its operator says so in \`centre.orders\` of the site file.`
    try {
      demandOrder({ name: by, role }, type)
      return null
    } catch (fault) {
      if (fault instanceof Fault) return fault.message
      throw fault
    }
  }

  /** A sentence where it cannot be. */
  async #carryOut(order: CentralOrder): Promise<CommandAnswer | string> {
    const { id, type, bayId = '', reason, expectVersion, accountId, level, on = false } = order
    const desk = this.#room.desk
    const by: Caller = { name: `${PREFIX}${order.by}`, role: order.role, isCentral: true }
    const why = reason === undefined ? {} : { reason }
    if (type === 'answer-review') return this.#review(order, by)
    if (type === 'automatic-starts') return desk.automaticStarts.order({ id, type, on, ...why }, by)
    return desk.command(
      bayId,
      {
        ...{ id, type, ...why, notAfter: Date.parse(order.expires) },
        ...(expectVersion === undefined ? {} : { expectVersion }),
        ...(accountId === undefined ? {} : { accountId }),
        ...(level === undefined ? {} : { level }),
      },
      by,
    )
  }

  async #review(
    { id, reviewId = '', verdict, handle = '' }: CentralOrder,
    by: Caller,
  ): Promise<CommandAnswer | string> {
    const { desk } = this.#room
    const { reviews } = desk
    const review = reviews.all().find((one) => one.reviewId === reviewId)
    if (review === undefined) return 'This review is closed at the site, or never was.'
    if (review.blind || review.bays !== undefined) return 'Only people at the site can answer this review.'
    const answer = (told: ReviewAnswer) => reviews.answer(reviewId, { ...told, order: id }, by)
    if (verdict === 'unreadable') return answer({ unreadable: true })
    if (verdict === 'not-a-plate') return answer({ notAPlate: true })
    const plate = review.candidates.some((one) => one.plate === handle) ? desk.plateOf(handle) : null
    return plate === null ? `${handle} is no candidate of this review that the site still knows.` : answer({ plate })
  }

  /** Nothing was done, and why, on record. */
  async #end(order: CentralOrder, outcome: 'refused' | 'expired', says: string): Promise<CentralOutcome> {
    const { id, type, by, bayId = null, reviewId = null, reason } = order
    const cause = {
      ...{ type: 'centre.answered', id, source: 'operator', command: type, bayId, review: reviewId },
      ...{ by: `${PREFIX}${by}`, reason: reasonOf(reason), outcome, why: says },
    }
    const [record] = await this.#room.site.write([{ stream: 'audit', cause, decisions: [], personal: {} }])
    return { outcome, says, seq: record?.seq ?? null }
  }
}

function withdrawnBy({ why, by }: FactRecord['cause'], seq: number): CentralOutcome {
  if (why === 'time-over') return { outcome: 'expired', says: 'Nobody at the site agreed to it in time.', seq }
  const says =
    why === 'bay-changed'
      ? 'The bay changed before somebody at the site agreed to it.'
      : why === 'payer-changed'
        ? 'Somebody else would have paid by the time that it was agreed to.'
        : `${String(by)} took it back at the site.`
  return { outcome: 'refused', says, seq }
}
