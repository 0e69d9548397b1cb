import type { Clock, Journal } from '../../actors/ports.ts'
import { Fault } from '../../machines/faults.ts'
import { systemChance } from '../chance.ts'
import { systemClock } from '../clock.ts'
import { openPersonal } from '../journal/journal-row.ts'
import { type KeyStore, openKeyStoreReadOnly } from '../privacy/key-store.ts'
import { Room } from '../room.ts'
import type { Log } from '../room-parts.ts'
import { heldViews } from '../views/site-views.ts'
import type { KeptShelf } from './kept-shelf.ts'
import type { KeptState } from './kept-state.ts'
import { Pacer } from './pacer.ts'
import { keptFor, says, sealedRoom, takeKept } from './room-rebuild.ts'

/** A start lives so many records at most beside the kept state, as long as this process runs: some 0.1 s. */
export const EVERY = 2_000
/** And a new one is not made more often than this, ms. */
const REST_ms = 60_000
/** How often it is looked whether it is time, ms. */
const LOOK_ms = 5_000
type KeeperParts = {
  readonly room: Room
  readonly shelf: KeptShelf
  readonly clock: Clock
  readonly env: NodeJS.ProcessEnv
  readonly log: Log
}

/**
 * Makes the kept state anew while a site runs: not of what runs, which knows more than its records, but of a second room that lives the same records from the kept
 * state before, writes nothing and acts on nothing. What is kept is so what a start would make of the journal, never more.
 */
export class StateKeeper {
  readonly #parts: KeeperParts
  #keptAt: number
  #madeAt: number
  readonly #pacer = new Pacer('keep')
  #stop: (() => void) | null = null

  /** `keptAt`: the record of the newest kept state, 0 where there is none. */
  constructor(parts: KeeperParts, keptAt: number) {
    this.#parts = parts
    this.#keptAt = keptAt
    this.#madeAt = parts.clock.now()
  }

  begin(): void {
    if (this.#pacer.isClosed) return
    this.#stop = systemClock.after(LOOK_ms, () => void this.#look().finally(() => this.begin()))
  }

  async close(): Promise<void> {
    this.#stop?.()
    await this.#pacer.close()
  }

  async #look(): Promise<void> {
    const { room, clock, log } = this.#parts
    const { seq } = room.journal.head()
    if (seq - this.#keptAt < EVERY || Math.abs(clock.now() - this.#madeAt) < REST_ms || room.site.failing) return
    try {
      await this.#pacer.run(() => this.keep())
    } catch (cause) {
      if (!this.#pacer.isClosed)
        log(`No newer state could be kept (${says(cause)}); the one before stays, and a start takes longer.`)
    }
    this.#madeAt = clock.now()
  }

  /** Makes and writes it now, up to the newest record. Rejects as the journal and the shelf do. */
  async keep(): Promise<void> {
    const { room, shelf, clock, env } = this.#parts
    const { file } = room
    const head = room.journal.head()
    const path = `${file.store.path}.keys`
    const keys = openKeyStoreReadOnly({ path, siteId: file.site.id, clock, chance: systemChance, env })
    try {
      const journal = upTo(room.journal, head, keys)
      const { rest } = this.#pacer
      const kept = await keptFor({ file, journal, keys, shelf, log: () => {} }, rest)
      await rest()
      const second = new Room({ file, clock, log: () => {}, journal, keys, views: heldViews(journal) })
      await rest()
      await this.#live(second, kept)
      await shelf.write(await sealedRoom(second, keys, head, rest))
      this.#keptAt = head.seq
    } finally {
      keys.close()
    }
  }

  async #live(second: Room, kept: KeptState | null): Promise<void> {
    if (kept) {
      takeKept(second, kept)
      await this.#pacer.rest()
    }
    await second.site.rebuild(kept?.link, this.#pacer.rest)
  }
}

/** The journal as it stood at this record, for who only reads. */
function upTo(journal: Journal, head: ReturnType<Journal['head']>, keys: KeyStore): Journal {
  const { siteId, epoch } = journal
  return {
    ...{ siteId, epoch },
    head: () => head,
    version: (stream) => journal.version(stream),
    append: async () => {
      throw new Fault('STORE_UNWRITABLE', {}, { says: 'This room writes nothing.' })
    },
    readSite: async (after = 0, limit = 1_000) => {
      const most = Math.min(limit, head.seq - after)
      return most <= 0 ? [] : journal.readSite(after, most)
    },
    readStream: (stream, after, limit) => journal.readStream(stream, after, limit),
    open: (record) => openPersonal(record, keys),
    close: async () => {},
  }
}
