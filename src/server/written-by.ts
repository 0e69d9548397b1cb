import type { Journal } from '../../actors/ports.ts'
import { type Adoption, adoptionOf } from '../journal/adopted-machines.ts'
import { ownMachines } from '../journal/machines-bundle.ts'

/** The drawings of machines that wrote a journal: kept ones by name, null where there is none. */
export type KeptCharts = (name: string) => string | null

/**
 * Which machines wrote a record, and whether there is a drawing of them: `today` those of this berth, `kept` others whose drawing is there,
 * `lost` others. `name` null = written before names were kept.
 */
export type WrittenBy = { readonly name: string | null; readonly drawing: 'today' | 'kept' | 'lost' }

const PAGE = 1_000

/** Follows a journal's adoptions, so that each question reads only what is new. */
export class WrittenLog {
  readonly #journal: Pick<Journal, 'readStream'>
  readonly #charts: KeptCharts | null
  readonly #adoptions: Adoption[] = []
  #read = 0
  #reading: Promise<void> | null = null

  /** `charts` null: nobody but the machines of this berth ever wrote here. */
  constructor(journal: Pick<Journal, 'readStream'>, charts: KeptCharts | null) {
    this.#journal = journal
    this.#charts = charts
  }

  /** Who wrote the record `seq`. Rejects as the journal does. */
  async of(seq: number): Promise<WrittenBy> {
    if (this.#charts === null) return { name: null, drawing: 'today' }
    this.#reading ??= this.#follow().finally(() => {
      this.#reading = null
    })
    await this.#reading
    const name = this.#adoptions.findLast((one) => one.seq <= seq)?.name ?? null
    if (name === null) return { name, drawing: 'lost' }
    if (name === ownMachines().name) return { name, drawing: 'today' }
    return { name, drawing: this.#charts(name) === null ? 'lost' : 'kept' }
  }

  async #follow(): Promise<void> {
    for (;;) {
      const page = await this.#journal.readStream('site', this.#read, PAGE)
      for (const record of page) {
        const adoption = adoptionOf(record)
        if (adoption !== null) this.#adoptions.push(adoption)
      }
      const last = page.at(-1)
      if (last === undefined) return
      this.#read = last.version
    }
  }
}
