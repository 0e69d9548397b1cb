import { type Operation, recordPage } from './operation.ts'

/** Health, the site, its alarms, its journal, its feeds, and the cookie for browsers. */
export const siteCalls = {
  live: { method: 'GET', path: '/health/live', says: 'The process lives.', answers: { 200: 'Health' } },
  ready: {
    method: 'GET',
    path: '/health/ready',
    says: 'The site works, or what is missing.',
    answers: { 200: 'Health', 503: 'Health' },
  },
  metrics: {
    method: 'GET',
    path: '/metrics',
    says: 'Counters and gauges for Prometheus.',
    right: 'watch',
    answers: { 200: { media: 'text/plain', says: 'Prometheus text format 0.0.4.' } },
  },
  openapi: {
    method: 'GET',
    path: '/api/openapi.json',
    says: 'This document.',
    answers: { 200: { media: 'application/json', says: 'OpenAPI 3.1.' } },
  },
  login: {
    method: 'POST',
    path: '/api/login',
    says: 'A cookie for browsers, for one token.',
    body: 'Login',
    answers: { 204: null },
    problems: ['UNAUTHORIZED', 'FORBIDDEN', 'BODY_INVALID'],
  },
  logout: { method: 'POST', path: '/api/logout', says: 'Takes the cookie back.', answers: { 204: null } },
  site: {
    method: 'GET',
    path: '/api/site',
    says: 'The site, its epoch, the seq of its newest record, how the switch for automatic starts stands, and who asks.',
    right: 'watch',
    answers: { 200: 'Site' },
  },
  siteCommand: {
    method: 'POST',
    path: '/api/site/commands',
    right: 'operate',
    body: 'SiteCommand',
    says: 'Turns automatic starts off or on for every bay at once, on record. Off: a start not yet answered is cancelled, new ones wait for a person; what charges goes on. For admin and supervisor.',
    answers: { 202: 'Done' },
    problems: ['BODY_INVALID', 'COMMAND_REFUSED', 'STORE_UNWRITABLE'],
  },
  alarms: {
    method: 'GET',
    path: '/api/alarms',
    says: 'Open alarms with cause and what to do, oldest first.',
    right: 'watch',
    answers: { 200: 'Alarms' },
  },
  orphans: {
    method: 'GET',
    path: '/api/orphans',
    says: 'Transactions of which nobody knows how they end, oldest first: since when, whose, the register, and what to do.',
    right: 'watch',
    answers: { 200: 'Orphans' },
  },
  journal: {
    method: 'GET',
    path: '/api/journal',
    says: 'Records of the site, oldest first.',
    right: 'watch',
    answers: { 200: 'Records' },
    problems: ['BODY_INVALID'],
    query: {
      ...recordPage,
      stream: { type: 'string', says: 'Only this stream: `site`, `register`, `audit` or `bay:` and a bay id.' },
    },
  },
  liveFeed: {
    method: 'GET',
    path: '/api/live',
    says: 'WebSocket: hello, snapshot, patches and heartbeats of the whole site.',
    right: 'watch',
    answers: { 101: null },
    problems: ['BODY_INVALID'],
  },
  inspect: {
    method: 'GET',
    path: '/inspect',
    says: 'WebSocket: the @statelyai/inspect message format, redacted: of the bays as they live, or, with `from`, made from the journal.',
    right: 'watch',
    answers: { 101: null },
    problems: ['BODY_INVALID'],
    query: {
      bays: { type: 'string', says: 'Bay ids with commas between; absent = all.' },
      from: {
        type: 'integer',
        says: 'Bays as they were after this record (0 = before the first), then record by record.',
        minimum: 0,
      },
      to: { type: 'integer', says: 'The last of these records; absent = the newest.', minimum: 1 },
    },
  },
} as const satisfies { readonly [name: string]: Operation }

/** Bays and orders to them. */
export const bayCalls = {
  bays: { method: 'GET', path: '/api/bays', says: 'All bays as they are.', right: 'watch', answers: { 200: 'Bays' } },
  bay: {
    method: 'GET',
    path: '/api/bays/:bayId',
    says: 'One bay as it is.',
    right: 'watch',
    answers: { 200: 'Bay' },
    problems: ['NOT_FOUND'],
  },
  bayJournal: {
    method: 'GET',
    path: '/api/bays/:bayId/journal',
    says: 'Records of one bay, oldest first.',
    right: 'watch',
    query: recordPage,
    answers: { 200: 'Records' },
    problems: ['NOT_FOUND', 'BODY_INVALID'],
  },
  bayAt: {
    method: 'GET',
    path: '/api/bays/:bayId/at',
    says: 'The bay as it was, rebuilt from the journal.',
    right: 'watch',
    query: {
      seq: { type: 'integer', says: 'After this record.', minimum: 1 },
      time: { type: 'string', says: 'At this time (ISO 8601).' },
    },
    answers: { 200: 'Bay' },
    problems: ['NOT_FOUND', 'BODY_INVALID'],
  },
  command: {
    method: 'POST',
    path: '/api/bays/:bayId/commands',
    right: 'watch',
    body: 'Command',
    says: 'Orders something of a bay. 409 carries the newer bay as `bay`, 422 says why not, 423 where a second person must agree.',
    answers: { 202: 'Done', 423: 'Problem' },
    problems: ['NOT_FOUND', 'BODY_INVALID', 'VERSION_CONFLICT', 'COMMAND_REFUSED', 'STORE_UNWRITABLE'],
  },
} as const satisfies { readonly [name: string]: Operation }
