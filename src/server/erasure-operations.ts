import { after, limit, type Operation } from './operation.ts'

const UNPROVEN = ['BODY_INVALID', 'NOT_FOUND', 'CLAIM_UNPROVEN', 'STORE_UNWRITABLE'] as const

/** What people ask about themselves, and what must be kept. */
export const erasureCalls = {
  erasures: {
    method: 'GET',
    path: '/api/erasures',
    says: 'Requests to be forgotten, oldest first: those that wait say for which bays, disputes and holds, and why.',
    right: 'erase',
    query: { after, limit },
    answers: { 200: 'Erasures' },
    problems: ['BODY_INVALID'],
  },
  askErasure: {
    method: 'POST',
    path: '/api/erasures',
    says: 'Asks that a vehicle be forgotten, or an account with its vehicles, cards and name; while one stands in a bay this waits for the end of the visit, while a bill of it is disputed until that is settled, and while a legal hold keeps it until that ends.',
    right: 'erase',
    body: 'SubjectClaim',
    answers: { 202: 'ErasureAsked' },
    problems: UNPROVEN,
  },
  askSubject: {
    method: 'POST',
    path: '/api/subjects',
    says: 'Everything that is known of a vehicle in the time that is proven, or of an account, signed, and as a page for a person; who asked and who verified it is on record.',
    right: 'erase',
    body: 'SubjectClaim',
    answers: { 200: 'SubjectPackage' },
    problems: UNPROVEN,
  },
  askObjection: {
    method: 'POST',
    path: '/api/objections',
    says: 'Enters or withdraws the objection of a vehicle’s people, or of an account for its vehicles: the plate never starts a charge by itself, cards and apps do.',
    right: 'erase',
    body: 'ObjectionAsked',
    answers: { 200: 'Objection' },
    problems: UNPROVEN,
  },
  holds: {
    method: 'GET',
    path: '/api/holds',
    says: 'Legal holds that nobody lifted and whose day is not past.',
    right: 'erase',
    query: { after, limit },
    answers: { 200: 'Holds' },
    problems: ['BODY_INVALID'],
  },
  placeHold: {
    method: 'POST',
    path: '/api/holds',
    says: 'Keeps what is known of a vehicle, or of an account, until a day, whatever the schedule or an erasure says; who asks for erasure is told.',
    right: 'erase',
    body: 'HoldAsked',
    answers: { 201: 'HoldPlaced' },
    problems: ['BODY_INVALID', 'NOT_FOUND', 'STORE_UNWRITABLE'],
  },
  liftHold: {
    method: 'DELETE',
    path: '/api/holds/:holdId',
    says: 'Ends a legal hold before its day.',
    right: 'erase',
    answers: { 204: null },
    problems: ['NOT_FOUND', 'STORE_UNWRITABLE'],
  },
} as const satisfies { readonly [name: string]: Operation }
