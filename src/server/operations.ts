import type { ProblemCode } from './problem.ts'
import type { Right } from './roles.ts'

/** One call of the API: how it is asked, who may, what it answers. Names of bodies and answers are those of API_SCHEMAS. */
export type Operation = {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE'
  /** With `:name` parameters. */
  readonly path: string
  readonly says: string
  /** The right that the caller needs; absent = anybody who reaches the server. */
  readonly right?: Right
  readonly query?: { readonly [name: string]: QueryField }
  readonly body?: string
  /** Media type of the body where it is not JSON. */
  readonly takes?: readonly string[]
  readonly answers: { readonly [status: number]: string | Media | null }
  readonly problems?: readonly ProblemCode[]
}
/** An answer that is not JSON. */
export type Media = { readonly media: string; readonly says: string }
export type QueryField = { readonly type: 'integer' | 'string'; readonly says: string; readonly minimum?: number }

const after: QueryField = { type: 'string', says: 'The `next` of the page before.' }
const limit: QueryField = { type: 'integer', says: 'Items at most; above 1,000 counts as 1,000.', minimum: 1 }
const recordPage = {
  after: { type: 'integer', says: 'Only records with a greater seq.', minimum: 0 },
  before: { type: 'integer', says: 'The last page of records with a smaller seq; not together with `after`.', minimum: 1 },
  limit,
} as const
const period = {
  from: { type: 'string', says: 'Sessions that started at or after this time (ISO 8601).' },
  to: { type: 'string', says: 'Sessions that started before this time (ISO 8601).' },
  bay: { type: 'string', says: 'Only this bay.' },
  account: { type: 'string', says: 'Only this account.' },
} as const

const siteCalls = {
  live: { method: 'GET', path: '/health/live', says: 'The process lives.', answers: { 200: 'Health' } },
  ready: { method: 'GET', path: '/health/ready', says: 'The site works, or what is missing.', answers: { 200: 'Health', 503: 'Health' } },
  metrics: { method: 'GET', path: '/metrics', says: 'Counters and gauges for Prometheus.', right: 'watch', answers: { 200: { media: 'text/plain', says: 'Prometheus text format 0.0.4.' } } },
  openapi: { method: 'GET', path: '/api/openapi.json', says: 'This document.', answers: { 200: { media: 'application/json', says: 'OpenAPI 3.1.' } } },
  login: { method: 'POST', path: '/api/login', says: 'A cookie for browsers, for one token.', body: 'Login', answers: { 204: null }, problems: ['UNAUTHORIZED', 'FORBIDDEN', 'BODY_INVALID'] },
  logout: { method: 'POST', path: '/api/logout', says: 'Takes the cookie back.', answers: { 204: null } },
  site: { method: 'GET', path: '/api/site', says: 'The site, its epoch, the seq of its newest record, and who asks.', right: 'watch', answers: { 200: 'Site' } },
  alarms: { method: 'GET', path: '/api/alarms', says: 'Open alarms with cause and what to do, oldest first.', right: 'watch', answers: { 200: 'Alarms' } },
  journal: {
    method: 'GET', path: '/api/journal', says: 'Records of the site, oldest first.', right: 'watch', answers: { 200: 'Records' }, problems: ['BODY_INVALID'],
    query: { ...recordPage, stream: { type: 'string', says: 'Only this stream: `site`, `register`, `audit` or `bay:` and a bay id.' } },
  },
  liveFeed: { method: 'GET', path: '/api/live', says: 'WebSocket: hello, snapshot, patches and heartbeats of the whole site.', right: 'watch', answers: { 101: null }, problems: ['BODY_INVALID'] },
  inspect: {
    method: 'GET', path: '/inspect', says: 'WebSocket: the @statelyai/inspect message format, redacted.', right: 'watch', answers: { 101: null }, problems: ['BODY_INVALID'],
    query: { bays: { type: 'string', says: 'Bay ids with commas between; absent = all.' } },
  },
} as const satisfies { readonly [name: string]: Operation }

const bayCalls = {
  bays: { method: 'GET', path: '/api/bays', says: 'All bays as they are.', right: 'watch', answers: { 200: 'Bays' } },
  bay: { method: 'GET', path: '/api/bays/:bayId', says: 'One bay as it is.', right: 'watch', answers: { 200: 'Bay' }, problems: ['NOT_FOUND'] },
  bayJournal: {
    method: 'GET', path: '/api/bays/:bayId/journal', says: 'Records of one bay, oldest first.', right: 'watch', query: recordPage,
    answers: { 200: 'Records' }, problems: ['NOT_FOUND', 'BODY_INVALID'],
  },
  bayAt: {
    method: 'GET', path: '/api/bays/:bayId/at', says: 'The bay as it was, rebuilt from the journal.', right: 'watch',
    query: { seq: { type: 'integer', says: 'After this record.', minimum: 1 }, time: { type: 'string', says: 'At this time (ISO 8601).' } },
    answers: { 200: 'Bay' }, problems: ['NOT_FOUND', 'BODY_INVALID'],
  },
  command: {
    method: 'POST', path: '/api/bays/:bayId/commands', right: 'watch', body: 'Command',
    says: 'Orders something of a bay. 409 carries the newer bay as `bay`, 422 says why not, 423 where a second person must agree.',
    answers: { 202: 'Done', 423: 'Problem' }, problems: ['NOT_FOUND', 'BODY_INVALID', 'VERSION_CONFLICT', 'COMMAND_REFUSED', 'STORE_UNWRITABLE'],
  },
} as const satisfies { readonly [name: string]: Operation }

