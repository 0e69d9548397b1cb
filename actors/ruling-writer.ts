import type { RateRuling } from '../machines/read-rate.ts'
import type { Scribe } from './ports.ts'

/** Where rulings go. `failed`: one could not be written; it is tried again when it is due again. */
export type RulingPorts = { readonly scribe: () => Scribe; readonly failed: (cause: unknown) => void }

/** Writes rulings to the `site` stream, one of a name at a time; `name` says which are the same. */
export class RulingWriter<Ruling extends RateRuling> {
  readonly #writing = new Set<string>()
  readonly #ports: RulingPorts
  readonly #name: (ruling: Ruling) => string

  constructor(ports: RulingPorts, name: (ruling: Ruling) => string) {
    this.#ports = ports
    this.#name = name
  }

  write(rulings: readonly Ruling[]): void {
    for (const ruling of rulings) {
      const name = this.#name(ruling)
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
