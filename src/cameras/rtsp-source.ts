import { type ChildProcess, spawn } from 'node:child_process'
import { type CameraSource, keepFetching } from './camera-source.ts'
import { refusing, unreachable } from './device-caller.ts'
import { type PictureSourceParts, pictureStream } from './picture-source.ts'

export type RtspSourceParts = Omit<PictureSourceParts, 'caller'> & {
  /** The program that opens the stream; it must be ffmpeg, or take its arguments. */
  readonly program?: string
}

const BOUNDARY = 'berthframe'
/** A stream without a picture for so long is dead: ffmpeg itself may wait for ever. */
const IDLE_MS = 30_000
/** A machine without ffmpeg is asked again after this: somebody may install it. */
const MISSING_REST_MS = 600_000

/** RTSP through the machine's own ffmpeg, which gives JPEG pictures at the wanted rate. */
export function rtspSource(parts: RtspSourceParts): CameraSource {
  const { camera, clock, log, tell, program = 'ffmpeg' } = parts
  return keepFetching({
    cameraId: camera.cameraId,
    clock,
    log,
    tell,
    run: async (signal, worked) => {
      const child = spawn(program, argumentsOf(parts), { stdio: ['ignore', 'pipe', 'pipe'], env: bareEnvironment() })
      const pictures = pictureStream(parts, `multipart/x-mixed-replace; boundary=${BOUNDARY}`, () => {
        worked()
        awake()
      })
      let said = ''
      let timer: NodeJS.Timeout | undefined
      const awake = (): void => {
        clearTimeout(timer)
        timer = setTimeout(() => child.kill('SIGKILL'), IDLE_MS)
      }
      const stop = (): void => void child.kill('SIGKILL')
      signal.addEventListener('abort', stop, { once: true })
      awake()
      child.stdout?.on('data', (chunk: Buffer) => pictures.push(chunk))
      child.stderr?.on('data', (chunk: Buffer) => {
        said = (said + chunk.toString('utf8')).slice(-2_000)
      })
      const end = await ended(child)
      clearTimeout(timer)
      signal.removeEventListener('abort', stop)
      await pictures.settled()
      signal.throwIfAborted()
      if (end === 'missing')
        throw unreachable(
          'RTSP needs ffmpeg, which this machine does not have; install it (apt-get install ffmpeg), or fetch snapshots or MJPEG from the camera',
          MISSING_REST_MS,
        )
      if (/401|unauthorized/i.test(said)) throw refusing(REFUSED, 35 * 60_000)
      throw unreachable(whyOf(said))
    },
  })
}

const argumentsOf = ({ url, interval_ms }: RtspSourceParts): readonly string[] => [
  ...['-nostdin', '-hide_banner', '-loglevel', 'error', '-rtsp_transport', 'tcp', '-i', url, '-an'],
  ...['-vf', `fps=${Math.min(25, Math.round(100_000 / interval_ms) / 100)}`],
  ...['-c:v', 'mjpeg', '-q:v', '3', '-f', 'mpjpeg', '-boundary_tag', BOUNDARY, 'pipe:1'],
]

/** It gets none of berth's secrets. */
const bareEnvironment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(
    ['PATH', 'LD_LIBRARY_PATH', 'HOME'].flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])),
  )

function ended(child: ChildProcess): Promise<'missing' | 'over'> {
  return new Promise((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ENOENT' ? 'missing' : 'over'))
    child.once('close', () => resolve('over'))
  })
}

const REFUSED = 'its login is refused: name or password in its `url` is wrong; berth asks again in 35 min'

/** What ffmpeg says, as a reason: its own words may hold the address with its password. */
function whyOf(said: string): string {
  if (/refused/i.test(said)) return 'nothing listens at its address'
  if (/404|not found/i.test(said)) return 'it has no such stream'
  return 'its stream ended'
}
