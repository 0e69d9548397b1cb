import type {
  CameraDialect,
  DeviceMessage,
  DevicePicture,
  DeviceRead,
  Envelope,
  PictureSize,
} from './camera-dialect.ts'
import { SIGN_OF_LIFE } from './camera-dialect.ts'
import {
  type Fields,
  fieldsOf,
  jsonOf,
  keptOf,
  listOf,
  nameOf,
  numberOf,
  plateOf,
  pointsBox,
  shareOf,
  sizedBox,
  unclear,
  wordOf,
} from './device-fields.ts'
import { countedTime, type DeviceTime } from './device-time.ts'
import { base64Jpeg } from './picture-header.ts'

/**
 * Rekor Scout and OpenALPR: `alpr_results` (one picture), `alpr_group` (one vehicle) and `heartbeat`, which says whether each camera
 * streams and how fast. Times are ms, of old builds seconds.
 */
export const rekor: CameraDialect = {
  name: 'rekor',
  reads: 'per-vehicle',
  presence: 'no',
  samplesFrom: 'documentation',
  read(envelope) {
    const json = envelope.parts.find(({ body }) => body.includes('{'))
    if (!json) throw unclear('rekor', 'holds no JSON')
    const message = fieldsOf(jsonOf('rekor', json.body))
    const deviceIds = ['camera_id', 'agent_uid'].flatMap((name) => wordOf(message[name]) ?? [])
    const base = { ...SIGN_OF_LIFE, deviceIds }
    const type = wordOf(message['data_type'])
    if (type === 'alpr_group') return { ...base, ...group(message, envelope) }
    if (type === 'alpr_results') return { ...base, ...results(message, envelope) }
    if (type === 'heartbeat') return { ...base, pulse: pulseOf(message), isBeat: true }
    if (type === null) throw unclear('rekor', 'has no data_type')
    return base
  },
}

type Seen = Pick<DeviceMessage, 'reads' | 'unread' | 'pictures' | 'capturedAt'>

function group(message: Fields, { pictureSize }: Envelope): Seen {
  const best = fieldsOf(message['best_plate'])
  const uuid = wordOf(message['best_uuid'])
  const size = sizeOf(message, 'best_image_') ?? sizeOf(message, 'img_') ?? pictureSize
  const time = bestTime(uuid, message)
  const plate = plateOf(message['best_plate_number'])
  const vehicleBox = vehicleBoxOf(best['vehicle_region'], size)
  const cut = base64Jpeg(best['plate_crop_jpeg'])
  const pictures: readonly DevicePicture[] = cut === null ? [] : [{ shows: 'plate', bytes: cut, read: 0 }]
  if (plate === null) return { reads: [], unread: [{ box: vehicleBox }], pictures, capturedAt: time.at }
  const id = uuid ?? nameOf(message['camera_id'], message['epoch_start'], plate)
  const read: DeviceRead = {
    // A preview is sent again as the group grows: the same vehicle, another result.
    id: message['is_preview'] === true ? `${id} preview ${plate}` : id,
    plate,
    confidence: shareOf(message['best_confidence'], 100),
    characters: [],
    box: pointsBox(best['coordinates'], size),
    vehicleBox,
    frame: id,
    capturedAt: time.at,
    timeTrust: time.trust,
    phase: message['is_preview'] === true ? 'update' : 'single',
    told: keptOf(message),
  }
  return { reads: [read], unread: [], pictures, capturedAt: time.at }
}

function results(message: Fields, { pictureSize }: Envelope): Seen {
  const time = countedTime(message['epoch_time'])
  const size = sizeOf(message, 'img_') ?? pictureSize
  const frame = wordOf(message['uuid']) ?? nameOf(message['camera_id'], message['epoch_time'])
  const reads: DeviceRead[] = []
  const pictures: DevicePicture[] = []
  for (const [at, result] of listOf(message['results']).map(fieldsOf).entries()) {
    const plate = plateOf(result['plate'])
    if (plate === null) continue
    const cut = base64Jpeg(result['plate_crop_jpeg'])
    if (cut !== null) pictures.push({ shows: 'plate', bytes: cut, read: reads.length })
    reads.push({
      id: `${frame} ${at}`,
      plate,
      confidence: shareOf(result['confidence'], 100),
      characters: [],
      box: pointsBox(result['coordinates'], size),
      vehicleBox: vehicleBoxOf(result['vehicle_region'], size),
      frame,
      capturedAt: time.at,
      timeTrust: time.trust,
      phase: 'single',
      told: keptOf(result),
    })
  }
  return { reads, unread: [], pictures, capturedAt: time.at }
}

/** When the best picture was taken: its name ends with it; else when the vehicle was first seen. */
function bestTime(uuid: string | null, message: Fields): DeviceTime {
  const named = countedTime(/-(\d{10,13})$/.exec(uuid ?? '')?.[1])
  return named.at === null ? countedTime(message['epoch_start']) : named
}

function sizeOf(message: Fields, prefix: string): PictureSize | null {
  const [width, height] = [numberOf(message[`${prefix}width`]), numberOf(message[`${prefix}height`])]
  return width === null || height === null || width <= 0 || height <= 0 ? null : [width, height]
}

function vehicleBoxOf(value: unknown, size: PictureSize | null) {
  const region = fieldsOf(value)
  return size === null
    ? null
    : sizedBox(
        ['x', 'y', 'width', 'height'].map((name) => region[name]),
        ...size,
      )
}

/** All streams of the agent as one: blind where none streams. */
function pulseOf(message: Fields): DeviceMessage['pulse'] {
  const streams = listOf(message['video_streams']).map(fieldsOf)
  if (streams.length === 0) return null
  const live = streams.filter((stream) => stream['is_streaming'] !== false)
  const speeds = live.flatMap((stream) => numberOf(stream['fps']) ?? [])
  return {
    fps: speeds.length === 0 ? null : Math.min(...speeds),
    blind: live.length === 0 ? 'its recogniser says that no picture comes in' : null,
  }
}
