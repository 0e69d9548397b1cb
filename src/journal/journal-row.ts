import type { Json } from '../../machines/events.ts'
import { Fault, invariant } from '../../machines/faults.ts'
import type { Draft, FactRecord } from '../../machines/record.ts'
import type { Sealer } from '../privacy/sealer.ts'
import { canonicalJson, quote } from './canonical.ts'
import { linkHash, NOBODY, NOBODY_HASH, SALT, sha256 } from './chain.ts'
import { type StoredRecord, upcast } from './upcast.ts'

/** A record as a store keeps it: `content` and `personal` are canonical JSON; `personal` is null once erased. */
export type JournalRow = {
  readonly seq: number
  readonly stream: string
  readonly version: number
  readonly at: string
  readonly content: string
  readonly personal: string | null
  readonly personalHash: string
  readonly contentHash: string
  readonly prev: string
  readonly hash: string
}

/** The newest link of a chain. */
export type Head = { readonly seq: number; readonly hash: string }

/** A row to be written, and the record that it is. */
export type Linked = { readonly row: JournalRow; readonly record: FactRecord }

/** Gives drafts their place after `head`, seals their personal fields and links them. Nothing is written yet. */
export function linkDrafts(
  drafts: readonly Draft[],
  head: Head,
  siteId: string,
  recordedAt: string,
  keys: Sealer,
): Linked[] {
  let { seq, hash: prev } = head
  const place = { siteId, recordedAt }
  return drafts.map((draft) => {
    seq++
    const linked = linkDraft(draft, seq, prev, place, keys)
    prev = linked.row.hash
    return linked
  })
}

type Place = { readonly siteId: string; readonly recordedAt: string }

function linkDraft(draft: Draft, seq: number, prev: string, place: Place, keys: Sealer): Linked {
  const { stream, version, at } = draft
  const content = isPlain(draft)
    ? plainContent(draft, seq, place)
    : canonicalJson({ ...draft, ...place, seq, personal: undefined })
  const sealed = sealPersonal(draft.personal, keys)
  const personal = sealed === null ? NOBODY : personalText(sealed)
  const contentHash = sha256(content)
  const personalHash = sealed === null ? NOBODY_HASH : sha256(personal)
  const hash = linkHash(prev, contentHash, personalHash)
  const links: Links = { personal: sealed ?? {}, personalHash, contentHash, prev, hash }
  return {
    row: { seq, stream, version, at, content, personal, personalHash, contentHash, prev, hash },
    record: isPlain(draft) ? plainRecord(draft, seq, place, links) : { ...draft, ...place, seq, ...links },
  }
}

type Links = Pick<FactRecord, 'personal' | 'personalHash' | 'contentHash' | 'prev' | 'hash'>

/** Member by member: copying a whole draft costs as much as hashing it. */
function plainRecord(draft: Draft, seq: number, { siteId, recordedAt }: Place, links: Links): FactRecord {
  const { schema, stream, bayId, version, at, machine, cause, rule, decisions, guards, effects, timers } = draft
  const { state, detail } = draft
  const { personal, personalHash, contentHash, prev, hash } = links
  const before = {
    schema,
    stream,
    bayId,
    version,
    at,
    machine,
    cause,
    decisions,
    guards,
    effects,
    timers,
    state,
    detail,
  }
  const record = { ...before, seq, siteId, recordedAt, personal, personalHash, contentHash, prev, hash }
  return rule === undefined ? record : { ...record, rule }
}

/** Members of a draft, `rule` and `personal` included: one with others is written the long way. */
const MEMBERS = 15

const isPlain = (draft: Draft): boolean => Object.keys(draft).length === ('rule' in draft ? MEMBERS : MEMBERS - 1)

/** Canonical JSON of the placed draft without `personal`: its members, sorted, are known, so that no list of names is sorted for each record. */
function plainContent(draft: Draft, seq: number, { siteId, recordedAt }: Place): string {
  const { at, bayId, cause, decisions, detail, effects, guards, machine, rule, schema, state, stream, timers } = draft
  const [said, done] = [canonicalJson(cause), canonicalJson(decisions)]
  const [acts, asked, due] = [canonicalJson(effects), canonicalJson(guards), canonicalJson(timers)]
  const why = rule === undefined ? '' : `"rule":${orNull(rule)},`
  return `{"at":${quote(at)},"bayId":${orNull(bayId)},"cause":${said},"decisions":${done},"detail":${orNull(detail)},"effects":${acts},"guards":${asked},"machine":${quote(machine)},"recordedAt":${quote(recordedAt)},${why}"schema":${schema},"seq":${seq},"siteId":${quote(siteId)},"state":${orNull(state)},"stream":${quote(stream)},"timers":${due},"version":${draft.version}}`
}

const orNull = (text: string | null): string => (text === null ? 'null' : quote(text))

