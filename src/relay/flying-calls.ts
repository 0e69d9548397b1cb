import type { CallReading } from './frame-reading.ts'

/** A call that the back end has not answered. */
export type FlyingCall = CallReading & { readonly text: string }

/** More than any charge point has under way. */
const MOST_FLYING = 64
/** A call that is not answered in this time is not waited for, ms. */
const AWAITED_MS = 30_000

/** Calls of no transaction that have gone up to the back end, until it answers. */
export class FlyingCalls {
  readonly #calls = new Map<string, { readonly call: FlyingCall; readonly at: number }>()

  /** It has left, `at` ms since 1970. */
  left(text: string, reading: CallReading, at: number): void {
    this.#calls.set(reading.head.id, { call: { ...reading, text }, at })
    const oldest = this.#calls.keys().next().value
    if (this.#calls.size > MOST_FLYING && oldest !== undefined) this.#calls.delete(oldest)
  }

  /** The back end has answered this id; the call, or null. */
  landed(id: string): FlyingCall | null {
    const known = this.#calls.get(id)?.call ?? null
    this.#calls.delete(id)
    return known
  }

  /** The charge point waits for an answer. */
  awaited(now: number): boolean {
    return [...this.#calls.values()].some(({ at }) => now - at < AWAITED_MS)
  }

  /** None is under way any more; answers those that may be said twice: of another call only the charge point knows. */
  fetch(): readonly FlyingCall[] {
    const calls = [...this.#calls.values()].flatMap(({ call }) => (call.role === 'call' ? [] : call))
    this.#calls.clear()
    return calls
  }
}
