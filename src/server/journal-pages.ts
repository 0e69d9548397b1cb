import type { Journal } from '../../actors/ports.ts'
import type { Json } from '../../machines/events.ts'
import type { FactRecord } from '../../machines/record.ts'
import type { Caller } from '../site-desk.ts'
import type { Sight } from './plate-mask.ts'
import { shownTo, type Withheld } from './record-rights.ts'

/** Which records: after a seq (0 = from the first), or the last ones before a seq; at most `limit`. */
export type RecordsAsked = {
  readonly stream?: string
  readonly after?: number
  readonly before?: number
  readonly limit: number
}

/** One page of records, oldest first. */
export async function readRecords(
  journal: Journal,
  { stream, after, before, limit }: RecordsAsked,
): Promise<readonly FactRecord[]> {
  if (stream === undefined) {
    if (before === undefined) return journal.readSite(after ?? 0, limit)
    const from = Math.max(0, Math.min(before, journal.head().seq + 1) - 1 - limit)
    return (await journal.readSite(from, limit)).filter((record) => record.seq < before)
  }
  if (before === undefined)
    return journal.readStream(stream, await versionBefore(journal, stream, (after ?? 0) + 1), limit)
  const last = await versionBefore(journal, stream, before)
  const count = Math.min(limit, last)
  return count === 0 ? [] : journal.readStream(stream, last - count, count)
}

/** The version of a stream's newest record whose seq is smaller than this one; 0 where there is none. A stream's versions and seqs rise together, so halving finds it. */
async function versionBefore(journal: Journal, stream: string, seq: number): Promise<number> {
  let low = 0
  let high = journal.version(stream)
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    const [record] = await journal.readStream(stream, middle - 1, 1)
    if (record !== undefined && record.seq < seq) low = middle
    else high = middle - 1
  }
  return low
}

/** Seq of the last record that came by this time, 0 before the first. Times rise with seqs, so halving finds it. */
export async function seqAt(journal: Journal, time: string): Promise<number> {
  let low = 0
  let high = journal.head().seq
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    const [record] = await journal.readSite(middle - 1, 1)
    if (record !== undefined && record.at <= time) low = middle
    else high = middle - 1
  }
  return low
}

/** A record as HTTP shows it: what is not this caller's is withheld; personal fields opened for who may see them, else only their hash. */
export function dressRecord(
  journal: Journal,
  record: FactRecord,
  { caller, sight }: { readonly caller: Caller; readonly sight: Sight },
): Omit<FactRecord, 'personal'> & {
  readonly personal?: { readonly [subject: string]: Json }
  readonly withheld?: readonly Withheld[]
} {
  const { personal, ...rest } = record
  const { record: shown, withheld } = shownTo(caller, rest)
  if (withheld.length > 0) return { ...shown, withheld }
  if (!sight.clear || personal === null) return rest
  const opened = journal.open(record)
  for (const subject of Object.keys(opened)) sight.saw(subject)
  return { ...rest, personal: opened }
}
