import type { Clock } from './ports.ts'

/** Longest that a wake is asked for, ms: timers of Node hold no more. */
const LONGEST_ms = 2_000_000_000

/** One wake at a time: asked for anew, the one before is off. */
export class Wake {
  readonly #clock: Clock
  readonly #woken: () => void
  #cancel: (() => void) | null = null
  #closed = false

  constructor(clock: Clock, woken: () => void) {
    this.#clock = clock
    this.#woken = woken
  }

  /** Wakes at `due` (ms since 1970; Infinity = never), after `least` ms at the soonest. */
  at(due: number, least: number): void {
    this.#cancel?.()
    this.#cancel = null
    if (this.#closed || due === Number.POSITIVE_INFINITY) return
    const delay = Math.max(least, Math.min(due - this.#clock.now(), LONGEST_ms))
    this.#cancel = this.#clock.after(delay, this.#woken)
  }

  close(): void {
    this.#closed = true
    this.#cancel?.()
  }
}
