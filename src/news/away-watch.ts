import type { Clock } from '../../actors/ports.ts'
import type { Row } from '../../projections/row-fold.ts'
import { counted } from '../counted.ts'
import type { Views } from '../views/site-views.ts'

/** A receiver that takes nothing although news wait for it: since when (ISO 8601 UTC), how many pieces wait, and why, in one sentence. */
export type Away = { readonly since: string; readonly behind: number; readonly says: string }

type AwayParts = {
  readonly wants: (news: Row) => boolean
  readonly views: Pick<Views, 'read'>
  readonly clock: Pick<Clock, 'now'>
  /** It has taken nothing for a while, told again at each try; null: it takes news again, or is not asked any more. */
  readonly away: (away: Away | null) => void
}

/** A receiver may be away for so long without an alarm, ms: as the back ends of charge points. */
const PATIENCE_ms = 30_000
const PAGE = 1_000

/** Since when a receiver has taken nothing, and how many pieces wait for it. */
export class AwayWatch {
  readonly #parts: AwayParts
  /** ms since 1970. */
  #since: number | null = null
  #says = ''
  /** Pieces that it wants up to this place are counted. */
  #countedTo = ''
  #behind = 0
  #isTold = false

  constructor(parts: AwayParts) {
    this.#parts = parts
  }

  /** Null where it takes what it is told. */
  get state(): Away | null {
    if (this.#since === null) return null
    return { since: new Date(this.#since).toISOString(), behind: this.#behind, says: this.#says }
  }

  /** It did not take the piece behind the place `after`; `why`: a sentence without its stop. Rejects as the views do. */
  async missed(after: string, why: string): Promise<void> {
    const { clock, away } = this.#parts
    this.#since ??= clock.now()
    await this.#count(after)
    const since = new Date(this.#since).toISOString()
    const pieces = counted(this.#behind, 'piece waits', 'pieces wait')
    this.#says = `${why}: nothing was taken since ${since}, and ${pieces} for it.`
    if (clock.now() - this.#since < PATIENCE_ms) return
    this.#isTold = true
    away(this.state)
  }

  /** It took the piece at this place. */
  took(key: string): void {
    this.#behind = key >= this.#countedTo ? 0 : Math.max(0, this.#behind - 1)
    this.#calm()
  }

  /** It is told from elsewhere, or not at all. */
  forget(): void {
    this.#countedTo = ''
    this.#behind = 0
    this.#calm()
  }

  #calm(): void {
    this.#since = null
    if (this.#isTold) this.#parts.away(null)
    this.#isTold = false
  }

  /** Only what came since the last time is counted. */
  async #count(after: string): Promise<void> {
    if (after > this.#countedTo) {
      this.#countedTo = after
      this.#behind = 0
    }
    for (;;) {
      const page = await this.#parts.views.read('news', {}, this.#countedTo, PAGE)
      const last = page.at(-1)
      if (last === undefined) return
      this.#behind += page.filter(([, news]) => this.#parts.wants(news)).length
      this.#countedTo = last[0]
    }
  }
}
