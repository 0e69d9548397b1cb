import type { LateRecords } from '../../actors/late-records.ts'
import type { Clock, Journal } from '../../actors/ports.ts'
import type { Json } from '../../machines/events.ts'
import { Fault } from '../../machines/faults.ts'
import type { Draft, FactRecord } from '../../machines/record.ts'
import type { Sealer } from '../privacy/sealer.ts'
import { demandCheckpointed } from './checkpoint-ahead.ts'
import { checkVersions, type Linked, linkDrafts, openPersonal } from './journal-row.ts'
import { PostgresLog } from './postgres-log.ts'
import { beginSite, halfCopied, leaveSite, type OwnerNote, ownerNote, raiseEpoch } from './postgres-owner.ts'
import { demandTables } from './postgres-tables.ts'
import { type Patience, pause, ServerAppend } from './server-append.ts'
import { lockStore, type StoreLock } from './store-lock.ts'

/** Where the log is (`url`), whose it is, and what it needs. `path` is the local folder's name for keys and locks: the lock is `<path>.lock`. */
export type PostgresJournalOptions = {
  readonly url: string
  readonly path: string
  readonly siteId: string
  readonly clock: Clock
  readonly keys: Sealer
  readonly restored?: (says: string) => void
  readonly patience?: Patience
}

/** How long the last word may take. */
const LAST_WORD_MS = 2_000

/**
 * Opens the site's log on a PostgreSQL server as its one owner, making berth's tables at first use. Rejects with Fault STORE_OWNED (another
 * process of this machine has it), STORE_UNREACHABLE, STORE_UNWRITABLE, STORE_CORRUPT (cut off, half copied, tables of another version) or
 * KEY_UNAVAILABLE (another key store's).
 */
export async function openPostgresJournal(options: PostgresJournalOptions): Promise<Journal & LateRecords> {
  const lock = lockStore(options.path)
  const log = new PostgresLog(options.siteId, options)
  try {
    await demandTables(log.line)
    const epoch = await takeOver(log, options)
    lock.sign(epoch, timeOf(options.clock))
    return new PostgresJournal(log, epoch, lock, options)
  } catch (error) {
    await log.close()
    lock.release()
    throw error
  }
}

class PostgresJournal implements Journal, LateRecords {
  readonly siteId: string
  readonly epoch: number
  readonly #log: PostgresLog
  readonly #lock: StoreLock
  readonly #options: PostgresJournalOptions
  readonly #append: ServerAppend
  #closed = false

  constructor(log: PostgresLog, epoch: number, lock: StoreLock, options: PostgresJournalOptions) {
    this.siteId = options.siteId
    this.epoch = epoch
    this.#log = log
    this.#lock = lock
    this.#options = options
    this.#append = new ServerAppend(log, epoch)
  }

  head() {
    return this.#log.head()
  }

  version(stream: string): number {
    return this.#log.version(stream)
  }

  async append(drafts: readonly Draft[]): Promise<readonly FactRecord[]> {
    if (drafts.length === 0) return []
    await this.#append.settle()
    checkVersions(drafts, (stream) => this.version(stream))
    return (await this.#append.write(this.#linked(drafts))).map(({ record }) => record)
  }

  landed(): readonly FactRecord[] {
    return this.#append.landed()
  }

  readSite(after?: number, limit?: number): Promise<FactRecord[]> {
    return this.#log.readSite(after, limit)
  }

  readStream(stream: string, after?: number, limit?: number): Promise<FactRecord[]> {
    return this.#log.readStream(stream, after, limit)
  }

  open(record: FactRecord): { readonly [subject: string]: Json } {
    return openPersonal(record, this.#options.keys)
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    // Whoever copies the log asks whether its owner left. Without that word it is told to stop this one first.
    const left = leaveSite(this.#log.line, this.siteId, this.epoch).catch(() => {})
    await Promise.race([left, pause(LAST_WORD_MS)])
    await this.#log.close()
    this.#lock.release()
  }

  #linked(drafts: readonly Draft[]): Linked[] {
    const { clock, keys } = this.#options
    const linked = linkDrafts(drafts, this.head(), this.siteId, timeOf(clock), keys)
    keys.flush()
    return linked
  }
}

const timeOf = (clock: Clock): string => new Date(clock.now()).toISOString()

/** Reads where the log ends and raises its epoch, in one transaction: an owner before writes before it or never again. */
async function takeOver(log: PostgresLog, options: PostgresJournalOptions): Promise<number> {
  const { siteId, clock, keys, path, restored } = options
  const owner = { siteId, keyStoreId: keys.storeId, at: timeOf(clock) }
  return log.line.transaction(async (ask) => {
    await beginSite(ask, owner, 'left')
    refuse(await ownerNote(ask, siteId, true), log, options)
    await log.load(ask)
    demandCheckpointed({ path, name: `of ${siteId} on ${log.shown}`, siteId, head: log.head() }, restored)
    return raiseEpoch(ask, owner)
  })
}

/** What speaks against owning this log. */
function refuse(note: OwnerNote | null, log: PostgresLog, { keys, path, siteId }: PostgresJournalOptions): void {
  if (note?.state === 'copying') throw halfCopied(siteId, log.shown)
  if (note !== null && note.keyStoreId !== keys.storeId) {
    const says = `The records of ${siteId} on ${log.shown} were sealed with another key store than ${path}.keys; put the right one back.`
    throw new Fault('KEY_UNAVAILABLE', {}, { says })
  }
}
