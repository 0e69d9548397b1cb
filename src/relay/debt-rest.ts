import type { Clock } from '../../actors/ports.ts'
import type { TransactionQueue } from './transaction-queue.ts'

/** A charge point that is back waits at most so long for the answer to what is owed for it, and looks so often, ms. */
const REST_MS = 2_000
const STEP_MS = 20

/** Resolves when nothing is under way to the back end, or after two seconds: what the next line must not say once more. */
export async function untilAnswered({
  queue,
  clock,
}: {
  readonly queue: Pick<TransactionQueue, 'sent'>
  readonly clock: Pick<Clock, 'after'>
}): Promise<void> {
  for (let left = REST_MS; left > 0 && queue.sent.length > 0; left -= STEP_MS)
    await new Promise<void>((resolve) => void clock.after(STEP_MS, resolve))
}
