import { XMLParser } from 'fast-xml-parser'
import type { CameraDialect, DeviceMessage, DevicePicture, Envelope } from './camera-dialect.ts'
import { SIGN_OF_LIFE } from './camera-dialect.ts'
import {
  type Fields,
  fieldsOf,
  keptOf,
  listOf,
  nameOf,
  plateOf,
  shareOf,
  sizedBox,
  textOf,
  unclear,
  wordOf,
} from './device-fields.ts'
import { type DeviceTime, NO_TIME, writtenTime } from './device-time.ts'
import { isSmallXml } from './message-bounds.ts'
import type { Part } from './multipart.ts'
import { isJpeg } from './picture-header.ts'

/** Boxes count 0 to 1000 along each side of the picture, whatever its size. */
const PER_MILLE = 1_000
/** A message of more XML than this is none. */
const LONGEST_XML = 1 << 20

const CLOSED = /<\/(?:[\w.-]+:)?EventNotificationAlert\s*>/

const parser = new XMLParser({
  ignoreAttributes: true,
  removeNSPrefix: true,
  parseTagValue: false,
  processEntities: true,
  isArray: (name) => name === 'pictureInfo',
})

/**
 * Hikvision ISAPI: `EventNotificationAlert` as XML with its pictures, pushed (form-data, parts in any order) or pulled from alertStream.
 * Both namespaces of the field; some firmwares put the fields into the address and only pictures into the body.
 */
export const hikvision: CameraDialect = {
  name: 'hikvision',
  reads: 'per-vehicle',
  presence: 'no',
  samplesFrom: 'documentation',
  read(envelope) {
    const alert = alertOf(envelope)
    const anpr = fieldsOf(alert['ANPR'])
    const deviceIds = ['macAddress', 'serialNumber', 'deviceID', 'ipAddress', 'channelName'].flatMap(
      (name) => wordOf(alert[name]) ?? [],
    )
    const isAnpr = Object.keys(anpr).length > 0 || /^anpr$/i.test(wordOf(alert['eventType']) ?? '')
    // Heartbeats of alertStream are events that are not active; other events of the camera are none of ours.
    const isBeat = /^inactive$/i.test(wordOf(alert['eventState']) ?? '')
    if (!isAnpr) return { ...SIGN_OF_LIFE, deviceIds, ...(isBeat && { isBeat }) }
    return anprMessage(alert, anpr, envelope, deviceIds)
  },
}

function alertOf({ parts, query }: Envelope): Fields {
  const xml = parts.find((part) => looksLikeXml(part))
  if (!xml) {
    if (query['licensePlate'] !== undefined) return { ...query, ANPR: query }
    throw unclear('hikvision', 'holds no XML')
  }
  if (xml.body.length > LONGEST_XML) throw unclear('hikvision', 'holds more XML than any event has')
  const text = textOf(xml.body)
  // The parser forgives what is missing at the end; an event that was cut off is not half believed.
  if (!CLOSED.test(text) && /<(?:[\w.-]+:)?EventNotificationAlert\b/.test(text))
    throw unclear('hikvision', 'is not whole XML')
  if (!isSmallXml(text)) throw unclear('hikvision', 'has more tags than any event')
  try {
    const root = fieldsOf(parser.parse(text.slice(text.indexOf('<'))))
    const alert = root['EventNotificationAlert']
    if (alert !== undefined) return fieldsOf(alert)
  } catch {
    throw unclear('hikvision', 'is not whole XML')
  }
  throw unclear('hikvision', 'is no EventNotificationAlert')
}

const looksLikeXml = ({ headers, body, filename }: Part): boolean =>
  !isJpeg(body) &&
  (/xml/i.test(headers['content-type'] ?? '') || /\.xml$/i.test(filename ?? '') || body.subarray(0, 64).includes('<'))

function anprMessage(alert: Fields, anpr: Fields, envelope: Envelope, deviceIds: readonly string[]): DeviceMessage {
  const infos = listOf(fieldsOf(anpr['pictureInfoList'])['pictureInfo']).map(fieldsOf)
  // Only what is said of the picture of the whole scene is a place in that picture.
  const scene = infos.find((info) => /^detectionPicture/i.test(wordOf(info['type']) ?? '')) ?? infos.find(hasRect) ?? {}
  const time = timeOf(alert, scene, envelope)
  const plate = plateOf(anpr['licensePlate']) ?? plateOf(anpr['originalLicensePlate'])
  const vehicleBox = rectOf(scene['vehicelRect'] ?? scene['vehicleRect'])
  const pictures = picturesOf(envelope.parts, infos)
  const base = { ...SIGN_OF_LIFE, deviceIds, pictures, capturedAt: time.at }
  if (plate === null) return { ...base, unread: [{ box: vehicleBox }] }
  const id = wordOf(alert['UUID']) ?? nameOf(alert['macAddress'], alert['channelID'], alert['dateTime'], plate)
  const read = {
    id,
    plate,
    confidence: shareOf(anpr['confidenceLevel'], 100),
    characters: charactersOf(anpr['plateCharBelieve'], plate),
    box: rectOf(scene['plateRect'] ?? anpr['plateRect']),
    vehicleBox,
    frame: id,
    capturedAt: time.at,
    timeTrust: time.trust,
    phase: 'single' as const,
    told: keptOf(alert),
  }
  return { ...base, reads: [read] }
}

const hasRect = (info: Fields): boolean => info['plateRect'] !== undefined

/** `dateTime` has an offset; `absTime` never has one, and is the last resort. */
function timeOf(alert: Fields, scene: Fields, { timezone, arrivedAt }: Envelope): DeviceTime {
  const written = [alert['dateTime'], scene['absTime']].map((text) => writtenTime(text, timezone, arrivedAt))
  return written.find(({ at }) => at !== null) ?? NO_TIME
}

function rectOf(value: unknown) {
  const rect = fieldsOf(value)
  return sizedBox([rect['X'] ?? rect['x'], rect['Y'] ?? rect['y'], rect['width'], rect['height']], PER_MILLE)
}

function charactersOf(value: unknown, plate: string): readonly number[] {
  const shares = (wordOf(value) ?? '').split(',').map((text) => shareOf(text, 100))
  const known = shares.filter((share) => share !== null)
  return known.length === shares.length && known.length === [...plate].length ? known : []
}

/** Which picture shows what: by its name, which the XML repeats; where nothing says so, by its place. */
function picturesOf(parts: readonly Part[], infos: readonly Fields[]): readonly DevicePicture[] {
  const jpegs = parts.filter(({ body }) => isJpeg(body))
  return jpegs.map((part, at) => {
    const named = infos.find((info) => {
      const names = [wordOf(info['fileName']), wordOf(info['pId'])]
      return names.some(
        (name) => name !== null && [part.filename, part.name, part.headers['content-id']].includes(name),
      )
    })
    const kind = `${wordOf(named?.['type']) ?? ''} ${part.filename ?? ''} ${part.name ?? ''}`
    const isPlate = /licensePlate|plate/i.test(kind) || (jpegs.length > 1 && !/detection/i.test(kind) && at === 0)
    return { shows: isPlate && !/detection/i.test(kind) ? 'plate' : 'scene', bytes: part.body, read: 0 }
  })
}
