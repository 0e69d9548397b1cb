import type { Box } from '../../actors/camera-desk.ts'
import type { CameraDialect, DeviceMessage, DevicePicture, Envelope } from './camera-dialect.ts'
import { SIGN_OF_LIFE } from './camera-dialect.ts'
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
import { countedTime, type DeviceTime, localCountedTime } from './device-time.ts'
import type { Part } from './multipart.ts'
import { isJpeg } from './picture-header.ts'

/** Boxes count 0 to 8191 along each side of the picture, whatever its size. */
export const DAHUA_GRID = 8_191
/** Most events of one text that are looked at. */
const MOST_EVENTS = 200
/** Events that tell of a vehicle; everything else is none of ours. */
const VEHICLE_EVENTS = /^(Traffic|ANPR|PlateRecognition)/i

/**
 * Dahua events: `Code=TrafficJunction;action=Pulse;index=0;data={…}` of eventManager, pulled or pushed, and the key=value text of
 * snapManager with its picture. `UTC` is local time written as a count; `RealUTC` is what it says.
 */
export const dahua: CameraDialect = {
  name: 'dahua',
  reads: 'per-vehicle',
  presence: 'no',
  samplesFrom: 'documentation',
  read(envelope) {
    const texts = envelope.parts.filter(({ body }) => !isJpeg(body) && body.length > 0)
    if (texts.length === 0) throw unclear('dahua', 'holds no event')
    const pictures = envelope.parts
      .filter(({ body }) => isJpeg(body))
      .map(({ body }): DevicePicture => ({ shows: 'scene', bytes: body, read: 0 }))
    const events = texts.flatMap(eventsOf).filter(({ data }) => Object.keys(data).length > 0)
    const messages = events
      .filter(({ code, action }) => VEHICLE_EVENTS.test(code) && !/^stop$/i.test(action))
      .map(({ data }) => vehicleOf(data, envelope))
    const deviceIds = [...new Set(events.flatMap(({ data }) => namesOf(data)))]
    const capturedAt = messages.find((one) => one.capturedAt !== null)?.capturedAt ?? null
    return {
      ...SIGN_OF_LIFE,
      deviceIds,
      reads: messages.flatMap(({ reads }) => reads),
      unread: messages.flatMap(({ unread }) => unread),
      pictures: messages.length === 0 ? [] : pictures,
      capturedAt,
      ...(texts.every(({ body }) => /^Heartbeat$/i.test(textOf(body))) && { isBeat: true }),
    }
  },
}

type DahuaEvent = { readonly code: string; readonly action: string; readonly data: Fields }

/** The events of one text: eventManager's lines, snapManager's keys, or plain JSON. */
function eventsOf({ body }: Part): readonly DahuaEvent[] {
  const text = textOf(body)
  if (/^Heartbeat$/i.test(text)) return []
  if (text.startsWith('{') || text.startsWith('[')) return listOf(jsonOf('dahua', body)).flatMap(jsonEvents)
  if (/^Events\[\d+\]\./m.test(text)) return keyedEvents(text)
  const events = lineEvents(text)
  if (events.length === 0) throw unclear('dahua', 'is neither an event nor a heartbeat')
  return events
}

function jsonEvents(value: unknown): readonly DahuaEvent[] {
  const event = fieldsOf(value)
  if (event['Events'] !== undefined) return listOf(event['Events']).flatMap(jsonEvents)
  const data = fieldsOf(event['Data'] ?? event['data'] ?? event)
  return [{ code: wordOf(event['Code']) ?? 'Traffic', action: wordOf(event['Action']) ?? 'Pulse', data }]
}

/** `Code=…;action=…;index=…;data={ JSON over many lines }`: the JSON ends where its braces do, outside of strings. */
function lineEvents(text: string): readonly DahuaEvent[] {
  const events: DahuaEvent[] = []
  const head = /Code=([\w-]+);\s*action=(\w+)(?:;\s*index=\d+)?(;\s*data=\s*)?/gi
  for (let found = head.exec(text); found !== null && events.length < MOST_EVENTS; found = head.exec(text)) {
    const [, code = '', action = '', hasData] = found
    if (hasData === undefined || text[head.lastIndex] !== '{') {
      events.push({ code, action, data: {} })
      continue
    }
    const end = objectEnd(text, head.lastIndex)
    if (end === null) throw unclear('dahua', 'has data that is cut off')
    events.push({ code, action, data: fieldsOf(jsonOf('dahua', Buffer.from(text.slice(head.lastIndex, end)))) })
    head.lastIndex = end
  }
  return events
}

