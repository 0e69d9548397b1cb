/** So much apart on average come those that are woken, ms; all of them within the longest. */
const APART_MS = 10
const LONGEST_SPREAD_MS = 5_000

/** Lines that wait to dial one back end again: the first that gets through wakes the others. */
export class RedialBell {
  readonly #waiting = new Set<(within_ms: number) => void>()

  /** `wake` is called once, when a line has got through: with how long its dial may be put off, ms. Returns what ends the wait. */
  wait(wake: (within_ms: number) => void): () => void {
    this.#waiting.add(wake)
    return () => void this.#waiting.delete(wake)
  }

  /** A line has got through. */
  ring(): void {
    const woken = [...this.#waiting]
    this.#waiting.clear()
    for (const wake of woken) wake(Math.min(LONGEST_SPREAD_MS, woken.length * APART_MS))
  }
}
