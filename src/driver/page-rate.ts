import type { Clock } from '../../actors/ports.ts'

/** A phone asks 20 times a minute; behind a proxy all phones of a site have one address. */
const MOST_A_MINUTE = 1_200
const MINUTE_MS = 60_000
const MOST_ADDRESSES = 10_000

/** How often one address may ask for pages that everybody may see. */
export class PageRate {
  readonly #clock: Clock
  #counts = new Map<string, number>()
  #since: number

  constructor(clock: Clock) {
    this.#clock = clock
    this.#since = clock.now()
  }

  /** False where the address has used up this minute. */
  admit(address: string): boolean {
    const now = this.#clock.now()
    if (Math.abs(now - this.#since) >= MINUTE_MS || this.#counts.size > MOST_ADDRESSES) {
      this.#counts = new Map()
      this.#since = now
    }
    const count = (this.#counts.get(address) ?? 0) + 1
    this.#counts.set(address, count)
    return count <= MOST_A_MINUTE
  }
}
