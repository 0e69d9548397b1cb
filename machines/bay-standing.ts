import { LEAVES_AS_IT_IS } from './bay-rules.ts'
import { type Bay, connectorsOf } from './knowledge.ts'
import type { FactRecord } from './record.ts'

/** Whether a bay can be used: `faulted` is a charge point's word, `out-of-service` a person's. */
export type Service = Bay['service'] | 'faulted'

/** Where a bay stands by its records, and which of them brought it there. */
export type Standing = {
  /** The newest one, whatever it said. */
  readonly record: FactRecord
  /** When the bay came into this state and detail, ms since 1970. */
  readonly since: number
  /** What brought it into its state; null where it never left the first one. */
  readonly moved: FactRecord | null
  /** What keeps vehicles away, and the record that made it so; null while the bay is in service. */
  readonly off: { readonly service: Exclude<Service, 'in-service'>; readonly record: FactRecord } | null
}

/** Whether a bay can be used. */
export const serviceOf = (bay: Bay): Service =>
  connectorsOf(bay).some(({ status }) => status === 'faulted') ? 'faulted' : bay.service

/** Where the bay stands after its next record; `bay` as that left it. What is only noted explains nothing, however often it comes. */
export function stands(before: Standing | null, record: FactRecord, bay: Bay): Standing {
  const service = serviceOf(bay)
  const isSame = before?.record.state === record.state && before.record.detail === record.detail
  // A site that starts again asks again, of a bay that stands where it stood.
  const isNews = !LEAVES_AS_IT_IS.has(record.rule ?? '') && record.cause.type !== 'site.resumed'
  return {
    record,
    since: isSame ? before.since : Date.parse(record.at),
    moved: before === null || isSame ? (isNews ? record : (before?.moved ?? null)) : record,
    off: service === 'in-service' ? null : before?.off?.service === service ? before.off : { service, record },
  }
}

/** The record that says why the bay is what it is shown as, and the rule by which it is; null where nothing has happened to it. */
export function causeOf({ off, moved }: Standing): { readonly record: FactRecord; readonly rule: string } | null {
  if (off !== null) return { record: off.record, rule: off.service }
  return moved && { record: moved, rule: moved.rule ?? '' }
}
