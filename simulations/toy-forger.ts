import type { CameraMessage } from '../actors/camera-desk.ts'
import type { Push, PushReason } from '../actors/push-guard.ts'
import type { Dice } from './world-chance.ts'
import type { WorldClock } from './world-clock.ts'
import type { CameraPlan } from './world-plan.ts'

export type ToyForgerOptions = {
  readonly clock: WorldClock
  readonly cameras: readonly CameraPlan[]
  /** A plate that somebody pays for. */
  readonly plate: (dice: Dice) => string
  /** Pushes; null where nobody listens. */
  readonly push: (push: Push, message: CameraMessage) => Promise<boolean | PushReason> | null
  /** A forged push was let in. */
  readonly passed: (says: string) => void
}

/** How the frames are named that no camera took. */
export const FORGED = 'forged-frame-'
const FRAMES = 5

/** Somebody who pushes as if they were a camera: under no camera's path, from elsewhere, or as another device. */
export class ToyForger {
  readonly #options: ToyForgerOptions
  #frames = 0

  constructor(options: ToyForgerOptions) {
    this.#options = options
  }

  /** A vehicle that is registered stands in a bay, says a burst of frames. */
  strike(dice: Dice): void {
    const { clock, cameras, plate } = this.#options
    if (cameras.length === 0) return
    const { id, bayIds } = dice.pick(cameras)
    const middle = (dice.whole(0, bayIds.length - 1) + 0.5) / bayIds.length
    const own = { cameraId: id, address: id.replace('cam-', '10.0.0.'), dialect: 'reads', deviceId: id }
    const push = dice.pick([
      { ...own, cameraId: null },
      { ...own, address: '203.0.113.7' },
      { ...own, deviceId: 'cam-of-another' },
    ])
    const text = plate(dice)
    for (let frame = 0; frame < FRAMES; frame++) clock.after(frame * 700, () => this.#send(push, id, text, middle))
  }

  #send(push: Push, cameraId: string, plate: string, middle: number): void {
    const { clock, passed } = this.#options
    this.#frames += 1
    const read = {
      id: null,
      plate,
      confidence: 0.99,
      characters: [...plate].map(() => 0.99),
      box: [middle - 0.02, 0.6, 0.04, 0.04] as const,
      frame: null,
      capturedAt: null,
    }
    const message: CameraMessage = {
      cameraId,
      reads: [read],
      vehicles: [{ box: [middle - 0.02, 0.4, 0.04, 0.3] }],
      frame: `${FORGED}${this.#frames}`,
      capturedAt: clock.now(),
      reader: 'device',
    }
    void this.#options.push(push, message)?.then((answer) => {
      if (answer === true) passed(`${push.cameraId ?? 'nobody'} at ${push.address} as ${push.deviceId ?? 'no device'}`)
    })
  }
}
