import type { Clock } from '../actors/ports.ts'

/** Longest delay that setTimeout keeps: beyond it the timer would fire at once. */
const LONGEST_MS = 2_147_483_647

/** The wall clock of this machine, and real timers. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(delay, run) {
    const due = Date.now() + delay
    let timer = setTimeout(fire, Math.min(Math.max(delay, 0), LONGEST_MS))
    function fire(): void {
      const left = due - Date.now()
      if (delay <= LONGEST_MS || left <= 0) run()
      else timer = setTimeout(fire, Math.min(left, LONGEST_MS))
    }
    return () => clearTimeout(timer)
  },
}
