import type { Clock } from '../../actors/ports.ts'
import type { PostgresLine } from '../journal/postgres-line.ts'

/** So often it is written down at most that a site was heard, ms. */
const WRITE_MS = 30_000

/** When each site was heard last: in memory, and in the database now and then. */
export class HeardSites {
  readonly #line: PostgresLine
  readonly #clock: Pick<Clock, 'now'>
  /** Not written yet, ms since 1970. */
  #new = new Map<string, number>()
  /** Heard once already: whoever is new is written down at once. */
  readonly #known = new Set<string>()
  #wroteAt = Number.NEGATIVE_INFINITY
  #writing: Promise<void> | null = null

  constructor(line: PostgresLine, clock: Pick<Clock, 'now'>) {
    this.#line = line
    this.#clock = clock
  }

  hear(site: string): void {
    const isNew = !this.#known.has(site)
    this.#known.add(site)
    this.#new.set(site, this.#clock.now())
    if (isNew || Math.abs(this.#clock.now() - this.#wroteAt) >= WRITE_MS) void this.write()
  }

  /** Writes down what is new. What cannot be written now is written later. */
  async write(): Promise<void> {
    await this.#writing
    this.#writing = this.#write().finally(() => {
      this.#writing = null
    })
    await this.#writing
  }

  async #write(): Promise<void> {
    this.#wroteAt = this.#clock.now()
    const some = this.#new
    if (some.size === 0) return
    this.#new = new Map()
    const text = `UPDATE berth_centre.site SET heard = new.heard FROM unnest($1::text[], $2::text[]) AS new (site, heard)
      WHERE berth_centre.site.site = new.site`
    try {
      await this.#line.read(text, [[...some.keys()], [...some.values()].map((at) => new Date(at).toISOString())])
    } catch {
      for (const [site, at] of some) if (!this.#new.has(site)) this.#new.set(site, at)
    }
  }
}
