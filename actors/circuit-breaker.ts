import type { Clock } from './ports.ts'

export type BreakerOptions = {
  readonly clock: Pick<Clock, 'now'>
  /** Failures in a row after which nobody is asked any more; default 5. */
  readonly failures?: number
  /** How long nobody is asked then, ms; default 30,000. */
  readonly rest_ms?: number
  /** It opened (true), or an answer closed it again (false). */
  readonly turned?: (isOpen: boolean) => void
}

/** Keeps calls from a far end that does not answer: after some failures in a row nobody waits for it, and one call at a time tries it again. */
export class CircuitBreaker {
  readonly #options: BreakerOptions
  #failed = 0
  #isOpen = false
  /** The next try, ms since 1970. */
  #restsUntil = 0
  #isTried = false

  constructor(options: BreakerOptions) {
    this.#options = options
  }

  /** Nobody is asked now, but for single tries. */
  get isOpen(): boolean {
    return this.#isOpen
  }

  /** May a call go out now? Where it may, its end must be told: `succeeded` or `failed`. */
  admit(): boolean {
    if (!this.#isOpen) return true
    if (this.#isTried || this.#options.clock.now() < this.#restsUntil) return false
    this.#isTried = true
    return true
  }

  succeeded(): void {
    this.#failed = 0
    this.#isTried = false
    if (!this.#isOpen) return
    this.#isOpen = false
    this.#options.turned?.(false)
  }

  failed(): void {
    const { clock, failures = 5, rest_ms = 30_000, turned } = this.#options
    this.#failed += 1
    this.#isTried = false
    if (!this.#isOpen && this.#failed < failures) return
    this.#restsUntil = clock.now() + rest_ms
    if (this.#isOpen) return
    this.#isOpen = true
    turned?.(true)
  }
}
