import { deflateSync } from 'node:zlib'
import { afterEach } from 'vitest'
import type { CameraDesk, CameraMessage } from '../../../actors/camera-desk.ts'
import type { Clock, Entry, PictureAnswer, PlateReader } from '../../../actors/ports.ts'
import { type PushRule, pushGuard } from '../../../actors/push-guard.ts'
import type { PresenceJudge } from '../../../src/cameras/camera-line.ts'
import type { CameraSights } from '../../../src/cameras/camera-sights.ts'
import { systemClock } from '../../../src/clock.ts'
import type { NotMe } from '../../../src/news/not-me.ts'
import type { CallerToken, HashedTokens } from '../../../src/server/callers.ts'
import type { CameraIntake } from '../../../src/server/camera-intake.ts'
import type { ReadFrames } from '../../../src/server/frame-routes.ts'
import { openHttpServer } from '../../../src/server/http-server.ts'
import type { HttpTls } from '../../../src/server/http-tls.ts'
import type { HttpServer } from '../../../src/server/listener.ts'
import type { SiteLayout } from '../../../src/server/live-message.ts'
import type { BillGround } from '../../../src/server/ocpi-routes.ts'
import type { Role } from '../../../src/site-desk.ts'
import type { Views } from '../../../src/views/site-views.ts'
import { type ArrayDesk, openArrayDesk } from './array-desk.ts'
import { expectDescribed } from './document-check.ts'

export const ROLES: readonly Role[] = ['viewer', 'operator', 'supervisor', 'installer', 'fleet', 'auditor', 'admin']
/** One token for each role: `viewer-token` and so on. */
export const ROLE_TOKENS: readonly CallerToken[] = ROLES.map((role) => ({
  token: `${role}-token`,
  name: `the ${role}`,
  role,
}))

/** A reader that answers what the test says. */
export const reading = (answer: (picture: Uint8Array) => Promise<PictureAnswer>): PlateReader => ({
  read: answer,
  close: async () => undefined,
})

/** A camera desk that remembers what it saw, or fails as the test says. */
function rememberingDesk(): CameraDesk & { readonly seen: CameraMessage[]; fail: Error | null } {
  const desk = {
    seen: [] as CameraMessage[],
    fail: null as Error | null,
    see: async (message: CameraMessage) => {
      if (desk.fail !== null) throw desk.fail
      desk.seen.push(message)
    },
    camera: () => undefined,
  }
  return desk
}

const open: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of open.splice(0)) await close()
})

/** Closes this after the test. */
export const closeAfterwards = (close: () => Promise<unknown>): void => void open.push(close)

export type Started = {
  readonly server: HttpServer
  readonly site: ArrayDesk
  readonly cameraDesk: ReturnType<typeof rememberingDesk>
  readonly logged: string[]
  /** What the push guard wrote into the journal. */
  readonly written: Entry[]
  /** Every answer is held against the API's document. */
  ask(path: string, init?: RequestInit): Promise<Response>
  /** Sends JSON. */
  send(method: string, path: string, body: unknown, headers?: Record<string, string>): Promise<Response>
}

export type Starting = {
  readonly site?: ArrayDesk
  readonly port?: number
  readonly adminToken?: string
  readonly tokens?: readonly CallerToken[]
  readonly hashed?: HashedTokens
  readonly tls?: HttpTls
  readonly reader?: PlateReader
  readonly cameras?: readonly CameraIntake[]
  readonly judge?: PresenceJudge
  readonly clock?: Clock
  readonly frames?: ReadFrames
  readonly views?: Views
  readonly tells?: BillGround
  readonly notMe?: NotMe
  readonly timezone?: string
  readonly layout?: SiteLayout
  readonly sights?: CameraSights
  readonly snapshot?: (cameraId: string) => Promise<Uint8Array | null>
  /** Who may push for a camera; a camera without a rule takes pushes from anywhere. */
  readonly rules?: readonly PushRule[]
}

/** A real server on a free port over a desk of arrays; closed after the test. */
export async function startServer(starting: Starting = {}): Promise<Started> {
  const { site = openArrayDesk({ clock: systemClock }), port = 0, rules = [], ...rest } = starting
  const cameraDesk = rememberingDesk()
  const logged: string[] = []
  const written: Entry[] = []
  const unruled = (starting.cameras ?? []).filter(({ cameraId }) => !rules.some((rule) => rule.cameraId === cameraId))
  const guard = pushGuard({
    clock: starting.clock ?? systemClock,
    mark: (text) => `mark of ${text}`,
    rules: [...rules, ...unruled.map(({ cameraId }) => ({ cameraId, from: [], deviceId: null }))],
    scribe: {
      write: async (entries) => {
        written.push(...entries)
        return []
      },
    },
  })
  const server = await openHttpServer({
    host: '127.0.0.1',
    port,
    desk: site.desk,
    cameras: [],
    cameraDesk,
    clock: systemClock,
    judge: () => 'unknown',
    guard,
    reader: reading(async () => ({ width: 1, height: 1, ms: 1, zones: {} })),
    log: {
      warn: (sentence) => logged.push(sentence),
      error: (sentence, cause) => logged.push(`${sentence} ${String(cause)}`),
    },
    ...rest,
  })
  closeAfterwards(server.close)
  const ask = async (path: string, init?: RequestInit) => {
    const answer = await fetch(server.url + path, init)
    await expectDescribed(init?.method ?? 'GET', path, answer)
    return answer
  }
  const send: Started['send'] = (method, path, body, headers = {}) =>
    ask(path, { method, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) })
  return { server, site, cameraDesk, logged, written, ask, send }
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
