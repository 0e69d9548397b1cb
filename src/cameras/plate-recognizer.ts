import type { Box } from '../../actors/camera-desk.ts'
import type { CameraDialect, DevicePicture, DeviceRead, Envelope, PictureSize } from './camera-dialect.ts'
import { SIGN_OF_LIFE } from './camera-dialect.ts'
import {
  cornersBox,
  type Fields,
  fieldsOf,
  jsonOf,
  keptOf,
  listOf,
  nameOf,
  plateOf,
  shareOf,
  unclear,
  valueAt,
  wordOf,
} from './device-fields.ts'
import { type DeviceTime, NO_TIME, writtenTime } from './device-time.ts'
import { isJpeg, jpegSize } from './picture-header.ts'

/**
 * Plate Recognizer Stream's webhook: JSON, or form-data with `json` and the picture as `upload`. Boxes are pixels of that picture, whose
 * size it does not say: `picture` of the site file, else the enclosed picture.
 */
export const plateRecognizer: CameraDialect = {
  name: 'platerecognizer',
  reads: 'per-vehicle',
  presence: 'no',
  samplesFrom: 'documentation',
  read(envelope) {
    const json = envelope.parts.find(({ name, body }) => !isJpeg(body) && (name === 'json' || body.includes('{')))
    if (!json) throw unclear('platerecognizer', 'holds no JSON')
    const message = fieldsOf(jsonOf('platerecognizer', json.body))
    const data = fieldsOf(message['data'] ?? message)
    const deviceIds = [data['camera_id'], valueAt(message, 'hook.id')].flatMap((name) => wordOf(name) ?? [])
    if (data['results'] === undefined) {
      if (message['hook'] === undefined) throw unclear('platerecognizer', 'has no results')
      return { ...SIGN_OF_LIFE, deviceIds }
    }
    return recognition(message, data, envelope, [...new Set(deviceIds)])
  },
}

function recognition(
  message: Fields,
  data: Fields,
  envelope: Envelope,
  deviceIds: readonly string[],
): ReturnType<CameraDialect['read']> {
  const jpegs = envelope.parts.filter(({ body }) => isJpeg(body))
  const pictures = jpegs.slice(0, 1).map(({ body }): DevicePicture => ({ shows: 'scene', bytes: body, read: 0 }))
  const scene = pictures[0]
  const size = envelope.pictureSize ?? (scene ? jpegSize(scene.bytes) : null)
  const time = timeOf(data, envelope)
  const results = listOf(data['results']).map(fieldsOf)
  const frame =
    wordOf(valueAt(message, 'hook.filename')) ??
    wordOf(data['filename']) ??
    nameOf(data['timestamp'], data['camera_id'])
  const parts = results.map((result, at) => resultOf(result, `${frame} ${at}`, frame, time, size))
  return {
    ...SIGN_OF_LIFE,
    deviceIds,
    reads: parts.flatMap((part) => ('plate' in part ? [part] : [])),
    unread: parts.flatMap((part) => ('plate' in part ? [] : [part])),
    pictures,
    capturedAt: time.at,
  }
}

function resultOf(
  result: Fields,
  id: string,
  frame: string,
  time: DeviceTime,
  size: PictureSize | null,
): DeviceRead | { readonly box: Box | null } {
  const vehicleBox = boxOf(valueAt(result, 'vehicle.box'), size)
  const plate = plateOf(result['plate']) ?? plateOf(valueAt(result, 'plate.props.plate.0.value'))
  if (plate === null) return { box: vehicleBox }
  return {
    id,
    plate,
    confidence: shareOf(result['score'], 1),
    characters: [],
    box: boxOf(result['box'], size),
    vehicleBox,
    frame,
    capturedAt: time.at,
    timeTrust: time.trust,
    phase: 'single',
    told: keptOf(result),
  }
}

function boxOf(value: unknown, size: PictureSize | null): Box | null {
  const box = fieldsOf(value)
  return size === null
    ? null
    : cornersBox(
        ['xmin', 'ymin', 'xmax', 'ymax'].map((name) => box[name]),
        ...size,
      )
}

/** `timestamp` says its offset in Stream; where it has none (Snapshot), what says one comes first. */
function timeOf(data: Fields, { timezone, arrivedAt }: Envelope): DeviceTime {
  const times = [data['timestamp'], data['timestamp_local']].map((text) => writtenTime(text, timezone, arrivedAt))
  return (
    times.find(({ trust }) => trust === 'utc' || trust === 'offset') ?? times.find(({ at }) => at !== null) ?? NO_TIME
  )
}
