import type { Operation } from './operation.ts'

/** Calls about reads that wait for people. */
export const reviewCalls = {
  reviews: {
    method: 'GET',
    path: '/api/reviews',
    says: 'Reads that wait for a person: the nearest deadline first, then the oldest. Checks of clear cases (`blind`) come last.',
    right: 'watch',
    answers: { 200: 'Reviews' },
  },
  reviewAccuracy: {
    method: 'GET',
    path: '/api/reviews/accuracy',
    says: 'How often what each camera’s frames agreed on was right, by the clear cases that people checked without seeing it, with its 95 % interval.',
    right: 'watch',
    answers: { 200: 'ReaderAccuracy' },
  },
  review: {
    method: 'GET',
    path: '/api/reviews/:reviewId',
    says: 'One review with its frames’ reads, votes, readers’ opinions and registered neighbours.',
    right: 'plates',
    answers: { 200: 'ReviewDetail' },
    problems: ['NOT_FOUND'],
  },
  claimReview: {
    method: 'POST',
    path: '/api/reviews/:reviewId/claim',
    says: 'Takes a review for a minute, or goes on holding it: nobody else can answer it meanwhile.',
    right: 'operate',
    body: 'ReviewSeat',
    answers: { 200: 'ReviewClaim' },
    problems: ['NOT_FOUND', 'BODY_INVALID', 'VERSION_CONFLICT'],
  },
  releaseReview: {
    method: 'DELETE',
    path: '/api/reviews/:reviewId/claim',
    says: 'Lets go of a review.',
    right: 'operate',
    query: { seat: { type: 'string', says: 'The screen that took it.' } },
    answers: { 204: null },
    problems: ['VERSION_CONFLICT', 'BODY_INVALID'],
  },
  reviewCrop: {
    method: 'GET',
    path: '/api/reviews/:reviewId/crop',
    says: 'The crop of the plate. That somebody looked is a record, once a minute and person.',
    right: 'plates',
    query: { index: { type: 'integer', says: 'Which of its crops, from 0.', minimum: 0 } },
    answers: { 200: { media: 'image/jpeg', says: 'The plate alone, 320 pixels wide at most.' } },
    problems: ['NOT_FOUND', 'BODY_INVALID', 'STORE_UNWRITABLE', 'STORE_CORRUPT'],
  },
  answerReview: {
    method: 'POST',
    path: '/api/reviews/:reviewId/answer',
    says: 'Says what the plate is, or that there is none.',
    right: 'operate',
    body: 'ReviewAnswer',
    answers: { 202: 'Done' },
    problems: ['NOT_FOUND', 'BODY_INVALID', 'VERSION_CONFLICT', 'COMMAND_REFUSED', 'STORE_UNWRITABLE'],
  },
} as const satisfies { readonly [name: string]: Operation }
