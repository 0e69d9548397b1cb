import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { LateRecords } from '../../actors/late-records.ts'
import type { Journal } from '../../actors/ports.ts'
import { systemChance } from '../../src/chance.ts'
import { openKurrentJournal } from '../../src/journal/kurrentdb.ts'
import type { Patience } from '../../src/journal/server-append.ts'
import { type KeyStore, openKeyStore } from '../../src/privacy/key-store.ts'
import { stillClock } from './journal-drafts.ts'
import { KurrentDouble } from './kurrent-double.ts'

/** Short, so that a test of a silent server ends soon. */
export const SHORT: Patience = { call: 1_000, whole: 4_000 }

/** A site's log on a server, and its keys on disk. */
export type KurrentStore = {
  readonly journal: Journal & LateRecords
  readonly keys: KeyStore
  readonly path: string
  readonly close: () => Promise<void>
}

/** Opens (or makes) the log of `siteId` on the server at `url`, with its local files in `folder`. */
export async function openKurrentStore(
  url: string,
  folder: string,
  { siteId = 'depot', patience = SHORT }: { siteId?: string; patience?: Patience } = {},
): Promise<KurrentStore> {
  const path = join(folder, 'site.db')
  const clock = stillClock()
  const keys = openKeyStore({ path: `${path}.keys`, siteId, clock, chance: systemChance, env: {} })
  try {
    const journal = await openKurrentJournal({ url, path, siteId, clock, keys, patience })
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

/** A double that goes when the test does. */
export async function testDouble(options: { withBatch?: boolean } = {}): Promise<KurrentDouble> {
  const double = await KurrentDouble.open(options)
  onTestFinished(() => double.close())
  return double
}
