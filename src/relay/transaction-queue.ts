import { type CallReading, isBilled, readCallFrame } from './frame-reading.ts'
import { blank, contentOf, idGiven, isSample, type QueuedMessage } from './queued-message.ts'
import type { RelayCounters } from './relay-counters.ts'
import type { RelayStore } from './relay-store.ts'

const MOST_QUEUED = 10_000
const MOST_PASSING = 256
const CROWDED = 1_000
/** Answered messages that are remembered, in case the charge point did not hear the answer. More than a charge point has under way. */
const REMEMBERED = 8
/** So many more may pile up before they are deleted, all at once. */
const PRUNED = 32
const PASSING_MS = 20_000

type Fresh = Pick<QueuedMessage, 'kind' | 'reading' | 'text' | 'startId' | 'binary' | 'waiter' | 'late'>

/** What one charge point has to say to the back end and has not got an answer for, in order; durable but for what passes. */
export class TransactionQueue {
  readonly #chargePointId: string
  readonly #store: RelayStore
  readonly #counters: RelayCounters
  readonly #seqs: SeqSource
  readonly #insert
  readonly #update
  readonly #delete
  #unsent: QueuedMessage[] = []
  #sent: QueuedMessage[] = []
  #done: QueuedMessage[] = []
  readonly #forgotten = new Set<string>()
  readonly #byContent = new Map<string, QueuedMessage>()

  constructor(chargePointId: string, store: RelayStore, seqs: SeqSource, counters: RelayCounters) {
    this.#chargePointId = chargePointId
    this.#store = store
    this.#counters = counters
    this.#seqs = seqs
    this.#insert = store.prepare(
      'INSERT INTO message (seq, charge_point, text, start_id, answer, given, done, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    )
    this.#update = store.prepare('UPDATE message SET answer = ?, given = ?, done = ? WHERE seq = ?')
    this.#delete = store.prepare('DELETE FROM message WHERE seq = ?')
    const rows = store.prepare('SELECT * FROM message WHERE charge_point = ? ORDER BY seq')
    for (const row of rows.all(chargePointId)) this.#restore(row)
  }

  /** Waiting to be sent, in order. */
  get unsent(): readonly QueuedMessage[] {
    return this.#unsent
  }

  /** Sent and not answered, in order. */
  get sent(): readonly QueuedMessage[] {
    return this.#sent
  }

  /** More waits for the disk than a charge point says in one breath: it is not read from for a moment. */
  get crowded(): boolean {
    return this.#unsent.length > CROWDED && this.#unsent[0]?.late === false
  }

  /** Nothing waits, nothing is owed. */
  get idle(): boolean {
    return this.#unsent.length === 0 && this.#sent.length === 0
  }

