import { TROUBLES, type Trouble, type VisitLedger } from './visit-ledger.ts'

/** A visit that went badly, with where to find it: its bay from 1, and when it was over, ms from the run's beginning. */
export type BadVisit = {
  readonly replication: number
  readonly index: number
  readonly trouble: Trouble
  readonly bay: number
  readonly enteredMs: number
  readonly overMs: number
}

/** After a vehicle has left this much is still decided about it, ms. */
const AFTER_MS = 900_000

/** Of each kind of trouble the first visit of a replication that met it: the shortest journal that shows it. */
export function badVisits(replication: number, ledger: VisitLedger): BadVisit[] {
  return TROUBLES.flatMap((trouble) => {
    const row = ledger.rows.find(({ troubles }) => troubles.has(trouble))
    if (!row || row.bay === null || row.enteredMs === null) return []
    const overMs = (row.leftMs ?? row.enteredMs) + AFTER_MS
    return [{ replication, index: row.index, trouble, bay: row.bay + 1, enteredMs: row.enteredMs, overMs }]
  })
}

/** Of each kind of trouble one visit: the one that was over soonest in its replication, for its journal is the shortest. */
export function worstOf(found: readonly BadVisit[]): BadVisit[] {
  return TROUBLES.flatMap((trouble) => {
    const [first] = found
      .filter((one) => one.trouble === trouble)
      .sort((a, b) => a.overMs - b.overMs || a.replication - b.replication)
    return first ? [first] : []
  })
}
