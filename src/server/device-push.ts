import { gunzipSync } from 'node:zlib'
import { Fault } from '../../machines/faults.ts'
import type { CameraDialect, DeviceMessage, PictureSize } from '../cameras/camera-dialect.ts'
import { PUSH_DIALECTS } from '../cameras/dialects.ts'
import { readMessage } from '../cameras/message-reading.ts'
import { partsOf } from '../cameras/multipart-body.ts'

/** A push, as the listener has it. `params['*']`: what stands behind the dialect in the path. */
export type DevicePush = {
  readonly headers: { readonly [name: string]: unknown }
  readonly query: { readonly [name: string]: unknown }
  readonly params: { readonly dialect?: string; readonly '*'?: string }
}
/** What is known beside it. `receivedAt`: ms since 1970. */
export type PushContext = {
  readonly pictureSize?: PictureSize | null
  readonly timezone: string
  readonly receivedAt: number
}

/** Two pictures as base64, and the words around them. */
export const DEVICE_LIMIT = 12 << 20
const PART_LIMIT = 8 << 20
const NAMES = ['reads', 'frame', ...Object.keys(PUSH_DIALECTS)]
const NO_DIALECT = `This version takes the dialects ${NAMES.slice(0, -1).join(', ')} and ${NAMES.at(-1)} only; set the camera to one of them.`

/** Reads what a device pushed, by the dialect in its path. Throws Fault NOT_FOUND for a dialect that does not exist, BODY_INVALID. */
export function readDevicePush(
  { headers, query, params }: DevicePush,
  body: Buffer,
  { pictureSize = null, timezone, receivedAt }: PushContext,
): { readonly dialect: CameraDialect; readonly message: DeviceMessage } {
  const { dialect: name = '', '*': path = '' } = params
  const dialect = Object.hasOwn(PUSH_DIALECTS, name) ? PUSH_DIALECTS[name] : undefined
  if (!dialect) throw new Fault('NOT_FOUND', {}, { says: NO_DIALECT })
  const heads = texts(headers)
  const parts = partsOf(heads, inflated(heads, body), PART_LIMIT)
  const envelope = { parts, query: texts(query), path, arrivedAt: receivedAt, timezone, pictureSize }
  return { dialect, message: readMessage(dialect, envelope) }
}

/** Headers or a query as plain texts: of what came twice the first counts. */
const texts = (from: { readonly [name: string]: unknown }): { readonly [name: string]: string } =>
  Object.fromEntries(
    Object.entries(from).flatMap(([name, value]) => {
      const text = Array.isArray(value) ? value[0] : value
      return typeof text === 'string' ? [[name, text]] : []
    }),
  )

/** A body that really is gzip is unpacked, within the limit; what a header says of the encoding is not believed. */
function inflated(headers: { readonly [name: string]: string }, body: Buffer): Buffer {
  if (headers['content-encoding'] === undefined || body[0] !== 0x1f || body[1] !== 0x8b) return body
  try {
    return gunzipSync(body, { maxOutputLength: DEVICE_LIMIT })
  } catch {
    const says = 'This body is packed and cannot be unpacked; set the camera to send it plain.'
    throw new Fault('BODY_INVALID', {}, { says })
  }
}
