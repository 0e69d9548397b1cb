import type { Clock } from '../../actors/ports.ts'

/** A claim is lost after so long without a sign of who holds it, ms. */
export const CLAIM_ms = 60_000

/** Who asks: a person's name, and the screen, where one name is signed in at several. */
export type Claimant = { readonly by: string; readonly seat: string | null }
export type Claim = Claimant & { readonly until: number }

/**
 * One person at a time works on a review. Claims are a courtesy among people and no facts: they live in memory, expire by themselves, and
 * after a restart everything is free.
 */
export class ReviewClaims {
  readonly #clock: Clock
  readonly #changed: () => void
  readonly #claims = new Map<string, Claim>()

  /** `changed`: somebody took a review, or let go of one. */
  constructor(clock: Clock, changed: () => void) {
    this.#clock = clock
    this.#changed = changed
  }

  /** Who holds a review now. */
  of(reviewId: string): Claim | null {
    const claim = this.#claims.get(reviewId)
    return claim && claim.until > this.#clock.now() ? claim : null
  }

  /** Takes a review, or goes on holding it; answers the claim of who has it: the caller, or whoever was first. */
  take(reviewId: string, who: Claimant): Claim {
    const held = this.of(reviewId)
    if (held && !isSame(held, who)) return held
    // A script of the same name goes on holding it for the screen that works on it, and takes it from nobody.
    const claim = { ...who, seat: who.seat ?? held?.seat ?? null, until: this.#clock.now() + CLAIM_ms }
    this.#claims.set(reviewId, claim)
    this.#changed()
    return claim
  }

  /** Whether this person may answer: nobody else is at it. */
  admits(reviewId: string, who: Claimant): boolean {
    const held = this.of(reviewId)
    return held === null || isSame(held, who)
  }

  /** Lets go; false where somebody else holds it. */
  release(reviewId: string, who: Claimant): boolean {
    if (!this.admits(reviewId, who)) return false
    if (this.#claims.delete(reviewId)) this.#changed()
    return true
  }

  /** About once a second: claims that ran out, and those of reviews that are closed. */
  tick(isOpen: (reviewId: string) => boolean): void {
    let gone = false
    for (const reviewId of [...this.#claims.keys()])
      if (this.of(reviewId) === null || !isOpen(reviewId)) gone = this.#claims.delete(reviewId) || gone
    if (gone) this.#changed()
  }
}

/** A script that names no screen speaks for every screen of its name. */
export const isSame = (held: Claimant, who: Claimant): boolean =>
  held.by === who.by && (held.seat === null || who.seat === null || held.seat === who.seat)
