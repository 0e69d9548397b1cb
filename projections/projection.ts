import type { FactRecord } from '../machines/record.ts'

/**
 * One way to tell the past: `start` makes what is known before the first record, `fold` takes the next one. A fold changes and
 * returns the same value (it is big and has one owner), leaves out what it does not know, and never throws on a record of an older
 * or newer machine.
 */
export type Projection<Told> = {
  readonly name: string
  start(): Told
  fold(told: Told, record: FactRecord): Told
}

/** A field of a decision or effect as text, null where it is none. */
export const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null)

/** A field as a finite number, 0 where it is none. */
export const numberOf = (value: unknown): number => (typeof value === 'number' && Number.isFinite(value) ? value : 0)

/** A field as a list, empty where it is none. */
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
