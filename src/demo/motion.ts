import type { Pose } from './vehicle-body.ts'

/** Where a vehicle is from when on: it goes straight from one stop to the next, and stands at the last. Times are ms since 1970. */
export type Journey = readonly { readonly at: number; readonly pose: Pose }[]

const LANE_Z_M = 15.5
const OUT_OF_SIGHT_M = 14
const QUARTER = Math.PI / 2
const LEGS_MS = [900, 800, 1000] as const

/** How long a vehicle drives from out of sight to its place, or back. */
export const DRIVE_MS = LEGS_MS.reduce((sum, leg) => sum + leg, 0)

/** From the lane's left or right end into a place. */
export function arrival(parked: Pose, side: -1 | 1, startsAt: number): Journey {
  const poses: readonly Pose[] = [
    { x: side * OUT_OF_SIGHT_M, z: LANE_Z_M, yaw_rad: side * QUARTER },
    { x: parked.x + side * 2.2, z: LANE_Z_M, yaw_rad: side * QUARTER },
    { x: parked.x, z: 12.2, yaw_rad: side * 0.25 },
    parked,
  ]
  let at = startsAt
  return poses.map((pose, leg) => {
    if (leg > 0) at += LEGS_MS[leg - 1] as number
    return { at, pose }
  })
}

/** From a place to the lane's end. */
export function departure(parked: Pose, side: -1 | 1, startsAt: number): Journey {
  const there = arrival(parked, side, 0)
  return [...there].reverse().map(({ at, pose }) => ({ at: startsAt + DRIVE_MS - at, pose }))
}

/** The pose at a moment; null before the journey begins. */
export function poseAt(journey: Journey, now: number): Pose | null {
  const next = journey.findIndex(({ at }) => at > now)
  if (next === 0) return null
  if (next < 0) return journey.at(-1)?.pose ?? null
  const [from, to] = [journey[next - 1] as Journey[number], journey[next] as Journey[number]]
  const share = (now - from.at) / (to.at - from.at)
  const blend = (a: number, b: number): number => a + (b - a) * share
  return {
    x: blend(from.pose.x, to.pose.x),
    z: blend(from.pose.z, to.pose.z),
    yaw_rad: blend(from.pose.yaw_rad, to.pose.yaw_rad),
  }
}

/** Whether it moves at that moment. */
export function isMoving(journey: Journey, now: number): boolean {
  const [first, last] = [journey[0], journey.at(-1)]
  return first !== undefined && last !== undefined && now >= first.at && now < last.at
}
