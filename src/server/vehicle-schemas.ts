import { BLOCK_REASONS } from '../site-desk.ts'
import { answer, body, count, flag, id, listOf, maybeText, oneOf, type Schema, text } from './schema-parts.ts'

/** What crosses HTTP about vehicles. */
export const VEHICLE_SCHEMAS: { readonly [name: string]: Schema } = {
  Vehicle: answer(
    {
      plate: text,
      accountId: text,
      fleet: maybeText,
      alias: maybeText,
      validFrom: maybeText,
      validTo: maybeText,
      hours: maybeText,
      blocked: flag,
      vehicleId: { ...maybeText, description: 'Its handle, which may stand in an address where a plate should not.' },
      block: answer({ reason: oneOf(...BLOCK_REASONS), by: text, role: text }),
    },
    ['block'],
  ),
  VehicleFields: body(
    {
      accountId: id,
      fleet: maybeText,
      alias: maybeText,
      validFrom: maybeText,
      validTo: maybeText,
      hours: { type: ['string', 'null'], description: 'Like `Mo-Fr 06:00-18:00`.' },
      blocked: flag,
    },
    ['accountId'],
  ),
  VehicleSearch: body({ text: { type: 'string', minLength: 1, maxLength: 24 } }, ['text']),
  VehicleBlocked: body({ blocked: flag, reason: oneOf(...BLOCK_REASONS) }, ['blocked', 'reason']),
  Import: answer({ imported: count, refused: listOf(answer({ line: count, says: text })) }),
  VehicleCheck: answer({
    vehicles: count,
    added: count,
    changed: count,
    same: count,
    pairs: { ...count, description: 'Pairs of the file that one misread character makes equal.' },
    refused: listOf(answer({ line: count, says: text })),
    notes: listOf(
      answer({
        line: count,
        note: oneOf('lifts-block', 'not-plate-like', 'one-character'),
        other: { type: ['integer', 'null'] },
      }),
    ),
  }),
}
