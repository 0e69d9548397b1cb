import { after, limit, type Operation } from './operation.ts'

/** Who is told of the site. */
export const newsCalls = {
  newsReceivers: {
    method: 'GET',
    path: '/api/news/receivers',
    says: 'Webhooks and brokers of the site file: the seq up to which each was told, and since when and why one is told no more.',
    right: 'audit',
    query: { after, limit },
    answers: { 200: 'NewsReceivers' },
    problems: ['BODY_INVALID'],
  },
  resumeNews: {
    method: 'POST',
    path: '/api/news/receivers/:receiver/resume',
    says: 'Lets a receiver go on from where it stopped, or behind the record `after`, as often as that is wanted; that is on record.',
    right: 'audit',
    body: 'NewsResumed',
    answers: { 200: 'NewsReceiver' },
    problems: ['NOT_FOUND', 'BODY_INVALID', 'STORE_UNWRITABLE'],
  },
} as const satisfies { readonly [name: string]: Operation }
