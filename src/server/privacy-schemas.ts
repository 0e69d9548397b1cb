import { HOLD_REASONS } from '../../machines/legal-holds.ts'
import { PROOFS } from '../privacy/subject-claim.ts'
import {
  answer,
  body,
  count,
  flag,
  id,
  listOf,
  maybeText,
  maybeTime,
  oneOf,
  type Schema,
  text,
  time,
} from './schema-parts.ts'

const plate: Schema = { type: 'string', minLength: 1, maxLength: 32 }
const claim: Schema = {
  plate,
  account: { ...id, description: 'The account that holds the vehicle, or paid for it here.' },
  proof: {
    ...body({ kind: oneOf(...PROOFS), from: time, to: time }, ['kind', 'from', 'to']),
    description: 'What the person showed, and for which time it says that the vehicle is theirs.',
  },
  verifiedBy: { ...id, description: 'Who looked at account or proof; absent = who is signed in.' },
}

const hold: Schema = { holdId: text, reason: oneOf(...HOLD_REASONS), placedAt: time, until: time, by: text }
const erasure: Schema = {
  erasureId: text,
  askedAt: time,
  by: text,
  status: oneOf('queued', 'due', 'done'),
  waitsFor: listOf(text),
  heldBy: listOf(text),
  heldUntil: maybeTime,
  because: maybeText,
  doneAt: maybeTime,
}

/** Schemas of what people ask about themselves, by the name that OpenAPI gives them. */
export const PRIVACY_SCHEMAS: { readonly [name: string]: Schema } = {
  SubjectClaim: {
    ...body(claim),
    description:
      'A plate is not a person: beside `plate` stands `account` or `proof`. `account` alone speaks of the account with everything that is its own.',
  },
  ObjectionAsked: body({ ...claim, objects: { type: 'boolean', description: 'false withdraws it.' } }, ['objects']),
  Objection: answer({
    plate: maybeText,
    objects: flag,
    vehicles: { ...count, description: 'How many vehicles it is for.' },
  }),
  HoldAsked: body(
    {
      plate,
      account: { ...id, description: 'In the place of a plate: the account with everything that is its own.' },
      reason: oneOf(...HOLD_REASONS),
      until: time,
    },
    ['reason', 'until'],
  ),
  Hold: answer(hold),
  HoldPlaced: answer({ ...hold, also: { ...listOf(text), description: 'Holds that were placed with it.' } }),
  SubjectPackage: answer({
    content: { type: 'object', description: 'Everything that is known of the vehicle in that time.' },
    signature: answer({ algorithm: oneOf('Ed25519'), publicKey: text, value: text }),
    page: { ...text, description: 'The same for a person: one HTML file.' },
  }),
  Erasure: answer(erasure),
  ErasureAsked: answer({ ...erasure, also: { ...listOf(text), description: 'Requests that were made with it.' } }),
}
