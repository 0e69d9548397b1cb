import type { RecordedSite } from './recorded-site.ts'

/** Recordings that are open at once: the one that was not asked for longest is closed. */
const MOST_OPEN = 6

/** Recordings that are opened when somebody wants to see them, each behind an address of its own; the first one stays for as long as the shelf. */
export class RecordingShelf<T extends RecordedSite> {
  readonly #open = new Map<string, Promise<T>>()
  #first: string | null = null

  /** The recording of this name; `opening` makes it where it is not open. Rejects as that does, and forgets it then. */
  async take(key: string, opening: () => Promise<T>): Promise<T> {
    const taken = this.#open.get(key) ?? opening()
    // The newest one stands last.
    this.#open.delete(key)
    this.#open.set(key, taken)
    this.#first ??= key
    taken.catch(() => this.#forget(key))
    await this.#closeOldest()
    return taken
  }

  #forget(key: string): void {
    this.#open.delete(key)
    if (this.#first === key) this.#first = null
  }

  async #closeOldest(): Promise<void> {
    const old = [...this.#open.keys()].filter((key) => key !== this.#first)
    for (const key of old.slice(0, Math.max(0, old.length - MOST_OPEN))) {
      const taken = this.#open.get(key)
      this.#open.delete(key)
      await taken?.then((one) => one.close()).catch(() => {})
    }
  }

  async close(): Promise<void> {
    const all = [...this.#open.values()]
    this.#open.clear()
    await Promise.all(all.map((taken) => taken.then((one) => one.close()).catch(() => {})))
  }
}
