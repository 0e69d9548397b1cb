import type { CameraDialect, DevicePicture, Envelope, PictureSize } from './camera-dialect.ts'
import { SIGN_OF_LIFE } from './camera-dialect.ts'
import {
  type Fields,
  fieldsOf,
  jsonOf,
  keptOf,
  listOf,
  nameOf,
  plateOf,
  shareOf,
  sizedBox,
  unclear,
  valueAt,
  wordOf,
} from './device-fields.ts'
import { countedTime } from './device-time.ts'
import { base64Jpeg, isJpeg, jpegSize } from './picture-header.ts'

/**
 * Axis License Plate Verifier: JSON by HTTP (also multipart with pictures) or MQTT. Boxes are pixels of a picture whose size it does not
 * say: `picture` of the site file, else the enclosed picture. `…Relative` is relative to its area of interest and never used, nor is
 * `datetime`, which is local, nor `frame_timestamp`, which is another clock.
 */
export const axis: CameraDialect = {
  name: 'axis',
  reads: 'per-vehicle',
  presence: 'no',
  samplesFrom: 'documentation',
  read(envelope) {
    const json = envelope.parts.find(({ body }) => !isJpeg(body) && body.includes('{'))
    if (!json) throw unclear('axis', 'holds no JSON')
    const event = fieldsOf(jsonOf('axis', json.body))
    const names = ['plateUTF8', 'plateASCII', 'plateText', 'plateUnicode'].filter((name) => event[name] !== undefined)
    const deviceIds = [
      valueAt(event, 'camera_info.SerialNumber'),
      valueAt(event, 'camera_info.MACAddress'),
      event['sensorProviderID'],
    ].flatMap((name) => wordOf(name) ?? [])
    const isVehicle = names.length > 0 || event['carID'] !== undefined
    if (!isVehicle) return { ...SIGN_OF_LIFE, deviceIds }
    return vehicleMessage(event, names, envelope, deviceIds)
  },
}

const PHASES = { new: 'new', update: 'update', lost: 'lost' } as const

function vehicleMessage(
  event: Fields,
  names: readonly string[],
  envelope: Envelope,
  deviceIds: readonly string[],
): ReturnType<CameraDialect['read']> {
  const pictures = picturesOf(event, envelope)
  const scene = pictures.find(({ shows }) => shows === 'scene')
  const size: PictureSize | null = envelope.pictureSize ?? (scene ? jpegSize(scene.bytes) : null)
  const time = countedTime(event['capture_timestamp'])
  const state = (wordOf(event['carState']) ?? '').toLowerCase()
  const phase = state in PHASES ? PHASES[state as keyof typeof PHASES] : ('single' as const)
  const base = { ...SIGN_OF_LIFE, deviceIds, pictures, capturedAt: time.at }
  const plate = names.map((name) => plateOf(event[name])).find((text) => text !== null) ?? null
  // A vehicle that was lost is not there any more, read or not.
  if (plate === null) return { ...base, unread: phase === 'lost' ? [] : [{ box: null }] }
  const counter = wordOf(event['packetCounter'])
  const moment = wordOf(event['capture_timestamp']) ?? wordOf(event['datetime']) ?? ''
  const id = counter === null ? nameOf(moment, event['carID'], state, plate) : `${counter} ${moment}`
  const car = wordOf(event['carID'])
  const read = {
    id,
    plate,
    confidence: shareOf(event['plateConfidence'], 1),
    characters: [],
    box: size === null ? null : sizedBox(listOf(event['plateCoordinates']), ...size),
    vehicleBox: null,
    // `new`, `update` and `lost` are one tracker's word on one car: one witness, however often it is refined.
    frame: car === null ? id : `car ${car}`,
    capturedAt: time.at,
    timeTrust: time.trust,
    phase,
    told: keptOf(event),
  }
  return { ...base, reads: [read] }
}

function picturesOf(event: Fields, { parts }: Envelope): readonly DevicePicture[] {
  const enclosed = parts
    .filter(({ body }) => isJpeg(body))
    .map((part) => ({ what: `${part.name ?? ''} ${part.filename ?? ''}`, bytes: part.body }))
  const written = listOf(event['ImageArray'] ?? event['imageArray']).flatMap((one) => {
    const texts = typeof one === 'string' ? [one] : Object.values(fieldsOf(one))
    const bytes = texts.map(base64Jpeg).find((jpeg) => jpeg !== null)
    const what = texts.filter((text) => typeof text === 'string' && text.length < 64).join(' ')
    return bytes ? [{ what, bytes }] : []
  })
  return [...enclosed, ...written].map(({ what, bytes }) => ({
    shows: /plate|\blp\b|crop/i.test(what) ? 'plate' : 'scene',
    bytes,
    read: 0,
  }))
}
