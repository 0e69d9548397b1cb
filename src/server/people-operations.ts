import { after, limit, type Operation } from './operation.ts'

const period = {
  from: { type: 'string', says: 'Sessions that started at or after this time (ISO 8601).' },
  to: { type: 'string', says: 'Sessions that started before this time (ISO 8601).' },
  bay: { type: 'string', says: 'Only this bay.' },
  account: { type: 'string', says: 'Only this account.' },
} as const

/** What people settle: sessions. */
export const peopleCalls = {
  sessions: {
    method: 'GET',
    path: '/api/sessions',
    says: 'Charging sessions, oldest first.',
    right: 'bills',
    query: { ...period, after, limit },
    answers: { 200: 'Sessions' },
    problems: ['BODY_INVALID'],
  },
  sessionsCsv: {
    method: 'GET',
    path: '/api/sessions.csv',
    says: 'The same as CSV (RFC 4180).',
    right: 'bills',
    query: period,
    answers: { 200: { media: 'text/csv', says: 'A header line and one line a session.' } },
    problems: ['BODY_INVALID'],
  },
  dispute: {
    method: 'POST',
    path: '/api/sessions/:sessionId/dispute',
    says: 'Marks a session as disputed.',
    right: 'dispute',
    body: 'Dispute',
    answers: { 204: null },
    problems: ['NOT_FOUND', 'BODY_INVALID', 'STORE_UNWRITABLE'],
  },
  settle: {
    method: 'POST',
    path: '/api/sessions/:sessionId/settle',
    says: 'Settles a disputed session, with how: what was kept for the dispute may be forgotten from then on.',
    right: 'dispute',
    body: 'Dispute',
    answers: { 204: null },
    problems: ['NOT_FOUND', 'BODY_INVALID', 'COMMAND_REFUSED', 'STORE_UNWRITABLE'],
  },
} as const satisfies { readonly [name: string]: Operation }

/** What cameras push. */
export const intakeCalls = {
  cameraReads: {
    method: 'POST',
    path: '/in/:cameraToken/reads',
    says: 'A camera says what it read and which vehicles it sees.',
    body: 'CameraReads',
    answers: { 200: 'Accepted' },
    problems: ['NOT_FOUND', 'FORBIDDEN', 'BODY_INVALID', 'STORE_UNWRITABLE'],
  },
  cameraFrame: {
    method: 'POST',
    path: '/in/:cameraToken/frame',
    says: 'A camera sends one JPEG or PNG picture, up to 8 MB; berth reads it.',
    takes: ['image/jpeg', 'image/png'],
    query: {
      capturedAt: {
        type: 'string',
        says: 'When the camera took it, ISO 8601 with its offset; absent = as it arrives. A camera that keeps pictures over an outage must say it.',
      },
    },
    answers: { 200: 'Accepted' },
    problems: [
      'NOT_FOUND',
      'FORBIDDEN',
      'BODY_INVALID',
      'PICTURE_UNREADABLE',
      'PICTURE_TOO_LARGE',
      'READER_BUSY',
      'READER_FAILED',
      'STORE_UNWRITABLE',
    ],
  },
  cameraDevice: {
    method: 'POST',
    path: '/in/:cameraToken/:dialect',
    says: 'A camera sends what it read in its own words: hikvision, dahua, dahua-itsapi, axis, milesight, platerecognizer or rekor; devices may hang words of their own behind the address.',
    takes: ['application/json', 'application/xml', 'multipart/form-data', 'text/plain'],
    answers: { 200: 'DeviceAnswer' },
    problems: ['NOT_FOUND', 'FORBIDDEN', 'BODY_INVALID', 'STORE_UNWRITABLE'],
  },
} as const satisfies { readonly [name: string]: Operation }
