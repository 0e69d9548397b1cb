import type { Operation } from './operation.ts'

/** Recorded scenarios, as `berth play --inspect` shows them. */
export const scenarioCalls = {
  scenarios: {
    method: 'GET',
    path: '/api/scenarios',
    says: 'The edge cases that can be shown as recordings. 404 on a site that lives.',
    right: 'watch',
    answers: { 200: 'Scenarios' },
    problems: ['NOT_FOUND'],
  },
  scenarioRecording: {
    method: 'GET',
    path: '/api/scenarios/:name/recording',
    says: 'Plays a story of a scenario where it is not open yet, and says where its inspector is.',
    right: 'watch',
    query: { story: { type: 'integer', says: 'Which of its promises, from 1; absent = the first.', minimum: 1 } },
    answers: { 200: 'ScenarioRecording' },
    problems: ['NOT_FOUND', 'BODY_INVALID'],
  },
} as const satisfies { readonly [name: string]: Operation }
