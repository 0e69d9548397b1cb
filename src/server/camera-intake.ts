import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '../../actors/ports.ts'
import type { PushGuard } from '../../actors/push-guard.ts'
import { Fault, invariant } from '../../machines/faults.ts'
import { brokenMessages } from '../cameras/broken-messages.ts'
import { type CameraLine, type CameraLineParts, cameraLine, type LineCamera } from '../cameras/camera-line.ts'
import { insistOnPicture } from '../cameras/picture-header.ts'
import { bodyBudget, promisedBytes } from './body-budget.ts'
import { DEVICE_LIMIT, readDevicePush } from './device-push.ts'
import type { OperationName } from './operations.ts'
import { OPERATIONS } from './operations.ts'
import { capturedAtOf, parseReads } from './reads-body.ts'

/** A camera that may push: its secret path token, its zones by bay id. */
export type CameraIntake = LineCamera & { readonly token: string }

/** What of a request tells whose push it is. */
type FromCamera = Pick<FastifyRequest<CameraRoute>, 'ip' | 'params' | 'query' | 'headers'>
type CameraRoute = {
  Params: { cameraToken: string; dialect?: string; '*'?: string }
  Querystring: { readonly [name: string]: unknown }
}

export type IntakeParts = CameraLineParts & {
  readonly cameras: readonly CameraIntake[]
  readonly clock: Clock
  /** The site's: what devices write without an offset is in it. Absent = UTC. */
  readonly timezone?: string
  /** The line that all cameras share; absent = one of its own. */
  readonly line?: CameraLine
  /** Told of messages that could not be read, now and then. */
  readonly broken?: (sentence: string) => void
  /** Keeps away what is not a camera's own. */
  readonly guard: Pick<PushGuard, 'judge' | 'counts'>
}

/** The path token was right: the owner of a camera that moved must learn what to do, and who guessed a token has it already. */
const NOT_FROM_HERE =
  'Pushes of this camera are not taken from this address; name the address under `from` of the camera in the site file, if it is the camera’s.'
const NOT_THIS_DEVICE =
  'This message names another device, or none; set `deviceId` of the camera in the site file to what the camera calls itself, if it is the camera.'
const PICTURE_LIMIT = 8 << 20
const READS_LIMIT = 1 << 20
const ACCEPTED = { accepted: true }

/** Takes what cameras push. Answers 200 only when all that must be durable is. Gives the counters of the intake. */
export function cameraIntake(app: FastifyInstance, parts: IntakeParts): () => { readonly [name: string]: number } {
  const { cameras, cameraDesk, guard, clock, timezone = 'UTC', line = cameraLine(parts) } = parts
  const broken = brokenMessages(clock, parts.broken ?? (() => {}))
  const counts = {
    intake_messages: 0,
    intake_pictures: 0,
    intake_unknown_token: 0,
    intake_refused: 0,
    intake_crowded: 0,
  }
  const accept = intakeDoor({ cameras, guard, counts, broken })
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
      insistOnPicture(picture)
      const times = { capturedAt: capturedAtOf(query), receivedAt: clock.now() }
      counts.intake_pictures += 1
      await line.see(camera, picture, times)
    })
    const takeDevice = async (camera: CameraIntake, body: Buffer, request: FromCamera) => {
      const receivedAt = clock.now()
      const { dialect, message } = readDevicePush(request, body, { ...camera, timezone, receivedAt })
      const push = { cameraId: camera.cameraId, address: request.ip, dialect: dialect.name }
      if (guard.judge({ ...push, deviceId: message.deviceIds }) !== null)
        throw new Fault('FORBIDDEN', {}, { says: NOT_THIS_DEVICE })
      await line.hear(camera, dialect, message, { receivedAt })
      counts.intake_messages += 1
      return dialect.answer
    }
    accept('cameraDevice', scope, DEVICE_LIMIT, takeDevice)
    // Devices hang words of their own behind the address that they are given.
    accept('cameraDevice', scope, DEVICE_LIMIT, takeDevice, `${OPERATIONS.cameraDevice.path}/*`)
  })
  return () => ({ ...counts, ...guard.counts(), ...broken.counts(), ...line.counts() })
}

type DoorParts = Pick<IntakeParts, 'cameras' | 'guard'> & {
  readonly counts: { intake_unknown_token: number; intake_refused: number; intake_crowded: number }
  readonly broken: ReturnType<typeof brokenMessages>
}

/** Lets in what comes with a camera's own token, from its own address and within the room there is; `take` gets it whole. */
function intakeDoor({ cameras, guard, counts, broken }: DoorParts) {
  const byToken = tokenFinder(cameras)
  const budget = bodyBudget()
  /** The camera of this path. What is not its own goes no further: nothing of it is read. */
  const cameraOf = ({ ip: address, params: { cameraToken } }: FromCamera, dialect: string) => {
    const camera = byToken(cameraToken)
    const reason = guard.judge({ cameraId: camera?.cameraId ?? null, address, dialect })
    if (camera !== null && reason === null) return camera
    if (camera !== null) throw new Fault('FORBIDDEN', {}, { says: NOT_FROM_HERE })
    counts.intake_unknown_token += 1
    throw new Fault('NOT_FOUND', {}, { says: 'No camera sends under this address; check the token in its settings.' })
  }
  const refused = (error: unknown, reply: FastifyReply, { cameraId }: CameraIntake, dialect: string): never => {
    counts.intake_refused += 1
    if (error instanceof Fault && error.code === 'BODY_INVALID') broken.note(cameraId, dialect, error.message)
    if (error instanceof Fault && error.code === 'READER_BUSY') reply.header('retry-after', '1')
    throw error
  }
  return (
    name: OperationName,
    scope: FastifyInstance,
    bodyLimit: number,
    take: (camera: CameraIntake, body: Buffer, request: FromCamera) => Promise<unknown>,
    path = OPERATIONS[name].path,
  ) => {
    const dialectOf = ({ params }: FromCamera): string => params.dialect ?? path.slice(path.lastIndexOf('/') + 1)
    scope.post<CameraRoute>(path, {
      bodyLimit,
      // Before the body is read: who may not send is not listened to.
      onRequest: async (request, reply) => {
        const { cameraId } = cameraOf(request, dialectOf(request))
        try {
          const release = budget.take(cameraId, promisedBytes(request.headers['content-length'], bodyLimit))
          reply.raw.once('close', release)
        } catch (cause) {
          counts.intake_crowded += 1
          // The rest of its body is not waited for.
          reply.headers({ connection: 'close', 'retry-after': '1' })
          throw cause
        }
      },
      handler: async (request, reply) => {
        const camera = byToken(request.params.cameraToken)
        invariant(camera !== null, 'a request whose token is nobody’s ends before its body is read')
        const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
        const taken = take(camera, body, request)
        return (await taken.catch((error: unknown) => refused(error, reply, camera, dialectOf(request)))) ?? ACCEPTED
      },
    })
  }
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
