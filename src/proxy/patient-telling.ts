import type { Clock } from '../../actors/ports.ts'
import { Fault } from '../../machines/faults.ts'

const FIRST_MS = 250
const LONGEST_MS = 5_000

export type Patience = {
  readonly clock: Clock
  /** False where nothing can be waited for any more: then the fault is the caller's. */
  readonly waits: () => boolean
  /** It could not be written down now; said once. */
  readonly held: () => void
}

/** Tells something that is said only once, until it is written down. Rejects with every fault but STORE_UNWRITABLE, and with that one where nobody `waits`. */
export async function untilWritten<T>({ clock, waits, held }: Patience, tell: () => Promise<T>): Promise<T> {
  for (let pause = FIRST_MS; ; pause = Math.min(2 * pause, LONGEST_MS)) {
    try {
      return await tell()
    } catch (error) {
      if (!(error instanceof Fault) || error.code !== 'STORE_UNWRITABLE' || !waits()) throw error
      if (pause === FIRST_MS) held()
      await new Promise<void>((resolve) => void clock.after(pause, resolve))
    }
  }
}
