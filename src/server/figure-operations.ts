import type { Operation } from './operation.ts'

/** Figures over time, as plots need them. */
export const figureCalls = {
  bayMeter: {
    method: 'GET',
    path: '/api/bays/:bayId/meter',
    says: 'What the meters of a bay said, and the registers that starts and ends of transactions named, oldest first: the newest 1,000 readings before a record, of 5,000 records at most.',
    right: 'watch',
    query: {
      from: { type: 'string', says: 'Only readings at or after this time (ISO 8601).' },
      before: { type: 'integer', says: 'Only readings whose record has a smaller seq.', minimum: 1 },
    },
    answers: { 200: 'MeterReadings' },
    problems: ['NOT_FOUND', 'BODY_INVALID'],
  },
  cameraHistory: {
    method: 'GET',
    path: '/api/cameras/:cameraId/history',
    says: 'How a camera was, once a minute for the last day at most, since berth started: pictures a second, share of vehicles read, its clock, whether it saw.',
    right: 'watch',
    answers: { 200: 'CameraHistory' },
    problems: ['NOT_FOUND'],
  },
  chargePointHistory: {
    method: 'GET',
    path: '/api/charge-points/:chargePointId/history',
    says: 'How a charge point was, once a minute for the last day at most, since berth started: whether it was connected, connectors that were faulted, the current of all.',
    right: 'watch',
    answers: { 200: 'ChargePointHistory' },
    problems: ['NOT_FOUND'],
  },
} as const satisfies { readonly [name: string]: Operation }
