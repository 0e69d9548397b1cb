import type { Json } from '../machines/events.ts'
import type { Decision, FactRecord } from '../machines/record.ts'

/** One row as it is told: JSON fields in the order in which they are shown. Never changed in place: a new one takes its place. */
export type Row = { readonly [field: string]: Json }

/** Rows by key, held wherever there is room. Keys that begin with `~` are the fold's own notes, and are told to nobody. */
export interface Rows {
  get(key: string): Row | undefined
  put(key: string, row: Row): void
  drop(key: string): void
}

/**
 * A way to tell the past as rows: `fold` takes the next record and changes rows by key alone, so that what it knows can be kept on disk
 * between two records. `shape` counts its versions: rows of another shape are thrown away and told anew. It leaves out what it does not
 * know and never throws on a record of an older or newer machine. Rows hold handles, ids and figures, never a plate, a token or what
 * a person typed: whoever shows them looks those up.
 */
export type RowFold = {
  readonly name: string
  readonly shape: number
  fold(rows: Rows, record: FactRecord): void
}

/** A note of the fold's own, told to nobody. */
export const noteKey = (...parts: readonly string[]): string => `~${JSON.stringify(parts)}`

/** True for a key whose row is told. */
export const isTold = (key: string): boolean => !key.startsWith('~')

/** A place in the journal as a key: in the order of the numbers. */
export const seqKey = (seq: number): string => String(seq).padStart(12, '0')

/** Rows in memory. */
export class HeldRows implements Rows {
  readonly #rows = new Map<string, Row>()

  get(key: string): Row | undefined {
    return this.#rows.get(key)
  }
  put(key: string, row: Row): void {
    this.#rows.set(key, row)
  }
  drop(key: string): void {
    this.#rows.delete(key)
  }
  /** Everything, the fold's notes included, in the order of the keys. */
  entries(): (readonly [key: string, row: Row])[] {
    return [...this.#rows].sort(([a], [b]) => (a < b ? -1 : 1))
  }
}

/** A field of a row as text; null where it is none. */
export const textIn = (row: Row | undefined, field: string): string | null => {
  const value = row?.[field]
  return typeof value === 'string' ? value : null
}

/** A field of a row as a number; 0 where it is none. */
export const numberIn = (row: Row | undefined, field: string): number => {
  const value = row?.[field]
  return typeof value === 'number' ? value : 0
}

/** A field of a row as texts. */
export const textsIn = (row: Row | undefined, field: string): readonly string[] => {
  const value = row?.[field]
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : []
}

/** Watt-hours without what binary fractions add: thousandths. */
export const wattHours = (amount: number): number => Math.round(amount * 1000) / 1000

/**
 * The visit that a decision is about. A transaction that opens in the record that begins its visit may be decided before the visit is:
 * it is the new one's.
 */
export function visitOf(record: Pick<FactRecord, 'decisions'>, decision: Decision): string | null {
  const begun =
    decision.type === 'TransactionOpened' || decision.type === 'TransactionRevived'
      ? record.decisions.findLast(({ type }) => type === 'VisitOpened')
      : undefined
  const visitId = (begun ?? decision)['visitId']
  return typeof visitId === 'string' ? visitId : null
}
