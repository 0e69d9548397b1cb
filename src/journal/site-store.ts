import type { LateRecords } from '../../actors/late-records.ts'
import type { Clock, Journal } from '../../actors/ports.ts'
import type { FactRecord } from '../../machines/record.ts'
import type { Sealer } from '../privacy/sealer.ts'
import { GENESIS_LINK } from './chain.ts'
import type { Head, JournalRow } from './journal-row.ts'
import type { Ask } from './postgres-line.ts'
import type { SharedLines } from './postgres-log.ts'
import { serverDoor } from './server-store.ts'
import { openSqliteJournal } from './sqlite.ts'
import { openSqliteJournalReadOnly, openStoreReadOnly } from './sqlite-reader.ts'

/**
 * Where a site's journal is, as the site file says. `path` is absolute: the journal itself for SQLite, and for all the name of what lies
 * beside it (`<path>.keys`, `.lock`, `.views`, …).
 */
export type SiteStore =
  | { readonly kind: 'sqlite'; readonly path: string }
  | { readonly kind: 'kurrentdb' | 'postgres'; readonly path: string; readonly url: string }

/** Whose journal it is and what it needs to be written. */
export type JournalGround = {
  readonly siteId: string
  readonly clock: Clock
  readonly keys: Sealer
  /** Given where somebody put an older copy back and knows it: is told what is lost, where a store that ends before a checkpoint is refused else. */
  readonly restored?: (says: string) => void
  /** On a PostgreSQL: lines that this site shares with others. */
  readonly lines?: SharedLines
  /** On a PostgreSQL: asked inside the takeover whether this process may own the log. */
  readonly mayOwn?: (ask: Ask) => Promise<void>
}

/** Opens the site's journal as its one owner. Rejects as the store's own opening does. */
export async function openSiteJournal(
  store: SiteStore,
  ground: JournalGround,
): Promise<Journal & Partial<LateRecords>> {
  if (store.kind === 'sqlite') return openSqliteJournal({ path: store.path, ...ground })
  return serverDoor(store.kind).own(store, ground)
}

/** Opens the site's journal to read, also beside its owner. Rejects with Fault NOT_FOUND, STORE_CORRUPT or STORE_UNREACHABLE. */
export async function openSiteJournalReadOnly(
  store: SiteStore,
  siteId: string,
  keys: Pick<Sealer, 'open'>,
): Promise<Journal> {
  if (store.kind === 'sqlite') return openSqliteJournalReadOnly({ path: store.path, keys })
  return serverDoor(store.kind).read({ url: store.url, siteId }, keys)
}

/** A store's rows as they stand, beside its owner: for exports, checks and copies. What is committed meanwhile may be seen or not. */
export interface StoreRows {
  readonly siteId: string
  /** The store in a sentence: its file, or its server. */
  readonly name: string
  head(): Head
  /** The newest link that is archived and no longer in the store itself, or the genesis. */
  archivedTo(): Head
  version(stream: string): number
  /** Rows with seq > after, `limit` at most, nothing checked. */
  rows(after: number, limit: number): Promise<readonly JournalRow[]>
  readStream(stream: string, after?: number, limit?: number): Promise<readonly FactRecord[]>
  close(): Promise<void>
}

/** Opens a store's rows. Rejects with Fault NOT_FOUND where there is none, STORE_CORRUPT or STORE_UNREACHABLE. */
export async function openStoreRows(store: SiteStore, siteId: string): Promise<StoreRows> {
  if (store.kind === 'sqlite') return sqliteRows(store.path)
  const log = await serverDoor(store.kind).log({ url: store.url, siteId })
  return {
    siteId,
    name: `${siteId} on ${log.shown}`,
    head: () => log.head(),
    archivedTo: () => GENESIS_LINK,
    version: (stream) => log.version(stream),
    rows: (after, limit) => log.rows(after, limit),
    readStream: (stream, after, limit) => log.readStream(stream, after, limit),
    close: () => log.close(),
  }
}

function sqliteRows(path: string): StoreRows {
  const { siteId, reader, database } = openStoreReadOnly(path)
  return {
    siteId,
    name: path,
    head: () => reader.head(),
    archivedTo: () => reader.archivedTo(),
    version: (stream) => reader.version(stream),
    rows: async (after, limit) => reader.rows(after, limit),
    readStream: async (stream, after, limit) => reader.readStream(stream, after, limit),
    close: async () => {
      if (database.isOpen) database.close()
    },
  }
}
