import type { Clock } from '../ports.ts'

type WatchParts = {
  readonly clock: Clock
  /** Connectors that it watches: what is said of others is not kept. */
  readonly evses: readonly number[]
  /** Seconds between questions; null = never asks. */
  readonly every_s: number | null
  readonly ask: (evse: number) => void
}

/**
 * What each connector of one charge point said last; a charge point that forgets to tell its status is asked for it again and again
 * while a connector is anything but Available.
 */
export class StatusWatch {
  readonly #parts: WatchParts
  readonly #words = new Map<number, string>()
  #disarm: (() => void) | null = null

  constructor(parts: WatchParts) {
    this.#parts = parts
  }

  /** The status that a connector said last, in OCPP's word. */
  of(evse: number): string | undefined {
    return this.#words.get(evse)
  }

  heard(evse: number, status: string): void {
    if (!this.#parts.evses.includes(evse)) return
    this.#words.set(evse, status)
    if (this.#parts.every_s !== null && this.#busy().length > 0) this.#arm(this.#parts.every_s)
  }

  /** A transaction began or ended somewhere: the words may be old ones. */
  stirred(evse: number | null): void {
    if (evse !== null && this.#parts.evses.includes(evse) && !this.#words.has(evse)) this.#words.set(evse, 'Unknown')
    if (this.#parts.every_s !== null) this.#arm(this.#parts.every_s)
  }

  /** The connection is gone: nobody is asked before the charge point speaks again. */
  rest(): void {
    this.#disarm?.()
    this.#disarm = null
  }

  #busy(): number[] {
    return [...this.#words].filter(([, status]) => status !== 'Available').map(([evse]) => evse)
  }

  #arm(seconds: number): void {
    this.#disarm ??= this.#parts.clock.after(seconds * 1_000, () => {
      this.#disarm = null
      const busy = this.#busy()
      for (const evse of busy) this.#parts.ask(evse)
      if (busy.length > 0) this.#arm(seconds)
    })
  }
}
