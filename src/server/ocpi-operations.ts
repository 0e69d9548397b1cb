import { after, limit, type Operation } from './operation.ts'

const span = {
  from: { type: 'string', says: 'Only sessions that started at or after this time (ISO 8601).' },
  to: { type: 'string', says: 'Only sessions that started before this time (ISO 8601).' },
  bay: { type: 'string', says: 'Only this bay.' },
  account: { type: 'string', says: 'Only this account.' },
} as const
const problems = ['BODY_INVALID', 'NOT_SET_UP'] as const

/** Bills with money, and what roaming partners are told. */
export const ocpiCalls = {
  bills: {
    method: 'GET',
    path: '/api/bills',
    says: 'Billed sessions with their money by the tariff that was in force; 422 where the site file has no `tariff`.',
    right: 'bills',
    query: { ...span, after, limit },
    answers: { 200: 'Bills' },
    problems,
  },
  billsCsv: {
    method: 'GET',
    path: '/api/bills.csv',
    says: 'The same as CSV (RFC 4180), as `berth reconcile` compares it.',
    right: 'bills',
    query: span,
    answers: { 200: { media: 'text/csv', says: 'A header line and one line a session.' } },
    problems,
  },
  ocpiCdrs: {
    method: 'GET',
    path: '/api/ocpi/cdrs',
    says: 'The same as CDRs of OCPI 2.3.0, with signed meter values where they are kept; 422 without `tariff` or `ocpi`.',
    right: 'bills',
    query: { ...span, after, limit },
    answers: { 200: 'OcpiObjects' },
    problems,
  },
  ocpiSessions: {
    method: 'GET',
    path: '/api/ocpi/sessions',
    says: 'Sessions of OCPI 2.3.0, running ones included; 422 without `tariff` or `ocpi`.',
    right: 'bills',
    query: { ...span, after, limit },
    answers: { 200: 'OcpiObjects' },
    problems,
  },
  ocpiEvses: {
    method: 'GET',
    path: '/api/ocpi/evses',
    says: 'Every EVSE with its OCPI status now; BLOCKED only where it is occupied without a session. 422 without `ocpi`.',
    right: 'watch',
    answers: { 200: 'OcpiObjects' },
    problems: ['NOT_SET_UP'],
  },
} as const satisfies { readonly [name: string]: Operation }
