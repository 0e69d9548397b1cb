import { Fault } from '../../machines/faults.ts'
import type { Clock } from '../ports.ts'
import type { OcppCounters } from './ocpp-counters.ts'

/** First things first: a stop before a start, a start before a question, a question before a setting, a text for the driver last. */
const RANKS = ['stop', 'start', 'ask', 'config', 'tell'] as const

/** A call that shall go to a charge point. Times in ms. */
export type OutboundCall = {
  readonly action: string
  readonly payload: object
  readonly rank: (typeof RANKS)[number]
  /** Never sent after this (ms since 1970). */
  readonly deadline: number
  readonly answerWithin_ms: number
  /** Waits for an offline charge point instead of failing at once. */
  readonly waits: boolean
  /** Asked at the moment of sending. */
  readonly withdrawn: () => boolean
}

/** The socket that calls leave by; `epoch` tells one connection from the next. */
export type Wire = {
  readonly epoch: number
  /**
   * Resolves with the answer; rejects with CallErrorAnswer (the protocol's error), CallNotSent (it waited elsewhere, and never left),
   * or anything else when the socket closes.
   */
  send(action: string, payload: object, call: Pick<OutboundCall, 'deadline' | 'withdrawn'>): Promise<unknown>
  /** How much longer than the charge point's own time an answer may take, as the call may wait elsewhere, ms; absent = not at all. */
  readonly waits_ms?: number
}

/** The charge point answered CALLERROR. */
export class CallErrorAnswer extends Error {
  readonly errorCode: string
  constructor(errorCode: string, description: string) {
    super(description)
    this.errorCode = errorCode
  }
}

/** The call waited behind this queue too, and has not left there. */
export class CallNotSent extends Error {
  readonly why: 'offline' | 'expired' | 'withdrawn'
  constructor(why: CallNotSent['why']) {
    super(why)
    this.why = why
  }
}

type Waiting = {
  readonly call: OutboundCall
  readonly resolve: (answer: unknown) => void
  readonly reject: (fault: Fault) => void
  disarm: () => void
}

/** Calls to one charge point: one outstanding, stop first, nothing sent that was withdrawn, expired or meant for a former connection. */
export class CallQueue {
  readonly #clock: Clock
  readonly #chargePointId: string
  readonly #counters: OcppCounters
  #waiting: Waiting[] = []
  #outstanding: { readonly waiting: Waiting; readonly epoch: number } | null = null
  #wire: Wire | null = null
  #open = false
  #closed = false

  constructor(clock: Clock, chargePointId: string, counters: OcppCounters) {
    this.#clock = clock
    this.#chargePointId = chargePointId
    this.#counters = counters
  }

