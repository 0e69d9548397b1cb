import type { Journal } from '../../actors/ports.ts'
import { Fault } from '../../machines/faults.ts'
import type { FactRecord } from '../../machines/record.ts'
import { recordContent } from './chain.ts'
import { ChainCheck } from './chain-check.ts'

/** Records that are looked at before others have their turn. */
const SLICE = 100

/** How far the hash chain was followed, from which record on, and the first thing that is wrong with it. */
export type ChainTold = {
  readonly from: number
  readonly checked: number
  readonly of: number
  readonly wrong: string | null
}

/** Follows the hash chain of a journal as far as somebody waits for it; nothing runs where nobody asks. It ends where the chain does not hold. */
export class ChainRun {
  readonly #journal: Pick<Journal, 'readSite' | 'head'>
  readonly #check = new ChainCheck()
  #from: number | null = null
  #wrong: string | null = null
  #working: Promise<void> | null = null

  constructor(journal: Pick<Journal, 'readSite' | 'head'>) {
    this.#journal = journal
  }

  /** Goes on for `ms` at most, together with who else asks. Rejects as the journal does. */
  async goOn(ms: number): Promise<ChainTold> {
    this.#working ??= this.#work(ms).finally(() => {
      this.#working = null
    })
    await this.#working
    return { from: this.#from ?? 1, checked: this.#check.seq, of: this.#journal.head().seq, wrong: this.#wrong }
  }

  /** A record that a reading refuses because it was altered is what is looked for. */
  async #page(): Promise<readonly FactRecord[]> {
    try {
      return await this.#journal.readSite(this.#check.seq, SLICE)
    } catch (fault) {
      if (!(fault instanceof Fault) || fault.code !== 'STORE_CORRUPT') throw fault
      this.#wrong = fault.message
      return []
    }
  }

  async #work(ms: number): Promise<void> {
    const until = performance.now() + ms
    while (this.#wrong === null && performance.now() < until) {
      const page = await this.#page()
      const [first] = page
      if (first === undefined) return
      // What was archived before is checked where it lies.
      if (this.#from === null && first.seq > 1) this.#check.begin({ seq: first.seq - 1, hash: first.prev })
      this.#from ??= first.seq
      for (const record of page) {
        this.#wrong = this.#check.take({ ...record, content: recordContent(record), personal: null })
        if (this.#wrong !== null) return
      }
      await new Promise<void>((go) => setImmediate(go))
    }
  }
}
