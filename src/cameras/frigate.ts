import type { Box } from '../../actors/camera-desk.ts'
import type { CameraDialect, DeviceMessage, DeviceRead, Envelope } from './camera-dialect.ts'
import { SIGN_OF_LIFE } from './camera-dialect.ts'
import {
  cornersBox,
  type Fields,
  fieldsOf,
  jsonOf,
  keptOf,
  listOf,
  plateOf,
  shareOf,
  textOf,
  unclear,
  wordOf,
} from './device-fields.ts'
import { countedTime } from './device-time.ts'

const VEHICLES = new Set(['car', 'truck', 'bus', 'motorcycle', 'van'])

/**
 * Frigate by MQTT: `frigate/events` (new, update, end), `frigate/tracked_object_update` of type `lpr`, `frigate/available`. Boxes are
 * pixels of the detect stream: `picture` of the site file. Everything about one object is one witness.
 */
export const frigate: CameraDialect = {
  name: 'frigate',
  reads: 'per-vehicle',
  presence: 'no',
  samplesFrom: 'documentation',
  read(envelope) {
    const [part] = envelope.parts
    if (!part) throw unclear('frigate', 'is empty')
    const text = textOf(part.body)
    if (/^(online|offline)$/.test(text))
      return { ...SIGN_OF_LIFE, pulse: { fps: null, blind: text === 'offline' ? 'Frigate is not running' : null } }
    const message = fieldsOf(jsonOf('frigate', part.body))
    if (message['after'] !== undefined) return eventOf(message, fieldsOf(message['after']), envelope)
    if (message['type'] === 'lpr') return updateOf(message, envelope)
    if (message['type'] === undefined && message['id'] === undefined)
      throw unclear('frigate', 'is neither an event nor an update')
    return { ...SIGN_OF_LIFE, deviceIds: namesOf(message) }
  },
}

const namesOf = (about: Fields): readonly string[] => [about['camera']].flatMap((name) => wordOf(name) ?? [])

const boxOf = (value: unknown, { pictureSize }: Envelope): Box | null =>
  pictureSize === null ? null : cornersBox(listOf(value), ...pictureSize)

function eventOf(message: Fields, after: Fields, envelope: Envelope): DeviceMessage {
  const base = { ...SIGN_OF_LIFE, deviceIds: namesOf(after) }
  const type = wordOf(message['type'])
  const time = countedTime(after['frame_time'])
  const vehicleBox = boxOf(after['box'], envelope)
  if (!VEHICLES.has(wordOf(after['label']) ?? 'car')) return base
  // `sub_label` is a name, or a pair of a name and how sure it is.
  const sub = listOf(after['sub_label'])
  const named = plateOf(after['recognized_license_plate'])
  const plate = named ?? plateOf(sub[0])
  const isOver = type === 'end'
  if (plate === null) return { ...base, unread: isOver ? [] : [{ box: vehicleBox }], capturedAt: time.at }
  const object = wordOf(after['id']) ?? ''
  const read: DeviceRead = {
    id: `${object} ${type} ${wordOf(after['frame_time']) ?? ''}`,
    plate,
    confidence: shareOf(named === null ? sub[1] : after['recognized_license_plate_score'], 1),
    characters: [],
    box: plateBoxOf(after, envelope),
    vehicleBox: isOver ? null : vehicleBox,
    frame: `object ${object}`,
    capturedAt: time.at,
    timeTrust: time.trust,
    phase: isOver ? 'lost' : type === 'new' ? 'new' : 'update',
    told: keptOf(after),
  }
  return { ...base, reads: [read], capturedAt: time.at }
}

/** Where the plate is, by the attributes of the object; null where they do not say: the vehicle's box is no place of a plate. */
function plateBoxOf(after: Fields, envelope: Envelope): Box | null {
  const attributes = listOf(after['current_attributes']).map(fieldsOf)
  const plate = attributes.find((one) => wordOf(one['label']) === 'license_plate')
  return boxOf(plate?.['box'], envelope)
}

function updateOf(message: Fields, envelope: Envelope): DeviceMessage {
  const base = { ...SIGN_OF_LIFE, deviceIds: namesOf(message) }
  const time = countedTime(message['timestamp'])
  const plate = plateOf(message['plate'])
  const box = boxOf(message['plate_box'], envelope)
  if (plate === null) return { ...base, unread: [{ box }], capturedAt: time.at }
  const object = wordOf(message['id']) ?? ''
  const read: DeviceRead = {
    id: `${object} lpr ${wordOf(message['timestamp']) ?? ''}`,
    plate,
    confidence: shareOf(message['score'], 1),
    characters: [],
    box,
    vehicleBox: null,
    frame: `object ${object}`,
    capturedAt: time.at,
    timeTrust: time.trust,
    phase: 'update',
    told: keptOf(message),
  }
  return { ...base, reads: [read], capturedAt: time.at }
}
