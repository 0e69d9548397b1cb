import { createHash } from 'node:crypto'
import type { Box, CameraMessage, CameraRead } from '../../actors/camera-desk.ts'
import { Fault } from '../../machines/faults.ts'

/** Most reads, and most vehicles, that one message may carry. */
const MANY = 200
/** Longest id, frame key or plate text that is taken. */
const LONG = 128
/** A device that gives no figure for a plate: neither trusted nor distrusted. */
const UNTOLD_CONFIDENCE = 0.5

type Fields = { readonly [key: string]: unknown }

/** A message, and what its sender calls itself; null where it does not say. */
export type ReadsBody = { readonly message: CameraMessage; readonly deviceId: string | null }

/** The `reads` dialect: one message of a camera as JSON text. Throws Fault BODY_INVALID with one sentence that names the place. */
export function parseReads(cameraId: string, text: string): ReadsBody {
  const body = fieldsOf(parseJson(text), 'The body')
  const { reads, vehicles } = body
  if (reads === undefined && vehicles === undefined) throw invalid('The body needs reads, vehicles or both')
  const capturedAt = timeOf(body, '')
  // Nothing in it tells a re-sent message from a new one: then the message itself is its name.
  const frame =
    keyOf(body, 'frame', '') ??
    (capturedAt === null ? `body-${createHash('sha256').update(text).digest('hex').slice(0, 32)}` : null)
  const message: CameraMessage = {
    cameraId,
    reads: (reads === undefined ? [] : listOf(reads, 'reads')).map((read, at) =>
      readOf(read, `reads[${at}]`, frame, capturedAt),
    ),
    ...(vehicles !== undefined && {
      vehicles: listOf(vehicles, 'vehicles').map((vehicle, at) => ({
        box: boxOf(fieldsOf(vehicle, `vehicles[${at}]`)['box'], `vehicles[${at}].box`),
      })),
    }),
    frame,
    capturedAt,
    reader: 'device',
  }
  return { message, deviceId: keyOf(body, 'deviceId', '') }
}

const invalid = (says: string) => new Fault('BODY_INVALID', {}, { says: `${says}; see /api/openapi.json.` })

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw invalid('The body is not whole JSON')
  }
}

function fieldsOf(value: unknown, where: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(`${where} must be an object`)
  return value as Fields
}

function listOf(value: unknown, where: string): readonly unknown[] {
  if (!Array.isArray(value)) throw invalid(`${where} must be a list`)
  if (value.length > MANY) throw invalid(`${where} has ${value.length} entries, at most ${MANY} are taken`)
  return value
}

function readOf(value: unknown, where: string, frame: string | null, capturedAt: number | null): CameraRead {
  const read = fieldsOf(value, where)
  const plate = textOf(read, 'plate', where)
  if (plate === null || !/[\p{L}\p{N}]/u.test(plate))
    throw invalid(`${where}.plate must be a text with a letter or digit`)
  const characters = charactersOf(read['characters'], plate, where)
  const { confidence, box } = read
  if (confidence !== undefined && confidence !== null && !isShare(confidence))
    throw invalid(`${where}.confidence must be a number from 0 to 1`)
  return {
    id: keyOf(read, 'id', `${where}.`),
    plate,
    confidence: typeof confidence === 'number' ? confidence : meanOf(characters),
    characters,
    box: box === undefined || box === null ? null : boxOf(box, `${where}.box`),
    frame: keyOf(read, 'frame', `${where}.`) ?? frame,
    capturedAt: timeOf(read, `${where}.`) ?? capturedAt,
  }
}

const meanOf = (shares: readonly number[]) =>
  shares.length === 0 ? UNTOLD_CONFIDENCE : shares.reduce((sum, share) => sum + share, 0) / shares.length
const isShare = (value: unknown): value is number => typeof value === 'number' && value >= 0 && value <= 1

function textOf(fields: Fields, name: string, where: string): string | null {
  const value = fields[name]
  if (value === undefined || value === null) return null
  if (typeof value !== 'string' || value.length === 0 || value.length > LONG || hasControl(value)) {
    throw invalid(`${where}.${name} must be a text of 1 to ${LONG} characters`)
  }
  return value
}

const hasControl = (text: string) => [...text].some((letter) => letter < ' ' || letter === '\u007f')

/** An id may come as a number too: some devices count. */
function keyOf(fields: Fields, name: string, where: string): string | null {
  const value = fields[name]
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  return textOf(fields, name, where === '' ? 'body' : where.slice(0, -1))
}

function charactersOf(value: unknown, plate: string, where: string): readonly number[] {
  if (value === undefined || value === null) return []
  const shares = listOf(value, `${where}.characters`)
  if (!shares.every(isShare)) throw invalid(`${where}.characters must be numbers from 0 to 1`)
  const letters = [...plate].length
  const bare = [...plate.replace(/[^\p{L}\p{N}]/gu, '')].length
  if (shares.length !== 0 && shares.length !== letters && shares.length !== bare) {
    throw invalid(`${where}.characters has ${shares.length} numbers for a plate of ${bare} characters`)
  }
  return shares as readonly number[]
}

function boxOf(value: unknown, where: string): Box {
  if (
    !Array.isArray(value) ||
    value.length !== 4 ||
    !value.every((part) => typeof part === 'number' && part >= 0 && part <= 1)
  ) {
    throw invalid(`${where} must be [x, y, width, height] in 0..1 of the picture`)
  }
  const [x, y, width, height] = value as [number, number, number, number]
  // Devices round: a hundredth of the picture over the edge is still a box in it.
  if (width <= 0 || height <= 0 || x + width > 1.01 || y + height > 1.01)
    throw invalid(`${where} must lie in the picture and have a size`)
  return [x, y, width, height]
}

/** A capture time beside a picture, as text; null where there is none. Throws Fault BODY_INVALID. */
export const capturedAtOf = (query: { readonly capturedAt?: unknown }): number | null => timeOf(query, '')

function timeOf(fields: Fields, where: string): number | null {
  const value = fields['capturedAt']
  if (value === undefined || value === null) return null
  const time =
    typeof value === 'string' && value.length <= 64 && /^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:?\d\d)$/.test(value)
      ? Date.parse(value)
      : Number.NaN
  if (Number.isNaN(time))
    throw invalid(`${where}capturedAt must be an ISO 8601 time with its offset, like 2026-11-22T10:00:00.000Z`)
  return time
}
