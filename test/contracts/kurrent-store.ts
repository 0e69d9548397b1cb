import { onTestFinished } from 'vitest'
import { openKurrentJournal } from '../../src/journal/kurrentdb.ts'
import type { Patience } from '../../src/journal/server-append.ts'
import { KurrentDouble } from './kurrent-double.ts'
import { type OpenedStore, openServerStore, type StoreWish } from './served-log.ts'

/** Short, so that a test of a silent server ends soon. */
export const SHORT: Patience = { call: 1_000, whole: 4_000 }

/** A site's log on a server, and its keys on disk. */
export type KurrentStore = OpenedStore

/** Opens (or makes) the log of `siteId` on the server at `url`, with its local files in `folder`. */
export const openKurrentStore = (url: string, folder: string, wish: Partial<StoreWish> = {}): Promise<KurrentStore> =>
  openServerStore(openKurrentJournal, url, folder, { patience: SHORT, ...wish })

/** A double that goes when the test does. */
export async function testDouble(options: { withBatch?: boolean } = {}): Promise<KurrentDouble> {
  const double = await KurrentDouble.open(options)
  onTestFinished(() => double.close())
  return double
}
