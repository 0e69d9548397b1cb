import { acceptedInstead, type CallReading, readBootResult, readStartResult } from './frame-reading.ts'
import type { FrameHead } from './frame-scan.ts'
import { answerAway } from './local-answers.ts'
import type { QueuedMessage } from './queued-message.ts'
import type { UpwardParts } from './upward-path.ts'

/** So often without an answer in time, or answered with an error: given up, as a charge point does (TransactionMessageAttempts). */
export const MOST_FAILURES = 3
const AGAIN_MS = 1_000

/** Answers to what is kept: the back end's when they come, the relay's own while nobody is there. */
export class UpwardAnswers {
  readonly #parts: UpwardParts
  readonly #sendOn: () => void

  /** `sendOn` sends what waits. */
  constructor(parts: UpwardParts, sendOn: () => void) {
    this.#parts = parts
    this.#sendOn = sendOn
  }

  /** The back end has taken a message. */
  accepted(message: QueuedMessage, head: FrameHead, text: string, data: Buffer): void {
    const { queue, store, memory, order, chargePointId } = this.#parts
    const { reading } = message
    this.#learn(message, head, text)
    if (reading?.role === 'boot') {
      const interval_s = readBootResult(text, head)
      if (interval_s !== null) memory.booted(chargePointId, interval_s)
    }
    const waits = message.answer === null
    const liked = message.startId !== null && this.#parts.overridesRefusals ? acceptedInstead(text, head) : null
    const rest = (liked ?? text).slice(head.rest)
    if (waits) message.answer = rest
    queue.finish(message)
    if (!waits) return
    // What the back end says next must not overtake it while it waits for the disk.
    const place = order.keep()
    const deliver = (): void => this.#deliver(message, 3, rest, liked === null ? data : Buffer.from(liked))
    store.afterCommit(() => place(deliver))
  }

  /** What the back end says of a transaction of berth's. */
  #learn(message: QueuedMessage, head: FrameHead, text: string): void {
    const { ids, chargePointId, news } = this.#parts
    const { reading, startId, given } = message
    if (reading?.role !== 'start' && reading?.role !== 'event') return
    const { id, status } = readStartResult(text, head)
    if (given !== null && id !== null) ids.bind(chargePointId, given, id)
    // Told late, the charge point knows it by the number that it was given.
    if (given === null && reading.role === 'start' && id !== null) ids.reuse(chargePointId, id)
    if (startId === null) return
    if (reading.begins) {
      const upstreamTransactionId = id === null ? (reading.transaction?.value ?? '') : String(id)
      const transactionId = given === null ? upstreamTransactionId : String(given)
      news({ event: 'transaction.billed', chargePointId, startId, transactionId, upstreamTransactionId })
    }
    const heard = message.answer === null && !this.#parts.overridesRefusals
    if (status !== null && status !== 'Accepted')
      news({ event: 'alias.refused', chargePointId, startId, status, heard })
  }

  /** An error of the back end: the charge point's to hear, or (where it was answered already) a reason to try again. */
  refused(message: QueuedMessage, head: FrameHead, text: string, data: Buffer): void {
    const { queue, clock, order } = this.#parts
    if (message.answer === null) {
      queue.remove(message)
      return order.next(() => this.#deliver(message, 4, text.slice(head.rest), data))
    }
    if (message.kind === 'told') return queue.remove(message)
    message.failures += 1
    if (message.failures >= MOST_FAILURES) return this.giveUp(message, 'the back end answers it with an error')
    // Out of the line's reach until its pause is over; nothing overtakes it.
    message.sentOn = -1
    clock.after(AGAIN_MS * message.failures, () => {
      if (message.sentOn !== -1) return
      queue.takeBack()
      this.#sendOn()
    })
  }

  /** The back end does not take it: for a person to see. */
  giveUp(message: QueuedMessage, why: string): void {
    const { queue, counters, news, chargePointId } = this.#parts
    queue.remove(message)
    counters.add('given_up')
    news({ event: 'message.given-up', chargePointId, text: message.text, why })
  }

  /** Answers in the back end's absence, as far as that may be (local-answers.ts). */
  answerFor(message: QueuedMessage): void {
    const { clock, memory, ids, chargePointId, connection, queue, store, cardsHearError } = this.#parts
    const { reading, waiter } = message
    if (!reading || message.answer !== null || !waiter || waiter.connection !== connection()) return
    // Nobody is told to forget what is not safe here.
    if (message.kind === 'billed' && !message.durable) return
    const interval_s = memory.interval(chargePointId)
    const give = (): number => ids.give(chargePointId)
    const answer = answerAway(reading, {
      now: clock.now(),
      own: message.startId !== null,
      interval_s,
      cardsHearError,
      give,
    })
    if (!answer) return
    message.answer = answer.rest
    message.given = answer.given
    if (message.kind === 'passing') queue.remove(message)
    queue.save(message, true)
    store.afterCommit((durable) => {
      if (durable) return this.#deliver(message, answer.type, answer.rest, null)
      message.answer = null
      message.given = null
    })
  }

  /** Hands an answer to whoever waits for it: as it came (`data`), unless the charge point has asked again under another id. */
  #deliver(message: QueuedMessage, type: 3 | 4, rest: string, data: Buffer | null): void {
    const { connection, reply, counters } = this.#parts
    const { waiter, reading } = message
    // Asked again in the meantime, and answered by that.
    if (!waiter) return
    if (waiter.connection !== connection()) return counters.add('answers_dropped')
    message.answeredOn = waiter.connection
    message.waiter = null
    if (data === null) counters.add('answered_locally')
    const asCame = data !== null && waiter.idText === reading?.head.idText
    reply(asCame ? data : `[${type},${waiter.idText},${rest}`, data === null)
  }

  /** The charge point says something again: it is not said twice to the back end. */
  repeat(known: QueuedMessage, reading: CallReading, away: boolean): void {
    const { connection, counters } = this.#parts
    counters.add('repeats_held')
    known.waiter = { connection: connection(), idText: reading.head.idText, id: reading.head.id }
    if (known.answer !== null) {
      known.answeredOn = connection()
      known.waiter = null
      this.answer(reading, known.answer)
    } else if (away) this.answerFor(known)
  }

  /** Answers a call at once. */
  answer(reading: CallReading, rest: string): void {
    this.#parts.counters.add('answered_locally')
    this.#parts.reply(`[3,${reading.head.idText},${rest}`, true)
  }
}
