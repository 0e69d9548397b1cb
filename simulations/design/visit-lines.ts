import type { VisitLedger, VisitRow } from './visit-ledger.ts'

/** The first line of visits.csv. Times are seconds from the run's beginning, warm-up included. */
export const VISIT_COLUMNS =
  'replication,visit,arrived_s,entered_s,bay,power_s,full_s,left_s,outcome,known_by,wanted_kWh,energy_kWh,reviewed,fallback,troubles'

/** The visits of one replication that count, a line each, in the order of arrival. */
export function visitLines(replication: number, ledger: VisitLedger): string {
  return ledger.rows
    .filter(({ arrivedMs }) => ledger.counts(arrivedMs))
    .map((row) => `${replication},${visitLine(row)}\n`)
    .join('')
}

function visitLine(row: VisitRow): string {
  const { index, arrivedMs, enteredMs, bay, powerMs, fullMs, leftMs, outcome, knownBy } = row
  return [
    index,
    seconds(arrivedMs),
    seconds(enteredMs),
    bay === null ? '' : bay + 1,
    seconds(powerMs),
    seconds(fullMs),
    seconds(leftMs),
    outcome,
    knownBy ?? '',
    kWh(row.wanted_Wh),
    kWh(row.energy_Wh),
    row.reviewed ? 1 : 0,
    row.fellBack ? 1 : 0,
    [...row.troubles].sort().join(' '),
  ].join(',')
}

const seconds = (ms: number | null): string => (ms === null ? '' : (ms / 1000).toFixed(1))
const kWh = (Wh: number): string => (Wh / 1000).toFixed(3)