  /**
   * Sends when it is its turn; resolves with the answer. Rejects with Fault CHARGE_POINT_OFFLINE (never sent: not there, or not
   * free before the deadline), CALL_CANCELLED (never sent: withdrawn), CHARGE_POINT_SILENT (sent, outcome unknown) or
   * CHARGE_POINT_REFUSED (CALLERROR).
   */
  place(call: OutboundCall): Promise<unknown> {
    if (this.#closed) return Promise.reject(this.#fault('CALL_CANCELLED', call, { because: 'berth stops' }))
    if (!this.#wire && !call.waits) return Promise.reject(this.#fault('CHARGE_POINT_OFFLINE', call))
    return new Promise((resolve, reject) => {
      const waiting: Waiting = { call, resolve, reject, disarm: () => undefined }
      waiting.disarm = this.#clock.after(Math.max(0, call.deadline - this.#clock.now()), () => this.#expire(waiting))
      this.#waiting.push(waiting)
      this.#pump()
    })
  }

  /** A connection is there; nothing is sent before `open`. Questions and settings that waited for the former one are dropped. */
  attach(wire: Wire): void {
    this.detach(this.#wire?.epoch ?? -1, (call) => call.rank === 'ask' || call.rank === 'config')
    this.#wire = wire
    this.#open = false
  }

  /** The charge point has said its first words on this connection. */
  open(epoch: number): void {
    if (this.#wire?.epoch !== epoch) return
    this.#open = true
    this.#pump()
  }

  /** The connection is gone: what was sent has an unknown outcome, what waits for it (and not for the charge point) fails. */
  detach(epoch: number, drops: (call: OutboundCall) => boolean = (call) => !call.waits): void {
    if (!this.#wire || this.#wire.epoch !== epoch) return
    this.#wire = null
    this.#open = false
    const sent = this.#outstanding
    this.#outstanding = null
    if (sent) this.#silent(sent.waiting, 'the connection was lost')
    const dropped = this.#waiting.filter((w) => drops(w.call))
    this.#waiting = this.#waiting.filter((w) => !drops(w.call))
    for (const waiting of dropped) this.#refuse(waiting, this.#fault('CHARGE_POINT_OFFLINE', waiting.call))
  }

  /** Berth stops: nothing more is sent, everything that waits fails, and what comes later never was. */
  close(): void {
    this.#closed = true
    this.detach(this.#wire?.epoch ?? -1)
    const waiting = this.#waiting
    this.#waiting = []
    for (const w of waiting) this.#refuse(w, this.#fault('CHARGE_POINT_OFFLINE', w.call, { because: 'berth stops' }))
  }

  #pump(): void {
    while (this.#wire && this.#open && !this.#outstanding) {
      const next = this.#next()
      if (!next) return
      if (next.call.withdrawn()) {
        this.#counters.add('calls_withdrawn')
        this.#refuse(next, this.#fault('CALL_CANCELLED', next.call, { because: 'withdrawn' }))
      } else if (this.#clock.now() > next.call.deadline) this.#expired(next)
      else this.#send(next, this.#wire)
    }
  }

  #next(): Waiting | undefined {
    const rank = RANKS.find((r) => this.#waiting.some((w) => w.call.rank === r))
    const next = this.#waiting.find((w) => w.call.rank === rank)
    if (next) this.#waiting.splice(this.#waiting.indexOf(next), 1)
    return next
  }

  #send(waiting: Waiting, wire: Wire): void {
    const { call } = waiting
    waiting.disarm()
    const sent = { waiting, epoch: wire.epoch }
    this.#outstanding = sent
    this.#counters.add('calls_out')
    waiting.disarm = this.#clock.after(call.answerWithin_ms + (wire.waits_ms ?? 0), () =>
      this.#done(sent, () => this.#silent(waiting, 'no answer in time')),
    )
    wire.send(call.action, call.payload, call).then(
      (answer) => this.#done(sent, () => this.#settle(waiting, answer)),
      (error: unknown) => this.#done(sent, () => this.#failed(waiting, error)),
    )
  }

  /** Ends an outstanding call once; what comes later is only counted. */
  #done(sent: { readonly waiting: Waiting; readonly epoch: number }, end: () => void): void {
    if (this.#outstanding !== sent) {
      this.#counters.add('late_answers')
      return
    }
    this.#outstanding = null
    end()
    this.#pump()
  }

  #failed(waiting: Waiting, error: unknown): void {
    if (error instanceof CallNotSent) return this.#unsent(waiting, error.why)
    if (!(error instanceof CallErrorAnswer)) return this.#silent(waiting, 'the connection was lost')
    const about = { errorCode: error.errorCode, description: error.message }
    this.#refuse(waiting, this.#fault('CHARGE_POINT_REFUSED', waiting.call, about))
  }

  #unsent(waiting: Waiting, why: CallNotSent['why']): void {
    if (why === 'expired') return this.#expired(waiting)
    if (why === 'withdrawn') this.#counters.add('calls_withdrawn')
    this.#refuse(waiting, this.#fault(why === 'withdrawn' ? 'CALL_CANCELLED' : 'CHARGE_POINT_OFFLINE', waiting.call))
  }

  #silent(waiting: Waiting, because: string): void {
    this.#counters.add('calls_silent')
    this.#refuse(waiting, this.#fault('CHARGE_POINT_SILENT', waiting.call, { because }))
  }

  #expire(waiting: Waiting): void {
    const place = this.#waiting.indexOf(waiting)
    if (place < 0) return
    this.#waiting.splice(place, 1)
    this.#expired(waiting)
  }

  #expired(waiting: Waiting): void {
    this.#counters.add('calls_expired')
    const says = 'The charge point could not be reached before the deadline of the call; it was never sent.'
    const about = {
      chargePointId: this.#chargePointId,
      action: waiting.call.action,
      because: this.#wire ? 'busy' : 'not connected',
    }
    this.#refuse(waiting, new Fault('CHARGE_POINT_OFFLINE', about, { says }))
  }

  #settle(waiting: Waiting, answer: unknown): void {
    waiting.disarm()
    waiting.resolve(answer)
  }

  #refuse(waiting: Waiting, fault: Fault): void {
    waiting.disarm()
    waiting.reject(fault)
  }

  #fault(code: Fault['code'], call: OutboundCall, about: { readonly [key: string]: unknown } = {}): Fault {
    return new Fault(code, { chargePointId: this.#chargePointId, action: call.action, ...about })
  }
}
