import type { Operation } from './operation.ts'

const page = {
  404: { media: 'text/html', says: 'This code is no bay’s.' },
  429: { media: 'text/html', says: 'This address asks too often.' },
} as const
const pressed = {
  takes: ['application/x-www-form-urlencoded'],
  bodyLimit: 2048,
  answers: { 303: null, 403: 'Problem', ...page },
  problems: ['STORE_UNWRITABLE'],
} as const
const lang = { type: 'string', says: '`en` or `de`; else the browser’s languages.' } as const

/** What drivers may do behind the code at their bay, and what lets them. */
export const doorCalls = {
  door: {
    method: 'GET',
    path: '/b/:code',
    says: 'The driver page behind the signed code of a bay: what to do now, begin, pay, stop. It names nobody.',
    query: {
      lang,
      said: { type: 'string', says: 'What came of the last press.' },
      form: { type: 'string', says: '`choice` where that was pressed among masked plates.' },
    },
    answers: { 200: { media: 'text/html', says: 'One self-contained page.' }, 304: null, ...page },
  },
  doorStart: {
    method: 'POST',
    path: '/b/:code/start',
    says: 'Begins with `plate` and `secret`, the PIN or one-time code of the account that pays for it; leads back to the page.',
    ...pressed,
  },
  doorPay: {
    method: 'POST',
    path: '/b/:code/pay',
    says: 'Leads to the operator’s payment page, by a signed address.',
    ...pressed,
  },
  doorPaid: {
    method: 'GET',
    path: '/b/:code/paid',
    says: 'Where the payment page leads back to, by a signed address that works once; leads on to the page.',
    answers: { 303: null, ...page },
    problems: ['STORE_UNWRITABLE'],
  },
  doorStop: {
    method: 'POST',
    path: '/b/:code/stop',
    says: 'Stops the charge that this device began, or that the account of `plate` and `secret` pays; leads back to the page.',
    ...pressed,
  },
} as const satisfies { readonly [name: string]: Operation }

/** Codes of bays; PINs and one-time codes of accounts. */
export const driverSecretCalls = {
  driverCodes: {
    method: 'GET',
    path: '/api/driver-codes',
    says: 'The signed code of each bay, and the address that its sign shows; `url` is null where `http.publicUrl` is not set.',
    right: 'tune',
    answers: { 200: 'DriverCodes' },
  },
  driverSheetSvg: {
    method: 'GET',
    path: '/api/driver-codes.svg',
    says: 'The codes of all bays as a sheet to print and cut.',
    right: 'tune',
    answers: { 200: { media: 'image/svg+xml', says: 'A4 pages below each other.' } },
    problems: ['SITE_FILE_INVALID'],
  },
  driverSheetPdf: {
    method: 'GET',
    path: '/api/driver-codes.pdf',
    says: 'The same as PDF.',
    right: 'tune',
    answers: { 200: { media: 'application/pdf', says: 'A4 pages.' } },
    problems: ['SITE_FILE_INVALID'],
  },
  putPin: {
    method: 'PUT',
    path: '/api/accounts/:accountId/pin',
    says: 'Sets the PIN with which the account’s drivers begin and stop at their bay; only a keyed mark of it is kept.',
    right: 'enrol',
    body: 'DriverPin',
    answers: { 204: null },
    problems: ['BODY_INVALID', 'NOT_FOUND', 'STORE_UNWRITABLE'],
  },
  deletePin: {
    method: 'DELETE',
    path: '/api/accounts/:accountId/pin',
    says: 'Takes the account’s PIN away.',
    right: 'enrol',
    answers: { 204: null },
    problems: ['NOT_FOUND', 'STORE_UNWRITABLE'],
  },
  makeDriverCode: {
    method: 'POST',
    path: '/api/accounts/:accountId/driver-code',
    says: 'Makes a code of six digits that works once, for a quarter of an hour, in the place of the PIN.',
    right: 'enrol',
    answers: { 200: 'DriverCode' },
    problems: ['NOT_FOUND', 'STORE_UNWRITABLE'],
  },
} as const satisfies { readonly [name: string]: Operation }
