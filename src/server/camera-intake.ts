import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { CameraDesk, CameraMessage, CameraRead } from '../../actors/camera-desk.ts'
import type { PictureAnswer, PictureRead, PlateReader, Polygon, ZoneLook } from '../../actors/ports.ts'
import { Fault } from '../../machines/faults.ts'
import { newestWins } from './newest-wins.ts'
import type { OperationName } from './operations.ts'
import { OPERATIONS } from './operations.ts'
import { parseReads } from './reads-body.ts'

/** A camera that may push: its secret path token, and its zones by bay id. */
export type CameraIntake = {
  readonly cameraId: string
  readonly token: string
  readonly zones: { readonly [bayId: string]: Polygon }
}

/** Says what a zone shows by its look, against the learnt empty bay. */
export type PresenceJudge = (cameraId: string, bayId: string, look: ZoneLook) => 'occupied' | 'empty' | 'unknown'

export type IntakeParts = {
  readonly cameras: readonly CameraIntake[]
  readonly cameraDesk: CameraDesk
  readonly reader: PlateReader
  readonly judge: PresenceJudge
}

/** Dialects that this version understands. */
const DIALECTS = ['reads', 'frame'] as const
const PICTURE_LIMIT = 8 << 20
const READS_LIMIT = 1 << 20
const JPEG = [0xff, 0xd8, 0xff]
const PNG = [0x89, 0x50, 0x4e, 0x47]

/** Takes what cameras push. Answers 200 only when all that must be durable is. Gives the counters of the intake. */
export function cameraIntake(
  app: FastifyInstance,
  { cameras, cameraDesk, reader, judge }: IntakeParts,
): () => { readonly [name: string]: number } {
  const byToken = tokenFinder(cameras)
  const line = newestWins()
  const counts = { intake_messages: 0, intake_pictures: 0, intake_unknown_token: 0, intake_refused: 0 }
  const cameraOf = (token: string) => {
    const camera = byToken(token)
    if (camera !== null) return camera
    counts.intake_unknown_token += 1
    throw new Fault('NOT_FOUND', {}, { says: 'No camera sends under this address; check the token in its settings.' })
  }
  const accept = (
    name: OperationName,
    scope: FastifyInstance,
    bodyLimit: number,
    take: (camera: CameraIntake, body: Buffer) => Promise<void>,
  ) => {
    const { path } = OPERATIONS[name]
    scope.post<{ Params: { cameraToken: string } }>(path, {
      bodyLimit,
      onRequest: async (request) => {
        cameraOf(request.params.cameraToken)
      },
      handler: async (request, reply) => {
        const camera = cameraOf(request.params.cameraToken)
        await take(camera, Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)).catch((error: unknown) =>
          refused(error, reply),
        )
        return { accepted: true }
      },
    })
  }
  const refused = (error: unknown, reply: FastifyReply): never => {
    counts.intake_refused += 1
    if (error instanceof Fault && error.code === 'READER_BUSY') reply.header('retry-after', '1')
    throw error
  }
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    // Cameras name their content types as they like: the dialect in the address says what the body is.
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
    accept('cameraReads', scope, READS_LIMIT, async (camera, body) => {
      await cameraDesk.see(parseReads(camera.cameraId, body.toString('utf8')))
      counts.intake_messages += 1
    })
    accept('cameraFrame', scope, PICTURE_LIMIT, async (camera, picture) => {
      if (!isPicture(picture)) throw new Fault('PICTURE_UNREADABLE')
      counts.intake_pictures += 1
      await line.offer(camera.cameraId, async () => {
        const answer = await reader.read(picture, camera.zones)
        await cameraDesk.see(pictureMessage(camera, answer, judge))
      })
    })
    scope.post<{ Params: { cameraToken: string; '*': string } }>('/in/:cameraToken/*', {
      onRequest: async (request) => {
        cameraOf(request.params.cameraToken)
      },
      handler: async () => {
        throw new Fault(
          'NOT_FOUND',
          {},
          { says: `This version takes the dialects ${DIALECTS.join(' and ')} only; set the camera to one of them.` },
        )
      },
    })
  })
  return () => ({ ...counts, intake_pictures_overtaken: line.dropped() })
}

/** Finds a camera by its token in a time that tells nothing about any token. */
function tokenFinder(cameras: readonly CameraIntake[]): (token: string) => CameraIntake | null {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  const known = cameras.map((camera) => ({ camera, digest: digest(camera.token) }))
  return (token) => {
    const asked = digest(token)
    return known.reduce<CameraIntake | null>(
      (found, entry) => (timingSafeEqual(entry.digest, asked) ? entry.camera : found),
      null,
    )
  }
}

function isPicture(bytes: Uint8Array): boolean {
  return [JPEG, PNG].some((magic) => magic.every((byte, at) => bytes[at] === byte))
}

/**
 * What the reader saw in a picture, as the camera's message. The frame's key is made from what the pixels gave: the same
 * picture sent twice, under whatever wrapping, or a frozen camera, is one witness and not two.
 */
function pictureMessage(camera: CameraIntake, answer: PictureAnswer, judge: PresenceJudge): CameraMessage {
  const frame = createHash('sha256').update(JSON.stringify(answer.zones)).digest('hex').slice(0, 32)
  const zones = Object.entries(answer.zones)
  return {
    cameraId: camera.cameraId,
    reads: zones.flatMap(([bayId, zone]) => zone.reads.map((read) => cameraRead(bayId, frame, read))),
    presence: Object.fromEntries(zones.map(([bayId, zone]) => [bayId, judge(camera.cameraId, bayId, zone.look)])),
    frame,
    capturedAt: null,
    reader: 'berth',
  }
}

function cameraRead(bayId: string, frame: string, read: PictureRead): CameraRead {
  const xs = read.quad.map(([x]) => x)
  const ys = read.quad.map(([, y]) => y)
  const [left, top] = [Math.min(...xs), Math.min(...ys)]
  return {
    id: null,
    plate: read.text,
    confidence: read.confidence,
    characters: read.characters,
    box: [left, top, Math.max(...xs) - left, Math.max(...ys) - top],
    bayId,
    frame,
    capturedAt: null,
  }
}
