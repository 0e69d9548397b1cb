import type { Journal } from '../../actors/ports.ts'
import { Fault } from '../../machines/faults.ts'
import type { Sealer } from '../privacy/sealer.ts'
import { openPersonal } from './journal-row.ts'
import { KurrentLine, type Patience } from './kurrent-line.ts'
import { KurrentLog } from './kurrent-log.ts'
import { newestNote } from './kurrent-owner.ts'

/** Which site's log, where. */
export type KurrentLogOptions = { readonly url: string; readonly siteId: string; readonly patience?: Patience }

/** A log that is read beside its owner, and the owner's epoch when it was opened. */
export type OpenLog = { readonly log: KurrentLog; readonly epoch: number }

/** Opens a site's log to be read, whoever owns it. Throws Fault NOT_FOUND where there is none, STORE_UNREACHABLE or STORE_CORRUPT. */
export async function openLogReadOnly({ url, siteId, patience }: KurrentLogOptions): Promise<OpenLog> {
  const line = new KurrentLine(url, patience)
  try {
    const { note } = await newestNote(line, siteId)
    const log = new KurrentLog(siteId, line)
    await log.refresh()
    if (note === null && log.head().seq === 0) {
      const says = `There is no journal of ${siteId} on ${line.shown}; check \`store.url\` and the site's id, or start berth once to make it.`
      throw new Fault('NOT_FOUND', {}, { says })
    }
    return { log, epoch: Math.max(note?.epoch ?? 0, log.newestEpoch) }
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
  options: KurrentLogOptions & { readonly keys: Pick<Sealer, 'open'> },
): Promise<Journal> {
  const { log, epoch } = await openLogReadOnly(options)
  return {
    siteId: options.siteId,
    get epoch() {
      return Math.max(epoch, log.newestEpoch)
    },
    head: () => log.head(),
    version: (stream) => log.version(stream),
    append: async () => {
      const says = `The journal on ${log.line.shown} is open for reading only; write through its owner.`
      throw new Fault('STORE_UNWRITABLE', {}, { says })
    },
    async readSite(after, limit) {
      await log.refresh()
      return log.readSite(after, limit)
    },
    async readStream(stream, after, limit) {
      await log.refresh()
      return log.readStream(stream, after, limit)
    },
    open: (record) => openPersonal(record, options.keys),
    close: () => log.line.close(),
  }
}
