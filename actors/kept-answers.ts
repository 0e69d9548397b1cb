import type { Handle } from '../machines/events.ts'
import type { FarAnswer } from './authorizer-chain.ts'
import type { Clock } from './ports.ts'

type Kept = { readonly answer: FarAnswer; readonly until: number }

const MOST_KEPT = 10_000
/** A driver who pays at the desk after a no need not wait longer, ms. */
const LONGEST_NO_ms = 10_000

/** What the operator's back end answered, used again for a while: a yes for the time that the site file says, a no at most ten seconds. */
export class KeptAnswers {
  readonly #clock: Pick<Clock, 'now'>
  readonly #cache_ms: number
  readonly #kept = new Map<Handle, Kept>()

  constructor(clock: Pick<Clock, 'now'>, cache_ms: number) {
    this.#clock = clock
    this.#cache_ms = cache_ms
  }

  /** The answer that still holds; null where the back end must be asked. */
  of(handle: Handle): FarAnswer | null {
    const kept = this.#kept.get(handle)
    return kept && this.#clock.now() < kept.until ? kept.answer : null
  }

  /** Keeps an answer that came now. `expiresAt` is the end of its own life, ms since 1970; null = it has none. */
  keep(handle: Handle, answer: FarAnswer, expiresAt: number | null): void {
    const longest = answer.standing === 'accepted' ? this.#cache_ms : Math.min(this.#cache_ms, LONGEST_NO_ms)
    this.#kept.delete(handle)
    this.#kept.set(handle, { answer, until: Math.min(expiresAt ?? Infinity, this.#clock.now() + longest) })
    const oldest = this.#kept.keys().next().value
    if (this.#kept.size > MOST_KEPT && oldest !== undefined) this.#kept.delete(oldest)
  }

  /** Drops what is kept of a subject. */
  forget(handle: Handle): void {
    this.#kept.delete(handle)
  }
}
