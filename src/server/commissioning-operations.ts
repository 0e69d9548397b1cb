import type { Operation } from './operation.ts'

/** Showing that a bay works, before it may act. */
export const commissioningCalls = {
  commissioning: {
    method: 'GET',
    path: '/api/bays/:bayId/commissioning',
    says: 'What the journal saw of the steps plate, plug, start, stop and night since the record `since`; without it, where to begin now.',
    right: 'tune',
    query: { since: { type: 'integer', says: 'Seq at which it began.', minimum: 0 } },
    answers: { 200: 'Commissioning' },
    problems: ['BODY_INVALID', 'NOT_FOUND'],
  },
  commission: {
    method: 'POST',
    path: '/api/bays/:bayId/commissioning',
    says: 'Writes the bay’s signed record; 422 where a step was neither shown nor skipped with a reason, or other bays saw the same.',
    right: 'tune',
    body: 'CommissionWord',
    answers: { 201: 'Commissioned' },
    problems: ['BODY_INVALID', 'NOT_FOUND', 'COMMAND_REFUSED', 'STORE_UNWRITABLE'],
  },
} as const satisfies { readonly [name: string]: Operation }
