import { after, limit, type Operation } from './operation.ts'

/** Requests to be forgotten. */
export const erasureCalls = {
  erasures: {
    method: 'GET',
    path: '/api/erasures',
    says: 'Requests to be forgotten, oldest first: those that wait say for which bays and disputes, and why.',
    right: 'erase',
    query: { after, limit },
    answers: { 200: 'Erasures' },
    problems: ['BODY_INVALID'],
  },
  askErasure: {
    method: 'POST',
    path: '/api/erasures',
    says: 'Asks that a vehicle be forgotten; while it stands in a bay this waits for the end of the visit, and while a bill of it is disputed until that is settled.',
    right: 'erase',
    body: 'ErasureAsked',
    answers: { 202: 'Erasure' },
    problems: ['BODY_INVALID', 'NOT_FOUND', 'STORE_UNWRITABLE'],
  },
} as const satisfies { readonly [name: string]: Operation }
