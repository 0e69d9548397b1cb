import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { CameraDesk, CameraMessage, CameraRead } from '../../actors/camera-desk.ts'
import type { Clock, PictureAnswer, PictureRead, PlateReader, ReaderZone, ZoneLook } from '../../actors/ports.ts'
import type { PushGuard } from '../../actors/push-guard.ts'
import { Fault, invariant } from '../../machines/faults.ts'
import { newestWins } from './newest-wins.ts'
import type { OperationName } from './operations.ts'
import { OPERATIONS } from './operations.ts'
import { capturedAtOf, parseReads } from './reads-body.ts'

/** A camera that may push: its secret path token, and its zones by bay id. */
export type CameraIntake = {
  readonly cameraId: string
  readonly token: string
  readonly zones: { readonly [bayId: string]: ReaderZone }
}

/** What of a request tells whose push it is. */
type FromCamera = Pick<FastifyRequest<CameraRoute>, 'ip' | 'params' | 'query'>
type CameraRoute = { Params: { cameraToken: string }; Querystring: { capturedAt?: unknown } }

/** Says what a zone shows by its look, against the learnt empty bay. */
export type PresenceJudge = (cameraId: string, bayId: string, look: ZoneLook) => 'occupied' | 'empty' | 'unknown'

export type IntakeParts = {
  readonly cameras: readonly CameraIntake[]
  readonly cameraDesk: CameraDesk
  readonly reader: PlateReader
  readonly judge: PresenceJudge
  readonly clock: Clock
  /** Keeps away what is not a camera's own. */
  readonly guard: Pick<PushGuard, 'judge' | 'counts'>
}

/** Dialects that this version understands. */
const DIALECTS = ['reads', 'frame'] as const
/** The path token was right: the owner of a camera that moved must learn what to do, and who guessed a token has it already. */
const NOT_FROM_HERE =
  'Pushes of this camera are not taken from this address; name the address under `from` of the camera in the site file, if it is the camera’s.'
const NOT_THIS_DEVICE =
  'This message names another device, or none; set `deviceId` of the camera in the site file to what the camera calls itself, if it is the camera.'
const PICTURE_LIMIT = 8 << 20
const READS_LIMIT = 1 << 20
const JPEG = [0xff, 0xd8, 0xff]
const PNG = [0x89, 0x50, 0x4e, 0x47]

/** Takes what cameras push. Answers 200 only when all that must be durable is. Gives the counters of the intake. */
export function cameraIntake(
  app: FastifyInstance,
  { cameras, cameraDesk, reader, judge, guard, clock }: IntakeParts,
): () => { readonly [name: string]: number } {
  const byToken = tokenFinder(cameras)
  const line = newestWins()
  const counts = { intake_messages: 0, intake_pictures: 0, intake_unknown_token: 0, intake_refused: 0 }
  /** The camera of this path. What is not its own goes no further: nothing of it is read. */
  const cameraOf = ({ ip: address, params: { cameraToken } }: FromCamera, dialect: string) => {
    const camera = byToken(cameraToken)
    const reason = guard.judge({ cameraId: camera?.cameraId ?? null, address, dialect })
    if (camera !== null && reason === null) return camera
    if (camera !== null) throw new Fault('FORBIDDEN', {}, { says: NOT_FROM_HERE })
    counts.intake_unknown_token += 1
    throw new Fault('NOT_FOUND', {}, { says: 'No camera sends under this address; check the token in its settings.' })
  }
  const accept = (
    name: OperationName,
    scope: FastifyInstance,
    bodyLimit: number,
    take: (camera: CameraIntake, body: Buffer, request: FromCamera) => Promise<void>,
  ) => {
    const { path } = OPERATIONS[name]
    scope.post<CameraRoute>(path, {
      bodyLimit,
      // Before the body is read: who may not send is not listened to.
      onRequest: async (request) => {
        cameraOf(request, path.slice(path.lastIndexOf('/') + 1))
      },
      handler: async (request, reply) => {
        const camera = byToken(request.params.cameraToken)
        invariant(camera !== null, 'a request whose token is nobody’s ends before its body is read')
        const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
        await take(camera, body, request).catch((error: unknown) => refused(error, reply))
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
    accept('cameraReads', scope, READS_LIMIT, async ({ cameraId }, body, { ip: address }) => {
      const { message, deviceId } = parseReads(cameraId, body.toString('utf8'))
      if (guard.judge({ cameraId, address, dialect: 'reads', deviceId }) !== null)
        throw new Fault('FORBIDDEN', {}, { says: NOT_THIS_DEVICE })
      await cameraDesk.see(message)
      counts.intake_messages += 1
    })
    accept('cameraFrame', scope, PICTURE_LIMIT, async (camera, picture, { query }) => {
      if (!isPicture(picture)) throw new Fault('PICTURE_UNREADABLE')
      const times = { capturedAt: capturedAtOf(query), receivedAt: clock.now() }
      counts.intake_pictures += 1
      await line.offer(camera.cameraId, async () => {
        const answer = await reader.read(picture, camera.zones)
        await cameraDesk.see({ ...pictureMessage(camera, answer, judge), ...times })
      })
    })
    scope.post<CameraRoute>('/in/:cameraToken/*', {
      onRequest: async (request) => {
        cameraOf(request, 'other')
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
  return () => ({ ...counts, ...guard.counts(), intake_pictures_overtaken: line.dropped() })
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