  /** Puts a message last. Null where the queue is full: the charge point keeps it then. `written` follows with the commit. */
  add(fresh: Fresh, now: number): QueuedMessage | null {
    if (!this.#makeRoom(fresh)) return null
    const content = fresh.reading ? contentOf(fresh.text, fresh.reading) : ''
    const message: QueuedMessage = {
      ...blank(this.#seqs.next()),
      ...fresh,
      content,
      at: now,
      expires: now + PASSING_MS,
    }
    this.#unsent.push(message)
    if (fresh.kind === 'passing') Object.assign(message, { written: true, durable: false })
    else this.#write(message)
    return message
  }

  /** Takes an older status with the same mark out, and answers it: only the newest counts. */
  supersede(mark: string): QueuedMessage | null {
    const older = this.#unsent.find((m) => m.kind === 'told' && m.reading?.mark === mark) ?? null
    if (older) this.remove(older)
    return older
  }

  /** A message that the charge point has said before, word for word, on another connection or while it could not be sent; null for news. */
  repeatOf(text: string, reading: CallReading, connection: number): QueuedMessage | null {
    const known = this.#byContent.get(contentOf(text, reading))
    if (!known) return null
    const isAnswered = known.answeredOn === connection || (known.waiter?.connection === connection && !known.late)
    if (known.done) return isAnswered ? null : known
    return known.late || known.waiter?.connection !== connection ? known : null
  }

  /**
   * A charge point of 1.6 says that this transaction is over, so it has heard the answer to its start: what equals that start from now on is
   * another one, whatever its clock says. Answers the starts of berth's that it ends.
   */
  ended(transactionId: string): readonly string[] {
    const begun = [...this.#byContent.values()].filter((m) => idGiven(m) === transactionId)
    for (const message of begun) this.#unlearn(message)
    return begun.flatMap(({ startId }) => startId ?? [])
  }

  /** It has left on this upstream connection. A passing one is forgotten. */
  left(message: QueuedMessage, epoch: number): void {
    without(this.#unsent, message)
    if (message.kind === 'passing') return
    message.sentOn = epoch
    message.attempts += 1
    this.#sent.push(message)
  }

  /** The oldest message with this id that waits for an answer on this upstream connection. */
  awaiting(id: string, epoch: number): QueuedMessage | null {
    return this.#sent.find((m) => m.sentOn === epoch && m.reading?.head.id === id) ?? null
  }

  /** What was sent and not answered must be sent again, before everything else and in the old order. */
  takeBack(): void {
    const again = this.#sent.map((m) => Object.assign(m, { sentOn: 0, late: true }))
    this.#sent = []
    this.#unsent = [...again, ...this.#unsent].sort((a, b) => a.seq - b.seq)
    for (const message of this.#unsent) message.late = true
  }

  /** The back end has answered: remembered for a while, in case the charge point says it again. */
  finish(message: QueuedMessage): void {
    message.done = true
    without(this.#sent, message)
    // What a charge point has said twice on one connection is answered by either answer.
    if (message.kind === 'billed' && this.#byContent.get(message.content) !== message)
      for (const twin of this.#sent.filter((m) => m.content === message.content)) this.remove(twin)
    if (this.#isForgotten(message)) this.#store.forgetSoon()
    if (message.kind !== 'billed' || this.#isForgotten(message)) return this.#forget(message)
    // That a sample was answered is remembered here alone, and a kill may have it said twice; of a start or a stop it never does.
    if (isSample(message)) this.#forgetSample(message)
    else this.save(message)
    this.#done.push(message)
    if (this.#done.length >= REMEMBERED + PRUNED) this.#prune()
  }

  /** Of many that are paid one after the other none is paid twice; of those that come now and then one may be. */
  #forgetSample({ seq, late }: QueuedMessage): void {
    const work = (): void => void this.#delete.run(seq)
    if (late) this.#store.write(work)
    else this.#store.writeLater(work)
  }

  /** Somebody asked to be forgotten: what is done and bears this text goes now, what is owed when it is done. */
  forgetText(text: string): void {
    this.#forgotten.add(JSON.stringify(text))
    for (const message of this.#done.filter((m) => this.#isForgotten(m))) {
      this.#unlearn(message)
      this.#delete.run(message.seq)
    }
    this.#done = this.#done.filter((m) => !this.#isForgotten(m))
  }

  #isForgotten({ text }: QueuedMessage): boolean {
    return [...this.#forgotten].some((one) => text.includes(one))
  }

  /** Takes a message out for good. */
  remove(message: QueuedMessage): void {
    without(this.#sent, message)
    without(this.#unsent, message)
    this.#forget(message)
  }

  /** Writes down how it was answered; `sync` where the charge point is about to be told to forget it. */
  save(message: QueuedMessage, sync = false): void {
    if (message.kind === 'passing') return
    this.#store.write(() => this.#saved(message), sync)
  }

  #saved({ answer, given, done, seq }: QueuedMessage): void {
    this.#update.run(answer, given, done ? 1 : 0, seq)
  }

  /** Drops what passes and has waited too long, or whose socket is gone. */
  dropPassing(stays: (message: QueuedMessage) => boolean): void {
    const before = this.#unsent.length
    this.#unsent = this.#unsent.filter((m) => m.kind !== 'passing' || stays(m))
    this.#counters.add('passing_dropped', before - this.#unsent.length)
  }

  /** What was answered before this moment (ms since 1970) is remembered no longer: no charge point asks for it again. */
  forgetBefore(moment: number): void {
    const young = this.#done.findIndex(({ at }) => at >= moment)
    this.#drop(this.#done.splice(0, young < 0 ? this.#done.length : young))
  }

  #prune(): void {
    this.#drop(this.#done.splice(0, this.#done.length - REMEMBERED))
  }

  #drop(old: readonly QueuedMessage[]): void {
    if (old.length === 0) return
    for (const message of old) this.#unlearn(message)
    const kept = old.filter((message) => !isSample(message))
    if (kept.length === 0) return
    this.#store.writeLater(() => {
      for (const { seq } of kept) this.#delete.run(seq)
    })
  }

  #makeRoom(fresh: Fresh): boolean {
    if (fresh.kind === 'passing') {
      // What only waits for this turn's commit is gone in a moment.
      if (!fresh.late) return true
      const passing = this.#unsent.filter((m) => m.kind === 'passing')
      const oldest = passing.length >= MOST_PASSING ? passing[0] : undefined
      if (oldest) this.dropPassing((m) => m !== oldest)
      return true
    }
    if (this.#unsent.length + this.#sent.length < MOST_QUEUED) return true
    // A sample between two others is worth least, most of all one that the back end has had; a start or a stop is never given up for it.
    const isLeast = (m: QueuedMessage): boolean => m.kind === 'told' || isSample(m)
    const least = this.#sent.find(isLeast) ?? this.#unsent.find(isLeast)
    if (least) this.remove(least)
    this.#counters.add('queue_dropped')
    return least !== undefined
  }

  #write(message: QueuedMessage): void {
    if (message.kind === 'billed') this.#byContent.set(message.content, message)
    const { seq, text, startId, at } = message
    this.#store.write(() => {
      const { answer, given, done } = message
      this.#insert.run(seq, this.#chargePointId, text, startId, answer, given, done ? 1 : 0, at)
    })
    this.#store.afterCommit((durable) => Object.assign(message, { written: true, durable }))
  }

  #unlearn(message: QueuedMessage): void {
    if (this.#byContent.get(message.content) === message) this.#byContent.delete(message.content)
  }

  #forget(message: QueuedMessage): void {
    this.#unlearn(message)
    if (message.kind !== 'passing') this.#store.write(() => void this.#delete.run(message.seq))
  }

  #restore(row: { readonly [column: string]: unknown }): void {
    const text = String(row['text'])
    const reading = readCallFrame(text)
    const seq = Number(row['seq'])
    this.#seqs.seen(seq)
    const billed = reading !== null && isBilled(reading)
    const message: QueuedMessage = {
      ...blank(seq),
      kind: billed ? 'billed' : 'told',
      reading,
      text,
      content: reading ? contentOf(text, reading) : '',
      startId: row['start_id'] === null ? null : String(row['start_id']),
      answer: row['answer'] === null ? null : String(row['answer']),
      given: row['given'] === null ? null : Number(row['given']),
      done: row['done'] === 1,
      at: Number(row['at']),
      written: true,
      durable: true,
      late: true,
      expires: Number.POSITIVE_INFINITY,
    }
    if (billed) this.#byContent.set(message.content, message)
    if (reading?.role === 'stop' && reading.transaction) this.ended(reading.transaction.value)
    if (message.done) this.#done.push(message)
    else this.#unsent.push(message)
  }
}

/** Takes one out, which mostly stands first. */
function without(list: QueuedMessage[], message: QueuedMessage): void {
  const place = list.indexOf(message)
  if (place === 0) list.shift()
  else if (place > 0) list.splice(place, 1)
}

/** Numbers for all queues of one relay, larger than every one in its file. */
export class SeqSource {
  #last = 0

  seen(seq: number): void {
    this.#last = Math.max(this.#last, seq)
  }

  next(): number {
    this.#last += 1
    return this.#last
  }
}
