import {
  dueRates,
  foldRates,
  goneRates,
  noRates,
  type RateRuling,
  type ReadRate,
  readRateOf,
} from '../machines/read-rate.ts'
import type { FactRecord } from '../machines/record.ts'
import { memory } from './record-memory.ts'
import { type RulingPorts, RulingWriter } from './ruling-writer.ts'

/** Watches how often each camera reads the vehicles that it sees, and writes to the `site` stream when that is too rare, and when it is not any more. */
export class ReadWatch {
  readonly #rates = noRates()
  /** What is remembered by records alone. */
  readonly memory = memory({ rates: this.#rates })
  readonly #writer: RulingWriter<RateRuling>

  constructor(ports: RulingPorts) {
    this.#writer = new RulingWriter(ports, ({ cause }) => String(cause['cameraId']))
  }

  /** Takes in one record, in the journal's order; `live` false while the site is rebuilt. */
  hear(record: FactRecord, live: boolean): void {
    foldRates(this.#rates, record)
    if (live) this.#writer.write(dueRates(this.#rates))
  }

  /** The site has begun with these cameras: what was found and not written, and others are forgotten. */
  begin(cameraIds: Iterable<string>): void {
    const named = new Set(cameraIds)
    const due = dueRates(this.#rates).filter(({ cause }) => named.has(String(cause['cameraId'])))
    this.#writer.write([...goneRates(this.#rates, named), ...due])
  }

  /** How often a camera reads what it sees; null before its first vehicle. */
  of(cameraId: string): ReadRate | null {
    return readRateOf(this.#rates, cameraId)
  }
}
