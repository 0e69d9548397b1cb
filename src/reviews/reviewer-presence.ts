import type { Clock } from '../../actors/ports.ts'

/** Whoever asked for reviews this long ago may still be there, ms. */
const STAYS_ms = 120_000

/** Whether anybody who may review is there: a page of theirs is open, or they called a moment ago. */
export class ReviewerPresence {
  readonly #clock: Clock
  #pages = 0
  #calledAt: number | null = null

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get isSomebodyThere(): boolean {
    return this.#pages > 0 || (this.#calledAt !== null && Math.abs(this.#clock.now() - this.#calledAt) < STAYS_ms)
  }

  /** Somebody who may review called. */
  called(): void {
    this.#calledAt = this.#clock.now()
  }

  /** A page of somebody who may review was opened; the answer closes it, once. */
  opened(): () => void {
    this.#pages += 1
    let isOpen = true
    return () => {
      if (isOpen) this.#pages -= 1
      isOpen = false
    }
  }
}
