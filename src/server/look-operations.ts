import type { Operation } from './operation.ts'

/** What commands at this machine tell of themselves. */
export const lookCalls = {
  noteLook: {
    method: 'POST',
    path: '/api/looks',
    says: 'Puts on record that the caller takes personal data out of the store by a command, as `berth export` does.',
    right: 'plates',
    body: 'LookNoted',
    answers: { 204: null },
    problems: ['BODY_INVALID', 'NOT_FOUND', 'STORE_UNWRITABLE'],
  },
} as const satisfies { readonly [name: string]: Operation }
