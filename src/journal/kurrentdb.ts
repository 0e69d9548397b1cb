import type { LateRecords } from '../../actors/late-records.ts'
import type { Clock, Journal } from '../../actors/ports.ts'
import { entryDraft } from '../../actors/recorder.ts'
import type { Json } from '../../machines/events.ts'
import { Fault } from '../../machines/faults.ts'
import type { Draft, FactRecord } from '../../machines/record.ts'
import type { Sealer } from '../privacy/sealer.ts'
import { demandCheckpointed } from './checkpoint-ahead.ts'
import { checkVersions, type Linked, linkDrafts, openPersonal } from './journal-row.ts'
import { KurrentLine } from './kurrent-line.ts'
import { KurrentLinks } from './kurrent-links.ts'
import { KurrentLog } from './kurrent-log.ts'
import { isFree, isHalfCopied, type NewestNote, newestNote, type OwnerSays, writeNote } from './kurrent-owner.ts'
import { type Patience, pause, ServerAppend } from './server-append.ts'
import { lockStore, type StoreLock } from './store-lock.ts'

/** Where the log is (`url`), whose it is, and what it needs. `path` is the local folder's name for keys and locks: the lock is `<path>.lock`. */
export type KurrentJournalOptions = {
  readonly url: string
  readonly path: string
  readonly siteId: string
  readonly clock: Clock
  readonly keys: Sealer
  readonly restored?: (says: string) => void
  readonly patience?: Patience
}

/** Owners that come at the same moment take their turns: so often it is tried. */
const TURNS = 5
/** How long the last word may take. */
const LAST_WORD_MS = 2_000

/**
 * Opens the site's log on a KurrentDB server as its one owner. Rejects with Fault STORE_OWNED (another process of this machine has it),
 * STORE_UNREACHABLE, STORE_CORRUPT (cut off, half copied, or something else) or KEY_UNAVAILABLE (another key store's).
 */
export async function openKurrentJournal(options: KurrentJournalOptions): Promise<Journal & LateRecords> {
  const lock = lockStore(options.path)
  const line = new KurrentLine(options.url, options.patience)
  try {
    const log = new KurrentLog(options.siteId, line)
    const { epoch, wasFree, noted } = await takeOver(log, options)
    lock.sign(epoch, new Date(options.clock.now()).toISOString())
    const journal = new KurrentJournal(log, epoch, lock, options, noted)
    if (!wasFree) await journal.fence()
    journal.begin()
    return journal
  } catch (error) {
    await line.close()
    lock.release()
    throw error
  }
}

class KurrentJournal implements Journal, LateRecords {
  readonly siteId: string
  readonly epoch: number
  readonly #log: KurrentLog
  readonly #lock: StoreLock
  readonly #options: KurrentJournalOptions
  readonly #append: ServerAppend
  readonly #links: KurrentLinks
  /** Revision of this owner's note. */
  readonly #noted: number
  #closed = false

  constructor(log: KurrentLog, epoch: number, lock: StoreLock, options: KurrentJournalOptions, noted: number) {
    this.siteId = options.siteId
    this.epoch = epoch
    this.#log = log
    this.#lock = lock
    this.#options = options
    this.#noted = noted
    this.#append = new ServerAppend(log, epoch)
    this.#links = new KurrentLinks(log, new KurrentLine(options.url, options.patience))
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
    const records = (await this.#append.write(this.#linked(drafts))).map(({ record }) => record)
    this.#links.wake()
    return records
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

  /** Links of what is there already are made now, behind everything else. */
  begin(): void {
    this.#links.wake()
  }

  /**
   * The owner before went without a word, and may still live: a record in the log takes the place that its next append would need, so
   * that it can never write again. Where it was faster, its records are read and the next place is taken.
   */
  async fence(): Promise<void> {
    for (let turn = 1; ; turn++) {
      const { clock } = this.#options
      const cause = { type: 'store.taken-over', epoch: this.epoch }
      const at = Math.max(clock.now(), this.#log.newestAt)
      const entry = { stream: 'audit', cause, decisions: [], personal: {} }
      try {
        await this.#append.write(this.#linked([entryDraft(entry, this.version('audit') + 1, at, [])]))
        return
      } catch (fault) {
        if (!(fault instanceof Fault) || fault.code !== 'STORE_FENCED' || turn === TURNS) throw fault
        await this.#log.refresh()
        if (this.#log.newestEpoch > this.epoch) throw fault
        this.#append.unfence()
      }
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    await this.#links.close()
    // Whoever comes next need not ask whether this process still lives. Without that word it asks the log.
    const left = writeNote(this.#log.line, 'left', this.#says(), this.#noted)
    await Promise.race([left.catch(() => false), pause(LAST_WORD_MS)])
    await this.#log.line.close()
    this.#lock.release()
  }

  #linked(drafts: readonly Draft[]): Linked[] {
    const { clock, keys } = this.#options
    const linked = linkDrafts(drafts, this.head(), this.siteId, new Date(clock.now()).toISOString(), keys)
    keys.flush()
    return linked
  }

  #says(): OwnerSays {
    return saysOf(this.#log, this.#options, this.epoch)
  }
}

const saysOf = (log: KurrentLog, { siteId, keys, clock }: KurrentJournalOptions, epoch: number): OwnerSays => ({
  epoch,
  siteId,
  keyStoreId: keys.storeId,
  at: new Date(clock.now()).toISOString(),
  head: log.head(),
})

type Taken = { readonly epoch: number; readonly wasFree: boolean; readonly noted: number }

/** Reads the log and writes down who owns it from now on. */
async function takeOver(log: KurrentLog, options: KurrentJournalOptions): Promise<Taken> {
  for (let turn = 1; ; turn++) {
    const newest = await newestNote(log.line, options.siteId)
    await log.refresh()
    refuse(newest, log, options)
    const epoch = Math.max(newest.note?.epoch ?? 0, log.newestEpoch) + 1
    const isOurs = await writeNote(log.line, 'took', saysOf(log, options, epoch), newest.revision)
    // What the owner before wrote between the reading and the note.
    if (isOurs) await log.refresh()
    if (isOurs) return { epoch, wasFree: isFree(newest), noted: newest.revision + 1 }
    if (turn === TURNS) throw new Fault('STORE_OWNED', { at: log.line.shown })
  }
}

/** What speaks against owning this log. */
function refuse(newest: NewestNote, log: KurrentLog, { keys, path, siteId, restored }: KurrentJournalOptions): void {
  const { note } = newest
  const at = log.line.shown
  if (isHalfCopied(newest)) {
    const says = `A copy of ${siteId} to ${at} was cut off; run the same \`berth copy\` again, it goes on where it stood.`
    throw new Fault('STORE_CORRUPT', {}, { says })
  }
  if (note !== null && note.keyStoreId !== keys.storeId) {
    const says = `The records of ${siteId} on ${at} were sealed with another key store than ${path}.keys; put the right one back.`
    throw new Fault('KEY_UNAVAILABLE', {}, { says })
  }
  if (note !== null && note.seq > log.head().seq) {
    const says = `The log of ${siteId} on ${at} ends at record ${log.head().seq}, but ${note.host} had ${note.seq} on ${note.at}: its stream was deleted or cut; restore the server from a backup.`
    throw new Fault('STORE_CORRUPT', {}, { says })
  }
  demandCheckpointed({ path, name: `of ${siteId} on ${at}`, siteId, head: log.head() }, restored)
}
