import { type CopiedOwner, type CopyTarget, linkedRows, notEmpty } from './copy-target.ts'
import { PostgresLog } from './postgres-log.ts'
import { beginSite, leaveSite, type OwnerNote, ownerNote } from './postgres-owner.ts'
import { demandTables } from './postgres-tables.ts'
import { type Patience, ServerAppend } from './server-append.ts'

/** Opens a site's log on a server as the target of a copy. Throws Fault STORE_OWNED where it holds something else than this copy's beginning. */
export async function openPostgresTarget(url: string, owner: CopiedOwner, patience?: Patience): Promise<CopyTarget> {
  const log = new PostgresLog(owner.siteId, { url, patience }, 'copying')
  try {
    await demandTables(log.line)
    const note = await log.line.insist((ask) => ownerNote(ask, owner.siteId))
    await log.refresh()
    const name = `${owner.siteId} on ${log.shown}`
    if (note !== null && !isSameCopy(note, owner)) throw notEmpty(name, note.state === 'copying' ? 0 : log.head().seq)
    return targetOf(log, owner, { name, isResumed: note !== null })
  } catch (fault) {
    await log.close()
    throw fault
  }
}

const isSameCopy = (note: OwnerNote, owner: CopiedOwner): boolean =>
  note.state === 'copying' && note.keyStoreId === owner.keyStoreId

function targetOf(log: PostgresLog, owner: CopiedOwner, about: Pick<CopyTarget, 'name' | 'isResumed'>): CopyTarget {
  const { siteId, epoch } = owner
  const append = new ServerAppend(log, epoch)
  return {
    ...about,
    head: () => log.head(),
    async begin() {
      await log.line.transaction(async (ask) => {
        await beginSite(ask, { ...owner, at: new Date().toISOString() }, 'copying')
        const note = await ownerNote(ask, siteId, true)
        if (note === null || !isSameCopy(note, owner)) throw notEmpty(about.name, log.head().seq)
        await ask('UPDATE berth.site SET epoch = $2 WHERE site = $1', [siteId, epoch])
      })
    },
    async write(rows) {
      await append.write(linkedRows(rows))
    },
    rows: (after, limit) => log.rowsAsTheyAre(after, limit),
    async end() {
      await leaveSite(log.line, siteId, epoch)
    },
    close: () => log.close(),
  }
}
