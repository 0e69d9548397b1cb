import { limit, type Operation } from './operation.ts'

/** Calls about what charge points sent. */
export const frameCalls = {
  frames: {
    method: 'GET',
    path: '/api/charge-points/:chargePointId/frames',
    says: 'Frames that a charge point sent, as they came in, newest first: what begins or ends a bill, what is signed, what had to be mended or could not be used, and of all else one a minute. Bounded; for who may see plates.',
    right: 'plates',
    query: {
      before: { type: 'integer', says: 'Only frames before this one: the `next` of the page before.', minimum: 1 },
      verdict: { type: 'string', says: 'Only these: valid, repaired or unusable.' },
      signed: { type: 'string', says: '`true`: only frames with signed meter values; `false`: only those without.' },
      limit,
    },
    answers: { 200: 'Frames' },
    problems: ['NOT_FOUND', 'BODY_INVALID'],
  },
} as const satisfies { readonly [name: string]: Operation }
