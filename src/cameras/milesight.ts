import type { CameraDialect, DevicePicture, Envelope, PictureSize } from './camera-dialect.ts'
import { SIGN_OF_LIFE } from './camera-dialect.ts'
import {
  cornersBox,
  type Fields,
  fieldsOf,
  jsonOf,
  keptOf,
  nameOf,
  numberOf,
  plateOf,
  shareOf,
  unclear,
  wordOf,
} from './device-fields.ts'
import { writtenTime } from './device-time.ts'
import { base64Jpeg } from './picture-header.ts'

/** Fields that a vehicle's message has; without any of them it is not one of these. */
const KNOWN = ['plate', 'coordinate_x1', 'detection_region', 'plate_image']

/** Milesight LPR: JSON whose values are all texts, `-` for none; time is local without an offset, and nothing in it is a name of its own. */
export const milesight: CameraDialect = {
  name: 'milesight',
  reads: 'per-vehicle',
  presence: 'no',
  samplesFrom: 'documentation',
  read(envelope) {
    const json = envelope.parts.find(({ body }) => body.includes('{'))
    if (!json) throw unclear('milesight', 'holds no JSON')
    const event = fieldsOf(jsonOf('milesight', json.body))
    if (!KNOWN.some((name) => event[name] !== undefined)) throw unclear('milesight', 'has neither a plate nor a region')
    return messageOf(event, envelope)
  },
}

function messageOf(event: Fields, { timezone, arrivedAt, pictureSize }: Envelope): ReturnType<CameraDialect['read']> {
  const time = writtenTime(event['time'], timezone, arrivedAt)
  const deviceIds = [event['device'], event['device_name'], event['mac']].flatMap((name) => wordOf(name) ?? [])
  const scene = base64Jpeg(event['full_image'] ?? event['background_image'])
  const cut = base64Jpeg(event['plate_image'])
  const pictures: readonly DevicePicture[] = [
    ...(scene === null ? [] : [{ shows: 'scene', bytes: scene, read: 0 } as const]),
    ...(cut === null ? [] : [{ shows: 'plate', bytes: cut, read: 0 } as const]),
  ]
  const base = { ...SIGN_OF_LIFE, deviceIds, pictures, capturedAt: time.at }
  const plate = plateOf(event['plate'])
  if (plate === null) return { ...base, unread: [{ box: null }] }
  const corners = ['x1', 'y1', 'x2', 'y2'].map((name) => event[`coordinate_${name}`])
  const size = sizeOf(event) ?? pictureSize
  const id = nameOf(event['device'], event['time'], event['detection_region'], plate, corners)
  const read = {
    id,
    plate,
    confidence: shareOf(event['confidence'], 1),
    characters: [],
    box: size === null ? null : cornersBox(corners, ...size),
    vehicleBox: null,
    frame: id,
    capturedAt: time.at,
    timeTrust: time.trust,
    phase: 'single' as const,
    told: keptOf(event),
  }
  return { ...base, reads: [read] }
}

function sizeOf(event: Fields): PictureSize | null {
  const [width, height] = [numberOf(event['resolution_width']), numberOf(event['resolution_height'])]
  return width === null || height === null || width <= 0 || height <= 0 ? null : [width, height]
}