/** One past the brace that closes the one at `from`; null where none does. */
function objectEnd(text: string, from: number): number | null {
  let depth = 0
  let isText = false
  for (let at = from; at < text.length; at += 1) {
    const letter = text[at]
    if (isText && letter === '\\') at += 1
    else if (letter === '"') isText = !isText
    else if (!isText && letter === '{') depth += 1
    else if (!isText && letter === '}') {
      depth -= 1
      if (depth === 0) return at + 1
    }
  }
  return null
}

/** `Events[0].Object.BoundingBox[0]=4544`, a line a value. */
function keyedEvents(text: string): readonly DahuaEvent[] {
  const events: { [step: string]: unknown }[] = []
  for (const line of text.split('\n', 2_000)) {
    const [, index = '', path = '', value = ''] =
      /^\s*Events\[(\d{1,2})\]\.([\w.[\]]{1,200})=(.{0,512})/.exec(line) ?? []
    if (path === '') continue
    const steps = path.split(/[.[\]]+/).filter((step) => step !== '')
    let place = events[Number(index)] ?? (Object.create(null) as { [step: string]: unknown })
    events[Number(index)] = place
    for (const step of steps.slice(0, -1)) {
      const inner = place[step]
      const next = typeof inner === 'object' && inner !== null ? inner : (Object.create(null) as object)
      place[step] = next
      place = next as { [step: string]: unknown }
    }
    place[steps.at(-1) ?? ''] = value.trim()
  }
  return events.filter(Boolean).map((data) => ({
    code: wordOf(data['Code'] ?? data['EventBaseInfo']) ?? 'Traffic',
    action: 'Pulse',
    data,
  }))
}

const namesOf = (data: Fields): readonly string[] =>
  [valueAt(data, 'TrafficCar.MachineName'), valueAt(data, 'TrafficCar.DeviceAddress'), data['MachineName']].flatMap(
    (name) => wordOf(name) ?? [],
  )

function vehicleOf(data: Fields, envelope: Envelope): Pick<DeviceMessage, 'reads' | 'unread' | 'capturedAt'> {
  const thing = fieldsOf(data['Object'])
  const time = timeOf(data, envelope)
  const plate = plateOf(valueAt(data, 'TrafficCar.PlateNumber')) ?? plateOf(thing['Text'])
  const vehicleBox = gridBox(valueAt(data, 'Vehicle.BoundingBox'))
  if (plate === null) return { reads: [], unread: [{ box: vehicleBox }], capturedAt: time.at }
  const counters = [data['GroupID'], data['IndexInGroup'], data['EventID']].map(wordOf)
  const moment = data['RealUTC'] ?? data['UTC'] ?? data['PTS']
  const isNamed = counters.some((one) => one !== null)
  const id = isNamed ? [...counters, wordOf(moment)].map((one) => one ?? '').join('-') : nameOf(moment, plate, thing)
  const group = wordOf(data['GroupID'])
  const read = {
    id,
    plate,
    confidence: shareOf(thing['Confidence'] ?? valueAt(data, 'TrafficCar.Confidence'), 100),
    characters: [],
    box: gridBox(thing['BoundingBox']),
    vehicleBox,
    frame: group === null ? id : `group ${group}`,
    capturedAt: time.at,
    timeTrust: time.trust,
    phase: 'single' as const,
    told: keptOf(data),
  }
  return { reads: [read], unread: [], capturedAt: time.at }
}

/** Four numbers, as a list or (snapManager) by their index. */
function gridBox(value: unknown): Box | null {
  const corners = Array.isArray(value) ? value : Object.values(fieldsOf(value))
  const box = cornersBox(corners.slice(0, 4), DAHUA_GRID)
  return corners.slice(0, 4).every((one) => numberOf(one) === 0) ? null : box
}

function timeOf(data: Fields, { timezone, arrivedAt }: Envelope): DeviceTime {
  const real = countedTime(data['RealUTC'])
  const time = real.at === null ? localCountedTime(data['UTC'], timezone, arrivedAt) : real
  const ms = numberOf(data['UTCMS'])
  return time.at === null || ms === null || ms < 0 || ms > 999 ? time : { ...time, at: time.at + ms }
}
