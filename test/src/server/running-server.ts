import { deflateSync } from 'node:zlib'
import { afterEach } from 'vitest'
import type { PictureAnswer, PlateReader } from '../../../actors/ports.ts'
import type { CallerToken } from '../../../src/server/callers.ts'
import type { Role } from '../../../src/site-desk.ts'
import { expectDescribed } from './document-check.ts'
import { openPlainServer, type PlainServer, type Starting } from './plain-server.ts'

export const ROLES: readonly Role[] = ['viewer', 'operator', 'supervisor', 'installer', 'fleet', 'auditor', 'admin']
/** One token for each role: `viewer-token` and so on. */
export const ROLE_TOKENS: readonly CallerToken[] = ROLES.map((role) => ({
  token: `${role}-token`,
  name: `the ${role}`,
  role,
  ...(role === 'fleet' && { accounts: ['acc-1'] }),
}))

/** A reader that answers what the test says. */
export const reading = (answer: (picture: Uint8Array) => Promise<PictureAnswer>): PlateReader => ({
  read: answer,
  close: async () => undefined,
})

const open: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of open.splice(0)) await close()
})

/** Closes this after the test. */
export const closeAfterwards = (close: () => Promise<unknown>): void => void open.push(close)

export type Started = PlainServer & {
  /** Every answer is held against the API's document. */
  ask(path: string, init?: RequestInit): Promise<Response>
  /** Sends JSON. */
  send(method: string, path: string, body: unknown, headers?: Record<string, string>): Promise<Response>
}

/** A real server on a free port over a desk of arrays; closed after the test. */
export async function startServer(starting: Starting = {}): Promise<Started> {
  const plain = await openPlainServer(starting)
  const { server } = plain
  closeAfterwards(server.close)
  const ask = async (path: string, init?: RequestInit) => {
    const answer = await fetch(server.url + path, init)
    await expectDescribed(init?.method ?? 'GET', path, answer)
    return answer
  }
  const send: Started['send'] = (method, path, body, headers = {}) =>
    ask(path, { method, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) })
  return { ...plain, ask, send }
}

/** A whole PNG of 1×1 pixel. */
export function onePixelPng(): Uint8Array {
  const chunk = (type: string, data: Uint8Array) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
    const ends = Buffer.alloc(8)
    ends.writeUInt32BE(data.length, 0)
    ends.writeUInt32BE(crc(body), 4)
    return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)])
  }
  const header = Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0])
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.from([0, 128]))),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function crc(bytes: Uint8Array): number {
  let sum = 0xffffffff
  for (const byte of bytes) {
    sum ^= byte
    for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1
  }
  return (sum ^ 0xffffffff) >>> 0
}
