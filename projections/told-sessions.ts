import type { Decision, FactRecord } from '../machines/record.ts'
import { addRun, keepRun, meterNote, runsOf } from './meter-notes.ts'
import { listOf, numberOf, textOf } from './projection.ts'
import { newRun, readOn, runFields, runIn } from './register-run.ts'
import { noteKey, type Row, type RowFold, type Rows, seqKey, textIn, textsIn, visitOf } from './row-fold.ts'
import { disputed, doubtedLate, settled, withBill, withCorrection, withMore } from './session-bill.ts'
import {
  endOfVisit,
  evidenceReference,
  evidencesIn,
  heardOfVisit,
  pauseOfVisit,
  payerOfVisit,
  resumeOfVisit,
  visitNote,
} from './session-visit.ts'

/**
 * One row a charging session, from the moment at which its first transaction opens: what the registers say (`metered_Wh`, with gaps and
 * resets), what was billed (`energy_Wh`), who withheld the energy while none flowed, what of the bill is disputed, and the evidence
 * reference by which a back end's bill is found again. Of a running visit the row is `running`, `overAt` once
 * its transaction is over; its bill may split it by payer.
 * Every bill, list and request that speaks of a charge reads these rows; `session-row.ts` says what they hold beside their columns.
 */
export const toldSessions: RowFold = {
  name: 'sessions',
  shape: 6,
  fold(rows, record) {
    hearRegister(rows, record)
    for (const decision of record.decisions) {
      heardOfVisit(rows, record, decision)
      hear(rows, record, decision)
    }
    // One that takes another's place opens after that one is billed, whichever was decided first.
    for (const decision of record.decisions) {
      if (decision.type === 'TransactionOpened') open(rows, record, decision)
      if (decision.type === 'TransactionRevived') revived(rows, record, decision)
    }
  },
}

function open(rows: Rows, record: FactRecord, decision: Decision): void {
  const visitId = visitOf(record, decision)
  const connector = textOf(decision['connector'])
  const transactionId = textOf(decision['transactionId'])
  if (visitId === null || connector === null || transactionId === null) return
  const sessionId = `ses-${visitId}`
  const startedAt = textOf(decision['startedAt']) ?? record.at
  const register = decision['register_Wh']
  const run = newRun(typeof register === 'number' ? register : null, Date.parse(startedAt))
  rows.put(meterNote(connector), { sessionId, visitId, transactionId, ...runFields(run) })
  const before = rows.get(sessionId) ?? newSession(rows, record, { sessionId, visitId, startedAt })
  const transactions = textsIn(before, 'transactions')
  rows.put(sessionId, {
    ...before,
    connector,
    idToken: textOf(decision['startId']) ?? textOf(decision['card']),
    transactions: transactions.includes(transactionId) ? transactions : [...transactions, transactionId],
    overAt: null,
    seq: record.seq,
  })
}

/** It goes on where its bill stopped, in another visit as a rule: what was read since then is the new bill's. */
function revived(rows: Rows, record: FactRecord, decision: Decision): void {
  const connector = textOf(record.cause['connector'])
  const meter = connector === null ? undefined : rows.get(meterNote(connector))
  if (connector === null || meter === undefined || meter['transactionId'] !== decision['transactionId']) return
  addRun(rows, textIn(meter, 'sessionId') ?? '', meter, -1)
  open(rows, record, { ...decision, connector, register_Wh: null, startedAt: record.at })
  const now = rows.get(meterNote(connector))
  if (now === undefined) return
  rows.put(meterNote(connector), { ...now, ...runFields(runIn(meter)) })
  addRun(rows, textIn(now, 'sessionId') ?? '', meter, 1)
}

type NewSession = { readonly sessionId: string; readonly visitId: string; readonly startedAt: string }

