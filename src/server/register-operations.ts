import { after, limit, type Operation } from './operation.ts'

/** Who pays. */
export const registerCalls = {
  accounts: {
    method: 'GET',
    path: '/api/accounts',
    says: 'All accounts.',
    right: 'register',
    query: { after, limit },
    answers: { 200: 'Accounts' },
    problems: ['BODY_INVALID'],
  },
  account: {
    method: 'GET',
    path: '/api/accounts/:accountId',
    says: 'One account.',
    right: 'register',
    answers: { 200: 'Account' },
    problems: ['NOT_FOUND'],
  },
  putAccount: {
    method: 'PUT',
    path: '/api/accounts/:accountId',
    says: 'Makes or changes an account.',
    right: 'accounts',
    body: 'AccountFields',
    answers: { 200: 'Account' },
    problems: ['BODY_INVALID', 'STORE_UNWRITABLE'],
  },
  deleteAccount: {
    method: 'DELETE',
    path: '/api/accounts/:accountId',
    says: 'Removes an account.',
    right: 'accounts',
    answers: { 204: null },
    problems: ['NOT_FOUND', 'STORE_UNWRITABLE'],
  },
  token: {
    method: 'GET',
    path: '/api/tokens/:idToken',
    says: 'One card or app token.',
    right: 'register',
    answers: { 200: 'Token' },
    problems: ['NOT_FOUND'],
  },
  putToken: {
    method: 'PUT',
    path: '/api/tokens/:idToken',
    says: 'Registers or changes a card or app token.',
    right: 'enrol',
    body: 'TokenFields',
    answers: { 200: 'Token' },
    problems: ['BODY_INVALID', 'STORE_UNWRITABLE'],
  },
  deleteToken: {
    method: 'DELETE',
    path: '/api/tokens/:idToken',
    says: 'Removes a card or app token.',
    right: 'enrol',
    answers: { 204: null },
    problems: ['NOT_FOUND', 'STORE_UNWRITABLE'],
  },
} as const satisfies { readonly [name: string]: Operation }
