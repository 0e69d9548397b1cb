import { systemClock } from '../clock.ts'
import type { Room } from '../room.ts'
import type { Log } from '../room-parts.ts'
import type { KeptShelf } from './kept-shelf.ts'
import { Pacer } from './pacer.ts'
import { says } from './room-rebuild.ts'

/** First doors open and charge points come back, ms. */
const BEGINS_ms = 5_000

/**
 * Behind open doors, and slowly: every record from before the kept state is read and checked as a start without one would, its bays are lived, and both accounts
 * are compared. Where they differ the kept state is dropped and people are told. Ends by itself; `close` ends it sooner.
 */
export function checkPast({ desk, troubles }: Room, shelf: KeptShelf, log: Log): () => Promise<void> {
  const [checking, keeping] = [new Pacer('check'), new Pacer('keep')]
  let isWrong = false
  const drop = async (): Promise<void> => {
    await shelf.drop()
    isWrong = false
  }
  const troubled = (cause: unknown): void => log(`The wrong kept state could not be deleted: ${says(cause)}`)
  const check = async (): Promise<void> => {
    const different = await desk.recall(checking.rest)
    if (different.length === 0) return
    isWrong = true
    troubles.keptState(different)
    // After what is being kept just now, which began from the same state.
    keeping.run(drop).catch(troubled)
  }
  const stop = systemClock.after(BEGINS_ms, () => {
    checking.run(check).catch((cause: unknown) => {
      // An altered record is told where it was read.
      if (!checking.isClosed) log(`What was kept could not be held against the whole journal: ${says(cause)}`)
    })
  })
  return async () => {
    stop()
    for (const one of [checking, keeping]) await one.close()
    // Its turn had not come, and by now nothing is kept any more.
    if (isWrong) await drop().catch(troubled)
  }
}
