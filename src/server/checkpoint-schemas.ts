import { answer, body, count, flag, listOf, maybe, oneOf, type Schema, text, time } from './schema-parts.ts'

const hex = (bytes: number): Schema => ({ type: 'string', pattern: `^[0-9a-f]{${bytes * 2}}$` })

const checkpoint = {
  format: oneOf('berth-checkpoint-1'),
  siteId: { type: 'string', minLength: 1, maxLength: 256 },
  seq: { type: 'integer', minimum: 1 },
  hash: hex(32),
  time,
  key: hex(32),
  signature: hex(64),
}

/** Schemas of signed checkpoints, and of looks that commands tell of. */
export const CHECKPOINT_SCHEMAS = {
  Checkpoint: body(checkpoint, Object.keys(checkpoint)),
  CheckpointsSent: body(
    {
      checkpoints: {
        type: 'array',
        items: { $ref: '#/components/schemas/Checkpoint' },
        minItems: 1,
        maxItems: 100,
      },
    },
    ['checkpoints'],
  ),
  LookNoted: body(
    {
      siteId: { type: 'string', minLength: 1, maxLength: 256 },
      what: { type: 'string', pattern: '^[a-z][a-z-]{0,31}$' },
      about: { type: 'string', minLength: 1, maxLength: 256 },
      more: {
        type: 'object',
        maxProperties: 10,
        additionalProperties: { type: ['string', 'number', 'null'], maxLength: 256 },
      },
    },
    ['siteId', 'what', 'about', 'more'],
  ),
  Checkpoints: answer({
    siteId: text,
    key: maybe(hex(32)),
    newest: maybe({ $ref: '#/components/schemas/Checkpoint' }),
    to: listOf(answer({ name: text, delivered: count, behind: count })),
    received: listOf(answer({ siteId: text, key: hex(32), seq: count, time, contradicted: flag })),
  }),
}
