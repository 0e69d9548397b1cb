import type { Clock } from '../../actors/ports.ts'

/** How many at once, how many a second after that, and what a refused one costs. */
export type Rate = { readonly burst: number; readonly perSecond: number; readonly refusedCosts: number }

/** A site behind one router all at once, but no endless guessing of passwords. */
export const ADDRESS_RATE: Rate = { burst: 200, perSecond: 20, refusedCosts: 10 }
/** One charge point that comes and goes. */
export const CHARGE_POINT_RATE: Rate = { burst: 30, perSecond: 0.5, refusedCosts: 0 }

const MOST_NAMES = 10_000

/** How often one address, or one charge point, may connect. */
export class ConnectionRate {
  readonly #clock: Clock
  readonly #rate: Rate
  readonly #buckets = new Map<string, { left: number; at: number }>()

  constructor(clock: Clock, rate: Rate = ADDRESS_RATE) {
    this.#clock = clock
    this.#rate = rate
  }

  /** False where the name has used up its share. */
  admit(name: string): boolean {
    const bucket = this.#refilled(name)
    if (bucket.left < 1) return false
    bucket.left -= 1
    return true
  }

  /** It was sent away for our own sake: that costs it nothing. */
  giveBack(name: string): void {
    const bucket = this.#refilled(name)
    bucket.left = Math.min(this.#rate.burst, bucket.left + 1)
  }

  /** A refused password or an unknown charge point costs more than a connection. */
  penalize(name: string): void {
    const bucket = this.#refilled(name)
    bucket.left = Math.max(0, bucket.left - this.#rate.refusedCosts)
  }

  #refilled(name: string): { left: number; at: number } {
    const { burst, perSecond } = this.#rate
    const now = this.#clock.now()
    const known = this.#buckets.get(name)
    const left = known ? Math.min(burst, known.left + (Math.max(0, now - known.at) / 1_000) * perSecond) : burst
    const bucket = { left, at: now }
    this.#buckets.delete(name)
    this.#buckets.set(name, bucket)
    const oldest = this.#buckets.keys().next().value
    if (this.#buckets.size > MOST_NAMES && oldest !== undefined) this.#buckets.delete(oldest)
    return bucket
  }
}

/** For a site of so many charge points: all of them may come back through one router at one moment, three times. */
export const rateFor = (chargePoints: number): Rate => ({
  ...ADDRESS_RATE,
  burst: Math.max(ADDRESS_RATE.burst, 3 * chargePoints),
  perSecond: Math.max(ADDRESS_RATE.perSecond, chargePoints / 20),
})
