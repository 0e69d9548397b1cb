import { setImmediate as turn } from 'node:timers/promises'
import type { Link } from '../../actors/pages-ahead.ts'
import type { Journal } from '../../actors/ports.ts'
import { systemChance } from '../chance.ts'
import { systemClock } from '../clock.ts'
import { openSiteJournalReadOnly } from '../journal/site-store.ts'
import { type KeyStore, openKeyStoreReadOnly } from '../privacy/key-store.ts'
import { Room } from '../room.ts'
import type { SiteFile } from '../site-file.ts'
import { heldViews } from '../views/site-views.ts'
import { keptFor, sealedRoom, takeKept } from './room-rebuild.ts'

/** What is made anew: the state of this site after this record, from the one kept before (null: from the first record). */
export type StateOrder = { readonly file: SiteFile; readonly head: Link; readonly before: Uint8Array | null }

/**
 * The sealed state of a second room that lives the records of a site up to one of them, writes nothing and acts on nothing. It opens store and keys only to read,
 * beside their owner. Rejects as they do: Fault STORE_CORRUPT, STORE_UNREACHABLE, KEY_UNAVAILABLE.
 */
export async function makeState({ file, head, before }: StateOrder, env: NodeJS.ProcessEnv): Promise<Buffer> {
  const siteId = file.site.id
  const path = `${file.store.path}.keys`
  const keys = openKeyStoreReadOnly({ path, siteId, clock: systemClock, chance: systemChance, env })
  try {
    const store = await openSiteJournalReadOnly(file.store, siteId, keys)
    try {
      return await stateOf(file, upTo(store, head), keys, before)
    } finally {
      await store.close()
    }
  } finally {
    keys.close()
  }
}

async function stateOf(file: SiteFile, journal: Journal, keys: KeyStore, before: Uint8Array | null): Promise<Buffer> {
  const shelf = { read: async () => before }
  const log = (): void => {}
  const kept = await keptFor({ file, journal, keys, shelf, log }, () => turn())
  const second = new Room({ file, clock: systemClock, log, journal, keys, views: heldViews(journal) })
  if (kept) takeKept(second, kept)
  await second.site.rebuild(kept?.link, () => turn())
  return sealedRoom(second, keys, journal.head(), () => turn())
}

/** The journal as it stood at this record. */
function upTo(journal: Journal, head: Link): Journal {
  const { siteId, epoch } = journal
  return {
    ...{ siteId, epoch },
    head: () => head,
    version: (stream) => journal.version(stream),
    append: (drafts) => journal.append(drafts),
    readSite: async (after = 0, limit = 1_000) => {
      const most = Math.min(limit, head.seq - after)
      return most <= 0 ? [] : journal.readSite(after, most)
    },
    readStream: (stream, after, limit) => journal.readStream(stream, after, limit),
    open: (record) => journal.open(record),
    close: async () => {},
  }
}
