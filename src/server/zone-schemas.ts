import { ZONE_REASONS } from '../zones/zone-versions.ts'
import {
  answer,
  body,
  count,
  flag,
  id,
  listOf,
  maybe,
  maybeText,
  ref,
  type Schema,
  text,
  time,
} from './schema-parts.ts'

const share: Schema = { type: 'number', minimum: 0, maximum: 1 }
const point: Schema = { type: 'array', items: share, minItems: 2, maxItems: 2 }
const polygon: Schema = {
  type: 'array',
  items: point,
  minItems: 3,
  maxItems: 40,
  description: 'Corners in order, each [x, y] in 0..1 of the picture.',
}
/** Corners on the ground may be pixels, as in a site file. */
const corner: Schema = {
  type: 'array',
  items: { type: 'number', minimum: 0, maximum: 20_000 },
  minItems: 2,
  maxItems: 2,
}
const ground: Schema = {
  type: 'array',
  items: corner,
  minItems: 4,
  maxItems: 4,
  description: 'Four corners on the ground, in order.',
}
const side: Schema = {
  type: 'number',
  exclusiveMinimum: 0,
  maximum: 100,
  description: 'Length from the first to the second corner, metres.',
}
const number: Schema = { type: 'number' }
const drawn: Schema = { type: 'array', items: { type: 'array', items: number } }

/** What calls about zones take and answer. */
export const ZONE_SCHEMAS: { readonly [name: string]: Schema } = {
  WrittenZone: {
    description: 'A zone as the site file writes it.',
    oneOf: [
      body({ cameraId: text, polygon }, ['cameraId', 'polygon']),
      body({ cameraId: text, ground, side_m: side }, ['cameraId', 'ground', 'side_m']),
    ],
  },
  WrittenBay: body({ bayId: text, zones: { ...listOf(ref('WrittenZone')), maxItems: 50 } }, ['bayId', 'zones']),
  ZoneDraft: body({ bays: { ...listOf(ref('WrittenBay')), maxItems: 2_000 } }, ['bays']),
  ZoneTrialAsked: body(
    { bays: { ...listOf(ref('WrittenBay')), maxItems: 2_000 }, hours: { type: 'integer', minimum: 1, maximum: 8_760 } },
    ['bays', 'hours'],
  ),
  ZoneOrder: body(
    {
      id,
      expectVersion: { ...count, description: 'The version that was drawn over.' },
      reason: {
        type: 'string',
        minLength: 1,
        maxLength: 100,
        description: `One of: ${ZONE_REASONS.join(', ')}; anything else counts as "other".`,
      },
      bays: { ...listOf(ref('WrittenBay')), minItems: 1, maxItems: 2_000 },
      putBack: { ...count, description: 'The version that is put back so.' },
    },
    ['id', 'expectVersion', 'reason', 'bays'],
  ),
  KnownBay: answer({ bayId: text, zones: listOf({ type: 'object' }) }),
  UsedZone: answer({
    bayId: text,
    cameraId: text,
    polygon: maybe(drawn),
    ground: maybe(drawn),
    plate_px: maybe(answer({ near: number, far: number })),
    other_m: { type: ['number', 'null'] },
    nearest: maybe(answer({ bayId: text, gap: number })),
  }),
  ZoneProblem: answer({ bayId: text, cameraId: maybeText, says: text, expected: text, bars: flag }),
  ZoneCamera: answer({
    cameraId: text,
    picture: maybe(answer({ width: count, height: count })),
    height_m: { type: ['number', 'null'] },
    ignore: listOf(drawn),
  }),
  ZonesChecked: answer({ used: listOf(ref('UsedZone')), problems: listOf(ref('ZoneProblem')) }),
  Zones: answer({
    version: count,
    fixed: maybeText,
    cameras: listOf(ref('ZoneCamera')),
    bays: listOf(ref('KnownBay')),
    used: listOf(ref('UsedZone')),
    problems: listOf(ref('ZoneProblem')),
  }),
  ZonesPublished: answer({ version: count, seq: count }),
  TriedDraft: answer({ hours: count, visits: count, changed: count, unknown: count }),
  ZoneVersion: answer({
    version: count,
    seq: count,
    at: time,
    by: maybeText,
    second: { ...maybeText, description: 'Who agreed, where two people must.' },
    reason: maybeText,
    changed: listOf(text),
    putBack: { type: ['integer', 'null'] },
    tried: maybe(ref('TriedDraft')),
  }),
  ZoneVersions: answer({ items: listOf(ref('ZoneVersion')), next: { type: 'null' } }),
  ZonesOfVersion: answer({ version: count, bays: listOf(ref('KnownBay')) }),
  TriedVisit: answer({
    bayId: text,
    openedAt: time,
    changes: listOf(text),
    unknown: { type: ['string', 'null'] },
    seq: { type: ['integer', 'null'] },
  }),
  SeenPlate: answer({ bayId: text, text, confidence: number, characters: listOf(number), quad: drawn }),
  ToldVehicle: answer({
    bayId: maybeText,
    box: { type: 'array', items: number, description: 'x, y, width and height in 0..1 of the picture.' },
    at: { ...count, description: 'When the camera told of it, ms since 1970.' },
  }),
  BaySight: answer({
    bayId: text,
    cameras: listOf(
      answer({
        cameraId: text,
        cameAt: { type: ['integer', 'null'], minimum: 0, description: 'When its newest picture came, ms since 1970.' },
        zones: listOf(answer({ bayId: text, polygon: drawn })),
        plates: listOf(ref('SeenPlate')),
        vehicles: listOf(ref('ToldVehicle')),
      }),
    ),
    votes: listOf(answer({ plate: text, frames: count, of: count, reads: count, ofReads: count, confidence: number })),
  }),
  ZoneTrial: answer({
    trialId: text,
    hours: count,
    bays: listOf(text),
    lived: count,
    of: count,
    says: maybeText,
    report: maybe(answer({ totals: { type: 'object' }, visits: listOf(ref('TriedVisit')), cannotSee: listOf(text) })),
  }),
}