function newSession(rows: Rows, record: FactRecord, { sessionId, visitId, startedAt }: NewSession): Row {
  const visit = visitNote(visitId)
  const payer = rows.get(visit)
  rows.put(visit, { ...payer, sessions: [...textsIn(payer, 'sessions'), sessionId] })
  const early = rows.get(earlyNote(sessionId))
  rows.drop(earlyNote(sessionId))
  return {
    sessionId,
    visitId,
    bayId: record.bayId,
    status: 'running',
    accountId: textIn(payer, 'accountId'),
    identifiedBy: textIn(payer, 'identifiedBy'),
    idToken: null,
    connector: null,
    transactions: [],
    evidence: textIn(payer, 'evidence') ?? evidenceReference(record),
    startedAt,
    endedAt: null,
    energy_Wh: 0,
    metered_Wh: 0,
    idle_s: 0,
    paused_vehicle_s: 0,
    paused_chargePoint_s: 0,
    paused_unknown_s: 0,
    gaps: 0,
    gap_Wh: 0,
    resets: 0,
    leaps: 0,
    exit: null,
    disputed_Wh: 0,
    disputes: [],
    settled: null,
    billedAt: null,
    seq: record.seq,
    names: textsIn(payer, 'names'),
    grounds: [],
    corrections: [],
    settledSeq: null,
    overAt: null,
    order: null,
    ...early,
  }
}

/** A reading of this record's cause, and the run that it belongs to. */
function hearRegister(rows: Rows, { cause, at }: FactRecord): void {
  const { type, connector, register_Wh, transactionId, happenedAt } = cause
  if ((type !== 'meter.values' && type !== 'transaction.ended') || typeof connector !== 'string') return
  if (typeof register_Wh !== 'number' || cause['verdict'] === 'unusable') return
  const note = meterNote(connector)
  const meter = rows.get(note)
  if (meter === undefined || (transactionId !== null && transactionId !== meter['transactionId'])) return
  const before = runIn(meter)
  const past = cause['when'] === 'past'
  const came = Date.parse(at)
  const took = past && typeof happenedAt === 'string' ? Date.parse(happenedAt) : Number.NaN
  // The charge point's clock is believed for what it kept, and only between the start and the arrival: it may be off, or stand still.
  const isLikely = took >= before.startedAt && took <= came
  const after = readOn(before, { register_Wh, at: came, happenedAt: isLikely ? took : null, past })
  rows.put(note, { ...meter, ...runFields(after) })
  const sessionId = textIn(meter, 'sessionId') ?? ''
  addRun(rows, sessionId, runFields(before), -1)
  addRun(rows, sessionId, runFields(after), 1)
}

function hear(rows: Rows, record: FactRecord, decision: Decision): void {
  const visitId = textOf(decision['visitId'])
  switch (decision.type) {
    case 'VisitAuthorized':
    case 'IdentityUpgraded':
      return payerOfVisit(rows, record, decision, visitId)
    case 'DrawPaused':
      return pauseOfVisit(rows, visitId, textOf(decision['withheldBy']) ?? 'unknown', record.at)
    case 'DrawResumed':
    case 'BayUnlocked':
      return resumeOfVisit(rows, visitId, record.at)
    case 'TransactionEnded':
      return ended(rows, record, decision)
    case 'TransactionOrphaned':
      return rows.put(orphanNote(decision), { sessionId: null })
    case 'OrphanReconciled':
      doubtOrphan(rows, record, decision)
      return forget(rows, textOf(record.cause['connector']), decision)
    case 'SessionBilled':
      return bill(rows, record, decision)
    case 'SessionCorrected':
      return changeSession(rows, decision, (row) => withCorrection(row, record, decision))
    case 'SessionDisputed':
      return dispute(rows, record, decision)
    case 'SessionSettled':
      return changeSession(rows, decision, (row) => settled(row, record))
    case 'VisitEnded':
      return endOfVisit(rows, visitId, record.at)
  }
}

/** What it gave stands in the session until the bill; its register is still listened to, for one that was only taken for dead goes on. */
function ended(rows: Rows, { at }: FactRecord, decision: Decision): void {
  const connector = textOf(decision['connector'])
  const note = connector === null ? null : meterNote(connector)
  if (note === null || rows.get(note)?.['transactionId'] !== decision['transactionId']) return
  const sessionId = textIn(rows.get(note), 'sessionId') ?? ''
  keepRun(rows, note, sessionId)
  const session = rows.get(sessionId)
  const overAt = textOf(decision['endedAt']) ?? at
  if (session !== undefined) rows.put(sessionId, { ...withMore(session, numberOf(decision['energy_Wh'])), overAt })
}

/** Which bill an orphan stands on, until somebody knows how it ended. */
const orphanNote = (decision: Decision): string => noteKey('orphan', textOf(decision['transactionId']) ?? '')

