import { Agenda } from '../actors/agenda.ts'
import type { Clock } from '../actors/ports.ts'

/** Time that moves only when told, ms since 1970. */
export type ToyClock = Clock & {
  /** Runs everything due, in order, until `ms` have passed; lets promises settle in between. */
  pass(ms: number): Promise<void>
  /** Lets everything due now settle. */
  settle(): Promise<void>
}

// Promises chained behind one callback settle within so many turns of the microtask queue; measured 12, with room to spare.
const TURNS = 40

export function toyClock(start: number): ToyClock {
  let now = start
  const agenda = new Agenda<{ run: (() => void) | null }>()
  const turn = async (): Promise<void> => {
    for (let i = 0; i < TURNS; i++) await Promise.resolve()
  }
  const until = async (end: number): Promise<void> => {
    await turn()
    while (agenda.next <= end) {
      const { due, item } = agenda.pop()
      now = Math.max(now, due)
      item.run?.()
      await turn()
    }
  }
  return {
    now: () => now,
    after(delay, run) {
      const item: { run: (() => void) | null } = { run }
      agenda.push(now + Math.max(0, delay), item)
      return () => {
        item.run = null
      }
    },
    async pass(ms) {
      const end = now + ms
      await until(end)
      now = end
    },
    settle: () => until(now),
  }
}
