import { Fault } from '../../machines/faults.ts'

/** A record as it stands in the journal, of whatever schema. */
export type StoredRecord = { readonly schema: number; readonly seq: number; readonly [member: string]: unknown }

/** From a schema to the next one: pure, and for ever. The log itself is never rewritten. */
type Upcaster = (record: StoredRecord) => StoredRecord

/** Upcasters in order: the first lifts schema 1 to 2, and so on. None is needed yet. */
const UPCASTERS: readonly Upcaster[] = []

/** The record as the newest schema has it. Throws Fault STORE_CORRUPT for a schema that this version does not know. */
export function upcast(record: StoredRecord, upcasters: readonly Upcaster[] = UPCASTERS): StoredRecord {
  const newest = upcasters.length + 1
  const { schema, seq } = record
  if (!Number.isInteger(schema) || schema < 1 || schema > newest) {
    const says = `Record ${seq} was written in schema ${String(schema)}, and this berth knows up to ${newest}; use the version that wrote it, or a newer one.`
    throw new Fault('STORE_CORRUPT', { seq }, { says })
  }
  if (schema === newest) return record
  return upcasters
    .slice(schema - 1)
    .reduce((older, lift, index) => ({ ...lift(older), schema: schema + index + 1 }), record)
}
