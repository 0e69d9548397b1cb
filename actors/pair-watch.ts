import { dueRulings, foldExchange, goneBays, goneRulings, noExchange, type PairRuling } from '../machines/exchange.ts'
import type { FactRecord } from '../machines/record.ts'
import type { Scribe } from './ports.ts'

/** `failed`: a ruling could not be written; it is tried again with the next record. */
export type PairWatchPorts = { readonly scribe: () => Scribe; readonly failed: (cause: unknown) => void }

/** Watches for bays whose arrivals and plugs look exchanged, and writes what is decided of them to the `site` stream, each once. */
export class PairWatch {
  readonly #exchange = noExchange()
  readonly #writing = new Set<string>()
  readonly #ports: PairWatchPorts

  constructor(ports: PairWatchPorts) {
    this.#ports = ports
  }

  /** Takes in one record, in the journal's order; `live` false while the site is rebuilt. */
  hear(record: FactRecord, live: boolean): void {
    foldExchange(this.#exchange, record)
    if (live) this.#write(dueRulings(this.#exchange))
  }

  /** The site has begun: what was decided and not written, bays that the site file names no more, and the pairs of those. */
  begin(bayIds: Iterable<string>): void {
    const named = new Set(bayIds)
    const gone = goneBays(this.#exchange, named)
    this.#write([...dueRulings(this.#exchange), ...goneRulings(this.#exchange, named), ...(gone ? [gone] : [])])
  }

  #write(rulings: readonly PairRuling[]): void {
    for (const ruling of rulings) {
      const name = JSON.stringify(ruling.cause)
      if (this.#writing.has(name)) continue
      this.#writing.add(name)
      // The commit that is being told is over first.
      Promise.resolve()
        .then(() => this.#ports.scribe().write([{ stream: 'site', ...ruling, personal: {} }]))
        .catch(this.#ports.failed)
        .finally(() => this.#writing.delete(name))
    }
  }
}
