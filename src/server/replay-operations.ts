import type { Operation } from './operation.ts'

const seq = {
  type: 'integer',
  says: 'The record; absent = the newest. One that is not there yet counts as the newest.',
  minimum: 1,
} as const

/** Walking through the journal of a site. */
export const replayCalls = {
  replay: {
    method: 'GET',
    path: '/api/replay',
    says: 'The whole site as it was after a record: its bays, open alarms and open reviews, that record in short, and which machines wrote it. Plates are masked, but for the bay that is named.',
    right: 'watch',
    query: {
      seq,
      time: { type: 'string', says: 'In the place of seq: after the last record of this time (ISO 8601).' },
      from: {
        type: 'integer',
        says: 'What the caller knows already: the answer has only bays that differ from how they were after this record.',
        minimum: 1,
      },
      bay: { type: 'string', says: 'This bay shows its plate to who may see plates.' },
    },
    answers: { 200: 'SiteThen' },
    problems: ['BODY_INVALID'],
  },
  replayRecords: {
    method: 'GET',
    path: '/api/replay/records',
    says: 'Records in short and without personal fields, oldest first: what was heard, by whom, and what became of it. At most 5,000 are looked at in one call.',
    right: 'watch',
    query: {
      after: { type: 'integer', says: 'Only records with a greater seq.', minimum: 0 },
      before: { type: 'integer', says: 'The last ones with a smaller seq; not together with `after`.', minimum: 1 },
      limit: { type: 'integer', says: 'Items at most; above 500 counts as 500.', minimum: 1 },
      bay: { type: 'string', says: 'Only this bay.' },
      lane: { type: 'string', says: 'Only this lane: camera, meter, ocpp, operator, site, or decisions.' },
    },
    answers: { 200: 'ShortRecords' },
    problems: ['BODY_INVALID'],
  },
  machineChart: {
    method: 'GET',
    path: '/api/machines/:name/chart.svg',
    says: 'The statechart of machines that wrote here, as it was laid out when they were adopted or released.',
    right: 'watch',
    answers: {
      200: { media: 'image/svg+xml', says: 'The drawing; groups name states and ways in `data-` attributes.' },
    },
    problems: ['NOT_FOUND'],
  },
  replayToday: {
    method: 'GET',
    path: '/api/replay/today',
    says: 'Lives the journal again by the machines of this berth for a quarter of a second and says how far it came; ask again until `lived` is `of`. It ends at the first record that they would have written otherwise.',
    right: 'watch',
    answers: { 200: 'TodayTold' },
    problems: ['BODY_INVALID'],
  },
  bayDifference: {
    method: 'GET',
    path: '/api/bays/:bayId/difference',
    says: 'What a bay knew after one record and after another, place by place, and the guards of both.',
    right: 'watch',
    query: { from: { ...seq, says: 'One record.' }, to: { ...seq, says: 'The other one.' } },
    answers: { 200: 'BayDifference' },
    problems: ['NOT_FOUND', 'BODY_INVALID'],
  },
} as const satisfies { readonly [name: string]: Operation }