const registerCalls = {
  accounts: { method: 'GET', path: '/api/accounts', says: 'All accounts.', right: 'register', query: { after, limit }, answers: { 200: 'Accounts' }, problems: ['BODY_INVALID'] },
  account: { method: 'GET', path: '/api/accounts/:accountId', says: 'One account.', right: 'register', answers: { 200: 'Account' }, problems: ['NOT_FOUND'] },
  putAccount: { method: 'PUT', path: '/api/accounts/:accountId', says: 'Makes or changes an account.', right: 'enrol', body: 'AccountFields', answers: { 200: 'Account' }, problems: ['BODY_INVALID', 'STORE_UNWRITABLE'] },
  deleteAccount: { method: 'DELETE', path: '/api/accounts/:accountId', says: 'Removes an account.', right: 'enrol', answers: { 204: null }, problems: ['NOT_FOUND', 'STORE_UNWRITABLE'] },
  vehicles: { method: 'GET', path: '/api/vehicles', says: 'All vehicles.', right: 'register', query: { after, limit }, answers: { 200: 'Vehicles' }, problems: ['BODY_INVALID'] },
  vehicle: { method: 'GET', path: '/api/vehicles/:plate', says: 'One vehicle.', right: 'register', answers: { 200: 'Vehicle' }, problems: ['NOT_FOUND'] },
  putVehicle: { method: 'PUT', path: '/api/vehicles/:plate', says: 'Registers or changes a vehicle; an unknown account is made.', right: 'enrol', body: 'VehicleFields', answers: { 200: 'Vehicle' }, problems: ['BODY_INVALID', 'PLATE_TAKEN', 'STORE_UNWRITABLE'] },
  deleteVehicle: { method: 'DELETE', path: '/api/vehicles/:plate', says: 'Removes a vehicle.', right: 'enrol', answers: { 204: null }, problems: ['NOT_FOUND', 'STORE_UNWRITABLE'] },
  importVehicles: {
    method: 'POST', path: '/api/vehicles/import', right: 'enrol', takes: ['text/csv'],
    says: 'Registers vehicles from CSV (`plate,accountId,fleet,alias,validFrom,validTo,hours,blocked`), all rows or none; 422 names the refused ones.',
    answers: { 200: 'Import', 422: 'Problem' }, problems: ['BODY_INVALID', 'STORE_UNWRITABLE'],
  },
  token: { method: 'GET', path: '/api/tokens/:idToken', says: 'One card or app token.', right: 'register', answers: { 200: 'Token' }, problems: ['NOT_FOUND'] },
  putToken: { method: 'PUT', path: '/api/tokens/:idToken', says: 'Registers or changes a card or app token.', right: 'enrol', body: 'TokenFields', answers: { 200: 'Token' }, problems: ['BODY_INVALID', 'STORE_UNWRITABLE'] },
  deleteToken: { method: 'DELETE', path: '/api/tokens/:idToken', says: 'Removes a card or app token.', right: 'enrol', answers: { 204: null }, problems: ['NOT_FOUND', 'STORE_UNWRITABLE'] },
} as const satisfies { readonly [name: string]: Operation }

const peopleCalls = {
  reviews: { method: 'GET', path: '/api/reviews', says: 'Reads that wait for a person, oldest first.', right: 'watch', answers: { 200: 'Reviews' } },
  answerReview: {
    method: 'POST', path: '/api/reviews/:reviewId/answer', says: 'Says what the plate is, or that there is none.', right: 'operate', body: 'ReviewAnswer',
    answers: { 202: 'Done' }, problems: ['NOT_FOUND', 'BODY_INVALID', 'VERSION_CONFLICT', 'COMMAND_REFUSED', 'STORE_UNWRITABLE'],
  },
  sessions: { method: 'GET', path: '/api/sessions', says: 'Charging sessions, oldest first.', right: 'bills', query: { ...period, after, limit }, answers: { 200: 'Sessions' }, problems: ['BODY_INVALID'] },
  sessionsCsv: { method: 'GET', path: '/api/sessions.csv', says: 'The same as CSV (RFC 4180).', right: 'bills', query: period, answers: { 200: { media: 'text/csv', says: 'A header line and one line a session.' } }, problems: ['BODY_INVALID'] },
  dispute: { method: 'POST', path: '/api/sessions/:sessionId/dispute', says: 'Marks a session as disputed.', right: 'dispute', body: 'Dispute', answers: { 204: null }, problems: ['NOT_FOUND', 'BODY_INVALID', 'STORE_UNWRITABLE'] },
} as const satisfies { readonly [name: string]: Operation }

const intakeCalls = {
  cameraReads: {
    method: 'POST', path: '/in/:cameraToken/reads', says: 'A camera says what it read and which vehicles it sees.', body: 'CameraReads',
    answers: { 200: 'Accepted' }, problems: ['NOT_FOUND', 'BODY_INVALID', 'STORE_UNWRITABLE'],
  },
  cameraFrame: {
    method: 'POST', path: '/in/:cameraToken/frame', says: 'A camera sends one JPEG or PNG picture, up to 8 MB; berth reads it.', takes: ['image/jpeg', 'image/png'],
    answers: { 200: 'Accepted' }, problems: ['NOT_FOUND', 'PICTURE_UNREADABLE', 'PICTURE_TOO_LARGE', 'READER_BUSY', 'READER_FAILED', 'STORE_UNWRITABLE'],
  },
} as const satisfies { readonly [name: string]: Operation }

const all = { ...siteCalls, ...bayCalls, ...registerCalls, ...peopleCalls, ...intakeCalls }
export type OperationName = keyof typeof all

/** Every call of the API by name: the routes are made from it, and so is the OpenAPI document. */
export const OPERATIONS: { readonly [name in OperationName]: Operation } = all
