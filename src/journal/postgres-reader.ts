import type { Journal } from '../../actors/ports.ts'
import { Fault } from '../../machines/faults.ts'
import type { Sealer } from '../privacy/sealer.ts'
import type { CopiedOwner } from './copy-target.ts'
import { openPersonal } from './journal-row.ts'
import { PostgresLog } from './postgres-log.ts'
import { halfCopied, type OwnerNote, ownerNote } from './postgres-owner.ts'
import { hasTables } from './postgres-tables.ts'
import type { LogAsItIs, LogPlace } from './server-store.ts'

/** The note on a site; null where it was never begun, or berth never came to this server. */
async function noteOn(log: PostgresLog): Promise<OwnerNote | null> {
  return (await hasTables(log.line)) ? log.line.insist((ask) => ownerNote(ask, log.siteId)) : null
}

/** Opens a site's log, does `work` with it, and closes it where that fails. */
async function opened<T>({ siteId, ...where }: LogPlace, work: (log: PostgresLog) => Promise<T>): Promise<T> {
  const log = new PostgresLog(siteId, where)
  try {
    return await work(log)
  } catch (error) {
    await log.close()
    throw error
  }
}

/** Opens a site's log to be read, whoever owns it. Throws Fault NOT_FOUND where there is none, STORE_UNREACHABLE or STORE_CORRUPT. */
export function openPostgresLog(place: LogPlace): Promise<PostgresLog> {
  return opened(place, async (log) => {
    if ((await noteOn(log)) === null) throw nowhere(log)
    await log.refresh()
    return log
  })
}

/** What keeps a site's log from being used, in one sentence; null where nothing does, also where it was not begun yet. */
export async function postgresTrouble(place: LogPlace): Promise<string | null> {
  try {
    await opened(place, async (log) => {
      const note = await noteOn(log)
      if (note?.state === 'copying') throw halfCopied(place.siteId, log.shown)
      await log.close()
    })
    return null
  } catch (fault) {
    if (!(fault instanceof Fault)) throw fault
    return fault.message
  }
}

/** Whose a log is that nobody writes: to be copied. Throws Fault NOT_FOUND, or STORE_OWNED where its last owner did not go in order. */
export function freePostgresOwner(place: LogPlace): Promise<CopiedOwner> {
  return opened(place, async (log) => {
    const note = await noteOn(log)
    if (note === null) throw nowhere(log)
    await log.close()
    const { siteId } = place
    if (note.state === 'left') return { siteId, keyStoreId: note.keyStoreId, epoch: note.epoch }
    const says =
      note.state === 'copying'
        ? `The log of ${siteId} on ${log.shown} is itself half a copy; end that one first.`
        : `Process ${note.pid} on ${note.host} has owned the log of ${siteId} on ${log.shown} since ${note.since} and did not let it go; stop it, or start it again and stop it in order.`
    throw new Fault('STORE_OWNED', {}, { says })
  })
}

/** Opens a log to be checked, its rows whatever they are. Throws Fault NOT_FOUND where nobody ever owned one, STORE_UNREACHABLE or STORE_CORRUPT. */
export function openPostgresAsItIs(place: LogPlace): Promise<LogAsItIs> {
  return opened(place, async (log) => {
    const note = await noteOn(log)
    if (note === null) throw nowhere(log)
    const rows = (after: number, limit: number) => log.rowsAsTheyAre(after, limit)
    const name = `${place.siteId} on ${log.shown}`
    return { siteId: place.siteId, name, noted: note.seq, rows, close: () => log.close() }
  })
}

function nowhere(log: PostgresLog): Fault {
  const says = `There is no journal of ${log.siteId} on ${log.shown}; check \`store.url\` and the site's id, or start berth once to make it.`
  return new Fault('NOT_FOUND', {}, { says })
}

/**
 * Opens a site's log to read, also while its owner runs: each reading call sees what the owner has committed by then, and `append`
 * rejects with Fault STORE_UNWRITABLE. Rejects as `openPostgresLog` does.
 */
export async function openPostgresJournalReadOnly(
  place: LogPlace & { readonly keys: Pick<Sealer, 'open'> },
): Promise<Journal> {
  const log = await openPostgresLog(place)
  return {
    siteId: place.siteId,
    get epoch() {
      return log.newestEpoch
    },
    head: () => log.head(),
    version: (stream) => log.version(stream),
    append: async () => {
      const says = `The journal on ${log.shown} is open for reading only; write through its owner.`
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
    open: (record) => openPersonal(record, place.keys),
    close: () => log.close(),
  }
}
