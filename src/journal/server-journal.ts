import type { LateRecords } from '../../actors/late-records.ts'
import type { Clock, Journal } from '../../actors/ports.ts'
import type { Json } from '../../machines/events.ts'
import { Fault } from '../../machines/faults.ts'
import type { Draft, FactRecord } from '../../machines/record.ts'
import type { Sealer } from '../privacy/sealer.ts'
import { checkVersions, linkDrafts, openPersonal } from './journal-row.ts'
import type { Ask } from './postgres-line.ts'
import type { SharedLines } from './postgres-log.ts'
import { type Patience, pause, ServerAppend, type ServerLog } from './server-append.ts'
import type { StoreLock } from './store-lock.ts'

/** Where the log is (`url`), whose it is, and what it needs. `path` is the local folder's name for keys and locks: the lock is `<path>.lock`. */
export type ServerJournalOptions = {
  readonly url: string
  readonly path: string
  readonly siteId: string
  readonly clock: Clock
  readonly keys: Sealer
  readonly restored?: (says: string) => void
  readonly patience?: Patience
  /** On a PostgreSQL: lines that this site shares with others; absent = it has two of its own. */
  readonly lines?: SharedLines
  /** Asked inside the takeover, before the epoch is raised; rejects with a Fault where somebody else may have the site by now. */
  readonly mayOwn?: (ask: Ask) => Promise<void>
}

/** How long the last word may take. */
const LAST_WORD_MS = 2_000

/** A site's log as its journal needs it beside appending. */
type ReadLog = Pick<Journal, 'head' | 'version' | 'readSite' | 'readStream'>

/** A log that this process took over, and what its kind of server does besides. */
type Owned = {
  readonly log: ServerLog & ReadLog
  readonly epoch: number
  readonly lock: StoreLock
  readonly options: Pick<ServerJournalOptions, 'siteId' | 'clock' | 'keys'>
  /** After each batch that is durable. */
  readonly wrote?: () => void
  /** Before the last word: what still works on the log ends. */
  readonly ending?: () => Promise<void>
  /** Tells that the owner goes in order. Nobody waits for it longer than two seconds, and it may fail. */
  readonly lastWord: () => Promise<unknown>
  readonly closeLog: () => Promise<void>
}

/** The journal of a site on a server, for its one owner: whichever server it is. */
export class ServerJournal implements Journal, LateRecords {
  readonly siteId: string
  readonly epoch: number
  readonly #owned: Owned
  readonly #append: ServerAppend
  #closed = false

  constructor(owned: Owned) {
    this.siteId = owned.options.siteId
    this.epoch = owned.epoch
    this.#owned = owned
    this.#append = new ServerAppend(owned.log, owned.epoch)
  }

  head() {
    return this.#owned.log.head()
  }

  version(stream: string): number {
    return this.#owned.log.version(stream)
  }

  async append(drafts: readonly Draft[]): Promise<readonly FactRecord[]> {
    if (drafts.length === 0) return []
    await this.#append.settle()
    checkVersions(drafts, (stream) => this.version(stream))
    const records = await this.#write(drafts)
    this.#owned.wrote?.()
    return records
  }

  /**
   * Writes a record that takes the place of an older owner's next append, so that it can never write again. Where that one was faster,
   * `reread` brings its records in and the next place is taken, `turns` times at most.
   */
  async fence(draftAt: () => Draft, reread: () => Promise<boolean>, turns: number): Promise<void> {
    for (let turn = 1; ; turn++)
      try {
        await this.#write([draftAt()])
        return
      } catch (fault) {
        if (!(fault instanceof Fault) || fault.code !== 'STORE_FENCED' || turn === turns) throw fault
        if (!(await reread())) throw fault
        this.#append.unfence()
      }
  }

  landed(): readonly FactRecord[] {
    return this.#append.landed()
  }

  readSite(after?: number, limit?: number): Promise<readonly FactRecord[]> {
    return this.#owned.log.readSite(after, limit)
  }

  readStream(stream: string, after?: number, limit?: number): Promise<readonly FactRecord[]> {
    return this.#owned.log.readStream(stream, after, limit)
  }

  open(record: FactRecord): { readonly [subject: string]: Json } {
    return openPersonal(record, this.#owned.options.keys)
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    const { ending, lastWord, closeLog, lock } = this.#owned
    await ending?.()
    await Promise.race([lastWord().catch(() => {}), pause(LAST_WORD_MS)])
    await closeLog()
    lock.release()
  }

  async #write(drafts: readonly Draft[]): Promise<readonly FactRecord[]> {
    const { clock, keys } = this.#owned.options
    const linked = linkDrafts(drafts, this.head(), this.siteId, timeOf(clock), keys)
    keys.flush()
    await keys.settled?.()
    return (await this.#append.write(linked)).map(({ record }) => record)
  }
}

/** Now, ISO 8601. */
export const timeOf = (clock: Clock): string => new Date(clock.now()).toISOString()

/** A log that is read beside its owner. */
type OpenLog = Pick<Journal, 'head' | 'version' | 'readSite' | 'readStream'> & {
  readonly siteId: string
  readonly shown: string
  readonly newestEpoch: number
  refresh(): Promise<void>
}

/**
 * A log as a journal that only reads: each reading call sees what the owner has committed by then, and `append` rejects with Fault
 * STORE_UNWRITABLE. `epoch`: the owner's when it was opened.
 */
export function readingJournal(
  log: OpenLog,
  { keys, epoch = 0, close }: { keys: Pick<Sealer, 'open'>; epoch?: number; close: () => Promise<void> },
): Journal {
  return {
    siteId: log.siteId,
    get epoch() {
      return Math.max(epoch, log.newestEpoch)
    },
    head: () => log.head(),
    version: (stream) => log.version(stream),
    append: async () => {
      const says = `The journal on ${log.shown} is open for reading only; write through its owner.`
      throw new Fault('STORE_UNWRITABLE', {}, { says })
    },
    async readSite(after, limit) {
      await log.refresh()
      return log.readSite(after, limit)
    },
    async readStream(stream, after, limit) {
      await log.refresh()
      return log.readStream(stream, after, limit)
    },
    open: (record) => openPersonal(record, keys),
    close,
  }
}
