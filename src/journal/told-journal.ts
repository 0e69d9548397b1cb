import type { LateRecords } from '../../actors/late-records.ts'
import type { Journal } from '../../actors/ports.ts'
import { Fault } from '../../machines/faults.ts'

/** What is told of a journal: a record that was altered or damaged, and how long what was appended took to be durable, ms. */
export type JournalEars = {
  readonly altered: (fault: Fault) => void
  readonly appended: (took_ms: number) => void
  /** ms; only differences count. */
  readonly now: () => number
}

/** The same journal; whoever reads a record that was altered or damaged is refused as before. */
export function toldJournal(
  journal: Journal & Partial<LateRecords>,
  { altered, appended, now }: JournalEars,
): Journal & Partial<LateRecords> {
  const watch = async <T>(read: () => Promise<T>): Promise<T> => {
    try {
      return await read()
    } catch (fault) {
      if (fault instanceof Fault && fault.code === 'STORE_CORRUPT') altered(fault)
      throw fault
    }
  }
  return {
    siteId: journal.siteId,
    get epoch() {
      return journal.epoch
    },
    head: () => journal.head(),
    version: (stream) => journal.version(stream),
    append: async (drafts) => {
      const from = now()
      const records = await journal.append(drafts)
      appended(now() - from)
      return records
    },
    readSite: (after, limit) => watch(() => journal.readSite(after, limit)),
    readStream: (stream, after, limit) => watch(() => journal.readStream(stream, after, limit)),
    open: (record) => journal.open(record),
    close: () => journal.close(),
    ...(journal.landed === undefined ? {} : { landed: () => journal.landed?.() ?? [] }),
  }
}
