import type { Operation } from './operation.ts'

/** What drivers see. */
export const driverCalls = {
  driverPage: {
    method: 'GET',
    path: '/d/:bayId',
    says: 'The page behind the code at the bay: what to do now. Everybody may see it, and it names nobody.',
    query: { lang: { type: 'string', says: '`en` or `de`; else the browser’s languages.' } },
    answers: {
      200: { media: 'text/html', says: 'One self-contained page.' },
      304: null,
      404: { media: 'text/html', says: 'There is no such bay.' },
      429: { media: 'text/html', says: 'This address asks too often.' },
    },
    problems: ['BODY_INVALID'],
  },
} as const satisfies { readonly [name: string]: Operation }
