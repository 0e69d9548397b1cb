import type { FactRecord } from '../../machines/record.ts'
import { canonicalJson } from './canonical.ts'
import { sha256 } from './chain.ts'
import { type JournalRow, readable, recordOf } from './journal-row.ts'
import type { StoredRecord } from './upcast.ts'

/** The stream that is a site's log: one event a record, revision = seq - 1. */
export const siteStream = (siteId: string): string => `berth-site-${siteId}`

/** Links to the records of one stream of the log, in its order; made afterwards, never read as evidence. */
export const linkStream = (siteId: string, stream: string): string => `berth-site-${siteId}:${stream}`

/** Who owned the site's log, one after the other. */
export const ownerStream = (siteId: string): string => `berth-owner-${siteId}`

/** An event to be appended. `data` and `meta` are JSON values; `link` is the text of a link instead of both. */
export type NewEvent = {
  readonly id: string
  readonly type: string
  readonly data?: object
  readonly meta?: { readonly [name: string]: string }
  readonly link?: string
}

/** An event as it was read. `revision` counts from 0. */
export type FoundEvent = {
  readonly stream: string
  readonly revision: number
  readonly id: string
  readonly type: string
  readonly data: unknown
  readonly meta: unknown
}

/** The same parts, the same UUID (version 8, RFC 9562: the bits are a hash of our own). */
export function eventId(...parts: readonly (string | number)[]): string {
  const hex = sha256(JSON.stringify(parts))
  const variant = ((Number.parseInt(hex[16] as string, 16) & 0x3) | 0x8).toString(16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/** The event of a record: its content as data, what the chain adds as metadata. Appended twice it is one event: its id hangs on site, seq and hash. */
export function eventOf(row: JournalRow, siteId: string, epoch: number): NewEvent {
  const { personal, personalHash, contentHash, prev, hash } = row
  const data = JSON.parse(row.content) as { readonly cause?: { readonly type?: unknown } }
  const links = { personalHash, contentHash, prev, hash, epoch: String(epoch) }
  return {
    id: eventId(siteId, row.seq, hash),
    type: typeOf(data),
    data,
    meta: personal === null ? links : { ...links, personal },
  }
}

/** What an event of this content is called: the record's cause. */
const typeOf = (content: { readonly cause?: { readonly type?: unknown } }): string => {
  const type = content.cause?.type
  return typeof type === 'string' && type !== '' && !type.startsWith('$') ? type : 'record'
}

/** A record as it was read from the log: its parsed content, what stands beside it, and the epoch of the owner that wrote it. */
export type FoundRow = Omit<JournalRow, 'content'> & {
  readonly content: StoredRecord
  readonly epoch: number
  readonly id: string
}

const TEXTS = ['personalHash', 'contentHash', 'prev', 'hash'] as const

/** The record that an event is; null where it is none of berth, or stands at another place than it says. Hashes are not checked here. */
export function foundRow(event: FoundEvent): FoundRow | null {
  const content = event.data as { readonly [member: string]: unknown } | null
  const meta = event.meta as { readonly [member: string]: unknown } | null
  if (typeof content !== 'object' || content === null || typeof meta !== 'object' || meta === null) return null
  const { seq, stream, version, at } = content
  if (seq !== event.revision + 1 || typeof stream !== 'string' || typeof version !== 'number') return null
  if (typeof at !== 'string' || TEXTS.some((name) => typeof meta[name] !== 'string')) return null
  const personal = meta['personal'] ?? null
  if (personal !== null && typeof personal !== 'string') return null
  const { personalHash, contentHash, prev, hash } = meta as { readonly [name in (typeof TEXTS)[number]]: string }
  const place = { seq, stream, version, at, epoch: Number(meta['epoch'] ?? 0), id: event.id }
  return { ...place, content: content as StoredRecord, personal, personalHash, contentHash, prev, hash }
}

/** The record of a row as readers get it. */
export const factOf = (row: FoundRow): FactRecord => recordOf(rowOf(row))

/** The row with its content as the text that was hashed: canonical JSON gives the same text again, or the chain's check says that it does not. */
export function rowOf({ content, epoch: _epoch, id: _id, ...row }: FoundRow): JournalRow {
  return { ...row, content: readable(row.seq, () => canonicalJson(content)) }
}
