import type { Journal } from '../../actors/ports.ts'
import { Fault } from '../../machines/faults.ts'
import type { Sealer } from '../privacy/sealer.ts'
import type { CopiedOwner } from './copy-target.ts'
import { PostgresLine } from './postgres-line.ts'
import { PostgresLog } from './postgres-log.ts'
import { type OwnerNote, ownerNote } from './postgres-owner.ts'
import { hasTables } from './postgres-tables.ts'
import type { Patience } from './server-append.ts'
import { readingJournal } from './server-journal.ts'
import { halfCopied, notFree, nowhere, OR_SHIPPED } from './server-refusals.ts'
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
    if ((await noteOn(log)) === null) throw nowhere(log.siteId, log.shown)
    await log.refresh()
    return log
  })
}

/** What keeps a site's log from being used, in one sentence; null where nothing does, also where it was not begun yet. */
export async function postgresTrouble(place: LogPlace): Promise<string | null> {
  try {
    await opened(place, async (log) => {
      const note = await noteOn(log)
      if (note?.state === 'copying') throw halfCopied(place.siteId, log.shown, OR_SHIPPED)
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
    if (note === null) throw nowhere(log.siteId, log.shown)
    await log.close()
    const { siteId } = place
    if (note.state === 'left') return { siteId, keyStoreId: note.keyStoreId, epoch: note.epoch }
    throw notFree(siteId, log.shown, note.state === 'copying', note)
  })
}

/** Every site that has a log on a server, by name. Throws Fault STORE_UNREACHABLE or STORE_CORRUPT; NOT_FOUND where berth never came to it. */
export async function sitesOnPostgres(url: string, patience?: Patience): Promise<readonly string[]> {
  const line = new PostgresLine(url, patience)
  try {
    if (!(await hasTables(line)))
      throw new Fault('NOT_FOUND', {}, { says: `There is no journal on ${line.shown}; check the address.` })
    return (await line.read('SELECT site FROM berth.site ORDER BY site')).map(({ site }) => String(site))
  } finally {
    await line.close()
  }
}

/** Opens a log to be checked, its rows whatever they are. Throws Fault NOT_FOUND where nobody ever owned one, STORE_UNREACHABLE or STORE_CORRUPT. */
export function openPostgresAsItIs(place: LogPlace): Promise<LogAsItIs> {
  return opened(place, async (log) => {
    const note = await noteOn(log)
    if (note === null) throw nowhere(log.siteId, log.shown)
    const rows = (after: number, limit: number) => log.rowsAsTheyAre(after, limit)
    const name = `${place.siteId} on ${log.shown}`
    return { siteId: place.siteId, name, noted: note.seq, rows, close: () => log.close() }
  })
}

/**
 * Opens a site's log to read, also while its owner runs: each reading call sees what the owner has committed by then, and `append`
 * rejects with Fault STORE_UNWRITABLE. Rejects as `openPostgresLog` does.
 */
export async function openPostgresJournalReadOnly(
  place: LogPlace & { readonly keys: Pick<Sealer, 'open'> },
): Promise<Journal> {
  const log = await openPostgresLog(place)
  return readingJournal(log, { keys: place.keys, close: () => log.close() })
}
