import type { Operation } from './operation.ts'

const answers = {
  200: { media: 'text/html', says: 'One self-contained page.' },
  404: { media: 'text/html', says: 'This link leads to nothing.' },
  410: { media: 'text/html', says: 'This link was used, or is too old.' },
  429: { media: 'text/html', says: 'This address asks too often.' },
} as const

/** The link by which a payer says that a start is not theirs. */
export const notMeCalls = {
  notMe: {
    method: 'GET',
    path: '/not-me/:news/:mark',
    says: 'The page behind the link of a signed `session.started`; it changes nothing. The link itself is the proof.',
    answers,
  },
  notMeUse: {
    method: 'POST',
    path: '/not-me/:news/:mark',
    says: 'Says that the start is not the payer’s: stops the charge and disputes its bill, once.',
    answers,
    problems: ['STORE_UNWRITABLE'],
  },
} as const satisfies { readonly [name: string]: Operation }
