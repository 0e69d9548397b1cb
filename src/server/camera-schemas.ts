import {
  amount,
  answer,
  body,
  count,
  flag,
  listOf,
  maybe,
  maybeAmount,
  maybeTime,
  oneOf,
  ref,
  type Schema,
  text,
  time,
} from './schema-parts.ts'

const share = { type: 'number' }
const shares = { type: 'array', items: share }

/** JSON Schema of what a camera pushes in the dialect `reads`; `reads-body.ts` reads it and names what is wrong. */
export const CAMERA_READS = {
  type: 'object',
  description:
    'One message of a camera. Boxes are x, y, width, height in 0..1 of the picture. Unknown properties are ignored.',
  properties: {
    reads: {
      type: 'array',
      items: {
        type: 'object',
        required: ['plate'],
        properties: {
          id: text,
          plate: text,
          confidence: share,
          characters: shares,
          box: shares,
          frame: text,
          capturedAt: time,
        },
      },
    },
    vehicles: { type: 'array', items: { type: 'object', required: ['box'], properties: { box: shares } } },
    frame: text,
    capturedAt: time,
    deviceId: { ...text, description: 'What the camera calls itself; held against `deviceId` of the site file.' },
  },
}

const shownHours = { hours: count, falseEmpties: count, low: amount, high: amount }
const blindness = { cause: text, since: time, says: text, do: text }

/** JSON Schemas of how cameras see. */
export const CAMERA_SCHEMAS: { readonly [name: string]: Schema } = {
  Blindness: answer(blindness),
  CameraFault: answer({ ...blindness, means: text, blinds: flag }),
  ShownHours: answer(shownHours),
  Camera: answer({
    cameraId: text,
    kind: text,
    bays: listOf(text),
    status: oneOf('live', 'lost', 'unknown'),
    blind: maybe(ref('Blindness')),
    faults: listOf(ref('CameraFault')),
    lastSeenAt: maybeTime,
    lastReadAt: maybeTime,
    fps: maybeAmount,
    usual_fps: maybeAmount,
    readRate: maybe(answer({ read: count, of: count, usual: maybeAmount })),
    skew_s: maybeAmount,
    emptyProof: answer({
      site: ref('ShownHours'),
      needed: answer({ site: count, own: count }),
      bays: listOf(answer({ bayId: text, ...shownHours, shown: flag })),
    }),
    calibration: answer({
      cases: count,
      needed: count,
      steps: maybe(listOf(answer({ from: amount, chance: amount }))),
    }),
  }),
  ViewConfirmed: body({ reason: { type: 'string', minLength: 1, maxLength: 500 } }),
  CameraReads: CAMERA_READS,
}
