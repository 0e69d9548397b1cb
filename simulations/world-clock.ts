import { Agenda } from '../actors/agenda.ts'
import type { Clock } from '../actors/ports.ts'

/**
 * Time of a whole world, whole ms since 1970: moves from one thing that is due to the next. Between two of them everything that was
 * promised settles (`breathe` resolves when no promise is left to settle).
 */
export class WorldClock implements Clock {
  readonly #agenda = new Agenda<{ run: (() => void) | null }>()
  readonly #breathe: () => Promise<void>
  #now: number

  constructor(start: number, breathe: () => Promise<void>) {
    this.#now = start
    this.#breathe = breathe
  }

  now = (): number => this.#now

  after = (delay: number, run: () => void): (() => void) => {
    const item: { run: (() => void) | null } = { run }
    this.#agenda.push(Math.round(this.#now + Math.max(0, delay)), item)
    return () => {
      item.run = null
    }
  }

  /** Lets everything happen that is due up to `end`, in order; stops early where `going` says no. */
  async until(end: number, going: () => boolean = () => true): Promise<void> {
    await this.#breathe()
    while (going() && this.#agenda.next <= end) {
      const { due, item } = this.#agenda.pop()
      if (!item.run) continue
      this.#now = Math.max(this.#now, due)
      item.run()
      await this.#breathe()
    }
    if (going()) this.#now = Math.max(this.#now, end)
  }
}
