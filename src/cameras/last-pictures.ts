import type { Clock, PictureAnswer } from '../../actors/ports.ts'

/** The newest picture of a camera that somebody looks at, and what our reader saw in it. `cameAt`: ms since 1970, by our clock. */
export type LastPicture = {
  readonly bytes: Uint8Array
  readonly answer: PictureAnswer
  readonly cameAt: number
}
type Watched = { until: number; picture: LastPicture | null; waiting: (() => void)[] }

/** Somebody looks for so long after each question. */
const LOOKS_MS = 15_000
/** A picture is never shown for longer. */
const KEPT_MS = 10 * 60_000

type Parts = {
  readonly clock: Clock
  /** What the camera sees now, fetched from it; null = it cannot be asked. */
  readonly snapshot: (cameraId: string) => Promise<Uint8Array | null>
  /** Reads a fetched picture as any other of this camera. */
  readonly read: (cameraId: string, picture: Uint8Array) => Promise<unknown>
}

/**
 * Pictures for people, in memory alone: the newest of each camera, while somebody looks at it and only then. Who begins to look waits for
 * the next one. Nothing is ever written down.
 */
export class LastPictures {
  readonly #parts: Parts
  readonly #watched = new Map<string, Watched>()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Whether somebody looks at this camera: its pictures are read even where nothing goes on in its zones. */
  wants(cameraId: string): boolean {
    this.#forgetOld()
    return this.#watched.has(cameraId)
  }

  /** A picture that our reader read whole; a spared zone shows the plates that were read in it before. */
  took(cameraId: string, bytes: Uint8Array, answer: PictureAnswer): void {
    this.#forgetOld()
    const watched = this.#watched.get(cameraId)
    if (!watched) return
    const cameAt = Math.max(this.#parts.clock.now(), (watched.picture?.cameAt ?? 0) + 1)
    watched.picture = { bytes, answer: withSpared(answer, watched.picture?.answer), cameAt }
    for (const tell of watched.waiting.splice(0)) tell()
  }

  /** The newest picture after `after`, as soon as there is one; null where none came within `wait_ms`. */
  async newest(cameraId: string, after: number, wait_ms: number): Promise<LastPicture | null> {
    const watched = this.#look(cameraId)
    const fresh = (): LastPicture | null => {
      const { picture } = watched
      return picture !== null && picture.cameAt > after ? picture : null
    }
    if (fresh() === null && wait_ms > 0) {
      const came = new Promise<void>((tell) => watched.waiting.push(tell))
      if (watched.picture === null) this.#fetch(cameraId)
      await Promise.race([came, this.#passed(wait_ms)])
    }
    return fresh()
  }

  /** What is there now, without waiting. */
  now(cameraId: string): LastPicture | null {
    return this.#look(cameraId).picture
  }

  #look(cameraId: string): Watched {
    this.#forgetOld()
    const watched = this.#watched.get(cameraId) ?? { until: 0, picture: null, waiting: [] }
    watched.until = this.#parts.clock.now() + LOOKS_MS
    this.#watched.set(cameraId, watched)
    return watched
  }

  #fetch(cameraId: string): void {
    const fetched = this.#parts.snapshot(cameraId)
    // A camera that cannot be asked sends a picture by itself, or none: then that is shown.
    fetched.then((bytes) => bytes && this.#parts.read(cameraId, bytes)).catch(() => {})
  }

  #passed(wait_ms: number): Promise<void> {
    return new Promise((tell) => void this.#parts.clock.after(wait_ms, tell))
  }

  /** What nobody looks at any more is let go. */
  #forgetOld(): void {
    const now = this.#parts.clock.now()
    for (const [cameraId, watched] of this.#watched) {
      if (now > watched.until) {
        this.#watched.delete(cameraId)
        for (const tell of watched.waiting) tell()
      } else if (watched.picture !== null && now - watched.picture.cameAt > KEPT_MS) watched.picture = null
    }
  }
}

function withSpared(answer: PictureAnswer, before: PictureAnswer | undefined): PictureAnswer {
  const zones = Object.entries(answer.zones).map(([bayId, zone]) => {
    const known = before?.zones[bayId]
    return [bayId, zone.spared === true && known ? { ...zone, reads: known.reads } : zone] as const
  })
  return { ...answer, zones: Object.fromEntries(zones) }
}
