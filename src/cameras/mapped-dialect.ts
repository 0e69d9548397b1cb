import type { Box } from '../../actors/camera-desk.ts'
import type { CameraDialect, DeviceMessage, DeviceRead, Envelope } from './camera-dialect.ts'
import { SIGN_OF_LIFE } from './camera-dialect.ts'
import {
  cornersBox,
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
import { countedTime, type DeviceTime, localCountedTime, writtenTime } from './device-time.ts'

/** Where in a JSON message what stands: `a.b.0` paths. All but `plate` may be missing. */
export type FieldMap = {
  readonly plate: string
  readonly id?: string
  /** All that shares it is one witness. Absent = the id. */
  readonly frame?: string
  readonly confidence?: string
  /** What its surest figure is: 1 or 100. Absent = 1. */
  readonly surest?: number
  readonly box?: string
  /** `xywh`: x, y, width, height; `ltrb`: left, top, right, bottom. Absent = xywh. */
  readonly boxForm?: 'xywh' | 'ltrb'
  /** What a box counts in. Absent = `picture`, else shares. */
  readonly boxSize?: readonly [number, number]
  readonly time?: string
  /** Absent = by its look: text with or without an offset, or a count in s, ms or µs. `local`: local time written as a count. */
  readonly timeForm?: 'local'
  /** What the device calls itself. */
  readonly device?: string
  /** Absent = vehicle: its results of one vehicle are one witness. */
  readonly reads?: 'per-frame' | 'per-vehicle'
}

/** A dialect that the site file describes itself: one plate a message, as JSON. */
export const mappedDialect = (map: FieldMap): CameraDialect => ({
  name: 'mapped',
  reads: map.reads ?? 'per-vehicle',
  presence: 'no',
  samplesFrom: 'documentation',
  read(envelope) {
    const [part] = envelope.parts
    if (!part) throw unclear('mapped', 'is empty')
    return mapped(jsonOf('mapped', part.body), map, envelope)
  },
})

function mapped(message: unknown, map: FieldMap, envelope: Envelope): DeviceMessage {
  const at = (path: string | undefined): unknown => (path === undefined ? undefined : valueAt(message, path))
  const time = timeOf(at(map.time), map, envelope)
  const box = boxOf(at(map.box), map, envelope)
  const base = {
    ...SIGN_OF_LIFE,
    deviceIds: [at(map.device)].flatMap((name) => wordOf(name) ?? []),
    capturedAt: time.at,
  }
  if (at(map.plate) === undefined) throw unclear('mapped', `has nothing at \`${map.plate}\``)
  const plate = plateOf(at(map.plate))
  if (plate === null) return { ...base, unread: [{ box }] }
  const id = wordOf(at(map.id)) ?? nameOf(message)
  const read: DeviceRead = {
    id,
    plate,
    confidence: shareOf(at(map.confidence), map.surest ?? 1),
    characters: [],
    box,
    vehicleBox: null,
    frame: wordOf(at(map.frame)) ?? id,
    capturedAt: time.at,
    timeTrust: time.trust,
    phase: 'single',
    told: keptOf(message),
  }
  return { ...base, reads: [read] }
}

function boxOf(value: unknown, { boxForm = 'xywh', boxSize }: FieldMap, { pictureSize }: Envelope): Box | null {
  const [across, down] = boxSize ?? pictureSize ?? [1, 1]
  return (boxForm === 'ltrb' ? cornersBox : sizedBox)(listOf(value), across, down)
}

function timeOf(value: unknown, { timeForm }: FieldMap, { timezone, arrivedAt }: Envelope): DeviceTime {
  if (timeForm === 'local') return localCountedTime(value, timezone, arrivedAt)
  const counted = countedTime(value)
  return counted.at !== null && String(value).length < 18 ? counted : writtenTime(value, timezone, arrivedAt)
}
