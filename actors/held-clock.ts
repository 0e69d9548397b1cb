import type { Clock } from './ports.ts'
import { cell } from './record-memory.ts'

/** A clock this far behind the newest arrival was stepped back, ms; less is what a time service does. */
const STEP_BACK_ms = 5_000

/** The wall clock, held where it steps back: arrivals never decrease. */
export class HeldClock {
  readonly #clock: Clock
  readonly #changed: (behind_ms: number | null) => void
  #newest = 0
  #behind = false

  /** What is remembered by records alone. */
  readonly memory = cell(
    () => this.#newest,
    (newest) => this.hold(newest),
  )

  /** `changed`: ms behind the newest arrival when a step back is noticed, null once the clock has caught up. */
  constructor(clock: Clock, changed: (behind_ms: number | null) => void) {
    this.#clock = clock
    this.#changed = changed
  }

  /** The newest arrival so far, ms since 1970; 0 before the first. */
  get newest(): number {
    return this.#newest
  }

  /** Something arrived at `at`. */
  hold(at: number): void {
    this.#newest = Math.max(this.#newest, at)
  }

  /** ms since 1970. */
  now(): number {
    const at = this.#clock.now()
    this.hold(at)
    const behind_ms = this.#newest - at
    if (this.#behind ? behind_ms === 0 : behind_ms > STEP_BACK_ms) {
      this.#behind = !this.#behind
      this.#changed(this.#behind ? behind_ms : null)
    }
    return this.#newest
  }
}
