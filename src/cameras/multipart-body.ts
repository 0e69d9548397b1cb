import { Fault } from '../../machines/faults.ts'
import { type Part, PartSplitter, partOf } from './multipart.ts'

/** A whole body may have so many parts, and so many lines that might begin one: devices send ten of the first and a hundred of the second. */
const MOST_PARTS = 64
const MOST_LINES = 20_000
const TOO_MANY = 'This body is cut into more parts than any device sends; look at what the device sends.'
/** It is handed over so many bytes at a time, and counted between. */
const PIECE = 65_536

/** The parts of a body that is whole: one, with its headers, where it is no multipart. Too large parts are left out. */
export function partsOf(headers: { readonly [name: string]: string }, body: Buffer, largest: number): readonly Part[] {
  const contentType = headers['content-type'] ?? null
  const start = body.subarray(0, 512).toString('latin1').replace(/^ï»¿/, '').trimStart()
  // What the body looks like counts: cameras send XML as form-data, and form-data without a content type.
  if (!/^multipart\//i.test(contentType ?? '') && !start.startsWith('--')) return [partOf(headers, body)]
  if (/^[<{[]/.test(start) && !body.includes('\n--')) return [partOf(headers, body)]
  const parts: Part[] = []
  const splitter = new PartSplitter({ contentType, largest, onPart: (part) => parts.push(part) })
  for (let at = 0; at < body.length; at += PIECE) {
    splitter.push(body.subarray(at, at + PIECE))
    if (parts.length > MOST_PARTS || splitter.looked > MOST_LINES)
      throw new Fault('BODY_INVALID', {}, { says: TOO_MANY })
  }
  splitter.end()
  return parts
}
