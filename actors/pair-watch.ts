import { dueRulings, foldExchange, goneBays, goneRulings, noExchange, type PairRuling } from '../machines/exchange.ts'
import type { FactRecord } from '../machines/record.ts'
import { memory } from './record-memory.ts'
import { type RulingPorts, RulingWriter } from './ruling-writer.ts'

/** Watches for bays whose arrivals and plugs look exchanged, and writes what is decided of them to the `site` stream, each once. */
export class PairWatch {
  readonly #exchange = noExchange()
  /** What is remembered by records alone. */
  readonly memory = memory({ exchange: this.#exchange })
  readonly #writer: RulingWriter<PairRuling>

  constructor(ports: RulingPorts) {
    this.#writer = new RulingWriter(ports, ({ cause }) => JSON.stringify(cause))
  }

  /** Takes in one record, in the journal's order; `live` false while the site is rebuilt. */
  hear(record: FactRecord, live: boolean): void {
    foldExchange(this.#exchange, record)
    if (live) this.#writer.write(dueRulings(this.#exchange))
  }

  /** The site has begun: what was decided and not written, bays that the site file names no more, and the pairs of those. */
  begin(bayIds: Iterable<string>): void {
    const named = new Set(bayIds)
    const gone = goneBays(this.#exchange, named)
    this.#writer.write([...dueRulings(this.#exchange), ...goneRulings(this.#exchange, named), ...(gone ? [gone] : [])])
  }
}
