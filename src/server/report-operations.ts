import { after, limit, type Operation } from './operation.ts'

const span = {
  from: { type: 'string', says: 'Only what began at or after this time (ISO 8601).' },
  to: { type: 'string', says: 'Only what began before this time (ISO 8601).' },
  bay: { type: 'string', says: 'Only this bay.' },
  account: { type: 'string', says: 'Only this account.' },
} as const

/** What the journal tells, as rows. */
export const reportCalls = {
  reports: {
    method: 'GET',
    path: '/api/reports',
    says: 'The reports: what each tells, and its columns.',
    right: 'bills',
    answers: { 200: 'Reports' },
  },
  report: {
    method: 'GET',
    path: '/api/reports/:report',
    says: 'Rows of one report in a fixed order, newest records included; `audit` takes the right to audit.',
    right: 'bills',
    query: { ...span, after, limit },
    answers: { 200: 'ReportRows' },
    problems: ['NOT_FOUND', 'BODY_INVALID'],
  },
  news: {
    method: 'GET',
    path: '/api/news',
    says: 'What webhooks and brokers are told, in the order of the journal, from any place in it.',
    right: 'bills',
    query: {
      after: { type: 'string', says: 'A seq: news of the records behind it; or the `next` of the page before.' },
      limit,
    },
    answers: { 200: 'NewsPage' },
    problems: ['BODY_INVALID'],
  },
  reportCsv: {
    method: 'GET',
    path: '/api/reports/:report/rows.csv',
    says: 'The same as CSV (RFC 4180).',
    right: 'bills',
    query: span,
    answers: { 200: { media: 'text/csv', says: 'A header line and one line a row.' } },
    problems: ['NOT_FOUND', 'BODY_INVALID'],
  },
  reportLines: {
    method: 'GET',
    path: '/api/reports/:report/rows.jsonl',
    says: 'The same as JSON lines.',
    right: 'bills',
    query: span,
    answers: { 200: { media: 'application/x-ndjson', says: 'One JSON object a line.' } },
    problems: ['NOT_FOUND', 'BODY_INVALID'],
  },
} as const satisfies { readonly [name: string]: Operation }
