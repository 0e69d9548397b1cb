import type { Fault } from '../../machines/faults.ts'
import { openReader, type ReaderOptions, type ReaderPool } from '../vision/reader.ts'

type Shared = { readonly pool: Promise<ReaderPool>; readonly told: Set<(fault: Fault) => void>; users: number }

/** Plate readers of a node: sites that read with the same models share one, opened with the first picture. Each takes some 200 MB. */
export class SharedReaders {
  readonly #pools = new Map<string, Shared>()

  /** A reader of these models. It resolves at once; a picture waits for the models the first time. */
  async open(options: ReaderOptions = {}): Promise<ReaderPool> {
    const key = JSON.stringify(options.plan ?? null)
    const told = options.onFault ?? (() => {})
    let held: Shared | null = null
    const take = (): Shared => {
      held ??= this.#take(key, options, told)
      return held
    }
    return {
      read: async (picture, zones) => (await take().pool).read(picture, zones),
      close: async () => {
        if (held !== null) await this.#leave(key, held, told)
      },
      pids: () => [],
    }
  }

  #take(key: string, options: ReaderOptions, told: (fault: Fault) => void): Shared {
    let shared = this.#pools.get(key)
    if (shared === undefined) {
      const all = new Set<(fault: Fault) => void>()
      const pool = openReader({
        ...options,
        onFault: (fault) => {
          for (const one of all) one(fault)
        },
      })
      pool.catch(() => this.#pools.delete(key))
      shared = { pool, told: all, users: 0 }
      this.#pools.set(key, shared)
    }
    shared.told.add(told)
    shared.users++
    return shared
  }

  async #leave(key: string, shared: Shared, told: (fault: Fault) => void): Promise<void> {
    shared.told.delete(told)
    if (--shared.users > 0) return
    if (this.#pools.get(key) === shared) this.#pools.delete(key)
    await (await shared.pool.catch(() => null))?.close()
  }
}
