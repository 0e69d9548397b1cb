import type { Operation } from './operation.ts'

/** Finding what was done, by whom, and that nothing of it was altered. */
export const auditCalls = {
  audit: {
    method: 'GET',
    path: '/api/audit',
    says: 'Records that are about something or somebody, in short; oldest first, or newest first with `order`. At most 5,000 are looked at in one call; `next` is where to go on: `after` it, or `before` it where the newest come first.',
    right: 'audit',
    query: {
      after: { type: 'integer', says: 'Only records with a greater seq: the `next` of the page before.', minimum: 0 },
      order: {
        type: 'string',
        enum: ['oldest', 'newest'],
        says: 'Which come first; the oldest where this is not said.',
      },
      before: {
        type: 'integer',
        says: 'Only records with a smaller seq; with `order=newest` the `next` of the page before.',
        minimum: 1,
      },
      limit: { type: 'integer', says: 'Items at most; above 200 counts as 200.', minimum: 1 },
      from: { type: 'string', says: 'Only what came at or after this time (ISO 8601).' },
      to: { type: 'string', says: 'Only what came before this time (ISO 8601).' },
      bay: { type: 'string', says: 'Only this bay.' },
      key: { type: 'string', says: 'Only what names this: a handle, an account, a transaction, a visit, an order.' },
      session: { type: 'string', says: 'Only what belongs to this charging session.' },
      by: { type: 'string', says: 'Only what this person did.' },
    },
    answers: { 200: 'AuditRecords' },
    problems: ['NOT_FOUND', 'BODY_INVALID'],
  },
  auditPlate: {
    method: 'POST',
    path: '/api/audit/plate',
    says: 'The handle under which a plate stands in the journal, null where it never stood there. Who asked, and why, is on record before the answer.',
    right: 'audit',
    body: 'AuditPlate',
    answers: { 200: 'AuditHandle' },
    problems: ['BODY_INVALID', 'STORE_UNWRITABLE'],
  },
  auditChain: {
    method: 'GET',
    path: '/api/audit/chain',
    says: 'Follows the hash chain of the journal for a quarter of a second and says how far it holds; ask again until `checked` is `of`.',
    right: 'audit',
    answers: { 200: 'ChainTold' },
  },
} as const satisfies { readonly [name: string]: Operation }
