import { type Memory, memory, type Rememberer } from '../actors/record-memory.ts'
import type { FactRecord } from '../machines/record.ts'
import { NewestMachines } from './journal/adopted-machines.ts'
import type { Payers } from './payers.ts'
import type { Room } from './room.ts'

/** Whoever folds a site's records beside its bays must say what it remembers: a start may begin from that. */
type RoomRememberer = Rememberer<[record: FactRecord, live: boolean]>

/** Everybody in a room who hears its records, and all that they and its bays remember of them. */
export class RoomMemory implements Memory {
  /** The machines that decide since a record said so. */
  readonly machines = new NewestMachines()
  readonly #rememberers: readonly RoomRememberer[]
  readonly #memory: Memory

  constructor(room: Room, payers: Payers) {
    const { desk, watches, privacy, presence, proxy, words, senses, reviews, tariffs, central, centralPolicy } = room
    const { machines } = this
    const heard: { readonly [name: string]: RoomRememberer } = {
      ...{ desk, watches, privacy, presence },
      ...(proxy && { proxy }),
      ...{ words, senses, reviews, tariffs, central, payers, centralPolicy, machines },
    }
    this.#rememberers = Object.values(heard)
    const all = Object.entries(heard).map(([name, one]) => [name, one.memory] as const)
    // Bays first: others look at them.
    this.#memory = memory({ site: room.site.memory, ...Object.fromEntries(all) })
  }

  hear(record: FactRecord, live: boolean): void {
    for (const one of this.#rememberers) one.hear(record, live)
  }

  say = (): unknown => this.#memory.say()

  take = (said: unknown): void => this.#memory.take(said)
}
