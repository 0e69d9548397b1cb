import { closeSync, openSync, readSync } from 'node:fs'
import { Fault } from '../../machines/faults.ts'
import { canonicalJson } from './canonical.ts'
import { GENESIS, recordContent, sha256 } from './chain.ts'
import type { FoundLink } from './chain-check.ts'
import { asCheckpoint, type Checkpoint } from './checkpoint.ts'
import type { Head, JournalRow } from './journal-row.ts'
import { isPacked, packedPages } from './packed-pages.ts'
import { hasTwins } from './twin-names.ts'

/** Name and version of the export's form, in its first line. */
const EXPORT_FORMAT = 'berth-journal-2'
/** Forms that are read: the first had no checkpoints and no machines. */
const READ_FORMATS: readonly unknown[] = ['berth-journal-1', EXPORT_FORMAT]

/** An export that begins where the archive ends. */
const REST_FORMAT = 'berth-journal-3'
/** A closed segment: the same, sealed by a checkpoint of its last record. */
const SEGMENT_FORMAT = 'berth-segment-1'

/** First line of a segment: whose, the link that it follows on, and its last link. */
export const segmentHeaderLine = (siteId: string, before: Head, last: Head): string =>
  laterHeaderLine(SEGMENT_FORMAT, siteId, before, last)

/** First line of an export of what came after this link. */
export const restHeaderLine = (siteId: string, before: Head, last: Head): string =>
  laterHeaderLine(REST_FORMAT, siteId, before, last)

const laterHeaderLine = (format: string, siteId: string, before: Head, { seq, hash }: Head): string =>
  canonicalJson({ format, siteId, first: before.seq + 1, prev: before.hash, seq, hash })

/** First line of an export: whose journal, and its newest link then, so that a missing end is noticed. */
export function headerLine(siteId: string, head: Head): string {
  return canonicalJson({ format: EXPORT_FORMAT, siteId, seq: head.seq, hash: head.hash })
}

/** The machines that wrote some of the records: their source in one text, under its SHA-256. */
export const machinesLine = (name: string, source: string): string => canonicalJson({ machines: name, source })

/** A record in full: its content as it was hashed, the sealed personal fields, and the chain's members. */
export function fullLine(row: JournalRow): string {
  return `${row.content.slice(0, -1)},"personal":${row.personal ?? 'null'},${hashMembers(row)}}`
}

/** A record left out by a filter: enough to follow the chain. */
export function hashLine(row: JournalRow): string {
  return `{"seq":${row.seq},${hashMembers(row)}}`
}

function hashMembers({ personalHash, contentHash, prev, hash }: JournalRow): string {
  return `"personalHash":"${personalHash}","contentHash":"${contentHash}","prev":"${prev}","hash":"${hash}"`
}

/** `first` and `prev`: where the file begins; 1 and the genesis in an export. `isSegment`: it says that its last record is sealed. */
export type ExportHeader = {
  readonly kind: 'header'
  readonly siteId: unknown
  readonly first: number
  readonly prev: string
  readonly seq: unknown
  readonly hash: unknown
  readonly isSegment: boolean
}

/** What a line of an export holds. */
export type ExportLine =
  | ExportHeader
  | { readonly kind: 'record'; readonly link: FoundLink; readonly record: { readonly [member: string]: unknown } }
  | { readonly kind: 'left-out'; readonly link: FoundLink }
  | { readonly kind: 'checkpoint'; readonly checkpoint: Checkpoint }
  | { readonly kind: 'machines'; readonly name: string; readonly source: string; readonly holds: boolean }
  | { readonly kind: 'unreadable'; readonly says: string }

const HEADER_MEMBERS = 'format hash seq siteId'
const LATER_MEMBERS = 'first format hash prev seq siteId'
const MACHINES_MEMBERS = 'machines source'
const LEFT_OUT_MEMBERS = 'contentHash hash personalHash prev seq'

