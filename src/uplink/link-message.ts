import type { Head, JournalRow } from '../journal/journal-row.ts'
import { SIGHTING, type Sighting, sightingOf } from '../plausibility/sighting.ts'
import { kindsOf, type LinkRequest, type LinkResponse, requestOf, responseOf } from './link-request.ts'

/** The subprotocol that both ends speak: another version has another name. */
export const LINK_PROTOCOL = 'berth-link-1'

/** Rows of one batch at most, and about so many characters: one row always fits, whatever its size. */
export const MOST_ROWS = 256
export const MOST_CHARACTERS = 1_000_000
/** The largest message that a centre takes, bytes: a batch, or one very large record. */
export const MOST_FROM_SITE = 24 << 20
/** The largest message that a gateway takes, bytes: an answer is short, a request may carry something. */
export const MOST_FROM_CENTRE = 1 << 20

/** The first message of a gateway: whose log it has, which key store sealed it, where it ends, and what a centre may ask of it. */
export type Hello = {
  readonly type: 'hello'
  readonly site: string
  readonly keyStore: string
  readonly head: Head
  readonly berth: string
  /** Kinds of requests; a gateway of before there were any says nothing, and is asked nothing. */
  readonly takes: readonly string[]
  /** Orders that the site lets its centre give; one of before says nothing. */
  readonly orders?: readonly string[]
}
/** Rows as they are stored, each following on the one before; the first on `prevHash`, the hash of record `fromSeq` - 1. */
export type Batch = {
  readonly type: 'batch'
  readonly site: string
  readonly epoch: number
  readonly fromSeq: number
  readonly prevHash: string
  readonly rows: readonly JournalRow[]
}
/** Whether the centre has this very record: in the copy, or set aside. */
export type Question = { readonly type: 'knows'; readonly seq: number; readonly hash: string }
/** `Sighting`: a word that has no answer; said only to a centre that hears it. */
export type FromSite = Hello | Batch | Question | LinkResponse | Sighting

export type FromCentre = SiteAnswer | LinkRequest

/** What became of what a gateway sent. */
export type SiteAnswer =
  /**
   * Durable: the copy ends here. `epoch`: the gateway's; `current` is larger where another one took the site over. `hears`, to a hello: kinds
   * of words that this centre takes without an answer; one of before says nothing, and is told none.
   */
  | {
      readonly type: 'head'
      readonly epoch: number
      readonly current: number
      readonly seq: number
      readonly hash: string
      readonly hears?: readonly string[]
    }
  /** Durable, but beside the copy, never in it: `says` why. */
  | { readonly type: 'aside'; readonly seq: number; readonly hash: string; readonly says: string }
  /** Where the record of the question is; null: nowhere. */
  | { readonly type: 'known'; readonly seq: number; readonly where: 'copy' | 'aside' | null }
  /** It follows on nothing that the centre has. */
  | { readonly type: 'gap'; readonly seq: number; readonly hash: string }
  /** Not taken, and why; `again`: the same may be taken later without anybody mending anything at the site. */
  | { readonly type: 'refused'; readonly says: string; readonly again: boolean }

/** A row on its way: its columns in this order. */
type Columns = readonly [number, string, number, string, string, string | null, string, string, string, string]

const columnsOf = (row: JournalRow): Columns => [
  row.seq,
  row.stream,
  row.version,
  row.at,
  row.content,
  row.personal,
  row.personalHash,
  row.contentHash,
  row.prev,
  row.hash,
]

/** The text of a gateway's message. */
export const siteText = (message: FromSite): string =>
  JSON.stringify(message.type === 'batch' ? { ...message, rows: message.rows.map(columnsOf) } : message)

/** A gateway's message; a sentence where it is none. */
export function readFromSite(text: string): FromSite | string {
  const found = parsed(text)
  switch (found?.['type']) {
    case 'hello':
      return helloOf(found) ?? 'a hello lacks site, keyStore, head or berth'
    case 'batch':
      return batchOf(found)
    case 'knows': {
      const { seq, hash } = found
      return isSeq(seq) && isHash(hash) ? { type: 'knows', seq, hash } : 'a question lacks seq or hash'
    }
    case SIGHTING:
      return sightingOf(found) ?? 'a sighting lacks hash, minute, what or travel_min'
    case 'response':
      return responseOf(found) ?? 'a response lacks id, ok, and body or why and says'
    default:
      return 'it is no message of a link'
  }
}

