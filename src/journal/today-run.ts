import type { Journal } from '../../actors/ports.ts'
import { type LaneDrift, lanesOf, ReplayLanes, segmentsOf } from './replay-lanes.ts'

/** Records that are lived before others have their turn. */
const SLICE = 50

/** How far the machines of today have lived a journal again, and the first record that they would have written otherwise. */
export type TodayTold = {
  readonly lived: number
  readonly of: number
  readonly difference: LaneDrift | null
}

/**
 * Lives a journal again by the machines of this berth, as far as somebody waits for it: each question goes on for a while, and nothing
 * runs where nobody asks. It ends at the first difference.
 */
export class TodayRun {
  readonly #journal: Pick<Journal, 'readSite' | 'head'>
  readonly #lanes = new ReplayLanes(lanesOf(segmentsOf([]), () => null))
  #lived = 0
  #difference: LaneDrift | null = null
  #working: Promise<void> | null = null

  constructor(journal: Pick<Journal, 'readSite' | 'head'>) {
    this.#journal = journal
  }

  /** Goes on for `ms` at most, together with who else asks. Rejects with the Fault of a journal that cannot be lived from its first record. */
  async goOn(ms: number): Promise<TodayTold> {
    this.#working ??= this.#work(ms).finally(() => {
      this.#working = null
    })
    await this.#working
    return { lived: this.#lived, of: this.#journal.head().seq, difference: this.#difference }
  }

  async #work(ms: number): Promise<void> {
    const until = performance.now() + ms
    while (this.#difference === null && performance.now() < until) {
      const page = await this.#journal.readSite(this.#lived, SLICE)
      if (page.length === 0) return
      for (const record of page) {
        this.#difference = this.#lanes.take(record)
        this.#lived = record.seq
        if (this.#difference !== null) return
      }
      // Bays go first.
      await new Promise<void>((go) => setImmediate(go))
    }
  }
}