/** Reads one line (without its line end). Never throws. */
export function parseLine(bytes: Uint8Array): ExportLine {
  const value = parseJson(bytes)
  if (value === undefined) return { kind: 'unreadable', says: 'this is not JSON (cut off, or damaged)' }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { kind: 'unreadable', says: 'this is not a record' }
  const members = value as Record<string, unknown>
  const names = Object.keys(members).sort().join(' ')
  if (members['format'] !== undefined) {
    const checkpoint = asCheckpoint(members)
    return checkpoint === null ? headerOf(members, names) : { kind: 'checkpoint', checkpoint }
  }
  if (names === MACHINES_MEMBERS) return machinesOf(members)
  const { seq, prev, contentHash, personalHash, hash } = members
  const links = { seq, prev, contentHash, personalHash, hash }
  if (names === LEFT_OUT_MEMBERS) return { kind: 'left-out', link: { ...links, content: null, personal: null } }
  const { personal } = members
  if (personal === undefined)
    return { kind: 'unreadable', says: 'a record without `personal` (null when erased) is not one of berth' }
  const texts = canonicalTexts(members)
  if (texts === null) return { kind: 'unreadable', says: 'it holds a text with half a character' }
  return { kind: 'record', link: { ...links, ...texts }, record: members }
}

function headerOf(members: Record<string, unknown>, names: string): ExportLine {
  const { format, siteId, seq, hash, first, prev } = members
  const isLater = (format === SEGMENT_FORMAT || format === REST_FORMAT) && names === LATER_MEMBERS
  if (isLater && Number.isSafeInteger(first) && Number(first) > 0) {
    const isSegment = format === SEGMENT_FORMAT
    return { kind: 'header', siteId, first: Number(first), prev: String(prev), seq, hash, isSegment }
  }
  if (READ_FORMATS.includes(format) && names === HEADER_MEMBERS)
    return { kind: 'header', siteId, first: 1, prev: GENESIS, seq, hash, isSegment: false }
  return { kind: 'unreadable', says: `this is not a header of ${EXPORT_FORMAT} or ${SEGMENT_FORMAT}` }
}

function machinesOf({ machines, source }: Record<string, unknown>): ExportLine {
  const [name, text] = [String(machines), String(source)]
  return { kind: 'machines', name, source: text, holds: sha256(text) === name }
}

function canonicalTexts(members: Record<string, unknown>): { content: string; personal: string | null } | null {
  try {
    const { personal } = members
    return { content: recordContent(members), personal: personal === null ? null : canonicalJson(personal) }
  } catch {
    return null
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** A name that stands twice could say one thing here and another to somebody else; white space around a line is none of berth's. */
function parseJson(bytes: Uint8Array): unknown {
  try {
    const text = utf8.decode(bytes)
    const value: unknown = JSON.parse(text)
    return text.trim() !== text || hasTwins(text, value) ? undefined : value
  } catch {
    return undefined
  }
}

const PIECE_BYTES = 1 << 20
const LINE_FEED = 10
/** Longest line that is read, MB: one record of berth is far shorter. */
const MOST_LINE_MB = 64

/** A file's lines as bytes, read in pieces; an empty last line is none. Throws the file system's error, or Fault STORE_CORRUPT for a packed file that is damaged and for a line that is too long. */
export function* fileLines(path: string): Generator<Buffer> {
  if (!isPacked(path)) return yield* plainLines(path)
  for (const { bytes } of packedPages(path)) for (const line of linesIn(bytes)) yield bounded(path, line)
}

/** The lines of one piece of a packed file: none goes over its end. */
export function* linesIn(bytes: Buffer): Generator<Buffer> {
  let rest = bytes
  for (let end = rest.indexOf(LINE_FEED); end >= 0; end = rest.indexOf(LINE_FEED)) {
    yield rest.subarray(0, end)
    rest = rest.subarray(end + 1)
  }
  if (rest.length > 0) yield rest
}

function* plainLines(path: string): Generator<Buffer> {
  const file = openSync(path, 'r')
  try {
    let rest: Buffer = Buffer.alloc(0)
    const piece = Buffer.allocUnsafe(PIECE_BYTES)
    for (;;) {
      const size = readSync(file, piece, 0, PIECE_BYTES, null)
      if (size === 0) break
      // What was handed out must stay what it was, so each piece is copied.
      let text = Buffer.concat([rest, piece.subarray(0, size)])
      for (let end = text.indexOf(LINE_FEED); end >= 0; end = text.indexOf(LINE_FEED)) {
        yield bounded(path, text.subarray(0, end))
        text = text.subarray(end + 1)
      }
      rest = bounded(path, text)
    }
    if (rest.length > 0) yield rest
  } finally {
    closeSync(file)
  }
}

function bounded(path: string, line: Buffer): Buffer {
  if (line.length <= MOST_LINE_MB << 20) return line
  const says = `${path} holds a line longer than ${MOST_LINE_MB} MB, which none of berth’s is; it was not made by berth.`
  throw new Fault('STORE_CORRUPT', { path, tooLarge: true }, { says })
}
