/** So many are counted at most; the oldest are forgotten first. */
const MOST_COUNTED = 10_000

/** Wrong tries by whose they are: too many within a while, and nothing more is taken of them until it is over. */
export class WrongTries {
  readonly #most: number
  readonly #within_ms: number
  readonly #tries = new Map<string, { readonly count: number; readonly since: number }>()

  constructor(most: number, within_ms: number) {
    this.#most = most
    this.#within_ms = within_ms
  }

  /** There were too many; `now` ms since 1970. */
  areOver(whose: string, now: number): boolean {
    return (this.#present(whose, now)?.count ?? 0) >= this.#most
  }

  /** One more, after which the counting begins anew once the while since the first is over. */
  add(whose: string, now: number): void {
    const { count, since } = this.#present(whose, now) ?? { count: 0, since: now }
    this.#tries.delete(whose)
    this.#tries.set(whose, { count: count + 1, since })
    for (const oldest of this.#tries.keys()) {
      if (this.#tries.size <= MOST_COUNTED) break
      this.#tries.delete(oldest)
    }
  }

  forget(whose: string): void {
    this.#tries.delete(whose)
  }

  #present(whose: string, now: number): { readonly count: number; readonly since: number } | null {
    const tries = this.#tries.get(whose)
    return tries !== undefined && Math.abs(now - tries.since) < this.#within_ms ? tries : null
  }
}
