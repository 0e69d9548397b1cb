import { rmdirSync } from 'node:fs'
import { complain } from './complaint.ts'
import { openFolder } from './out-folder.ts'

/** What a shell says of a process that was ended so. */
const CODES = { SIGINT: 130, SIGTERM: 143 } as const

/**
 * Work that takes minutes, whose results go into `folder` (absent: nowhere). Ctrl-C (or SIGTERM) aborts `stop`, by which the work must reject:
 * then it is told in one sentence, folders that were made for it go where they are empty, and the answer is the exit code of such an end.
 * Otherwise it is what the work answers, or 1 with a sentence where the folder cannot be made.
 */
export async function stoppable(
  folder: string | undefined,
  work: (stop: AbortSignal) => Promise<number>,
): Promise<number> {
  const control = new AbortController()
  let code = 0
  const heard = (signal: keyof typeof CODES): void => {
    code = CODES[signal]
    control.abort(new Error(signal))
  }
  process.once('SIGINT', heard)
  process.once('SIGTERM', heard)
  const made = folder === undefined ? [] : openFolder(folder)
  try {
    if (typeof made === 'string') return complain(made, 1)
    return await work(control.signal)
  } catch (cause) {
    if (cause !== control.signal.reason || typeof made === 'string') throw cause
    for (const one of made) removeEmpty(one)
    const kept = folder === undefined ? 'nothing was written' : `nothing was written, and ${folder} is as it was`
    // On a terminal the sentence takes the place of the progress.
    const clear = process.stderr.isTTY ? '\r\u001b[K' : ''
    return complain(`${clear}Stopped before the end: ${kept}.`, code)
  } finally {
    process.off('SIGINT', heard)
    process.off('SIGTERM', heard)
  }
}

function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder)
  } catch {
    // Somebody put something into it meanwhile, or took it away: it is theirs.
  }
}

/** As `work`, but rejects as soon as `stop` is aborted, with its reason. */
export async function unlessStopped<T>(stop: AbortSignal, work: () => Promise<T>): Promise<T> {
  stop.throwIfAborted()
  const { promise, reject } = Promise.withResolvers<never>()
  const stopped = (): void => reject(stop.reason)
  stop.addEventListener('abort', stopped)
  try {
    return await Promise.race([work(), promise])
  } finally {
    stop.removeEventListener('abort', stopped)
  }
}
