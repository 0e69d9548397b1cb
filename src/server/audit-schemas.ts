import { answer, body, count, listOf, maybeText, oneOf, text, time } from './schema-parts.ts'

/** Why somebody looks for a plate: words of a list, since what a person types freely may name people. */
export const AUDIT_REASONS = ['complaint', 'bill', 'request', 'damage', 'authority', 'check'] as const

/** Schemas of finding what was done. */
export const AUDIT_SCHEMAS = {
  AuditRecord: answer({
    seq: count,
    at: time,
    stream: text,
    bayId: maybeText,
    event: text,
    by: maybeText,
    rule: maybeText,
    state: maybeText,
    detail: maybeText,
    decisions: listOf(text),
    /** Of what a person looked at or decided: names of things and words of lists, as the report `audit` tells them. */
    about: { type: ['object', 'null'], additionalProperties: true },
    hash: text,
  }),
  AuditRecords: answer({ items: listOf({ $ref: '#/components/schemas/AuditRecord' }), next: maybeText }),
  AuditPlate: body({ plate: { type: 'string', minLength: 1, maxLength: 32 }, reason: oneOf(...AUDIT_REASONS) }, [
    'plate',
    'reason',
  ]),
  AuditHandle: answer({ handle: maybeText }),
  ChainTold: answer({ from: count, checked: count, of: count, wrong: maybeText }),
}
