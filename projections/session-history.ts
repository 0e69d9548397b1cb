import type { Decision, FactRecord } from '../machines/record.ts'
import type { SessionRow } from './bay-view.ts'
import { listOf, numberOf, type Projection, textOf } from './projection.ts'

/** Billed sessions by id, oldest bill first. `idToken` is the id of the start, or the card's handle: the edge replaces it by its text. */
export type SessionHistory = {
  readonly sessions: Map<string, SessionRow>
  /** Evidence of visits that are not billed yet: `seq:41 PlateAgreed`. */
  readonly evidence: Map<string, string[]>
  /** What was disputed before it was billed, by session: the reason. */
  readonly early: Map<string, string>
}

/** Decisions that a bill rests on. */
const EVIDENCE = [
  'PlateAgreed',
  'VisitAuthorized',
  'IdentityUpgraded',
  'BayLocked',
  'TransactionOpened',
  'TransactionEnded',
  'TransactionOrphaned',
  'TransactionRevived',
  'ContradictionNoticed',
  'SessionBilled',
]
const EXITS = ['exit-seen', 'exit-inferred', 'exit-unconfirmed'] as const

/** What stands for a person's words, which are sealed; journals of before have the words themselves. */
export const PERSON_DISPUTES = 'a person disputes it'
/** The same of how a dispute was settled. */
export const SETTLED = 'settled'

/** One row a charging session, as billed when its visit ended; disputes are added by people and by what charge points report late. */
export const sessionHistory: Projection<SessionHistory> = {
  name: 'session-history',
  start: () => ({ sessions: new Map(), evidence: new Map(), early: new Map() }),
  fold(history, record) {
    for (const decision of record.decisions) {
      const visitId = textOf(decision['visitId'])
      if (visitId !== null && EVIDENCE.includes(decision.type)) {
        const kept = history.evidence.get(visitId) ?? []
        kept.push(`seq:${record.seq} ${decision.type}`)
        history.evidence.set(visitId, kept)
      }
      if (decision.type === 'SessionBilled') bill(history, record, decision)
      if (decision.type === 'SessionDisputed')
        dispute(history, textOf(decision['sessionId']), textOf(decision['reason']) ?? PERSON_DISPUTES)
      if (decision.type === 'SessionCorrected') correct(history, record, decision)
      if (decision.type === 'SessionSettled') settle(history, textOf(decision['sessionId']), textOf(decision['reason']))
      if (decision.type === 'OrphanReconciled') disputeTransaction(history, decision)
      if (decision.type === 'VisitEnded' && visitId !== null) history.evidence.delete(visitId)
    }
    return history
  },
}

function bill(history: SessionHistory, record: FactRecord, decision: Decision): void {
  const { sessions, evidence, early } = history
  const visitId = textOf(decision['visitId']) ?? ''
  const sessionId = textOf(decision['sessionId']) ?? `ses-${visitId}`
  const transactions = listOf(decision['transactions']).map(String)
  sessions.set(sessionId, {
    sessionId,
    visitId,
    bayId: textOf(decision['bayId']) ?? record.bayId ?? '',
    accountId: textOf(decision['accountId']),
    identifiedBy: textOf(decision['identifiedBy']),
    idToken: textOf(decision['startId']) ?? textOf(decision['card']),
    transactionId: transactions.at(-1) ?? null,
    transactions,
    startedAt: textOf(decision['startedAt']) ?? record.at,
    endedAt: textOf(decision['endedAt']) ?? record.at,
    energy_Wh: numberOf(decision['energy_Wh']),
    idle_s: numberOf(decision['idle_s']),
    exit: EXITS.find((exit) => exit === decision['exit']) ?? null,
    disputed: textOf(decision['disputed']),
    corrections: [],
    settled: null,
    evidence: evidence.get(visitId) ?? [],
  })
  dispute(history, sessionId, early.get(sessionId) ?? null)
  early.delete(sessionId)
}

/** Charges that run and are disputed at one time; a site has fewer bays. */
const MOST_EARLY = 10_000

/** Every reason that was ever given stays; one that is given before the bill stands on it. */
function dispute({ sessions, early }: SessionHistory, sessionId: string | null, reason: string | null): void {
  if (sessionId === null || reason === null) return
  const row = sessions.get(sessionId)
  if (row === undefined) {
    const before = early.get(sessionId)
    if (early.size < MOST_EARLY) early.set(sessionId, before === undefined ? reason : `${before}; ${reason}`)
    return
  }
  const disputed = row.disputed === null ? reason : `${row.disputed}; ${reason}`
  sessions.set(row.sessionId, { ...row, disputed, settled: null })
}

/** The charge point said late how a transaction ended: the bill holds the difference where it was billed, and shows it in any case. */
function correct({ sessions }: SessionHistory, record: FactRecord, decision: Decision): void {
  const row = sessions.get(textOf(decision['sessionId']) ?? '')
  if (!row) return
  const difference_Wh = numberOf(decision['difference_Wh'])
  const billed = decision['billed'] === true
  const correction = {
    transactionId: textOf(decision['transactionId']) ?? '',
    at: record.at,
    billed_Wh: numberOf(decision['billed_Wh']),
    reported_Wh: numberOf(decision['reported_Wh']),
    difference_Wh,
    billed,
  }
  sessions.set(row.sessionId, {
    ...row,
    energy_Wh: billed ? Math.round((row.energy_Wh + difference_Wh) * 1000) / 1000 : row.energy_Wh,
    corrections: [...row.corrections, correction],
    evidence: [...row.evidence, `seq:${record.seq} SessionCorrected`],
  })
  if (!billed) dispute({ sessions, evidence: new Map(), early: new Map() }, row.sessionId, textOf(decision['disputed']))
}

function settle({ sessions }: SessionHistory, sessionId: string | null, reason: string | null): void {
  const row = sessions.get(sessionId ?? '')
  if (row) sessions.set(row.sessionId, { ...row, settled: reason ?? SETTLED })
}

/** A charge point that was away reports more energy than was billed: the bill stands, and says so. */
function disputeTransaction(history: SessionHistory, decision: Decision): void {
  const transactionId = textOf(decision['transactionId'])
  const row = [...history.sessions.values()].findLast(
    (each) => transactionId !== null && each.transactions.includes(transactionId),
  )
  dispute(history, row?.sessionId ?? null, textOf(decision['disputed']))
}
