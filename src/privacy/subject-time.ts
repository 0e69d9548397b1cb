import type { Handle, Json } from '../../machines/events.ts'
import { isWithin, type Span } from './subject-claim.ts'
import type { SubjectRecord } from './subject-records.ts'

/** What of all that is kept of a subject is the person's who asks. */
export type SubjectTime = {
  readonly isMine: (record: SubjectRecord) => boolean
  /** Visits of these records. */
  readonly visits: ReadonlySet<string>
  /** Whether a charge that began then (ISO 8601 UTC) is theirs, where its visit is. */
  readonly began: (at: string) => boolean
  /** Whether this moment (ISO 8601 UTC) of this vehicle is theirs. */
  readonly covers: (name: Handle, at: string) => boolean
}

/** A proof speaks of its span. */
export function timeOfProof(span: Span, records: readonly SubjectRecord[]): SubjectTime {
  return timeOf(records, ({ at }) => isWithin(span, at), {
    began: (at) => isWithin(span, at),
    covers: (_name, at) => isWithin(span, at),
  })
}

/**
 * An account speaks of itself, of the visits that it paid for, and of each vehicle and card for as long as the register holds it for the
 * account: what was before, or after, may be another person's.
 */
export function timeOfAccount(accountId: string, records: readonly SubjectRecord[]): SubjectTime {
  const paid = new Set(records.flatMap((record) => (record.accounts.includes(accountId) ? record.visits : [])))
  const ofPaid = new Set(records.filter(({ visits }) => visits.some((visit) => paid.has(visit))))
  const held = heldBy(accountId, records)
  const isHeld = (name: Handle, at: string): boolean => (held.get(name) ?? []).some((span) => isWithin(span, at))
  return timeOf(
    records,
    (record) =>
      record.accounts.includes(accountId) ||
      askedBy(record) === accountId ||
      ofPaid.has(record) ||
      record.names.some((name) => isHeld(name, record.at)),
    {
      began: () => true,
      covers: (name, at) =>
        isHeld(name, at) || [...paid].some((visit) => isWithin(spanOfVisit([...ofPaid], visit, name), at)),
    },
  )
}

/** The account for which something was asked of the site: an objection, say. */
function askedBy({ cause }: SubjectRecord): Json | undefined {
  const { verified } = cause as { readonly verified?: { readonly accountId?: Json } }
  return verified?.accountId
}

/** When the register held each name for this account. */
function heldBy(accountId: string, records: readonly SubjectRecord[]): ReadonlyMap<Handle, readonly Span[]> {
  const held = new Map<Handle, Span[]>()
  for (const { cause, stream, at } of records) {
    const { type, handle, accountId: holder } = cause as { readonly [field: string]: Json | undefined }
    if (stream !== 'register' || typeof handle !== 'string' || typeof type !== 'string') continue
    if (!type.endsWith('.registered') && !type.endsWith('.removed')) continue
    const now = Date.parse(at)
    const spans = (held.get(handle) ?? []).map((span) => ({ ...span, to: Math.min(span.to, now) }))
    const isIts = type.endsWith('.registered') && holder === accountId
    held.set(handle, isIts ? [...spans, { from: now, to: Number.POSITIVE_INFINITY }] : spans)
  }
  return held
}

/** From the first to the last record of a visit that names this one; a span that holds nothing where none does. */
function spanOfVisit(records: readonly SubjectRecord[], visit: string, name: Handle): Span {
  const times = records
    .filter(({ visits, names }) => visits.includes(visit) && names.includes(name))
    .map(({ at }) => Date.parse(at))
  return { from: Math.min(...times), to: Math.max(...times) }
}

function timeOf(
  records: readonly SubjectRecord[],
  isMine: SubjectTime['isMine'],
  rest: Pick<SubjectTime, 'began' | 'covers'>,
): SubjectTime {
  return { isMine, ...rest, visits: new Set(records.filter(isMine).flatMap(({ visits }) => visits)) }
}
