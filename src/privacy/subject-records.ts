import type { Journal } from '../../actors/ports.ts'
import type { Handle, Json } from '../../machines/events.ts'
import type { FactRecord } from '../../machines/record.ts'

/** A record that speaks of a subject: what of it is about the subject, and nobody else's names. */
export type SubjectRecord = {
  readonly seq: number
  /** ISO 8601 UTC. */
  readonly at: string
  readonly stream: string
  readonly bayId: string | null
  readonly what: string
  /** Why the record is, as the journal has it. */
  readonly cause: Json
  readonly decisions: readonly Json[]
  /** The subject's own sealed fields, opened; empty where their key is gone. */
  readonly fields: readonly Json[]
  /** Which of the names it speaks of. */
  readonly names: readonly Handle[]
  /** Accounts that a decision names together with the subject. */
  readonly accounts: readonly string[]
  readonly visits: readonly string[]
  readonly hash: string
}

const PAGE = 1_000
const NAME = /\b(?:veh|card)-[0-9a-f]{16}\b/g

/** Reads the whole journal, page by page, for what it says of these names of one subject; oldest first. */
export async function subjectRecords(
  journal: Pick<Journal, 'readSite' | 'open'>,
  handles: readonly Handle[],
): Promise<readonly SubjectRecord[]> {
  const found: SubjectRecord[] = []
  let after = 0
  for (;;) {
    const page = await journal.readSite(after, PAGE)
    const last = page.at(-1)
    if (!last) return found
    after = last.seq
    for (const record of page) {
      const names = namesIn(record, handles)
      if (names.length > 0) found.push(about(record, handles, names, journal))
    }
    // A long journal must not keep charge points waiting.
    await new Promise<void>((go) => setImmediate(go))
  }
}

const HANDLE = /^(?:veh|card)-[0-9a-f]{16}$/
/** A name as it stands in JSON: an account's whole, for it may be the beginning of another's. */
const quoted = (name: string): string => (HANDLE.test(name) ? name : JSON.stringify(name))

function namesIn(record: FactRecord, handles: readonly Handle[]): readonly Handle[] {
  const text = JSON.stringify([record.cause, record.decisions, record.effects])
  return handles.filter(
    (handle) => (record.personal !== null && handle in record.personal) || text.includes(quoted(handle)),
  )
}

function about(
  record: FactRecord,
  handles: readonly Handle[],
  names: readonly Handle[],
  journal: Pick<Journal, 'open'>,
): SubjectRecord {
  const opened = journal.open(record)
  const own = record.decisions.filter((decision) => {
    const text = JSON.stringify(decision)
    return handles.some((handle) => text.includes(quoted(handle)))
  })
  return {
    seq: record.seq,
    at: record.at,
    stream: record.stream,
    bayId: record.bayId,
    what: record.cause.type,
    cause: withoutOthers(record.cause as Json, handles),
    decisions: record.decisions.map((decision) => withoutOthers(decision as Json, handles)),
    fields: handles.flatMap((handle) => (opened[handle] === undefined ? [] : [opened[handle]])),
    names,
    accounts: textsOf([...own, record.cause], 'accountId'),
    visits: textsOf(record.decisions, 'visitId'),
    hash: record.hash,
  }
}

/** Other people's names are another person's data. */
const withoutOthers = (value: Json, handles: readonly Handle[]): Json =>
  JSON.parse(JSON.stringify(value).replace(NAME, (name) => (handles.includes(name) ? name : 'somebody else'))) as Json

const textsOf = (all: readonly { readonly [field: string]: Json | undefined }[], field: string): string[] => [
  ...new Set(all.flatMap((one) => (typeof one[field] === 'string' ? [one[field]] : []))),
]
