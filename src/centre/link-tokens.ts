import type { Clock } from '../../actors/ports.ts'
import type { PostgresLine } from '../journal/postgres-line.ts'
import { tokenHash } from '../server/token-book.ts'

/** Whose gateway sent a token, and under which epoch that one ships; `isNewest` false = another one was let in after it. */
export type Admitted = { readonly site: string; readonly epoch: number; readonly isNewest: boolean }

/** How long what was read may be used, ms. */
const LOOK_ms = 2_000
/** Tokens that nobody knows ask the database so often at most, all together, ms. */
const AGAIN_ms = 300
/** A look that was under way already may be from before; the next is not. */
const MOST_TURNS = 3

/** The tokens of all links, in memory: whoever guesses costs the database nothing. */
export class LinkTokens {
  readonly #line: PostgresLine
  readonly #clock: Clock
  #known: ReadonlyMap<string, Admitted> = new Map()
  #lookedAt = Number.NEGATIVE_INFINITY
  #looking: Promise<void> | null = null

  constructor(line: PostgresLine, clock: Clock) {
    this.#line = line
    this.#clock = clock
  }

  /** Who it is; null for a token that lets nobody in. Rejects with Fault STORE_UNREACHABLE where that cannot be told now. */
  async who(token: string): Promise<Admitted | null> {
    const sha256 = tokenHash(token)
    // Who was let in before is let in while the database is away: nothing can be written then anyway.
    await this.#look(LOOK_ms).catch(() => {})
    // It may have been made since.
    if (!this.#known.has(sha256)) await this.#lookAfter(this.#clock.now())
    return this.#known.get(sha256) ?? null
  }

  /** Whether this token still lets in, as far as is known. */
  counts(token: string): boolean {
    return this.#known.has(tokenHash(token))
  }

  /** Whether no other token was made for its site since, as far as is known. */
  isNewest(token: string): boolean {
    return this.#known.get(tokenHash(token))?.isNewest === true
  }

  /** Every site that has a token, as far as is known. */
  sites(): readonly string[] {
    return [...new Set([...this.#known.values()].map(({ site }) => site))]
  }

  /** What is known is not much older than now, where the database answers. Rejects as `who`. */
  refresh(): Promise<void> {
    return this.#look(LOOK_ms)
  }

  /** What is known is not from before `asked`, where the database answers. */
  async #lookAfter(asked: number): Promise<void> {
    for (let turn = 0; turn < MOST_TURNS && this.#lookedAt < asked; turn++) {
      const early = AGAIN_ms - Math.abs(this.#clock.now() - this.#lookedAt)
      if (early > 0) await new Promise<void>((go) => this.#clock.after(early, go))
      if (this.#lookedAt < asked) await this.#look(0)
    }
  }

  async #look(after_ms: number): Promise<void> {
    if (Math.abs(this.#clock.now() - this.#lookedAt) < after_ms) return
    this.#looking ??= this.#read().finally(() => {
      this.#looking = null
    })
    await this.#looking
  }

  async #read(): Promise<void> {
    const at = this.#clock.now()
    const rows = await this.#line.read('SELECT sha256, site, epoch FROM berth_centre.token')
    const newest = new Map<string, number>()
    for (const { site, epoch } of rows) newest.set(String(site), Math.max(newest.get(String(site)) ?? 0, Number(epoch)))
    this.#known = new Map(
      rows.map(({ sha256, site, epoch }) => [
        String(sha256),
        { site: String(site), epoch: Number(epoch), isNewest: newest.get(String(site)) === Number(epoch) },
      ]),
    )
    this.#lookedAt = at
  }
}
