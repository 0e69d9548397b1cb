import type { Decision, FactRecord } from '../machines/record.ts'
import { numberOf, textOf } from './projection.ts'
import { numberIn, type Row, type RowFold, textIn, wattHours } from './row-fold.ts'

const VACANT: Row = {
  visitId: null,
  visitSince: null,
  accountId: null,
  identifiedBy: null,
  handle: null,
  transactionId: null,
  connector: null,
  energy_Wh: null,
  power_W: null,
  blocked: null,
}

/** One row a bay: what stands there now, by the newest record. Whoever asks for one bay's reasons asks the bay itself. */
export const toldBoard: RowFold = {
  name: 'board',
  shape: 1,
  fold(rows, record) {
    const { bayId, state, detail, seq, version, at } = record
    if (bayId === null || state === null) return
    const before = rows.get(bayId)
    const moved = before?.['state'] !== state
    const head = { bayId, state, detail, since: moved ? at : (textIn(before, 'since') ?? at), seq, version, at }
    let row: Row = { ...VACANT, ...before, ...head }
    row = withMeter(row, record)
    // A transaction that begins a visit may be decided before it.
    for (const opens of [false, true])
      for (const decision of record.decisions)
        if ((decision.type === 'TransactionOpened') === opens) row = withDecision(row, decision, record)
    rows.put(bayId, row)
  },
}

function withMeter(row: Row, { cause }: FactRecord): Row {
  if (cause.type !== 'meter.values' || cause['verdict'] === 'unusable' || row['transactionId'] === null) return row
  if (cause['connector'] !== row['connector']) return row
  const { register_Wh, power_W, when } = cause
  const first = row['register_Wh']
  const energy =
    typeof register_Wh === 'number' && typeof first === 'number' && register_Wh >= first
      ? Math.max(numberIn(row, 'energy_Wh'), wattHours(register_Wh - first))
      : row['energy_Wh']
  return { ...row, energy_Wh: energy ?? null, power_W: when === 'live' ? (power_W ?? null) : (row['power_W'] ?? null) }
}

function withDecision(row: Row, decision: Decision, { at }: FactRecord): Row {
  switch (decision.type) {
    case 'VisitOpened':
      return { ...row, ...VACANT, register_Wh: null, visitId: textOf(decision['visitId']), visitSince: at }
    case 'VisitAuthorized':
      return {
        ...row,
        accountId: textOf(decision['accountId']),
        identifiedBy: textOf(decision['identifiedBy']),
        handle: textOf(decision['handle']),
      }
    case 'IdentityUpgraded':
      return {
        ...row,
        accountId: textOf(decision['accountId']),
        identifiedBy: textOf(decision['to']),
        handle: textOf(decision['handle']),
      }
    case 'TransactionOpened':
      return {
        ...row,
        transactionId: textOf(decision['transactionId']),
        connector: textOf(decision['connector']),
        register_Wh: decision['register_Wh'] ?? null,
        energy_Wh: 0,
      }
    case 'TransactionEnded':
      return decision['transactionId'] === row['transactionId']
        ? { ...row, transactionId: null, energy_Wh: numberOf(decision['energy_Wh']), power_W: null }
        : row
    case 'BayBlocked':
      return { ...row, blocked: textOf(decision['why']) }
    case 'BayFreed':
      return { ...row, blocked: null }
    case 'VisitEnded':
      return decision['visitId'] === row['visitId'] ? { ...row, ...VACANT, register_Wh: null } : row
    default:
      return row
  }
}
