import { XMLParser } from 'fast-xml-parser'
import type { Box } from '../../actors/camera-desk.ts'
import type { CameraDialect, DevicePicture, Envelope } from './camera-dialect.ts'
import { SIGN_OF_LIFE } from './camera-dialect.ts'
import { DAHUA_GRID } from './dahua.ts'
import {
  cornersBox,
  type Fields,
  fieldsOf,
  jsonOf,
  keptOf,
  listOf,
  nameOf,
  numberOf,
  plateOf,
  shareOf,
  textOf,
  unclear,
  valueAt,
  wordOf,
} from './device-fields.ts'
import { type DeviceTime, offsetMs, writtenTime } from './device-time.ts'
import { isSmallXml } from './message-bounds.ts'
import { base64Jpeg } from './picture-header.ts'

const HOUR_MS = 3_600_000
const parser = new XMLParser({ ignoreAttributes: true, removeNSPrefix: true, parseTagValue: false })

/**
 * Dahua ITSAPI: the camera posts to `…/dahua-itsapi/NotificationInfo/TollgateInfo` and `…/KeepAlive`, JSON or XML. It sends for ever
 * until it hears `{"Result":true}`.
 */
export const dahuaItsapi: CameraDialect = {
  name: 'dahua-itsapi',
  reads: 'per-vehicle',
  presence: 'no',
  samplesFrom: 'documentation',
  answer: { Result: true },
  read(envelope) {
    const body = bodyOf(envelope)
    const picture = fieldsOf(body['Picture'])
    if (Object.keys(picture).length === 0) {
      if (/KeepAlive|DeviceInfo/i.test(envelope.path) || body['Active'] !== undefined || body['DeviceID'] !== undefined)
        return {
          ...SIGN_OF_LIFE,
          deviceIds: namesOf(body, {}),
          ...(/KeepAlive/i.test(envelope.path) && { isBeat: true }),
        }
      throw unclear('dahua-itsapi', 'has no Picture and is no KeepAlive')
    }
    return tollgate(body, picture, envelope)
  },
}

function bodyOf({ parts, path }: Envelope): Fields {
  const part = parts.find(({ body }) => /^\s*[{<]/.test(textOf(body.subarray(0, 64)).slice(0, 32)))
  if (!part) {
    if (/KeepAlive/i.test(path)) return {}
    throw unclear('dahua-itsapi', 'is neither JSON nor XML')
  }
  const text = textOf(part.body)
  if (!text.startsWith('<')) return fieldsOf(jsonOf('dahua-itsapi', part.body))
  if (!isSmallXml(text)) throw unclear('dahua-itsapi', 'has more tags than any event')
  try {
    const root = fieldsOf(parser.parse(text))
    return root['Picture'] === undefined ? fieldsOf(Object.values(root).find((one) => typeof one === 'object')) : root
  } catch {
    throw unclear('dahua-itsapi', 'is not whole XML')
  }
}

function tollgate(body: Fields, picture: Fields, envelope: Envelope): ReturnType<CameraDialect['read']> {
  const snap = fieldsOf(picture['SnapInfo'])
  const plates = fieldsOf(picture['Plate'])
  const time = timeOf(snap, envelope)
  const vehicleBox = gridBox(valueAt(picture, 'Vehicle.VehicleBoundingBox') ?? valueAt(picture, 'Vehicle.BoundingBox'))
  const scene = base64Jpeg(valueAt(picture, 'NormalPic.Content'))
  const cut = base64Jpeg(valueAt(picture, 'CutoutPic.Content'))
  const pictures: readonly DevicePicture[] = [
    ...(scene === null ? [] : [{ shows: 'scene', bytes: scene, read: 0 } as const]),
    ...(cut === null ? [] : [{ shows: 'plate', bytes: cut, read: 0 } as const]),
  ]
  const base = { ...SIGN_OF_LIFE, deviceIds: namesOf(body, snap), pictures, capturedAt: time.at }
  const plate = isMissing(plates['IsExist']) ? null : plateOf(plates['PlateNumber'])
  if (plate === null) return { ...base, unread: [{ box: vehicleBox }] }
  const device = wordOf(snap['DeviceID']) ?? ''
  const name = wordOf(valueAt(picture, 'NormalPic.PicName')) ?? wordOf(snap['TriggerID'])
  // How often it was uploaded changes; the picture's name does not.
  const id = name === null ? nameOf(device, snap['AccurateTime'], plate) : `${device} ${name} ${plate}`
  const read = {
    id,
    plate,
    confidence: shareOf(plates['Confidence'], 100),
    characters: [],
    box: gridBox(plates['BoundingBox']),
    vehicleBox,
    frame: id,
    capturedAt: time.at,
    timeTrust: time.trust,
    phase: 'single' as const,
    told: keptOf(picture),
  }
  return { ...base, reads: [read] }
}

const isMissing = (value: unknown): boolean => value === false || /^(false|0)$/i.test(wordOf(value) ?? '')

const namesOf = (body: Fields, snap: Fields): readonly string[] =>
  [snap['DeviceID'], snap['MachineName'], body['DeviceID'], body['DeviceName']].flatMap((name) => wordOf(name) ?? [])

/** [l, t, r, b]; XML repeats the element instead of writing a list. */
function gridBox(value: unknown): Box | null {
  const corners = listOf(value)
  return corners.every((one) => numberOf(one) === 0) ? null : cornersBox(corners, DAHUA_GRID)
}

/** Local time; where `TimeZone` is a plain offset it is that, and `DSTTune` adds the hour of summer. */
function timeOf(snap: Fields, { timezone, arrivedAt }: Envelope): DeviceTime {
  const local = writtenTime(snap['AccurateTime'] ?? snap['SnapTime'], timezone, arrivedAt)
  const zone = /^(?:GMT|UTC)?\s*([+-]\d\d?(?::?\d\d)?)$/i.exec(wordOf(snap['TimeZone']) ?? '')?.[1]
  if (local.trust !== 'local' || zone === undefined) return local
  const summer = numberOf(snap['DSTTune']) === 1 || snap['DSTTune'] === true ? HOUR_MS : 0
  const wall = writtenTime(`${wordOf(snap['AccurateTime'] ?? snap['SnapTime'])}Z`, timezone, arrivedAt)
  return wall.at === null ? local : { at: wall.at - offsetMs(zone) - summer, trust: 'offset' }
}
