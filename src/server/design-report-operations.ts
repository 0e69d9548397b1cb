import type { Operation } from './operation.ts'

/** The report of a simulated site, as `berth sim show` shows it. */
export const designReportCalls = {
  designReport: {
    method: 'GET',
    path: '/api/design-report',
    says: 'The worst visits of a simulated site. 404 where no report is shown.',
    right: 'watch',
    answers: { 200: 'DesignReport' },
    problems: ['NOT_FOUND'],
  },
  designVisit: {
    method: 'GET',
    path: '/api/design-report/visits/:name/recording',
    says: 'Opens the journal of a visit where it is not open yet, and says where its inspector is.',
    right: 'watch',
    answers: { 200: 'ScenarioRecording' },
    problems: ['NOT_FOUND', 'STORE_CORRUPT'],
  },
  designReportPage: {
    method: 'GET',
    path: '/design-report/',
    says: 'The report itself: HTML without script.',
    right: 'watch',
    answers: { 200: { media: 'text/html', says: 'The page.' } },
    problems: ['NOT_FOUND'],
  },
  designVisitPage: {
    method: 'GET',
    path: '/design-report/journals/:file',
    says: 'Where the links of the report lead: on to the inspector over that journal.',
    right: 'watch',
    answers: { 303: null },
    problems: ['NOT_FOUND', 'STORE_CORRUPT'],
  },
} as const satisfies { readonly [name: string]: Operation }
