import type { Clock } from '../../actors/ports.ts'
import { Fault } from '../../machines/faults.ts'
import { systemClock } from '../clock.ts'
import type { Room } from '../room.ts'
import type { Log } from '../room-parts.ts'
import type { KeptShelf } from './kept-shelf.ts'
import { Pacer } from './pacer.ts'
import { says } from './room-rebuild.ts'
import { StateMaker } from './state-maker.ts'

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
 * Makes the kept state anew while a site runs: not of what runs, which knows more than its records, but of a second room, in a process beside this one, that lives the same records
 * from the kept state before, writes nothing and acts on nothing. What is kept is so what a start would make of the journal, never more.
 */
export class StateKeeper {
  readonly #parts: KeeperParts
  #keptAt: number
  #madeAt: number
  readonly #pacer = new Pacer('keep')
  readonly #maker: StateMaker
  #stop: (() => void) | null = null

  /** `keptAt`: the record of the newest kept state, 0 where there is none. */
  constructor(parts: KeeperParts, keptAt: number) {
    this.#parts = parts
    this.#maker = new StateMaker(parts.env)
    this.#keptAt = keptAt
    this.#madeAt = parts.clock.now()
  }

  begin(): void {
    if (this.#pacer.isClosed) return
    this.#stop = systemClock.after(LOOK_ms, () => void this.#look().finally(() => this.begin()))
  }

  async close(): Promise<void> {
    this.#stop?.()
    const closed = this.#pacer.close()
    this.#maker.end()
    await closed
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
    const { room, shelf } = this.#parts
    const head = room.journal.head()
    // One that cannot be read is made anew from the first record.
    const before = await shelf.read().catch(() => null)
    try {
      await shelf.write(await this.#maker.make({ file: room.file, head, before }))
    } catch (fault) {
      // It was read by another process: nobody else has told it.
      if (fault instanceof Fault && fault.code === 'STORE_CORRUPT') room.troubles.altered(fault)
      throw fault
    }
    this.#keptAt = head.seq
  }
}
