import type { Journal } from '../actors/ports.ts'
import { Fault } from '../machines/faults.ts'
import type { Draft, FactRecord } from '../machines/record.ts'

/** A journal in memory that can be told to fail, and that a second opening takes over as a crash would leave it. Personal fields lie open. */
export type ToyJournal = Journal & {
  readonly records: FactRecord[]
  /** Appends fail while true. */
  failing: boolean
  /** Appends asked of this opening so far. */
  readonly appends: number
  /** The append of this number (from 1) is the last: its process dies in it, its records durable or not. */
  dies: { readonly atAppend: number; readonly durable: boolean } | null
  /** The process is dead: nothing is appended any more, and nobody gets an answer. */
  dead: boolean
}

/** `records` are shared by every opening: what was appended before a crash is there after it. `written` hears each durable batch. */
export function toyJournal(
  siteId: string,
  now: () => number,
  records: FactRecord[] = [],
  written: (drafts: readonly Draft[]) => void = () => {},
): ToyJournal {
  const versions = new Map<string, number>()
  for (const record of records) versions.set(record.stream, record.version)
  let appends = 0
  const journal: ToyJournal = {
    siteId,
    epoch: 1,
    records,
    failing: false,
    dies: null,
    dead: false,
    get appends() {
      return appends
    },
    head: () => ({ seq: records.length, hash: '' }),
    version: (stream) => versions.get(stream) ?? 0,
    async append(drafts) {
      if (journal.dead) return never()
      appends += 1
      journal.dead = journal.dies?.atAppend === appends
      if (journal.dead && (journal.failing || !journal.dies?.durable)) return never()
      if (journal.failing) throw new Fault('STORE_UNWRITABLE')
      const at = new Map(versions)
      for (const draft of drafts) {
        if (draft.version !== (at.get(draft.stream) ?? 0) + 1)
          throw new Fault('VERSION_CONFLICT', { stream: draft.stream, version: draft.version })
        at.set(draft.stream, draft.version)
      }
      const made = drafts.map((draft, index) => written_(draft, siteId, records.length + index + 1, now()))
      records.push(...made)
      written(drafts)
      for (const [stream, version] of at) versions.set(stream, version)
      return journal.dead ? never() : made
    },
    readSite: async (after = 0, limit = 1000) => records.slice(after, after + limit),
    readStream: async (stream, after = 0, limit = 1000) =>
      records.filter((record) => record.stream === stream && record.version > after).slice(0, limit),
    open: (record) => (record.personal ?? {}) as { [subject: string]: never },
    close: async () => {},
  }
  return journal
}

/** What the dead answer. */
const never = (): Promise<never> => new Promise(() => {})

// A record is JSON: what a machine would keep by reference must not pass.
const written_ = (draft: Draft, siteId: string, seq: number, now: number): FactRecord =>
  ({
    ...(jsonCopy(draft) as Draft),
    siteId,
    seq,
    recordedAt: new Date(now).toISOString(),
    personalHash: '',
    contentHash: '',
    prev: '',
    hash: '',
  }) as unknown as FactRecord

/** What `JSON.parse(JSON.stringify(value))` answers for records, several times as fast: plain values, undefined fields left out. */
function jsonCopy(value: unknown): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : null
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map((one) => (one === undefined ? null : jsonCopy(one)))
  const copy: { [key: string]: unknown } = {}
  for (const key in value) {
    const field = (value as { readonly [key: string]: unknown })[key]
    if (field !== undefined) copy[key] = jsonCopy(field)
  }
  return copy
}
