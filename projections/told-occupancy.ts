import type { FactRecord } from '../machines/record.ts'
import { noteKey, numberIn, type Row, type RowFold, type Rows, textIn } from './row-fold.ts'

const HOUR_ms = 3_600_000

/** Which figure a state adds to. */
const FIGURES: { readonly [state: string]: string } = {
  detecting: 'detecting_ms',
  authorizing: 'authorizing_ms',
  'charging-locked': 'charging_ms',
  exiting: 'exiting_ms',
  unknown: 'unknown_ms',
}

/**
 * One row for each bay and hour (UTC) in which it was not simply vacant: how long it was in which state, in ms, so that the hours of
 * a visit add up to the visit. While berth was away nobody knows: that time is `unknown_ms`, whatever stood there before. Told up to
 * the bay's newest record.
 */
export const toldOccupancy: RowFold = {
  name: 'occupancy',
  shape: 1,
  fold(rows, record) {
    const { bayId, state } = record
    if (bayId === null || state === null) return
    const note = noteKey(bayId)
    const before = rows.get(note)
    const at = Date.parse(record.at)
    if (before !== undefined) passed(rows, bayId, before, at, downSince(record))
    const blocked = isBlocked(before, record)
    rows.put(note, { at, state, blocked })
    for (const decision of record.decisions) if (decision.type === 'VisitOpened') add(rows, bayId, at, { visits: 1 })
  },
}

/** Until when berth was there before this record, ms since 1970; null where it never was away. */
function downSince({ cause }: FactRecord): number | null {
  const since = cause.type === 'site.resumed' ? cause['downSince'] : null
  return typeof since === 'number' ? since : null
}

function isBlocked(before: Row | undefined, { decisions }: FactRecord): boolean {
  let blocked = before?.['blocked'] === true
  for (const { type } of decisions) {
    if (type === 'BayBlocked') blocked = true
    if (type === 'BayFreed' || type === 'VisitEnded') blocked = false
  }
  return blocked
}

/** Spreads the time since the bay's last record over its hours. */
function passed(rows: Rows, bayId: string, before: Row, at: number, down: number | null): void {
  const from = numberIn(before, 'at')
  const state = textIn(before, 'state') ?? 'unknown'
  if (state === 'vacant') return
  const known = down === null ? at : Math.min(at, Math.max(from, down))
  spread(rows, bayId, { from, to: known, figure: FIGURES[state] ?? 'unknown_ms', blocked: before['blocked'] === true })
  spread(rows, bayId, { from: known, to: at, figure: 'unknown_ms', blocked: false })
}

type Span = { readonly from: number; readonly to: number; readonly figure: string; readonly blocked: boolean }

function spread(rows: Rows, bayId: string, { from, to, figure, blocked }: Span): void {
  for (let start = from; start < to; ) {
    const end = Math.min(to, (Math.floor(start / HOUR_ms) + 1) * HOUR_ms)
    add(rows, bayId, start, { [figure]: end - start, ...(blocked ? { blocked_ms: end - start } : {}) })
    start = end
  }
}

function add(rows: Rows, bayId: string, at: number, amounts: { readonly [figure: string]: number }): void {
  const hour = new Date(Math.floor(at / HOUR_ms) * HOUR_ms).toISOString()
  const key = `${hour} ${bayId}`
  const before = rows.get(key) ?? empty(bayId, hour)
  const after: { [figure: string]: number } = {}
  for (const [figure, amount] of Object.entries(amounts)) after[figure] = numberIn(before, figure) + amount
  rows.put(key, { ...before, ...after })
}

const empty = (bayId: string, hour: string): Row => ({
  bayId,
  hour,
  visits: 0,
  detecting_ms: 0,
  authorizing_ms: 0,
  charging_ms: 0,
  exiting_ms: 0,
  unknown_ms: 0,
  blocked_ms: 0,
})
