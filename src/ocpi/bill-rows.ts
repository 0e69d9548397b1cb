import { amountText, split } from '../../projections/money.ts'
import { numberIn, type Row } from '../../projections/row-fold.ts'
import { type Bill, doubtsOf, transactionsOf } from './bills.ts'

/** Columns of bills as CSV and JSON lines, which `berth reconcile` reads too. */
export const BILL_COLUMNS = [
  'evidence',
  'sessionId',
  'bayId',
  'evse',
  'accountId',
  'idToken',
  'transactions',
  'startedAt',
  'endedAt',
  'energy_kWh',
  'idle_min',
  'currency',
  'energy_cost',
  'session_cost',
  'idle_cost',
  'tax',
  'total',
  'disputed_total',
  'disputed',
  'settled',
] as const

/** A bill with its money as decimals: the three costs and the tax add up to `total`. `disputed_total` is the part of it that is in doubt. */
export function billRow({ row, tariff, cost, idToken }: Bill): Row {
  const money = (minor: number): string => amountText(minor, tariff.currency)
  const energy_Wh = numberIn(row, 'energy_Wh')
  return {
    evidence: row['evidence'] ?? null,
    sessionId: row['sessionId'] ?? null,
    bayId: row['bayId'] ?? null,
    evse: row['connector'] ?? null,
    accountId: row['accountId'] ?? null,
    idToken,
    transactions: transactionsOf(row),
    startedAt: row['startedAt'] ?? null,
    endedAt: row['endedAt'] ?? null,
    energy_kWh: Math.round(energy_Wh * 1000) / 1_000_000,
    idle_min: Math.round(numberIn(row, 'idle_s') / 0.6) / 100,
    currency: tariff.currency,
    energy_cost: money(cost.energy),
    session_cost: money(cost.session),
    idle_cost: money(cost.idle),
    tax: money(cost.tax),
    total: money(cost.gross),
    disputed_total: money(disputedOf(row, cost.gross)),
    disputed: doubtsOf(row),
    settled: row['settled'] ?? null,
  }
}

/** The part of a total that is in doubt, in its minor units: all of a bill that somebody disputes, else by energy. */
function disputedOf(row: Row, gross: number): number {
  if (row['disowned'] === true) return gross
  const energy_Wh = numberIn(row, 'energy_Wh')
  if (energy_Wh === 0) return 0
  const doubtful_Wh = Math.min(numberIn(row, 'disputed_Wh'), energy_Wh)
  return split(gross, [doubtful_Wh, energy_Wh - doubtful_Wh])[0] ?? 0
}
