import { createHash } from 'node:crypto'
import type { Clock } from '../../actors/ports.ts'
import { Fault } from '../../machines/faults.ts'
import type { CameraLine, LineCamera } from './camera-line.ts'
import { type CameraSource, eachChunk, keepFetching, type TellSource } from './camera-source.ts'
import { type DeviceCaller, unreachable } from './device-caller.ts'
import { PartSplitter } from './multipart.ts'
import { isPicture } from './picture-header.ts'

export type PictureSourceParts = {
  readonly camera: LineCamera
  readonly url: string
  readonly caller: DeviceCaller
  readonly line: CameraLine
  readonly clock: Clock
  readonly log: (line: string) => void
  readonly tell?: TellSource | undefined
  /** Between two pictures, ms. */
  readonly interval_ms: number
}

const LARGEST = 8 << 20
const BODY_MS = 15_000
/** A stream of pictures is dead after so long without one. */
const IDLE_MS = 30_000

/** Pictures that are asked for one by one. A picture that has not changed says nothing new, and is no sign that the camera lives. */
export function snapshotSource(parts: PictureSourceParts): CameraSource {
  const { camera, url, caller, clock, log, tell, interval_ms } = parts
  const fetched = snapshotFetch(caller, url)
  return keepFetching({
    cameraId: camera.cameraId,
    clock,
    log,
    tell,
    pause_ms: interval_ms,
    run: async (signal, worked) => {
      const picture = await fetched(signal)
      worked()
      if (picture !== null) await show(parts, picture, clock.now())
    },
  })
}

/** Asks for one picture; null where it is the one that was there before: by its ETag, or byte by byte. */
export function snapshotFetch(caller: DeviceCaller, url: string): (signal: AbortSignal) => Promise<Buffer | null> {
  let etag: string | null = null
  let newest = ''
  return async (signal) => {
    const answer = await caller.get(url, etag === null ? {} : { 'if-none-match': etag }, signal)
    if (answer.status === 304) return null
    const picture = await wholeBody(answer, signal)
    if (!isPicture(picture)) throw unreachable('what it gives is no JPEG or PNG')
    etag = answer.headers.get('etag')
    const hash = createHash('sha256').update(picture).digest('hex')
    if (hash === newest) return null
    newest = hash
    return picture
  }
}

async function wholeBody(answer: Response, signal: AbortSignal): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    await eachChunk(answer.body, BODY_MS, async (chunk) => {
      size += chunk.length
      if (size > LARGEST) throw unreachable('its picture is larger than 8 MB')
      chunks.push(chunk)
    })
  } catch (cause) {
    signal.throwIfAborted()
    throw cause instanceof Fault ? cause : unreachable('its picture did not come whole', undefined, cause)
  }
  return Buffer.concat(chunks)
}

/** Pictures that the camera sends one after the other (MJPEG, `multipart/x-mixed-replace`); what comes faster than `interval_ms` is let go. */
export function mjpegSource(parts: PictureSourceParts): CameraSource {
  const { camera, url, caller, clock, log, tell } = parts
  return keepFetching({
    cameraId: camera.cameraId,
    clock,
    log,
    tell,
    run: async (signal, worked) => {
      const answer = await caller.get(url, { accept: '*/*' }, signal)
      const pictures = pictureStream(parts, answer.headers.get('content-type'), worked)
      try {
        await eachChunk(answer.body, IDLE_MS, async (chunk) => pictures.push(chunk))
      } catch (cause) {
        signal.throwIfAborted()
        throw unreachable('its stream of pictures broke off', undefined, cause)
      } finally {
        await pictures.settled()
      }
      throw unreachable('it ended its stream of pictures')
    },
  })
}

/** Takes the pictures out of a multipart stream and shows the newest: while one is read the others are let go. */
export function pictureStream(
  parts: Pick<PictureSourceParts, 'camera' | 'line' | 'clock' | 'interval_ms'>,
  contentType: string | null,
  worked: () => void,
): { push(chunk: Uint8Array): void; settled(): Promise<void> } {
  let shownAt = Number.NEGATIVE_INFINITY
  const showing = new Set<Promise<void>>()
  const splitter = new PartSplitter({
    contentType,
    largest: LARGEST,
    onPart: ({ body }) => {
      if (!isPicture(body)) return
      worked()
      const now = parts.clock.now()
      if (now - shownAt < parts.interval_ms) return
      shownAt = now
      const one: Promise<void> = show(parts, body, now)
        .catch(() => {})
        .finally(() => void showing.delete(one))
      showing.add(one)
    },
  })
  return {
    push: (chunk) => splitter.push(chunk),
    async settled() {
      splitter.end()
      await Promise.all(showing)
    },
  }
}

/** Hands a picture to the line. One that the reader has no time for, or that is broken, is let go: the next one comes. */
async function show(
  { camera, line }: Pick<PictureSourceParts, 'camera' | 'line'>,
  picture: Uint8Array,
  receivedAt: number,
): Promise<void> {
  await line.see(camera, picture, { receivedAt, capturedAt: null }).catch((cause: unknown) => {
    if (!(cause instanceof Fault)) throw cause
  })
}
