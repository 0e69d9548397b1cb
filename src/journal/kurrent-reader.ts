import type { Journal } from '../../actors/ports.ts'
import { Fault } from '../../machines/faults.ts'
import type { Sealer } from '../privacy/sealer.ts'
import { rowOf } from './kurrent-event.ts'
import { KurrentLine } from './kurrent-line.ts'
import { KurrentLog } from './kurrent-log.ts'
import { isFree, isHalfCopied, newestNote } from './kurrent-owner.ts'
import { readingJournal } from './server-journal.ts'
import { notFree, nowhere } from './server-refusals.ts'
import type { LogAsItIs, LogPlace } from './server-store.ts'

/** A log that is read beside its owner, and the owner's epoch when it was opened. */
export type OpenLog = { readonly log: KurrentLog; readonly epoch: number }

/** Opens a site's log to be read, whoever owns it. Throws Fault NOT_FOUND where there is none, STORE_UNREACHABLE or STORE_CORRUPT. */
export async function openLogReadOnly({ url, siteId, patience }: LogPlace): Promise<OpenLog> {
  const line = new KurrentLine(url, patience)
  try {
    const { note } = await newestNote(line, siteId)
    const log = new KurrentLog(siteId, line)
    await log.refresh()
    if (note === null && log.head().seq === 0) throw nowhere(siteId, line.shown)
    return { log, epoch: Math.max(note?.epoch ?? 0, log.newestEpoch) }
  } catch (error) {
    await line.close()
    throw error
  }
}

/** What keeps a site's log from being used, in one sentence; null where nothing does, also where it was not begun yet. */
export async function logTrouble({ url, siteId, patience }: LogPlace): Promise<string | null> {
  const line = new KurrentLine(url, patience)
  try {
    const newest = await newestNote(line, siteId)
    if (isHalfCopied(newest))
      return `a copy of ${siteId} to ${line.shown} was cut off; run the same \`berth copy\` again`
    await new KurrentLog(siteId, line).found(0, 1)
    return null
  } catch (fault) {
    if (!(fault instanceof Fault)) throw fault
    return fault.message
  } finally {
    await line.close()
  }
}

/** Whose a log is that nobody writes: to be copied. Throws Fault NOT_FOUND, or STORE_OWNED where its last owner did not go in order. */
export async function freeOwner({ url, siteId, patience }: LogPlace) {
  const line = new KurrentLine(url, patience)
  try {
    const newest = await newestNote(line, siteId)
    const { note } = newest
    if (note === null) throw nowhere(siteId, line.shown)
    if (isFree(newest)) return { siteId, keyStoreId: note.keyStoreId, epoch: note.epoch }
    throw notFree(siteId, line.shown, isHalfCopied(newest), { pid: note.pid, host: note.host, since: note.at })
  } finally {
    await line.close()
  }
}

/** Opens a log to be checked. Throws Fault NOT_FOUND where nobody ever owned one, STORE_UNREACHABLE or STORE_CORRUPT. */
export async function openLogAsItIs({ url, siteId, patience }: LogPlace): Promise<LogAsItIs> {
  const line = new KurrentLine(url, patience)
  const log = new KurrentLog(siteId, line)
  const rows = async (after: number, limit: number) => (await log.found(after, limit)).map(rowOf)
  try {
    const { note } = await newestNote(line, siteId)
    if (note === null && (await rows(0, 1)).length === 0) throw nowhere(siteId, line.shown)
    return { siteId, name: `${siteId} on ${line.shown}`, noted: note?.seq ?? 0, rows, close: () => line.close() }
  } catch (error) {
    await line.close()
    throw error
  }
}

/**
 * Opens a site's log to read, also while its owner runs: each reading call sees what the owner has committed by then, and `append`
 * rejects with Fault STORE_UNWRITABLE. Rejects as `openLogReadOnly` does.
 */
export async function openKurrentJournalReadOnly(
  options: LogPlace & { readonly keys: Pick<Sealer, 'open'> },
): Promise<Journal> {
  const { log, epoch } = await openLogReadOnly(options)
  return readingJournal(log, { keys: options.keys, epoch, close: () => log.line.close() })
}
