import type { Json } from '../machines/events.ts'
import type { FactRecord } from '../machines/record.ts'
import { textOf } from './projection.ts'
import { type Row, type RowFold, seqKey } from './row-fold.ts'

/** What of a cause may be said of it: names of things, never what a person typed. */
const ABOUT = [
  'command',
  'level',
  'automatic',
  'review',
  'verdict',
  'accountId',
  'fromAccountId',
  'handle',
  'sessionId',
  'erasureId',
  'status',
  'confirm',
  'deleted',
  'blocked',
  'ref',
  'why',
  'what',
  'zonesVersion',
  'policyVersion',
  'site',
  'putBack',
] as const
/** Who was shown whom, and how a request was verified (`verifiedBy`: a handle): for who examines the others. */
export const EXAMINED = ['subjects', 'count', 'verified'] as const
/** Rules that were taken over. */
const ADOPTED = new Set([
  'policy.adopted',
  'policy.ordered',
  'zones.published',
  'profile.adopted',
  'authorizer.adopted',
  'tariff.adopted',
  'reader.adopted',
  'site.resumed',
])

/** One row for everything that a person or the site file decided: who, when, what about. A bay's own observations are not here. */
export const toldAudit: RowFold = {
  name: 'audit',
  shape: 2,
  fold(rows, record) {
    if (!isAudited(record)) return
    const { seq, at, stream, bayId, cause } = record
    const by = textOf(cause['by']) ?? 'site'
    const decisions = record.decisions.map(({ type }) => type)
    rows.put(seqKey(seq), {
      seq,
      at,
      stream,
      bayId,
      what: cause.type,
      by,
      about: aboutOf(record),
      decisions,
      hash: record.hash,
    })
  },
}

/** What may be said of what a person or the site file decided or looked at, as the row of it tells; null of a bay's own observations. */
export const toldOf = (record: FactRecord): Row | null => (isAudited(record) ? aboutOf(record) : null)

function isAudited({ stream, cause }: FactRecord): boolean {
  if (stream === 'audit' || stream === 'register') return true
  return ADOPTED.has(cause.type) || cause.type === 'operator.commanded' || isPersons(cause.type, cause['by'])
}

/** The site's own answers are no person's. */
const isPersons = (type: string, by: Json | undefined): boolean =>
  (type === 'review.answered' || type === 'switch.turned' || type === 'erasure.asked' || type === 'zones.ordered') &&
  by !== 'site'

function aboutOf({ cause, decisions }: FactRecord): Row {
  const about: { [field: string]: Json } = {}
  for (const field of ABOUT) {
    const value = cause[field] ?? decisions.find((one) => one[field] !== undefined)?.[field]
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') about[field] = value
  }
  for (const field of EXAMINED) if (cause[field] !== undefined) about[field] = cause[field]
  return about
}
