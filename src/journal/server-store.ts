import type { LateRecords } from '../../actors/late-records.ts'
import type { Journal } from '../../actors/ports.ts'
import type { FactRecord } from '../../machines/record.ts'
import type { Sealer } from '../privacy/sealer.ts'
import type { CopiedOwner, CopyTarget } from './copy-target.ts'
import type { Head, JournalRow } from './journal-row.ts'
import type { Patience } from './server-append.ts'
import type { JournalGround, SiteStore } from './site-store.ts'

/** A store whose journal is on a server. */
export type ServerStore = Exclude<SiteStore, { readonly kind: 'sqlite' }>

/** Which site's log, where. */
export type LogPlace = { readonly url: string; readonly siteId: string; readonly patience?: Patience }

/** A site's log on a server, read beside its owner. */
export interface SiteLog {
  readonly siteId: string
  readonly shown: string
  head(): Head
  version(stream: string): number
  rows(after: number, limit: number): Promise<readonly JournalRow[]>
  readStream(stream: string, after?: number, limit?: number): Promise<readonly FactRecord[]>
  close(): Promise<void>
}

/** A log to be checked: its rows as the server gives them, whatever they are, and how many its last owner said there were. */
export type LogAsItIs = {
  readonly siteId: string
  readonly name: string
  readonly noted: number
  rows(after: number, limit: number): Promise<readonly JournalRow[]>
  close(): Promise<void>
}

/** What each kind of server can be asked for; the faults are those of its own functions. */
export interface ServerDoor {
  /** The product, as people call it. */
  readonly product: string
  own(store: ServerStore, ground: JournalGround): Promise<Journal & LateRecords>
  read(place: LogPlace, keys: Pick<Sealer, 'open'>): Promise<Journal>
  log(place: LogPlace): Promise<SiteLog>
  asItIs(place: LogPlace): Promise<LogAsItIs>
  trouble(place: LogPlace): Promise<string | null>
  freeOwner(place: LogPlace): Promise<CopiedOwner>
  target(url: string, owner: CopiedOwner): Promise<CopyTarget>
}

/** The door of a kind; its client is loaded only where it is opened. */
export const serverDoor = (kind: ServerStore['kind']): ServerDoor => (kind === 'postgres' ? postgres : kurrentdb)

const postgres: ServerDoor = {
  product: 'PostgreSQL',
  own: async ({ url, path }, ground) => (await import('./postgres.ts')).openPostgresJournal({ url, path, ...ground }),
  read: async (place, keys) => (await import('./postgres-reader.ts')).openPostgresJournalReadOnly({ ...place, keys }),
  log: async (place) => (await import('./postgres-reader.ts')).openPostgresLog(place),
  asItIs: async (place) => (await import('./postgres-reader.ts')).openPostgresAsItIs(place),
  trouble: async (place) => (await import('./postgres-reader.ts')).postgresTrouble(place),
  freeOwner: async (place) => (await import('./postgres-reader.ts')).freePostgresOwner(place),
  target: async (url, owner) => (await import('./postgres-copy.ts')).openPostgresTarget(url, owner),
}

const kurrentdb: ServerDoor = {
  product: 'KurrentDB',
  own: async ({ url, path }, ground) => (await import('./kurrentdb.ts')).openKurrentJournal({ url, path, ...ground }),
  read: async (place, keys) => (await import('./kurrent-reader.ts')).openKurrentJournalReadOnly({ ...place, keys }),
  log: async (place) => (await (await import('./kurrent-reader.ts')).openLogReadOnly(place)).log,
  asItIs: async (place) => (await import('./kurrent-reader.ts')).openLogAsItIs(place),
  trouble: async (place) => (await import('./kurrent-reader.ts')).logTrouble(place),
  freeOwner: async (place) => (await import('./kurrent-reader.ts')).freeOwner(place),
  target: async (url, owner) => (await import('./kurrent-copy.ts')).openKurrentTarget(url, owner),
}
