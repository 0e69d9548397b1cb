import type { Clock } from '../../actors/ports.ts'
import type { ChargePointMemory } from './charge-point-memory.ts'
import { untilAnswered } from './debt-rest.ts'
import type { DownOrder } from './down-order.ts'
import { FlyingCalls } from './flying-calls.ts'
import { type CallReading, readBootResult, readCallFrame } from './frame-reading.ts'
import type { FrameHead } from './frame-scan.ts'
import type { IdMap } from './id-map.ts'
import type { QueuedMessage } from './queued-message.ts'
import type { RelayCounters } from './relay-counters.ts'
import type { RelayNews } from './relay-news.ts'
import type { RelayStore } from './relay-store.ts'
import type { TokenTable } from './token-table.ts'
import { type Ruling, TransactionGate } from './transaction-gate.ts'
import type { TransactionPayers } from './transaction-payers.ts'
import type { TransactionQueue } from './transaction-queue.ts'
import { isJson, upstreamText } from './upstream-text.ts'
import { MOST_FAILURES, UpwardAnswers } from './upward-answers.ts'

export type UpwardParts = {
  readonly chargePointId: string
  readonly clock: Clock
  readonly store: RelayStore
  readonly tokens: TokenTable
  readonly ids: IdMap
  readonly payers: TransactionPayers
  readonly memory: ChargePointMemory
  readonly queue: TransactionQueue
  readonly counters: RelayCounters
  readonly news: (news: RelayNews) => void
  /** The upstream connection, 0 while there is none. */
  readonly epoch: () => number
  /** False where the line is down. */
  readonly send: (data: string | Buffer, isText: boolean) => boolean
  /** Treats the line as lost: it will be dialled again. */
  readonly hangUp: () => void
  /** The charge point's connection, 0 while there is none. */
  readonly connection: () => number
  /** When that was made, ms since 1970. */
  readonly since: () => number
  readonly reply: (data: string | Buffer, local: boolean) => void
  /** The order of what the back end says. */
  readonly order: DownOrder
  /** How long the back end may be gone before its absence is answered for, ms. */
  readonly patience_ms: number
  /** How long it may think about a message that is sent again, ms. */
  readonly answerWithin_ms: number
  /** The back end's no to an alias does not reach the charge point. */
  readonly overridesRefusals: boolean
  /** In the back end's absence an Authorize of a card hears an error, not nothing. */
  readonly cardsHearError: boolean
  /** OCPP 2's type of the aliases. */
  readonly aliasType: string
}

/** Everything that a charge point calls on its way to the back end: in order, once, with the alias; kept while nobody is there. */
export class UpwardPath {
  readonly #parts: UpwardParts
  readonly #answers: UpwardAnswers
  readonly #gate: TransactionGate
  readonly #flying = new FlyingCalls()
  #away = false
  #resting = false
  #disarmAway: () => void = () => undefined
  #disarmAnswer: () => void = () => undefined

