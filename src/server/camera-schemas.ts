const text = { type: 'string' }
const time = { type: 'string', format: 'date-time' }
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
