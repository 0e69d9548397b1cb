import type { Clock } from '../../actors/ports.ts'
import type { ApiClient } from './api-client.ts'
import type { DemoCamera } from './demo-site.ts'
import { rest } from './rest.ts'
import type { Pixels } from './scene-picture.ts'
import { developPicture, renderPixels } from './scene-picture.ts'
import type { Stage } from './stage.ts'

/** A camera on the network: takes pictures of the stage and posts them, as a real one would. */
export type CameraClient = {
  /** One picture now; answers the HTTP status. */
  shoot(): Promise<number>
  /** Pictures until the signal ends. Never rejects: what the server does not take is counted and told once in a while. */
  run(signal: AbortSignal): Promise<void>
}

/** While something moves, and for a while after: five pictures in four seconds. Else a slow beat, so that a laptop stays cool. */
const BUSY_EVERY_MS = 800
const QUIET_EVERY_MS = 3500
const BUSY_FOR_MS = 11_000
const COMPLAIN_EVERY_MS = 30_000

const NOISE = { day: 4, night: 7, snow: 4 } as const

/** A camera of the demo. `say` is told when the server refuses pictures. */
export function cameraClient(
  camera: DemoCamera,
  stage: Stage,
  api: ApiClient,
  clock: Clock,
  say: (line: string) => void,
): CameraClient {
  let taken = 0
  let kept: { readonly key: string; readonly pixels: Pixels } | null = null
  let complainedAt = Number.NEGATIVE_INFINITY

  const shoot = async (): Promise<number> => {
    const { vehicles } = stage.view(camera.cameraId)
    const key = JSON.stringify(vehicles.map(({ look, pose, smear_px }) => [look.plate.text, pose, smear_px ?? 0]))
    // A parked scene is drawn once: only the sensor's noise differs between its pictures.
    if (kept?.key !== key)
      kept = { key, pixels: await renderPixels({ light: camera.light, bayNumbers: camera.bayNumbers, vehicles }) }
    taken += 1
    const picture = await developPicture(kept.pixels, {
      seed: taken,
      noise: NOISE[camera.light],
      blur_px: 0.6,
    })
    return api.postPicture(`/in/${camera.token}/frame`, picture)
  }

  const complain = (words: string): void => {
    if (clock.now() - complainedAt < COMPLAIN_EVERY_MS) return
    complainedAt = clock.now()
    say(`${camera.cameraId}: ${words}`)
  }

  return {
    shoot,
    async run(signal) {
      while (!signal.aborted) {
        const began = clock.now()
        try {
          const status = await shoot()
          if (status >= 400 && status !== 503) complain(`the server answered ${status} to a picture.`)
        } catch (broken) {
          if (!signal.aborted)
            complain(`a picture could not be delivered (${broken instanceof Error ? broken.message : String(broken)}).`)
        }
        const { moving, changedAt } = stage.view(camera.cameraId)
        const every = moving || clock.now() - changedAt < BUSY_FOR_MS ? BUSY_EVERY_MS : QUIET_EVERY_MS
        await untilNext(clock, stage, camera.cameraId, began + every, signal)
      }
    },
  }
}

/** Waits until a moment, or until something begins to move. */
async function untilNext(
  clock: Clock,
  stage: Stage,
  cameraId: string,
  due: number,
  signal: AbortSignal,
): Promise<void> {
  const quietSince = stage.view(cameraId).changedAt
  do {
    await rest(clock, Math.max(50, Math.min(250, due - clock.now())), signal).catch(() => undefined)
  } while (!signal.aborted && clock.now() < due && stage.view(cameraId).changedAt === quietSince)
}