  constructor(parts: UpwardParts) {
    this.#parts = parts
    this.#answers = new UpwardAnswers(parts, () => this.#pump())
    this.#gate = new TransactionGate({
      ...parts,
      ended: (id) => parts.queue.ended(id),
      give: () => parts.ids.give(parts.chargePointId),
      isRepeat: (text, reading) => parts.queue.repeatOf(text, reading, parts.connection()) !== null,
    })
  }

  get idle(): boolean {
    return this.#parts.queue.idle
  }

  /** The charge point waits for nothing that the back end has to say. */
  get quiet(): boolean {
    return this.idle && !this.#flying.awaited(this.#parts.clock.now())
  }

  /** A call of the charge point: answered here, kept, or sent up as `data`. Answers what goes up where that differs. */
  call(text: string, data: Buffer, reading: CallReading): string | null {
    const ruling = this.#gate.rule(text, reading)
    switch (ruling.kind) {
      case 'answered':
        if (ruling.asked) this.#parts.counters.add('tokens_answered')
        this.#answers.answer(reading, ruling.rest)
        return null
      case 'told':
        this.#told(text, data, reading)
        return null
      case 'refused':
        this.#refuse(reading, ruling)
        return ruling.upward
      case 'billed':
        if (ruling.released !== null) this.#owe(ruling.released, '{}]')
        this.#billed(ruling.text, ruling.reading, ruling.startId)
        return ruling.text === text ? null : ruling.text
    }
  }

  /** Any other frame: on its way at once, or behind what waits. */
  pass(data: Buffer, isText: boolean): void {
    const { send, queue } = this.#parts
    if (this.#clear() && send(data, isText)) return
    this.#keep({ kind: 'passing', reading: null, text: isText ? data.toString() : '', binary: isText ? null : data })
    if (queue.unsent.length > 0) this.#pump()
  }

  /** The upstream line is there. */
  opened(): void {
    this.#away = false
    this.#resting = false
    this.#disarmAway()
    this.#pump()
  }

  /** The upstream line is gone, or has never been there: answers for it after a while. */
  lost(): void {
    const { queue, clock, patience_ms } = this.#parts
    this.#disarmAnswer()
    queue.takeBack()
    this.#fetchBack()
    this.#disarmAway()
    this.#disarmAway = clock.after(patience_ms, () => this.declareAway())
  }

  /** Sends nothing more on this line, and waits a while for the answer to what was sent: on the next line it would be said again. */
  restDebts(): Promise<void> {
    this.#resting = true
    return untilAnswered(this.#parts)
  }

  /** Nobody is there: what waits is answered for as far as it may be. */
  declareAway(): void {
    this.#disarmAway()
    if (this.#parts.epoch() > 0) return
    this.#away = true
    for (const message of [...this.#parts.queue.unsent]) this.#answers.answerFor(message)
  }

  /** The charge point's socket is gone. */
  chargePointGone(): void {
    this.#flying.fetch()
    this.#parts.queue.dropPassing(() => false)
    this.#watchDebts()
  }

  close(): void {
    this.#disarmAway()
    this.#disarmAnswer()
  }

  /** A result or error of the back end. False where it answers nothing that is kept here: it is forwarded then. */
  answered(head: FrameHead, text: string, data: Buffer): boolean {
    const { queue, epoch, memory, chargePointId } = this.#parts
    const flown = this.#flying.landed(head.id)
    if (flown?.role === 'boot') {
      const interval_s = readBootResult(text, head)
      if (interval_s !== null) memory.booted(chargePointId, interval_s)
    }
    const message = queue.awaiting(head.id, epoch())
    if (!message) return false
    this.#disarmAnswer()
    if (head.type === 3) this.#answers.accepted(message, head, text, data)
    else this.#answers.refused(message, head, text, data)
    this.#pump()
    this.#watchDebts()
    return true
  }

  #billed(text: string, reading: CallReading, startId: string | null): void {
    const { queue, connection, store, counters } = this.#parts
    const known = queue.repeatOf(text, reading, connection())
    if (known) return this.#answers.repeat(known, reading, this.#away)
    if (startId !== null) counters.add('frames_rewritten')
    const message = this.#keep({ kind: 'billed', reading, text, startId })
    if (message) store.afterCommit(() => this.#written(message))
  }

  /** A call of no transaction: passed on, or kept where it may be told later. */
  #told(text: string, data: Buffer, reading: CallReading): void {
    const { queue, send, store, epoch, memory, chargePointId } = this.#parts
    if (this.#clear() && queue.awaiting(reading.head.id, epoch()) === null) {
      this.#flying.left(text, reading, this.#parts.clock.now())
      if (send(data, true)) return
    }
    const tellable =
      ['status', 'notice', 'meter'].includes(reading.role) ||
      (reading.role === 'boot' && memory.interval(chargePointId) !== null)
    const later = tellable && epoch() === 0
    const older = later && reading.mark !== null ? queue.supersede(reading.mark) : null
    if (older) this.#answers.answerFor(older)
    const message = this.#keep({ kind: later ? 'told' : 'passing', reading, text })
    if (message) store.afterCommit(() => this.#written(message))
  }

  /** Without us the charge point would see its socket go; so it waits, and what it waits for is asked again. */
  #fetchBack(): void {
    for (const call of this.#flying.fetch()) this.#told(call.text, Buffer.from(call.text), call)
  }

  #written(message: QueuedMessage): void {
    this.#pump()
    if (this.#away) this.#answers.answerFor(message)
  }

  #keep(what: Partial<QueuedMessage> & Pick<QueuedMessage, 'kind' | 'reading' | 'text'>): QueuedMessage | null {
    const { queue, clock, connection, epoch } = this.#parts
    const { head } = what.reading ?? {}
    const waiter = { connection: connection(), idText: head?.idText ?? '', id: head?.id ?? '' }
    // What comes while something waits has to wait as well.
    const late = epoch() === 0 || (queue.unsent[0]?.late ?? queue.sent[0]?.late ?? false)
    return queue.add({ startId: null, binary: null, ...what, waiter, late }, clock.now())
  }

  /** No to the charge point, and a word to the logic. */
  #refuse(
    reading: CallReading,
    { startId, transactionId, rest, upward, again }: Extract<Ruling, { kind: 'refused' }>,
  ): void {
    const { chargePointId, store, counters, news } = this.#parts
    if (!again) {
      counters.add('starts_unbilled')
      news({ event: 'start.unbilled', chargePointId, startId, transactionId })
    }
    if (upward !== null) this.#owe(upward, rest)
    store.afterCommit(() => this.#answers.answer(reading, rest))
  }

  /** What the back end is told although the charge point has its answer (`rest`) from here. */
  #owe(text: string, rest: string): void {
    const reading = readCallFrame(text)
    if (!reading || this.#parts.queue.repeatOf(text, reading, this.#parts.connection())) return
    const message = this.#keep({ kind: 'billed', reading, text })
    if (!message) return
    Object.assign(message, { answer: rest, waiter: null, answeredOn: this.#parts.connection() })
    this.#parts.store.afterCommit(() => this.#written(message))
  }

  /** Frames of no transaction may go now: nothing stands before them but what is sent one by one. */
  #clear(): boolean {
    const { queue, epoch } = this.#parts
    if (epoch() === 0) return false
    const first = queue.unsent[0]
    return first === undefined || (first.late && queue.unsent.every((m) => m.kind === 'billed'))
  }

  #pump(): void {
    const { queue, epoch, send, connection, clock } = this.#parts
    for (let next = queue.unsent[0]; next?.written && epoch() > 0 && !this.#resting; next = queue.unsent[0]) {
      if (next.kind === 'passing') {
        queue.left(next, epoch())
        const stale = next.waiter?.connection !== connection() || clock.now() > next.expires
        if (next.reading) this.#flying.left(next.text, next.reading, clock.now())
        if (!stale) send(next.binary ?? next.text, next.binary === null)
        continue
      }
      // Late ones are sent alone, so that the first tells for all.
      if (queue.sent[0] && (next.late || queue.sent[0].late)) return
      this.#sendKept(next)
    }
  }

  #sendKept(message: QueuedMessage): void {
    const { queue, epoch, send, counters } = this.#parts
    const text = upstreamText(message, this.#parts.chargePointId, this.#parts.ids)
    if (text === null) return this.#answers.giveUp(message, 'its transaction was never begun at the back end')
    // It has been passed on once, as it would have been without us; no back end will ever answer it.
    if (message.attempts > 0 && !isJson(text)) return this.#answers.giveUp(message, 'it is no JSON')
    if (message.failures >= MOST_FAILURES) return this.#answers.giveUp(message, 'the back end does not answer it')
    if (message.attempts > 0) counters.add('sent_again')
    queue.left(message, epoch())
    send(text, true)
    if (!message.late) return
    this.#awaitAnswer()
  }

  /** A charge point would ask again by itself; what nobody else will repeat is ours to repeat, on a new line. */
  #awaitAnswer(): void {
    const { clock, answerWithin_ms, hangUp, queue } = this.#parts
    this.#disarmAnswer()
    this.#disarmAnswer = clock.after(answerWithin_ms, () => {
      for (const message of queue.sent) message.failures += 1
      hangUp()
    })
  }

  /** The charge point has left; what it was not answered must not keep its line open for ever. */
  #watchDebts(): void {
    const { connection, queue, epoch } = this.#parts
    if (connection() === 0 && epoch() > 0 && queue.sent.length > 0) this.#awaitAnswer()
  }
}
