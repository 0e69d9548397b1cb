import type { Clock } from '../../actors/ports.ts'

const EVERY_MS = 200

/** How far the relay's news are dealt with: told to the relay now and then, so that a logic that begins anew goes on from there. */
export class NewsProgress {
  readonly #clock: Clock
  readonly #tell: (n: number) => void
  readonly #waiting: () => number | null
  readonly #pending = new Set<number>()
  #newest = 0
  #told = 0
  #disarm: (() => void) | null = null

  /** `waiting`: the oldest number that something still waits behind; `tell` hears the number up to which all is done. */
  constructor(clock: Clock, waiting: () => number | null, tell: (n: number) => void) {
    this.#clock = clock
    this.#waiting = waiting
    this.#tell = tell
  }

  /** A relay that begins anew counts from one again. */
  reset(): void {
    this.#pending.clear()
    this.#newest = 0
    this.#told = 0
  }

  begin(n: number): void {
    this.#newest = Math.max(this.#newest, n)
    this.#pending.add(n)
  }

  done(n: number): void {
    this.#pending.delete(n)
    this.#disarm ??= this.#clock.after(EVERY_MS, () => this.#say())
  }

  close(): void {
    this.#disarm?.()
  }

  #say(): void {
    this.#disarm = null
    const oldest = [this.#pending.values().next().value, this.#waiting()].filter((n) => typeof n === 'number')
    const upTo = Math.min(this.#newest, ...oldest.map((n) => n - 1))
    if (upTo <= this.#told) return
    this.#told = upTo
    this.#tell(upTo)
  }
}
