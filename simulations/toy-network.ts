import { CallErrorAnswer } from '../actors/ocpp/call-queue.ts'
import type { CallAnswer, ChargePointLink, Connection } from '../actors/ocpp/charge-point-link.ts'
import type { ToyFrame } from './toy-wire.ts'
import type { WorldClock } from './world-clock.ts'

/** The way between one charge point and berth: one connection at a time, frames in order, late, lost with the connection, or vanished. */
export type ToyLineOptions = {
  readonly clock: WorldClock
  /** ms that the next frame takes. */
  readonly delay: () => number
  /** berth's end, or null while its process is dead. */
  readonly link: () => ChargePointLink | null
  /** A frame arrives at the charge point. */
  readonly arrives: (frame: ToyFrame) => void
  /** The charge point notices that its connection is gone. */
  readonly broken: () => void
  /** A start leaves berth at this moment. */
  readonly leaves: (action: string, payload: { readonly [key: string]: unknown }) => void
}

type Pending = { readonly resolve: (answer: unknown) => void; readonly reject: (error: Error) => void }
type Open = {
  readonly ends: ReturnType<ChargePointLink['connect']>
  readonly pending: Map<string, Pending>
  upAt: number
  downAt: number
  alive: boolean
}

export class ToyLine {
  /** Frames vanish until then, ms since 1970. */
  partitionedUntil = 0
  readonly #options: ToyLineOptions
  #open: Open | null = null
  #calls = 0

  constructor(options: ToyLineOptions) {
    this.#options = options
  }

  get isOpen(): boolean {
    return this.#open !== null
  }

  /** Connects; false where nobody listens. A former connection stays for berth to close. */
  dial(): boolean {
    const { clock, link } = this.#options
    const peer = link()
    if (!peer || clock.now() < this.partitionedUntil) return false
    const open: { alive: boolean; pending: Map<string, Pending>; upAt: number; downAt: number } = {
      alive: true,
      pending: new Map(),
      upAt: 0,
      downAt: 0,
    }
    const connection: Connection = {
      buffered: () => 0,
      send: (action, payload) => this.#call(open as Open, action, payload as { readonly [key: string]: unknown }),
      close: () => this.#cut(open as Open, true),
      destroy: () => this.#cut(open as Open, true),
    }
    this.#open = Object.assign(open, { ends: peer.connect(connection) })
    return true
  }

  /** The connection breaks; both ends notice at once. The charge point, which knows it already, is not told. */
  reset(): void {
    const open = this.#open
    if (open) this.#cut(open, false)
  }

  /** berth's process is gone: so is every connection. */
  lost(): void {
    const open = this.#open
    if (open) this.#cut(open, true)
  }

  /** A frame of the charge point. `overtakes`: it does not wait for those before it. */
  up(frame: ToyFrame, extra_ms = 0): void {
    const open = this.#open
    if (!open || this.#vanishes()) return
    const { clock, delay } = this.#options
    const at = Math.max(open.upAt, clock.now() + delay() + extra_ms)
    open.upAt = at
    clock.after(at - clock.now(), () => {
      if (open.alive) this.#hear(open, frame)
    })
  }

  #vanishes(): boolean {
    return this.#options.clock.now() < this.partitionedUntil
  }

  #hear(open: Open, frame: ToyFrame): void {
    if (frame[0] === 2) {
      const [, id, action, payload] = frame
      void open.ends.hear(action, payload).then((answer) => this.#answer(open, id, answer))
      return
    }
    const pending = open.pending.get(frame[1])
    open.pending.delete(frame[1])
    if (frame[0] === 3) pending?.resolve(frame[2])
    else pending?.reject(new CallErrorAnswer(frame[2], frame[3]))
  }

  #answer(open: Open, id: string, answer: CallAnswer): void {
    if (answer.kind === 'none') return
    this.#down(
      open,
      answer.kind === 'result'
        ? [3, id, answer.payload as { readonly [key: string]: unknown }]
        : [4, id, answer.code, answer.says, {}],
    )
  }

  #down(open: Open, frame: ToyFrame): void {
    if (!open.alive || this.#vanishes()) return
    const { clock, delay, arrives } = this.#options
    const at = Math.max(open.downAt, clock.now() + delay())
    open.downAt = at
    clock.after(at - clock.now(), () => {
      if (open.alive && this.#open === open) arrives(frame)
    })
  }

  #call(open: Open, action: string, payload: { readonly [key: string]: unknown }): Promise<unknown> {
    if (!open.alive) return Promise.reject(new Error('the socket is closing'))
    this.#options.leaves(action, payload)
    this.#calls += 1
    const id = `b-${this.#calls}`
    return new Promise((resolve, reject) => {
      open.pending.set(id, { resolve, reject })
      this.#down(open, [2, id, action, payload])
    })
  }

  #cut(open: Open, tells: boolean): void {
    if (!open.alive) return
    open.alive = false
    const current = this.#open === open
    if (current) this.#open = null
    for (const { reject } of open.pending.values()) reject(new Error('the socket closed'))
    open.pending.clear()
    open.ends.gone()
    if (current && tells) this.#options.broken()
  }
}
