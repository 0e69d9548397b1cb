import { type CopiedOwner, type CopyTarget, linkedRows, notEmpty } from './copy-target.ts'
import type { JournalRow } from './journal-row.ts'
import { rowOf } from './kurrent-event.ts'
import { KurrentLine } from './kurrent-line.ts'
import { KurrentLog } from './kurrent-log.ts'
import { isHalfCopied, newestNote, type OwnerSays, writeNote } from './kurrent-owner.ts'
import { type Patience, ServerAppend } from './server-append.ts'

/** Characters of one append: a server takes 1 MiB where nobody told it otherwise. */
const MOST_CHARACTERS = 400_000

/** Opens a site's log on a server as the target of a copy. Throws Fault STORE_OWNED where it holds something else than this copy's beginning. */
export async function openKurrentTarget(url: string, owner: CopiedOwner, patience?: Patience): Promise<CopyTarget> {
  const line = new KurrentLine(url, patience)
  try {
    const log = new KurrentLog(owner.siteId, line)
    const name = `${owner.siteId} on ${line.shown}`
    const newest = await newestNote(line, owner.siteId)
    await log.refresh()
    const isResumed = isHalfCopied(newest)
    const isForeign = isResumed ? newest.note?.keyStoreId !== owner.keyStoreId : newest.note !== null
    if (isForeign || (!isResumed && log.head().seq > 0)) throw notEmpty(name, isResumed ? 0 : log.head().seq)
    return targetOf(log, owner, { name, isResumed, revision: newest.revision })
  } catch (fault) {
    await line.close()
    throw fault
  }
}

type Found = { readonly name: string; readonly isResumed: boolean; readonly revision: number }

function targetOf(log: KurrentLog, owner: CopiedOwner, { name, isResumed, revision }: Found): CopyTarget {
  const noted = isResumed ? revision : revision + 1
  const append = new ServerAppend(log, owner.epoch)
  return {
    name,
    isResumed,
    head: () => log.head(),
    async begin() {
      if (!isResumed && !(await writeNote(log.line, 'copying', saysOf(owner, log), revision))) throw notEmpty(name, 0)
    },
    async write(rows) {
      for (const part of partsOf(rows)) await append.write(linkedRows(part))
    },
    rows: async (after, limit) => (await log.found(after, limit)).map(rowOf),
    async end() {
      if (!(await writeNote(log.line, 'copied', saysOf(owner, log), noted))) throw notEmpty(name, log.head().seq)
    },
    close: () => log.line.close(),
  }
}

const saysOf = ({ siteId, keyStoreId, epoch }: CopiedOwner, log: KurrentLog): OwnerSays => {
  return { siteId, keyStoreId, epoch, at: new Date().toISOString(), head: log.head() }
}

/** Parts that a server takes at once. */
function* partsOf(rows: readonly JournalRow[]): Generator<readonly JournalRow[]> {
  let part: JournalRow[] = []
  let size = 0
  for (const row of rows) {
    const more = row.content.length + (row.personal?.length ?? 0) + 500
    if (part.length > 0 && size + more > MOST_CHARACTERS) {
      yield part
      part = []
      size = 0
    }
    part.push(row)
    size += more
  }
  if (part.length > 0) yield part
}
