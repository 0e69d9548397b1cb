import type { Json } from '../machines/events.ts'
import type { Decision, Effect, FactRecord } from '../machines/record.ts'
import { textOf } from './projection.ts'
import { noteKey, type Row, type RowFold, type Rows, seqKey, textIn, visitOf } from './row-fold.ts'
import { evidenceReference } from './session-visit.ts'

/** What others are told, in the order of the journal. */
export const NEWS_TYPES = [
  'visit.opened',
  'visit.authorized',
  'visit.refused',
  'visit.ended',
  'session.started',
  'session.ended',
  'session.billed',
  'session.corrected',
  'session.disputed',
  'session.settled',
  'bay.blocked',
  'bay.freed',
  'review.opened',
  'review.answered',
  'payment.unused',
  'alarm.raised',
  'alarm.cleared',
] as const

/** Decisions that are news, and which of their fields are told. */
const TOLD_OF: { readonly [decision: string]: readonly [type: string, ...fields: string[]] } = {
  VisitOpened: ['visit.opened'],
  VisitAuthorized: ['visit.authorized', 'accountId', 'identifiedBy', 'person'],
  VisitRefused: ['visit.refused', 'reason'],
  VisitEnded: ['visit.ended', 'exit', 'accountId'],
  TransactionOpened: ['session.started', 'transactionId', 'connector', 'register_Wh', 'startedAt'],
  TransactionEnded: [
    'session.ended',
    'transactionId',
    'connector',
    'accountId',
    'energy_Wh',
    'reason',
    'disputed',
    'endedAt',
  ],
  SessionBilled: [
    'session.billed',
    'sessionId',
    'accountId',
    'identifiedBy',
    'transactions',
    'startedAt',
    'endedAt',
    'energy_Wh',
    'idle_s',
    'exit',
    'disputed',
  ],
  SessionCorrected: [
    'session.corrected',
    'sessionId',
    'accountId',
    'transactionId',
    'billed_Wh',
    'reported_Wh',
    'difference_Wh',
    'billed',
    'disputed',
  ],
  SessionDisputed: ['session.disputed', 'sessionId'],
  SessionSettled: ['session.settled', 'sessionId'],
  BayBlocked: ['bay.blocked', 'why', 'standsSince'],
  BayFreed: ['bay.freed', 'why', 'blocked_s'],
}
/** Effects that are news. */
const ORDERED: { readonly [effect: string]: readonly [type: string, ...fields: string[]] } = {
  'open.review': ['review.opened', 'review', 'reason', 'by'],
  'raise.alarm': ['alarm.raised', 'alarmId', 'alarm', 'says', 'do'],
  'clear.alarm': ['alarm.cleared', 'alarmId'],
}

/**
 * One row for each piece of news, in the order of the journal: what webhooks and brokers are told. `id` is the same whenever it is told
 * again. No plate, no token, nothing that a person typed.
 */
export const toldNews: RowFold = {
  name: 'news',
  shape: 2,
  fold(rows, record) {
    let place = 0
    const tell = (type: string, about: Row): void => {
      const { seq, at, siteId } = record
      place += 1
      const id = `${siteId}/${seq}/${place}`
      rows.put(`${seqKey(seq)} ${String(place).padStart(3, '0')}`, {
        id,
        type,
        siteId,
        seq,
        at,
        bayId: record.bayId,
        ...about,
      })
    }
    // A transaction may be decided before the visit that it begins.
    const begins = record.decisions.filter(({ type }) => type === 'TransactionOpened')
    for (const decision of record.decisions) if (!begins.includes(decision)) hear(rows, record, decision, tell)
    for (const decision of begins) hear(rows, record, decision, tell)
    for (const effect of record.effects) {
      const [type, ...fields] = ORDERED[effect.type] ?? []
      if (type !== undefined) tell(type, picked(effect, fields))
    }
    const { cause } = record
    if (cause.type === 'payment.unused') {
      const ref = textOf(cause['ref'])
      tell('payment.unused', {
        bayId: textOf(cause['bayId']),
        ref,
        accountId: `pay-${ref ?? ''}`,
        why: textOf(cause['why']),
      })
    }
    if (cause.type === 'review.answered' && cause['by'] !== 'site')
      tell('review.answered', { review: textOf(cause['review']), verdict: textOf(cause['verdict']) })
  },
}

const payerNote = (visitId: string): string => noteKey('payer', visitId)

function hear(rows: Rows, record: FactRecord, decision: Decision, tell: (type: string, about: Row) => void): void {
  const visitId = visitOf(record, decision)
  if (visitId !== null && (decision.type === 'VisitAuthorized' || decision.type === 'IdentityUpgraded'))
    rows.put(payerNote(visitId), {
      accountId: textOf(decision['accountId']),
      identifiedBy: textOf(decision['identifiedBy']) ?? textOf(decision['to']),
      evidence: evidenceReference(record),
    })
  const [type, ...fields] = TOLD_OF[decision.type] ?? []
  if (type === undefined) return
  const payer = visitId === null ? undefined : rows.get(payerNote(visitId))
  const started: Row =
    type === 'session.started'
      ? {
          sessionId: `ses-${visitId ?? ''}`,
          accountId: textIn(payer, 'accountId'),
          identifiedBy: textIn(payer, 'identifiedBy'),
          evidence: textIn(payer, 'evidence'),
        }
      : {}
  tell(type, { ...(visitId === null ? {} : { visitId }), ...picked(decision, fields), ...started })
  if (decision.type === 'VisitEnded' && visitId !== null) rows.drop(payerNote(visitId))
}

const picked = (of: Decision | Effect, fields: readonly string[]): Row =>
  Object.fromEntries(fields.map((field): [string, Json] => [field, of[field] ?? null]))
