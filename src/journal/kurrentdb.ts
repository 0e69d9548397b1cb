import type { LateRecords } from '../../actors/late-records.ts'
import type { Clock, Journal } from '../../actors/ports.ts'
import { entryDraft } from '../../actors/recorder.ts'
import { Fault } from '../../machines/faults.ts'
import { demandCheckpointed } from './checkpoint-ahead.ts'
import { KurrentLine } from './kurrent-line.ts'
import { KurrentLinks } from './kurrent-links.ts'
import { KurrentLog } from './kurrent-log.ts'
import { isFree, isHalfCopied, type NewestNote, newestNote, type OwnerSays, writeNote } from './kurrent-owner.ts'
import { ServerJournal, type ServerJournalOptions, timeOf } from './server-journal.ts'
import { halfCopied, sealedElsewhere } from './server-refusals.ts'
import { lockStore } from './store-lock.ts'

/** Owners that come at the same moment take their turns: so often it is tried. */
const TURNS = 5

/**
 * Opens the site's log on a KurrentDB server as its one owner. Rejects with Fault STORE_OWNED (another process of this machine has it),
 * STORE_UNREACHABLE, STORE_CORRUPT (cut off, half copied, or something else) or KEY_UNAVAILABLE (another key store's).
 */
export async function openKurrentJournal(options: ServerJournalOptions): Promise<Journal & LateRecords> {
  const lock = lockStore(options.path)
  const line = new KurrentLine(options.url, options.patience)
  try {
    const log = new KurrentLog(options.siteId, line)
    const { epoch, wasFree, noted } = await takeOver(log, options)
    lock.sign(epoch, timeOf(options.clock))
    const links = new KurrentLinks(log, new KurrentLine(options.url, options.patience))
    const journal = new ServerJournal({
      log,
      epoch,
      lock,
      options,
      wrote: () => links.wake(),
      ending: () => links.close(),
      // Whoever comes next need not ask whether this process still lives. Without that word it asks the log.
      lastWord: () => writeNote(line, 'left', saysOf(log, options, epoch), noted),
      closeLog: () => line.close(),
    })
    if (!wasFree) await fence(journal, log, options.clock)
    // Links of what is there already are made now, behind everything else.
    links.wake()
    return journal
  } catch (error) {
    await line.close()
    lock.release()
    throw error
  }
}

/** The owner before went without a word, and may still live: a record in the log takes the place that its next append would need. */
async function fence(journal: ServerJournal, log: KurrentLog, clock: Clock): Promise<void> {
  const cause = { type: 'store.taken-over', epoch: journal.epoch }
  const entry = { stream: 'audit', cause, decisions: [], personal: {} }
  const draft = () => entryDraft(entry, log.version('audit') + 1, Math.max(clock.now(), log.newestAt), [])
  const reread = async () => {
    await log.refresh()
    return log.newestEpoch <= journal.epoch
  }
  await journal.fence(draft, reread, TURNS)
}

const saysOf = (log: KurrentLog, { siteId, keys, clock }: ServerJournalOptions, epoch: number): OwnerSays => ({
  epoch,
  siteId,
  keyStoreId: keys.storeId,
  at: timeOf(clock),
  head: log.head(),
})

type Taken = { readonly epoch: number; readonly wasFree: boolean; readonly noted: number }

/** Reads the log and writes down who owns it from now on. */
async function takeOver(log: KurrentLog, options: ServerJournalOptions): Promise<Taken> {
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
function refuse(newest: NewestNote, log: KurrentLog, { keys, path, siteId, restored }: ServerJournalOptions): void {
  const { note } = newest
  const at = log.line.shown
  if (isHalfCopied(newest)) throw halfCopied(siteId, at)
  if (note !== null && note.keyStoreId !== keys.storeId) throw sealedElsewhere(siteId, at, path)
  if (note !== null && note.seq > log.head().seq) {
    const says = `The log of ${siteId} on ${at} ends at record ${log.head().seq}, but ${note.host} had ${note.seq} on ${note.at}: its stream was deleted or cut; restore the server from a backup.`
    throw new Fault('STORE_CORRUPT', {}, { says })
  }
  demandCheckpointed({ path, name: `of ${siteId} on ${at}`, siteId, head: log.head() }, restored)
}
