import type { Clock } from '../../actors/ports.ts'
import { Fault } from '../../machines/faults.ts'
import type { BrokenMessages } from './broken-messages.ts'
import type { CameraDialect } from './camera-dialect.ts'
import type { CameraLine, LineCamera } from './camera-line.ts'
import { type CameraSource, eachChunk, insist, keepFetching, type TellSource } from './camera-source.ts'
import { type DeviceCaller, unreachable } from './device-caller.ts'
import { readMessage } from './message-reading.ts'
import { type Part, PartSplitter } from './multipart.ts'
import { isJpeg } from './picture-header.ts'

export type EventStreamParts = {
  readonly camera: LineCamera
  readonly dialect: CameraDialect
  readonly url: string
  readonly caller: DeviceCaller
  readonly line: CameraLine
  readonly broken: BrokenMessages
  readonly clock: Clock
  readonly timezone: string
  readonly log: (line: string) => void
  readonly tell?: TellSource | undefined
}

/** Both send a heartbeat every few seconds; without anything for so long the connection is dead. */
const IDLE_MS = 45_000
/** Pictures of an event follow it at once; what has not come after this does not come. */
const PICTURES_MS = 400
const LARGEST_PART = 8 << 20
const MOST_PARTS = 6

/** Events that a camera streams for as long as somebody listens: Hikvision's alertStream, Dahua's eventManager. */
export function eventStream(parts: EventStreamParts): CameraSource {
  const { camera, url, caller, clock, log, tell } = parts
  return keepFetching({
    cameraId: camera.cameraId,
    clock,
    log,
    tell,
    run: async (signal, worked) => {
      const answer = await caller.get(url, { accept: '*/*' }, signal)
      const events = new EventGroups(parts, signal)
      const splitter = new PartSplitter({
        contentType: answer.headers.get('content-type'),
        largest: LARGEST_PART,
        onPart: (part) => events.take(part),
      })
      try {
        await eachChunk(answer.body, IDLE_MS, async (chunk) => {
          worked()
          splitter.push(chunk)
          await events.drain()
        })
      } catch (cause) {
        if (signal.aborted) throw cause
        throw unreachable('its stream of events broke off', undefined, cause)
      } finally {
        splitter.end()
        await events.close()
      }
    },
  })
}

/** An event and the pictures behind it, as one message. */
class EventGroups {
  readonly #parts: EventStreamParts
  readonly #signal: AbortSignal
  #held: Part[] = []
  #waiting: Part[][] = []
  #cancel: (() => void) | null = null
  #draining: Promise<void> = Promise.resolve()

  constructor(parts: EventStreamParts, signal: AbortSignal) {
    this.#parts = parts
    this.#signal = signal
  }

  take(part: Part): void {
    if (!isJpeg(part.body)) this.#flush()
    this.#held.push(part)
    if (this.#held.length > expected(this.#held[0]) || this.#held.length >= MOST_PARTS) this.#flush()
    else this.#wait()
  }

  /** Resolves when all that is whole was handed on: the camera waits meanwhile. */
  async drain(): Promise<void> {
    const groups = this.#waiting.splice(0)
    this.#draining = this.#draining.then(() => this.#hand(groups))
    await this.#draining
  }

  async close(): Promise<void> {
    this.#flush()
    await this.drain()
  }

  #wait(): void {
    this.#cancel?.()
    this.#cancel = this.#parts.clock.after(PICTURES_MS, () => {
      this.#flush()
      void this.drain()
    })
  }

  #flush(): void {
    this.#cancel?.()
    this.#cancel = null
    if (this.#held.length > 0) this.#waiting.push(this.#held.splice(0))
  }

  async #hand(groups: readonly Part[][]): Promise<void> {
    const { camera, dialect, line, broken, clock, timezone } = this.#parts
    for (const parts of groups) {
      const receivedAt = clock.now()
      const envelope = {
        parts,
        query: {},
        path: '',
        arrivedAt: receivedAt,
        timezone,
        pictureSize: camera.pictureSize ?? null,
      }
      try {
        const message = readMessage(dialect, envelope)
        await insist(clock, this.#signal, () => line.hear(camera, dialect, message, { receivedAt }))
      } catch (cause) {
        broken.note(camera.cameraId, dialect.name, cause instanceof Fault ? cause.message : 'it could not be taken.')
      }
    }
  }
}

/** How many pictures an event says to have; one that says nothing may have some all the same, and a heartbeat has none. */
function expected(part: Part | undefined): number {
  const text = part ? part.body.subarray(0, 65_536).toString('latin1') : ''
  const said = /<picNum>\s*(\d)\s*<\/picNum>/.exec(text)?.[1]
  if (said !== undefined) return Number(said)
  return /^\s*Heartbeat\s*$/i.test(text) || /<eventState>\s*inactive/i.test(text) ? 0 : MOST_PARTS
}
