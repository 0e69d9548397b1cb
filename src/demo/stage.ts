import type { Clock } from '../../actors/ports.ts'
import type { Visitor } from './cast.ts'
import type { DemoBay } from './demo-site.ts'
import type { Journey } from './motion.ts'
import { arrival, DRIVE_MS, departure, isMoving, poseAt } from './motion.ts'
import type { StandingVehicle } from './scene.ts'
import { parkedPose } from './scene.ts'
import { vehicleLength } from './vehicle-body.ts'

/** The car park's own truth: which vehicle is where. Cameras look at it; nobody else does. */
export type Stage = {
  /** A vehicle drives in from a side of the lane; answers how long that takes, ms. */
  enter(bay: DemoBay, visitor: Visitor, side: -1 | 1): number
  /** The vehicle in a bay drives away; answers how long that takes, ms. */
  leave(bay: DemoBay, side: -1 | 1): number
  visitorIn(bayId: string): Visitor | null
  /** What a camera sees now; `changedAt` = when something last moved (ms since 1970). */
  view(cameraId: string): {
    readonly vehicles: readonly StandingVehicle[]
    readonly moving: boolean
    readonly changedAt: number
  }
}

/** A slow shutter: letters of 10 pixels run into each other. */
const SMEAR_PX = 3

type Presence = { readonly bay: DemoBay; readonly visitor: Visitor; journey: Journey; leaving: boolean }

/** An empty car park. */
export function openStage(clock: Clock): Stage {
  const present = new Map<string, Presence>()
  const changed = new Map<string, number>()
  const parked = (bay: DemoBay, visitor: Visitor) =>
    parkedPose(bay.place, vehicleLength(visitor.look), visitor.across_m)
  return {
    enter(bay, visitor, side) {
      present.set(bay.bayId, {
        bay,
        visitor,
        journey: arrival(parked(bay, visitor), side, clock.now()),
        leaving: false,
      })
      changed.set(bay.cameraId, clock.now() + DRIVE_MS)
      return DRIVE_MS
    },
    leave(bay, side) {
      const presence = present.get(bay.bayId)
      if (presence === undefined) return 0
      presence.journey = departure(parked(bay, presence.visitor), side, clock.now())
      presence.leaving = true
      changed.set(bay.cameraId, clock.now() + DRIVE_MS)
      return DRIVE_MS
    },
    visitorIn: (bayId) => present.get(bayId)?.visitor ?? null,
    view(cameraId) {
      const now = clock.now()
      for (const [bayId, { leaving, journey }] of present) if (leaving && !isMoving(journey, now)) present.delete(bayId)
      const here = [...present.values()].filter(({ bay }) => bay.cameraId === cameraId)
      const vehicles = here.flatMap(({ visitor, journey }) => {
        const pose = poseAt(journey, now)
        if (pose === null) return []
        return [{ look: visitor.look, pose, ...(isMoving(journey, now) ? { smear_px: SMEAR_PX } : {}) }]
      })
      return {
        vehicles,
        moving: here.some(({ journey }) => isMoving(journey, now)),
        changedAt: changed.get(cameraId) ?? 0,
      }
    },
  }
}
