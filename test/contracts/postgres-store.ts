import { openPostgresJournal } from '../../src/journal/postgres.ts'
import type { Patience } from '../../src/journal/server-append.ts'
import { type OpenedStore, openServerStore, type StoreWish } from './served-log.ts'

/** Short, so that a test of a silent server ends soon; long enough for a busy machine. */
export const SHORT: Patience = { call: 2_000, whole: 8_000 }

/** A site's log on a server, and its keys on disk. */
export type PostgresStore = OpenedStore

/** Opens (or makes) the log of `siteId` on the server at `url`, with its local files in `folder`. */
export const openPostgresStore = (url: string, folder: string, wish: Partial<StoreWish> = {}): Promise<PostgresStore> =>
  openServerStore(openPostgresJournal, url, folder, { patience: SHORT, ...wish })
