/** One moment of a charge point's clock against ours. */
type Sighting = { readonly at: number; readonly behind: number }

const SIGHTINGS = 3
const SPAN_MS = 10_000
const AGREE_MS = 5_000

/**
 * How far a charge point's clock is behind ours, in ms (negative = ahead), learnt over one connection.
 * A replayed queue cannot teach it: its stamps do not keep a constant distance to their arrival.
 */
export class ClockSkew {
  #behind: number | null = null
  #sightings: Sighting[] = []

  /** Null until learnt. */
  get behind_ms(): number | null {
    return this.#behind
  }

  /** A stamp that was made just now for certain: the answer to our own question. */
  certain(stamp: number, at: number): void {
    this.#behind = at - stamp
    this.#sightings = []
  }

  /** Any stamp that came in. Three in a row over at least 10 s that agree within 5 s teach the offset. */
  see(stamp: number, at: number): void {
    const behind = at - stamp
    const first = this.#sightings[0]
    if (first && Math.abs(first.behind - behind) > AGREE_MS) this.#sightings = []
    this.#sightings.push({ at, behind })
    const oldest = this.#sightings[0]
    if (!oldest || this.#sightings.length < SIGHTINGS || at - oldest.at < SPAN_MS) return
    // Transport only ever adds delay, so the smallest distance is the best.
    this.#behind = Math.min(...this.#sightings.map((s) => s.behind))
    this.#sightings = [{ at, behind }]
  }

  /** Age of a stamp in ms, by the learnt offset if there is one. */
  age(stamp: number, at: number): number {
    return at - stamp - (this.#behind ?? 0)
  }

  forget(): void {
    this.#behind = null
    this.#sightings = []
  }
}
