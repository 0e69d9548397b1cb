import { dueRates, foldRates, goneRates, noRates, type RateRuling } from '../machines/read-rate.ts'
import type { FactRecord } from '../machines/record.ts'
import type { Scribe } from './ports.ts'

/** `failed`: a record could not be written; it is tried again with the next visit's end. */
export type ReadWatchPorts = { readonly scribe: () => Scribe; readonly failed: (cause: unknown) => void }

/** Watches how often each camera reads the vehicles that it sees, and writes to the `site` stream when that is too rare, and when it is not any more. */
export class ReadWatch {
  readonly #rates = noRates()
  readonly #writing = new Set<string>()
  readonly #ports: ReadWatchPorts

  constructor(ports: ReadWatchPorts) {
    this.#ports = ports
  }

  /** Takes in one record, in the journal's order; `live` false while the site is rebuilt. */
  hear(record: FactRecord, live: boolean): void {
    foldRates(this.#rates, record)
    if (live) this.#write(dueRates(this.#rates))
  }

  /** The site has begun with these cameras: what was found and not written, and others are forgotten. */
  begin(cameraIds: Iterable<string>): void {
    const named = new Set(cameraIds)
    const due = dueRates(this.#rates).filter(({ cause }) => named.has(String(cause['cameraId'])))
    this.#write([...goneRates(this.#rates, named), ...due])
  }

  #write(rulings: readonly RateRuling[]): void {
    for (const ruling of rulings) {
      const cameraId = String(ruling.cause['cameraId'])
      if (this.#writing.has(cameraId)) continue
      this.#writing.add(cameraId)
      // The commit that is being told is over first.
      Promise.resolve()
        .then(() => this.#ports.scribe().write([{ stream: 'site', ...ruling, personal: {} }]))
        .catch(this.#ports.failed)
        .finally(() => this.#writing.delete(cameraId))
    }
  }
}
