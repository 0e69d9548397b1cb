import { Fault } from '../../machines/faults.ts'

/** Pictures that stopped the reader are counted for so long. */
const REMEMBERED_MS = 600_000
const FIRST_REST_MS = 10_000
const LONGEST_REST_MS = 300_000

/** One camera: when its pictures stopped the reader, and until when none of it is looked at; ms of a clock that never steps. */
type Rest = { readonly at: readonly number[]; readonly until: number }

/** Told when a camera's pictures are left alone: how often they stopped the reader in ten minutes, and for how long. */
export type RestNews = (cameraId: string, rest: { readonly times: number; readonly rest_ms: number }) => void

/**
 * Lets a camera rest whose pictures stop the reader or hold it up: the reader belongs to all cameras. The first time costs nothing, each
 * further one in ten minutes twice the rest of the one before, whatever pictures came between.
 */
export class PictureRests {
  readonly #cameras = new Map<string, Rest>()
  readonly #now: () => number
  readonly #tell: RestNews

  constructor(now: () => number, tell: RestNews) {
    this.#now = now
    this.#tell = tell
  }

  /** Looks, unless the camera rests. Throws Fault READER_BUSY then, else what `look` throws. */
  async look<T>(cameraId: string, look: () => Promise<T>): Promise<T> {
    const left_ms = (this.#cameras.get(cameraId)?.until ?? 0) - this.#now()
    if (left_ms > 0) {
      const says = `Pictures of this camera stopped the plate reader; berth looks at them again in ${Math.ceil(left_ms / 1_000)} s.`
      throw new Fault('READER_BUSY', { cameraId }, { says })
    }
    try {
      return await look()
    } catch (cause) {
      if (heldUp(cause)) this.#note(cameraId)
      throw cause
    }
  }

  #note(cameraId: string): void {
    const now = this.#now()
    const before = this.#cameras.get(cameraId)?.at ?? []
    const at = [...before.filter((then) => now - then < REMEMBERED_MS), now]
    const times = at.length
    const rest_ms = times === 1 ? 0 : Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** (times - 2))
    this.#cameras.set(cameraId, { at, until: now + rest_ms })
    if (rest_ms > 0) this.#tell(cameraId, { times, rest_ms })
  }
}

/** Whether a picture cost all cameras the reader, or much of its time. A reader that was closed is nobody's fault. */
function heldUp(cause: unknown): boolean {
  if (!(cause instanceof Fault)) return false
  return (cause.code === 'READER_FAILED' && cause.about['why'] !== undefined) || cause.about['slow'] === true
}
