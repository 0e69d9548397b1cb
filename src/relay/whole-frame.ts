import { randomFillSync } from 'node:crypto'

/** A frame up to this many bytes is written in one piece: one system call for one buffer costs half of one for two. */
export const ONE_PIECE_BYTES = 16 * 1024

const MASK_BYTES = 4
const masks = Buffer.alloc(8 * 1024)
let nextMask = masks.length

/** A whole frame as it goes over the wire: final, not compressed; a client's is `masked`, with four bytes that nobody can guess (RFC 6455, 5.3). */
export function wholeFrame(data: string | Buffer, isText: boolean, masked: boolean): Buffer {
  const length = Buffer.byteLength(data)
  const head = length < 126 ? 2 : 4
  const from = head + (masked ? MASK_BYTES : 0)
  const frame = Buffer.allocUnsafe(from + length)
  frame[0] = isText ? 0x81 : 0x82
  frame[1] = Math.min(length, 126) | (masked ? 0x80 : 0)
  if (head === 4) frame.writeUInt16BE(length, 2)
  if (typeof data === 'string') frame.write(data, from)
  else data.copy(frame, from)
  if (masked) mask(frame, head, from)
  return frame
}

function mask(frame: Buffer, head: number, from: number): void {
  if (nextMask === masks.length) {
    randomFillSync(masks)
    nextMask = 0
  }
  masks.copy(frame, head, nextMask, nextMask + MASK_BYTES)
  nextMask += MASK_BYTES
  for (let i = from; i < frame.length; i++) frame[i] = (frame[i] as number) ^ (frame[head + ((i - from) & 3)] as number)
}
