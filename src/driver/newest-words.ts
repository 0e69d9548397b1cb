import { driverWord } from '../../actors/driver-word.ts'
import type { DriverWord } from '../../actors/ports.ts'
import { memory } from '../../actors/record-memory.ts'
import type { FactRecord } from '../../machines/record.ts'
import { DoorBook } from './door/door-book.ts'

/** What each bay's driver was told last, by the journal: after a restart it is known again, and told to nobody a second time. */
export class NewestWords {
  /** What drivers themselves did. */
  readonly doors = new DoorBook()
  readonly #words = new Map<string, DriverWord>()
  /** What is remembered by records alone. */
  readonly memory = memory({ doors: this.doors.memory, words: this.#words })

  /** Folds the next record. */
  hear(record: FactRecord): void {
    this.doors.hear(record)
    if (record.bayId === null) return
    if (record.decisions.some((decision) => decision.type === 'VisitEnded')) this.#words.delete(record.bayId)
    for (const effect of record.effects) {
      if (effect.type !== 'tell.driver') continue
      const word = driverWord(effect, record, undefined)
      if (word) this.#words.set(word.bayId, word)
    }
  }

  /** The newest word of the bay's running visit, or of its end; null where there is none. */
  of(bayId: string): DriverWord | null {
    return this.#words.get(bayId) ?? null
  }
}
