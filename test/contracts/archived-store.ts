import { join } from 'node:path'
import { dropArchived } from '../../src/journal/archive-drop.ts'
import { archiveBeside } from '../../src/journal/archive-shelf.ts'
import { GENESIS_LINK } from '../../src/journal/chain.ts'
import { signCheckpoint } from '../../src/journal/checkpoint.ts'
import { closeSegment, segmentHead, segmentsIn } from '../../src/journal/segment.ts'
import { openStoreReadOnly } from '../../src/journal/sqlite-reader.ts'
import type { Store } from './journal-drafts.ts'

const headsBeside = (path: string) =>
  segmentsIn(archiveBeside(path)).map((name) => segmentHead(archiveBeside(path), name))

/** Closes what no segment beside the store holds yet, up to `upTo`; answers the segment's file, null where there is nothing to close. */
export async function archiveAll(
  { path, keys }: Pick<Store, 'path' | 'keys'>,
  upTo = Number.POSITIVE_INFINITY,
): Promise<string | null> {
  const store = openStoreReadOnly(path)
  try {
    const newest = headsBeside(path).at(-1)
    const before = newest ? { seq: newest.last, hash: newest.hash } : GENESIS_LINK
    const head = store.reader.head()
    const row = store.reader.rows(Math.min(head.seq, upTo) - 1, 1)[0]
    if (row === undefined || row.seq <= before.seq) return null
    const last = { seq: row.seq, hash: row.hash }
    const seal = signCheckpoint({ siteId: store.siteId, ...last, time: '2026-11-23T00:00:00.000Z' }, keys.signer())
    const preface = { checkpoints: [seal], machines: new Map() }
    const rows = async (after: number, limit: number) => store.reader.rows(after, limit)
    const ground = { siteId: store.siteId, rows }
    const { file } = await closeSegment(ground, archiveBeside(path), { before, last }, preface, () => {})
    return join(archiveBeside(path), file)
  } finally {
    store.database.close()
  }
}

/** Takes out of the store what is archived beside it; answers how many records went. */
export function dropAll(path: string, siteId = 'depot'): number {
  const { database, reader } = openStoreReadOnly(path)
  const kept = reader.archivedTo().seq
  database.close()
  return dropArchived(
    path,
    siteId,
    headsBeside(path).filter(({ first }) => first > kept),
  )
}
