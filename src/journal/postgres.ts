import type { LateRecords } from '../../actors/late-records.ts'
import type { Journal } from '../../actors/ports.ts'
import { demandCheckpointed } from './checkpoint-ahead.ts'
import { PostgresLog } from './postgres-log.ts'
import { beginSite, leaveSite, type OwnerNote, ownerNote, raiseEpoch } from './postgres-owner.ts'
import { demandTables } from './postgres-tables.ts'
import { ServerJournal, type ServerJournalOptions, timeOf } from './server-journal.ts'
import { halfCopied, OR_SHIPPED, sealedElsewhere } from './server-refusals.ts'
import { lockStore } from './store-lock.ts'

/**
 * Opens the site's log on a PostgreSQL server as its one owner, making berth's tables at first use. Rejects with Fault STORE_OWNED (another
 * process of this machine has it), STORE_UNREACHABLE, STORE_UNWRITABLE, STORE_CORRUPT (cut off, half copied, tables of another version) or
 * KEY_UNAVAILABLE (another key store's).
 */
export async function openPostgresJournal(options: ServerJournalOptions): Promise<Journal & LateRecords> {
  const lock = lockStore(options.path)
  const log = new PostgresLog(options.siteId, options)
  try {
    await demandTables(log.line)
    const epoch = await takeOver(log, options)
    lock.sign(epoch, timeOf(options.clock))
    return new ServerJournal({
      log,
      epoch,
      lock,
      options,
      // Whoever copies the log asks whether its owner left. Without that word it is told to stop this one first.
      lastWord: () => leaveSite(log.line, options.siteId, epoch),
      closeLog: () => log.close(),
    })
  } catch (error) {
    await log.close()
    lock.release()
    throw error
  }
}

/** Reads where the log ends and raises its epoch, in one transaction: an owner before writes before it or never again. */
async function takeOver(log: PostgresLog, options: ServerJournalOptions): Promise<number> {
  const { siteId, clock, keys, path, restored } = options
  const owner = { siteId, keyStoreId: keys.storeId, at: timeOf(clock) }
  return log.line.transaction(async (ask) => {
    await options.mayOwn?.(ask)
    await beginSite(ask, owner, 'left')
    refuse(await ownerNote(ask, siteId, true), log, options)
    await log.load(ask)
    demandCheckpointed({ path, name: `of ${siteId} on ${log.shown}`, siteId, head: log.head() }, restored)
    return raiseEpoch(ask, owner)
  })
}

/** What speaks against owning this log. */
function refuse(note: OwnerNote | null, log: PostgresLog, { keys, path, siteId }: ServerJournalOptions): void {
  if (note?.state === 'copying') throw halfCopied(siteId, log.shown, OR_SHIPPED)
  if (note !== null && note.keyStoreId !== keys.storeId) throw sealedElsewhere(siteId, log.shown, path)
}
