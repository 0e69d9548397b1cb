import { blurOf, frameChance, type PlacedCamera, placeCameras, type Stance, sightOf } from './design-cameras.ts'
import type { DesignScenario } from './design-scenario.ts'
import { strokesOf } from './read-model.ts'

/** How a bay’s plates are seen by its best camera. Bays count from 1. */
export type BaySight = {
  readonly bay: number
  readonly cameraId: string
  /** Narrowest plate of a usual height and place, pixels. */
  readonly plate_px: number
  readonly horizontal_deg: number
  readonly vertical_deg: number
  /** Blur of a vehicle that arrives, in strokes of a character. */
  readonly blurStrokes: number
  /** Chance that a frame of a parked vehicle is read right by day, and by night. */
  readonly day: number
  readonly night: number
}

/** Plates as they usually hang: low and near, usual, high and further in. */
const STANCES: readonly Stance[] = [
  { aside_m: 0, behind_m: 0.2, height_m: 0.35, backedIn: false },
  { aside_m: 0, behind_m: 0.5, height_m: 0.6, backedIn: false },
  { aside_m: 0, behind_m: 0.8, height_m: 1, backedIn: false },
]
const CLEAR = { dark: false, snowed: false, dirty: false, van: false }

/** Every bay with its best camera; a bay that no camera shows is left out. */
export function cameraTable(scenario: DesignScenario): BaySight[] {
  const cameras = placeCameras(scenario)
  return Array.from({ length: scenario.site.bays }, (_, bay) => {
    const seen = cameras.filter(({ bays }) => bays.includes(bay)).flatMap((camera) => seenBy(scenario, camera, bay))
    return seen.sort((a, b) => b.plate_px - a.plate_px)[0]
  }).filter((one) => one !== undefined)
}

/** The worst of the usual stances; none where the plate is not in the picture. */
function seenBy(scenario: DesignScenario, camera: PlacedCamera, bay: number): BaySight[] {
  const worst = STANCES.flatMap((stance) => {
    const sight = sightOf(scenario, camera, bay, stance)
    return sight ? [{ stance, sight }] : []
  }).sort((a, b) => a.sight.width_px - b.sight.width_px)[0]
  if (!worst) return []
  const { stance, sight } = worst
  const blur_px = blurOf(scenario, camera, bay, stance, sight, scenario.drivers.approach_kmh)
  const chance = (dark: boolean): number => frameChance(scenario, camera, bay, stance, sight, { ...CLEAR, dark }, false)
  return [
    {
      bay: bay + 1,
      cameraId: camera.cameraId,
      plate_px: sight.width_px,
      horizontal_deg: sight.horizontal_deg,
      vertical_deg: sight.vertical_deg,
      blurStrokes: strokesOf(blur_px, sight.width_px),
      day: chance(false),
      night: chance(true),
    },
  ]
}
