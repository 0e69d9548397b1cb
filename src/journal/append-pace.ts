/** The newest appends that are looked at, and the fewest of which something is said. */
const LOOKED_AT = 20
const FEWEST = 5
/** From this median on the store is slow, and below the other it is not any more, ms. A drive that is fit takes some milliseconds. */
const SLOW_ms = 250
const FIT_ms = 100

/** Told how long an append takes where the store is slow (ms, median of the newest), null once it is not. Told anew when it has doubled or halved. */
export type PaceTold = (median_ms: number | null) => void

/** Whether a store keeps up, by how long its appends take: everything waits for them. */
export class AppendPace {
  readonly #told: PaceTold
  readonly #newest: number[] = []
  #said_ms: number | null = null

  constructor(told: PaceTold) {
    this.#told = told
  }

  /** An append took so long, ms. */
  took(ms: number): void {
    this.#newest.push(ms)
    if (this.#newest.length > LOOKED_AT) this.#newest.shift()
    if (this.#newest.length < FEWEST) return
    const median = this.#newest.toSorted((a, b) => a - b)[this.#newest.length >> 1] ?? 0
    const isSame =
      this.#said_ms === null
        ? median < SLOW_ms
        : median >= FIT_ms && median < this.#said_ms * 2 && median > this.#said_ms / 2
    if (isSame) return
    this.#said_ms = median < FIT_ms ? null : median
    this.#told(this.#said_ms)
  }
}
