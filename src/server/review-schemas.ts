import {
  amount,
  answer,
  body,
  count,
  flag,
  listOf,
  maybeText,
  maybeTime,
  oneOf,
  type Schema,
  text,
  time,
} from './schema-parts.ts'

const share: Schema = { type: 'number', minimum: 0, maximum: 1 }
const seat: Schema = {
  type: 'string',
  minLength: 1,
  maxLength: 64,
  description: 'The screen, where one name is signed in at several.',
}

const review = {
  reviewId: text,
  bayId: text,
  bays: listOf(text),
  visitId: text,
  since: time,
  by: maybeTime,
  reason: text,
  blind: flag,
  crops: count,
  claim: { anyOf: [answer({ by: text, until: time }), { type: 'null' }] },
  candidates: listOf(answer({ plate: text, witnesses: count })),
}

/** JSON Schemas of reviews. */
export const REVIEW_SCHEMAS: { readonly [name: string]: Schema } = {
  Review: answer(review, ['bays']),
  ReviewDetail: answer(
    {
      ...review,
      shown: listOf(answer({ plate: maybeText, at: time })),
      votes: listOf(answer({ plate: text, witnesses: count, registered: flag, accountId: maybeText, charges: count })),
      reads: listOf(
        answer({
          text,
          cameraId: maybeText,
          reader: text,
          frame: text,
          at: time,
          confidence: amount,
          characters: listOf(amount),
        }),
      ),
      opinions: listOf(
        answer({
          reader: text,
          text: maybeText,
          witnesses: count,
          of: count,
          confidence: { type: ['number', 'null'] },
          outcome: text,
        }),
      ),
      near: listOf(answer({ plate: text, accountId: text, of: text })),
      offered: listOf(oneOf('card', 'qr')),
    },
    ['bays'],
  ),
  ReviewClaim: answer({ by: text, until: time }),
  ReviewSeat: body({ seat }),
  ReviewAnswer: {
    anyOf: [
      body({ plate: { type: 'string', minLength: 1, maxLength: 32 }, bayId: text, seat }, ['plate']),
      body({ unreadable: { const: true }, seat }, ['unreadable']),
      body({ notAPlate: { const: true }, seat }, ['notAPlate']),
    ],
  },
  ReaderAccuracy: answer({
    cameras: listOf(
      answer({ cameraId: text, share, low: share, high: share, of: count, unreadable: count, waiting: count }),
    ),
    differences: listOf(answer({ reviewId: text, bayId: text, visitId: text, cameraId: text, at: time, by: text })),
  }),
}