/** Each subject's fields under its own key, and a random salt; null for nobody. A subject whose key was destroyed is left out. */
function sealPersonal(
  personal: { readonly [subject: string]: Json },
  keys: Sealer,
): { [subject: string]: string } | null {
  let sealed: { [subject: string]: string } | null = null
  for (const subject of Object.keys(personal)) {
    invariant(subject !== SALT, `No subject is called ${SALT}.`)
    const bytes = keys.seal(subject, personal[subject] as Json)
    if (bytes === null) continue
    sealed ??= { [SALT]: keys.salt() }
    sealed[subject] = bytes
  }
  return sealed
}

/** Canonical JSON of a sealed map. Its names are people's handles: too many to remember shapes of, and base64 needs no quoting. */
function personalText(sealed: { readonly [subject: string]: string }): string {
  const members = Object.keys(sealed)
    .sort()
    .map((subject) => `${quote(subject)}:"${sealed[subject]}"`)
  return `{${members.join(',')}}`
}

/** The record of a row. Throws Fault STORE_CORRUPT, naming the record, when its text is not what was written, or stands in another place. */
export function recordOf(row: JournalRow): FactRecord {
  const { seq, stream, version, at, content, personal, personalHash, contentHash, prev, hash } = row
  return readable(seq, () => {
    const isWhole =
      sha256(content) === contentHash &&
      (personal === null || (personal === NOBODY ? NOBODY_HASH : sha256(personal)) === personalHash) &&
      linkHash(prev, contentHash, personalHash) === hash
    const record = recordWith(JSON.parse(content), row)
    if (isWhole && record.seq === seq && record.stream === stream && record.version === version && record.at === at)
      return record
    throw altered(seq, isWhole ? 'stands in another place than it says' : 'does not fit its hashes')
  })
}

/** The records of rows that follow on one another: each must follow on the hash of the one before it. Throws Fault STORE_CORRUPT. */
export function recordsOf(rows: readonly JournalRow[]): FactRecord[] {
  return rows.map((row, index) => {
    const before = rows[index - 1]
    if (before !== undefined && (before.seq + 1 !== row.seq || before.hash !== row.prev))
      throw altered(row.seq, `does not follow on record ${before.seq}`)
    return recordOf(row)
  })
}

const altered = (seq: number, how: string): Fault =>
  new Fault(
    'STORE_CORRUPT',
    { seq },
    {
      says: `Record ${seq} of the journal was altered in the store: it ${how}. Run \`berth verify\` and restore from a copy.`,
    },
  )

/** Runs `read`; what is thrown of damaged text becomes Fault STORE_CORRUPT, naming the record. */
export function readable<T>(seq: number, read: () => T): T {
  try {
    return read()
  } catch (cause) {
    if (cause instanceof Fault) throw cause
    throw new Fault(
      'STORE_CORRUPT',
      { seq },
      { cause, says: `Record ${seq} of the journal is damaged; run \`berth verify\` and restore from a copy.` },
    )
  }
}

/** The members that a store keeps beside the content; `personal` is canonical JSON, null once erased. */
export type RowLinks = Pick<JournalRow, 'personal' | 'personalHash' | 'contentHash' | 'prev' | 'hash'>

/** The record of a parsed content, which it keeps and completes. */
export function recordWith(content: StoredRecord, links: RowLinks): FactRecord {
  const record = upcast(content) as unknown as { -readonly [member in keyof FactRecord]: FactRecord[member] }
  record.personal = links.personal === null ? null : links.personal === NOBODY ? {} : JSON.parse(links.personal)
  record.personalHash = links.personalHash
  record.contentHash = links.contentHash
  record.prev = links.prev
  record.hash = links.hash
  return record
}

/** Opens a record's personal fields; subjects whose key is gone are left out. Throws Fault STORE_CORRUPT when sealed bytes were altered. */
export function openPersonal(record: FactRecord, keys: Pick<Sealer, 'open'>): { [subject: string]: Json } {
  const opened: { [subject: string]: Json } = {}
  for (const [subject, sealed] of Object.entries(record.personal ?? {})) {
    if (subject === SALT) continue
    const fields = keys.open(subject, sealed)
    if (fields !== undefined) opened[subject] = fields
  }
  return opened
}

/** Throws Fault VERSION_CONFLICT unless each draft's version is its stream's newest + 1. */
export function checkVersions(drafts: readonly Draft[], version: (stream: string) => number): Map<string, number> {
  const newest = new Map<string, number>()
  for (const draft of drafts) {
    const expected = (newest.get(draft.stream) ?? version(draft.stream)) + 1
    if (draft.version !== expected) {
      throw new Fault('VERSION_CONFLICT', { stream: draft.stream, version: draft.version, expected })
    }
    newest.set(draft.stream, expected)
  }
  return newest
}
