import type { Decision, FactRecord } from '../machines/record.ts'
import { numberOf, textOf } from './projection.ts'
import { numberIn, type Row, type RowFold, textIn, textsIn, visitOf, wattHours } from './row-fold.ts'

/** One row a visit, from the first sign of a vehicle to its end: who it was, what was started, charged and billed. */
export const toldVisits: RowFold = {
  name: 'visits',
  shape: 1,
  fold(rows, record) {
    for (const decision of inOrder(record)) {
      const visitId = visitOf(record, decision)
      if (visitId === null) continue
      const before = rows.get(visitId) ?? (decision.type === 'VisitOpened' ? opened(record, visitId) : undefined)
      if (before === undefined) continue
      const after = withDecision(before, decision, record)
      if (after !== null) rows.put(visitId, { ...after, lastSeq: record.seq })
    }
  },
}

/** A visit is opened before anything is said of it. */
const inOrder = ({ decisions }: FactRecord): readonly Decision[] => [
  ...decisions.filter(({ type }) => type !== 'TransactionOpened'),
  ...decisions.filter(({ type }) => type === 'TransactionOpened'),
]

const opened = (record: FactRecord, visitId: string): Row => ({
  visitId,
  bayId: record.bayId,
  openedAt: record.at,
  openedBy: null,
  firstSeq: record.seq,
  lastSeq: record.seq,
  agreed: null,
  accountId: null,
  identifiedBy: null,
  handle: null,
  person: null,
  authorizedAt: null,
  upgrades: 0,
  refused: null,
  fallback: null,
  starts: 0,
  startsFailed: 0,
  lockedAt: null,
  transactions: [],
  sessions: [],
  energy_Wh: 0,
  idle_s: 0,
  contradictions: 0,
  blocked_s: 0,
  endedAt: null,
  exit: null,
})

/** The row with this decision in it; null where the decision says nothing here. */
function withDecision(row: Row, decision: Decision, { at }: FactRecord): Row | null {
  switch (decision.type) {
    case 'VisitOpened':
      return { ...row, openedBy: textOf(decision['by']) }
    case 'PlateAgreed':
      return { ...row, agreed: textOf(decision['handle']) }
    case 'VisitAuthorized':
      return { ...row, ...identity(decision, 'identifiedBy'), authorizedAt: textIn(row, 'authorizedAt') ?? at }
    case 'IdentityUpgraded':
      return { ...row, ...identity(decision, 'to'), upgrades: numberIn(row, 'upgrades') + 1 }
    case 'VisitRefused':
      return { ...row, refused: textOf(decision['reason']) }
    case 'FallbackOffered':
      return { ...row, fallback: textOf(decision['reason']) }
    case 'StartRequested':
      return { ...row, starts: numberIn(row, 'starts') + 1 }
    case 'StartFailed':
      return { ...row, startsFailed: numberIn(row, 'startsFailed') + 1 }
    case 'BayLocked':
      return { ...row, lockedAt: textIn(row, 'lockedAt') ?? at }
    case 'TransactionOpened':
      return { ...row, transactions: added(row, 'transactions', textOf(decision['transactionId'])) }
    case 'SessionBilled':
      return {
        ...row,
        sessions: added(row, 'sessions', textOf(decision['sessionId'])),
        energy_Wh: wattHours(numberIn(row, 'energy_Wh') + numberOf(decision['energy_Wh'])),
        idle_s: numberIn(row, 'idle_s') + numberOf(decision['idle_s']),
      }
    case 'SessionCorrected':
      return decision['billed'] === true
        ? { ...row, energy_Wh: wattHours(numberIn(row, 'energy_Wh') + numberOf(decision['difference_Wh'])) }
        : null
    case 'ContradictionNoticed':
      return { ...row, contradictions: numberIn(row, 'contradictions') + 1 }
    case 'BayFreed':
      return { ...row, blocked_s: numberIn(row, 'blocked_s') + numberOf(decision['blocked_s']) }
    case 'VisitEnded':
      return { ...row, endedAt: at, exit: textOf(decision['exit']) }
    default:
      return null
  }
}

const identity = (decision: Decision, rank: string): Row => ({
  accountId: textOf(decision['accountId']),
  identifiedBy: textOf(decision[rank]),
  handle: textOf(decision['handle']),
  person: decision['person'] === true,
})

const added = (row: Row, field: string, id: string | null): readonly string[] => {
  const all = textsIn(row, field)
  return id === null || all.includes(id) ? all : [...all, id]
}
