import { join } from 'node:path'
import type { LateRecords } from '../../actors/late-records.ts'
import type { Journal } from '../../actors/ports.ts'
import { systemChance } from '../../src/chance.ts'
import { openPostgresJournal } from '../../src/journal/postgres.ts'
import type { Patience } from '../../src/journal/server-append.ts'
import { type KeyStore, openKeyStore } from '../../src/privacy/key-store.ts'
import { stillClock } from './journal-drafts.ts'

/** Short, so that a test of a silent server ends soon; long enough for a busy machine. */
export const SHORT: Patience = { call: 2_000, whole: 8_000 }

/** A site's log on a server, and its keys on disk. */
export type PostgresStore = {
  readonly journal: Journal & LateRecords
  readonly keys: KeyStore
  readonly path: string
  readonly close: () => Promise<void>
}

/** Opens (or makes) the log of `siteId` on the server at `url`, with its local files in `folder`. */
export async function openPostgresStore(
  url: string,
  folder: string,
  { siteId = 'depot', patience = SHORT }: { siteId?: string; patience?: Patience } = {},
): Promise<PostgresStore> {
  const path = join(folder, 'site.db')
  const clock = stillClock()
  const keys = openKeyStore({ path: `${path}.keys`, siteId, clock, chance: systemChance, env: {} })
  try {
    const journal = await openPostgresJournal({ url, path, siteId, clock, keys, patience })
    const close = async () => {
      await journal.close()
      keys.close()
    }
    return { journal, keys, path, close }
  } catch (error) {
    keys.close()
    throw error
  }
}