/** Its bill is named, once there is one. */
function noteOrphans(rows: Rows, sessionId: string, transactions: readonly string[]): void {
  for (const transactionId of transactions) {
    const note = noteKey('orphan', transactionId)
    if (rows.get(note) !== undefined) rows.put(note, { sessionId })
  }
}

/** More than its bill says was reported of it: the bill stands, and says so. */
function doubtOrphan(rows: Rows, record: FactRecord, decision: Decision): void {
  const note = orphanNote(decision)
  const sessionId = textIn(rows.get(note), 'sessionId')
  const reason = textOf(decision['disputed'])
  rows.drop(note)
  if (reason !== null) changeSession(rows, { ...decision, sessionId }, (row) => doubtedLate(row, record, reason))
}

/** What nobody knew the end of has ended. */
function forget(rows: Rows, connector: string | null, decision: Decision): void {
  if (connector === null) return
  if (rows.get(meterNote(connector))?.['transactionId'] === decision['transactionId']) rows.drop(meterNote(connector))
}

function bill(rows: Rows, record: FactRecord, decision: Decision): void {
  const sessionId = textOf(decision['sessionId'])
  const visitId = textOf(decision['visitId'])
  if (sessionId === null || visitId === null) return
  resumeOfVisit(rows, visitId, record.at)
  const transactions = listOf(decision['transactions']).map(String)
  // An orphan is billed while its register may go on: what it says later is the next bill's.
  const open = textIn(rows.get(`ses-${visitId}`), 'connector')
  const meter = open === null ? undefined : rows.get(meterNote(open))
  if (open !== null && meter?.['visitId'] === visitId && transactions.includes(String(meter['transactionId'])))
    keepRun(rows, meterNote(open), sessionId)
  const known = rows.get(sessionId)
  const startedAt = textOf(decision['startedAt']) ?? record.at
  const before = known ?? {
    ...newSession(rows, record, { sessionId, visitId, startedAt }),
    connector: connectorOf(rows, visitId),
  }
  noteOrphans(rows, sessionId, transactions)
  const runs = runsOf(rows, visitId, transactions)
  const evidence =
    evidencesIn(rows.get(visitNote(visitId)))[textOf(decision['accountId']) ?? ''] ?? before['evidence'] ?? null
  const order = textIn(before, 'order') ?? seqKey(record.seq)
  const accountId = textOf(decision['accountId'])
  rows.put(orderKey(order, sessionId), { sessionId })
  if (accountId !== null) rows.put(orderKey(order, sessionId, accountId), { sessionId })
  rows.put(sessionId, {
    ...withBill(before, record, decision, listOf(decision['lines'])),
    ...runs,
    evidence,
    order,
    names: textsIn(rows.get(visitNote(visitId)), 'names'),
    grounds: textsIn(rows.get(visitNote(visitId)), 'grounds'),
  })
}

/** Where the row of a bill stands among those of all others, or among those of one account: in the order in which they were made. */
export const orderKey = (order: string, sessionId: string, accountId?: string): string =>
  accountId === undefined ? noteKey('billed', order, sessionId) : noteKey('billed of', accountId, order, sessionId)

/** Around every such place: `order` begins with a digit. */
export function orderSpan(accountId?: string): { readonly from: string; readonly until: string } {
  const before = accountId === undefined ? noteKey('billed') : noteKey('billed of', accountId)
  const from = `${before.slice(0, -1)},"`
  return { from, until: `${from}~` }
}

/** What was disputed before there is a row of it. */
const earlyNote = (sessionId: string): string => noteKey('early', sessionId)

function dispute(rows: Rows, record: FactRecord, decision: Decision): void {
  const sessionId = textOf(decision['sessionId'])
  if (sessionId === null) return
  const row = rows.get(sessionId)
  if (row !== undefined) return rows.put(sessionId, disputed(row, record, decision))
  const { disputes = [] } = disputed(rows.get(earlyNote(sessionId)) ?? {}, record, decision)
  rows.put(earlyNote(sessionId), { disputes, disowned: true })
}

/** A second payer's bill of one visit: at the connector of the first. */
const connectorOf = (rows: Rows, visitId: string): string | null => textIn(rows.get(`ses-${visitId}`), 'connector')

function changeSession(rows: Rows, decision: Decision, change: (row: Row) => Row): void {
  const sessionId = textOf(decision['sessionId'])
  const before = sessionId === null ? undefined : rows.get(sessionId)
  if (sessionId !== null && before !== undefined) rows.put(sessionId, change(before))
}
