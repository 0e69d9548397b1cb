import type { Box, CameraDesk, CameraMessage } from '../../actors/camera-desk.ts'
import type { Clock } from '../../actors/ports.ts'

/** Where a camera said that a vehicle is: x, y, width, height in 0..1 of its picture. `at`: when it came in, ms since 1970, by our clock. */
export type SeenVehicle = { readonly box: Box; readonly at: number }

/** What a camera said longer ago is shown to nobody: the vehicle may have left without a word, ms. */
const KEPT_MS = 60_000
/** Vehicles of one picture. */
const MOST = 40
/** Boxes that share so much of their union are one vehicle's, told again. */
const SAME = 0.5

type Parts = {
  readonly clock: Pick<Clock, 'now'>
  /** Seconds that a camera's clock is behind ours; null until learnt. */
  readonly skew_s: (cameraId: string) => number | null
}

/** Vehicles as cameras tell of them, for people who look at a picture: where they are and nothing else, for a minute, in memory alone. */
export class SeenVehicles {
  readonly #parts: Parts
  readonly #seen = new Map<string, readonly SeenVehicle[]>()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** The same desk, over which this listens. */
  before(desk: CameraDesk): CameraDesk {
    return {
      see: (message) => {
        this.hear(message)
        return desk.see(message)
      },
      camera: (cameraId, news) => desk.camera(cameraId, news),
    }
  }

  /** A list of vehicles is all of them; a vehicle of an event is one more, or a known one anew. Copies that were kept and what comes late say nothing of now. */
  hear(message: CameraMessage): void {
    const { cameraId, vehicles, sighted = [] } = message
    const at = message.receivedAt ?? this.#parts.clock.now()
    if (message.retained === true || this.#isLate(message, at)) return
    const told = [...(vehicles ?? []), ...sighted].flatMap(({ box }) => (box === null ? [] : [{ box, at }]))
    if (vehicles === undefined && told.length === 0) return
    const others = vehicles === undefined ? this.of(cameraId) : []
    const left = others.filter((one) => !told.some(({ box }) => overlap(box, one.box) >= SAME))
    this.#seen.set(cameraId, [...left, ...told].slice(-MOST))
  }

  /** Those of the last minute, oldest first. */
  of(cameraId: string): readonly SeenVehicle[] {
    const now = this.#parts.clock.now()
    const fresh = (this.#seen.get(cameraId) ?? []).filter(({ at }) => now - at <= KEPT_MS)
    if (fresh.length === 0) this.#seen.delete(cameraId)
    return fresh
  }

  #isLate({ cameraId, capturedAt }: CameraMessage, at: number): boolean {
    const skew_s = this.#parts.skew_s(cameraId)
    return capturedAt !== null && skew_s !== null && at - (capturedAt + skew_s * 1000) > KEPT_MS
  }
}

/** What two boxes share, as a share of what both cover. */
function overlap([x, y, width, height]: Box, [otherX, otherY, otherWidth, otherHeight]: Box): number {
  const wide = Math.min(x + width, otherX + otherWidth) - Math.max(x, otherX)
  const high = Math.min(y + height, otherY + otherHeight) - Math.max(y, otherY)
  if (wide <= 0 || high <= 0) return 0
  return (wide * high) / (width * height + otherWidth * otherHeight - wide * high)
}
