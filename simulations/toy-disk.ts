import type { Journal } from '../actors/ports.ts'
import type { FactRecord } from '../machines/record.ts'
import { type ToyJournal, toyJournal } from './toy-journal.ts'
import type { WorldClock } from './world-clock.ts'

/** A journal on a disk with moods: appends take time, fail while it says so, and its process may die at any record. */
export type ToyDisk = Journal & {
  readonly inner: ToyJournal
  /** ms that the next appends take. */
  latency_ms: number
  /** The process dies in the append that brings the journal to this many records, whether it becomes durable or not. */
  dies: { readonly atRecord: number; readonly durable: boolean } | null
  /** Once an effect of this type is on record, `strike` happens: before anybody could answer it. */
  waitsFor: { readonly effect: string; readonly strike: () => void } | null
}

/** `died` is called once, in the append in which the process dies. `records` are what earlier openings left. */
export function toyDisk(clock: WorldClock, now: () => number, records: FactRecord[], died: () => void): ToyDisk {
  const inner = toyJournal('toy', now, records)
  const wait = (ms: number): Promise<void> => new Promise((go) => void clock.after(ms, go))
  const disk: ToyDisk = {
    ...inner,
    inner,
    latency_ms: 0,
    dies: null,
    waitsFor: null,
    async append(drafts) {
      const { dies } = disk
      if (!inner.dead && dies && records.length + drafts.length >= dies.atRecord) {
        inner.dies = { atAppend: inner.appends + 1, durable: dies.durable }
        const last = inner.append(drafts)
        died()
        return last
      }
      if (disk.latency_ms > 0) await wait(disk.latency_ms)
      const { waitsFor } = disk
      const written = inner.append(drafts)
      if (waitsFor && drafts.some(({ effects }) => effects.some(({ type }) => type === waitsFor.effect))) {
        disk.waitsFor = null
        waitsFor.strike()
      }
      return written
    },
  }
  return disk
}
