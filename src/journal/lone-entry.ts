import type { Clock, Entry } from '../../actors/ports.ts'
import { entryDraft } from '../../actors/recorder.ts'
import { systemChance } from '../chance.ts'
import { openKeyStore } from '../privacy/key-store.ts'
import { openSiteJournal, type SiteStore } from './site-store.ts'

/**
 * Writes one entry into the store of a site that nobody serves, without waking the site. Rejects with Fault STORE_OWNED where somebody
 * does, and with STORE_UNWRITABLE or KEY_UNAVAILABLE where it cannot be written (a copy, a read-only disk).
 */
export async function writeLoneEntry(store: SiteStore, siteId: string, clock: Clock, entry: Entry): Promise<void> {
  const keys = openKeyStore({ path: `${store.path}.keys`, siteId, clock, chance: systemChance })
  try {
    const journal = await openSiteJournal(store, { siteId, clock, keys })
    try {
      const [newest] = await journal.readSite(Math.max(0, journal.head().seq - 1), 1)
      // Times of a journal never run backwards, whatever this machine's clock says.
      const at = Math.max(clock.now(), newest ? Date.parse(newest.at) : 0)
      await journal.append([entryDraft(entry, journal.version(entry.stream) + 1, at, [])])
    } finally {
      await journal.close()
    }
  } finally {
    keys.close()
  }
}