function helloOf({ site, keyStore, head, berth, takes, orders }: Found): Hello | null {
  const end = headOf(head)
  const texts = isName(site) && isName(keyStore) && isName(berth)
  if (!texts || end === null) return null
  const allowed = orders === undefined ? {} : { orders: kindsOf(orders) }
  return { type: 'hello', site, keyStore, head: end, berth, takes: kindsOf(takes), ...allowed }
}

function batchOf({ site, epoch, fromSeq, prevHash, rows }: Found): Batch | string {
  if (!isName(site) || !isSeq(epoch) || !isSeq(fromSeq) || fromSeq < 1 || !isHash(prevHash) || !Array.isArray(rows))
    return 'a batch lacks site, epoch, fromSeq, prevHash or rows'
  if (rows.length === 0 || rows.length > MOST_ROWS)
    return `a batch has ${rows.length} rows, 1 to ${MOST_ROWS} are taken`
  const read: JournalRow[] = []
  for (const row of rows) {
    const one = rowOf(row)
    if (one === null) return `row ${read.length + 1} of a batch is none`
    read.push(one)
  }
  return { type: 'batch', site, epoch, fromSeq, prevHash, rows: read }
}

function rowOf(value: unknown): JournalRow | null {
  if (!Array.isArray(value) || value.length !== 10) return null
  const [seq, stream, version, at, content, personal, personalHash, contentHash, prev, hash] = value as unknown[]
  if (!isSeq(seq) || !isName(stream) || !isSeq(version) || !isName(at) || !isText(content)) return null
  if (personal !== null && !isText(personal)) return null
  if (!isHash(personalHash) || !isHash(contentHash) || !isHash(prev) || !isHash(hash)) return null
  return { seq, stream, version, at, content, personal, personalHash, contentHash, prev, hash }
}

/** A centre's message; null where it is none. */
export function readFromCentre(text: string): FromCentre | null {
  const found = parsed(text)
  if (found === null) return null
  const { type, seq, hash, says } = found
  if (type === 'request') return requestOf(found)
  if (type === 'refused') {
    const { again } = found
    return isText(says) && typeof again === 'boolean' ? { type, says: says.slice(0, MOST_SAID), again } : null
  }
  if (!isSeq(seq)) return null
  if (type === 'known') {
    const { where } = found
    return where === 'copy' || where === 'aside' || where === null ? { type, seq, where } : null
  }
  if (!isHash(hash)) return null
  if (type === 'gap') return { type, seq, hash }
  if (type === 'aside') return isText(says) ? { type, seq, hash, says: says.slice(0, MOST_SAID) } : null
  const { epoch, current, hears } = found
  if (type !== 'head' || !isSeq(epoch) || !isSeq(current)) return null
  return { type, epoch, current, seq, hash, ...(hears !== undefined && { hears: kindsOf(hears) }) }
}

/** Of a sentence from the other end so much is shown. */
const MOST_SAID = 500
/** No name of the field comes near. */
const MOST_NAME = 500

type Found = { readonly [member: string]: unknown }

function parsed(text: string): Found | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Found) : null
  } catch {
    return null
  }
}

function headOf(value: unknown): Head | null {
  const { seq, hash } = (value ?? {}) as { seq?: unknown; hash?: unknown }
  return isSeq(seq) && isHash(hash) ? { seq, hash } : null
}

const isSeq = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0
const isHash = (value: unknown): value is string => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)
/** No database takes a NUL in a text, and canonical JSON has none. */
const isText = (value: unknown): value is string => typeof value === 'string' && !value.includes('\0')
const isName = (value: unknown): value is string => isText(value) && value !== '' && value.length <= MOST_NAME
