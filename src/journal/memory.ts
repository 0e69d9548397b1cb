import type { Clock, Journal } from '../../actors/ports.ts'
import type { Draft } from '../../machines/record.ts'
import type { Sealer } from '../privacy/sealer.ts'
import { GENESIS } from './chain.ts'
import { checkVersions, type Head, type JournalRow, linkDrafts, openPersonal, recordOf } from './journal-row.ts'

/** A journal that forgets when its process ends: same records, same chain, no file. For tests and throw-away sites. */
export function openMemoryJournal({ siteId, clock, keys }: { siteId: string; clock: Clock; keys: Sealer }): Journal {
  const site: JournalRow[] = []
  const streams = new Map<string, JournalRow[]>()
  const version = (stream: string) => streams.get(stream)?.length ?? 0
  const head = (): Head => {
    const last = site.at(-1)
    return last === undefined ? { seq: 0, hash: GENESIS } : { seq: last.seq, hash: last.hash }
  }
  return {
    siteId,
    epoch: 1,
    head,
    version,
    async append(drafts: readonly Draft[]) {
      checkVersions(drafts, version)
      const linked = linkDrafts(drafts, head(), siteId, new Date(clock.now()).toISOString(), keys)
      keys.flush()
      for (const { row } of linked) {
        site.push(row)
        const stream = streams.get(row.stream)
        if (stream === undefined) streams.set(row.stream, [row])
        else stream.push(row)
      }
      return linked.map(({ record }) => record)
    },
    readSite: async (after = 0, limit = 1_000) => site.slice(after, after + limit).map(recordOf),
    readStream: async (stream, after = 0, limit = 1_000) =>
      (streams.get(stream) ?? []).slice(after, after + limit).map(recordOf),
    open: (record) => openPersonal(record, keys),
    close: async () => undefined,
  }
}
