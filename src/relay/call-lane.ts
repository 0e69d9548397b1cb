import type { Clock } from '../../actors/ports.ts'
import type { RelayCounters } from './relay-counters.ts'

/** A call of berth's own. Times in ms since 1970 and ms. */
export type OwnCall = {
  readonly id: string
  readonly action: string
  readonly payload: object
  readonly deadline: number
  readonly answerWithin_ms: number
  /** Called when its turn has come: it leaves after `letGo`. Absent = it leaves by itself. */
  readonly ask?: () => void
}

/** How a call of berth's own ended. `silent`: sent, outcome unknown; `never`: the charge point has not got it. */
export type OwnOutcome =
  | { readonly kind: 'answer'; readonly text: string }
  | { readonly kind: 'silent'; readonly why: string }
  | { readonly kind: 'never'; readonly why: 'offline' | 'expired' | 'withdrawn' }

/** A call that waits for its turn towards a charge point. */
type Waiting = {
  readonly id: string
  readonly data: string | Buffer
  /** The upstream connection that asks; 0 = berth itself. */
  readonly epoch: number
  /** Never sent after this, ms since 1970. */
  readonly deadline: number
  readonly answerWithin_ms: number
  readonly end: (outcome: OwnOutcome) => void
  readonly ask?: () => void
  disarm: () => void
}

/** Whose answer a charge point's result is. `foreign`: of no call that went through here. */
export type Asker = 'own' | 'upstream' | 'former-upstream' | 'foreign'

/** Seconds that a charge point has for an answer before the next call goes out. */
const ANSWER_MS = 30_000
/** Whoever is asked whether a call may still leave keeps the line for so long at most. */
const ASKED_MS = 2_000
const MOST_WAITING = 256
const MOST_WAITING_BYTES = 4 * 1024 * 1024
/** Calls whose asker is remembered, for answers that come late. */
const MOST_ASKED = 512

/** Calls towards one charge point, berth's own and the back end's in one line: one is outstanding, the others wait in order. */
export class CallLane {
  readonly #clock: Clock
  readonly #counters: RelayCounters
  readonly #prefix: string
  readonly #send: (data: string | Buffer) => boolean
  #waiting: Waiting[] = []
  #outstanding: Waiting | null = null
  /** Its turn has come, and whether it may still leave is asked. */
  #asking: Waiting | null = null
  readonly #asked = new Map<string, number>()

  /** `prefix` is what ids of berth's own calls begin with; `send` is false where the charge point is not there. */
  constructor(clock: Clock, counters: RelayCounters, prefix: string, send: (data: string | Buffer) => boolean) {
    this.#clock = clock
    this.#counters = counters
    this.#prefix = prefix
    this.#send = send
  }

  /** A call of berth's own. */
  placeOwn(call: Omit<Waiting, 'epoch' | 'disarm'>): void {
    const waiting: Waiting = { ...call, epoch: 0, disarm: () => undefined }
    waiting.disarm = this.#clock.after(Math.max(0, call.deadline - this.#clock.now()), () =>
      this.withdraw(call.id, 'expired'),
    )
    this.#waiting.push(waiting)
    this.#pump()
  }

  /** A call of the back end; false where too many wait. */
  placeUpstream(id: string, data: string | Buffer, epoch: number): boolean {
    if (this.#waiting.length >= MOST_WAITING) return false
    const bytes = this.#waiting.reduce((sum, { data: other }) => sum + other.length, 0)
    if (this.#waiting.length > 0 && bytes + data.length > MOST_WAITING_BYTES) return false
    const deadline = Number.POSITIVE_INFINITY
    this.#waiting.push({
      id,
      data,
      epoch,
      deadline,
      answerWithin_ms: ANSWER_MS,
      end: () => undefined,
      disarm: () => undefined,
    })
    this.#pump()
    return true
  }

  /** The answer to `ask`: the call leaves, or is taken back. Nothing where it is not asked for any more. */
  letGo(id: string, may: boolean, why: 'expired' | 'withdrawn' = 'withdrawn'): void {
    const call = this.#asking
    if (call?.id !== id) return
    this.#asking = null
    call.disarm()
    if (may && this.#clock.now() <= call.deadline) this.#go(call)
    else call.end({ kind: 'never', why: may ? 'expired' : why })
    this.#pump()
  }

  /** Takes an own call back. True when it had not left. */
  withdraw(id: string, why: 'expired' | 'withdrawn' = 'withdrawn'): boolean {
    if (this.#asking?.id === id) {
      this.letGo(id, false, why)
      return true
    }
    const call = this.#waiting.find((w) => w.epoch === 0 && w.id === id)
    if (!call) return false
    this.#waiting = this.#waiting.filter((w) => w !== call)
    call.disarm()
    call.end({ kind: 'never', why })
    return true
  }

  /** An answer came from the charge point: whose is it? Frees the line where it is the one that was waited for. */
  settle(id: string, text: string, upstreamEpoch: number): Asker {
    const current = this.#outstanding
    if (current?.id === id) {
      this.#outstanding = null
      current.disarm()
      if (current.epoch === 0) current.end({ kind: 'answer', text })
      queueMicrotask(() => this.#pump())
    } else if (id.startsWith(this.#prefix)) this.#counters.add('calls_own_late')
    if (id.startsWith(this.#prefix)) return 'own'
    const epoch = this.#asked.get(id)
    this.#asked.delete(id)
    if (epoch === undefined) return 'foreign'
    return epoch === upstreamEpoch ? 'upstream' : 'former-upstream'
  }

  /** The back end's connection is gone: what it asked and has not left is not asked any more. */
  dropUpstream(): void {
    this.#waiting = this.#waiting.filter((w) => w.epoch === 0)
  }

  /** The charge point is gone. */
  dropAll(): void {
    const sent = this.#outstanding
    const waiting = this.#asking ? [this.#asking, ...this.#waiting] : this.#waiting
    this.#asking = null
    this.#outstanding = null
    this.#waiting = []
    this.#asked.clear()
    sent?.disarm()
    sent?.end({ kind: 'silent', why: 'the connection was lost' })
    for (const call of waiting) {
      call.disarm()
      call.end({ kind: 'never', why: 'offline' })
    }
  }

  #pump(): void {
    while (!this.#outstanding && !this.#asking) {
      const next = this.#waiting.shift()
      if (!next) return
      next.disarm()
      if (this.#clock.now() > next.deadline) next.end({ kind: 'never', why: 'expired' })
      else if (next.ask) this.#ask(next, next.ask)
      else this.#go(next)
    }
  }

  #ask(call: Waiting, ask: () => void): void {
    this.#asking = call
    call.disarm = this.#clock.after(ASKED_MS, () => this.letGo(call.id, false, 'expired'))
    ask()
  }

  #go(call: Waiting): void {
    this.#outstanding = call
    if (call.epoch > 0) this.#remember(call.id, call.epoch)
    call.disarm = this.#clock.after(call.answerWithin_ms, () => {
      if (this.#outstanding !== call) return
      this.#outstanding = null
      call.end({ kind: 'silent', why: 'no answer in time' })
      this.#pump()
    })
    if (this.#send(call.data)) return
    call.disarm()
    this.#outstanding = null
    call.end({ kind: 'never', why: 'offline' })
  }

  #remember(id: string, epoch: number): void {
    this.#asked.delete(id)
    this.#asked.set(id, epoch)
    const oldest = this.#asked.keys().next().value
    if (this.#asked.size > MOST_ASKED && oldest !== undefined) this.#asked.delete(oldest)
  }
}
