import { bestZone, type Zone } from '../../machines/zone.ts'
import {
  coveringFocal,
  inPictureOf,
  motionAngle,
  type Place,
  type PlateSight,
  type Pose,
  plateSight,
  type Sensor,
  sensorNamed,
  sightHeight,
  type View,
  viewOf,
} from './camera-geometry.ts'
import { blurPixels, defocusPixels, infraredLevel } from './camera-optics.ts'
import type { CameraPlan, DesignScenario } from './design-scenario.ts'
import { DEFAULT_CURVE } from './read-curve-file.ts'
import { type ReadCurve, readChance } from './read-model.ts'
import { acrossRows, baysOfRow, columnOf, isBehindRow, rowOf, VAN_TALL_M } from './row-layout.ts'

/** One camera where it hangs, with the bays (from 0) that it serves and their polygons in its picture. */
export type PlacedCamera = {
  readonly cameraId: string
  readonly plan: CameraPlan
  readonly view: View
  readonly focus_m: number
  readonly bays: readonly number[]
  /** Empty where none are drawn. */
  readonly zones: readonly Zone[]
}

/** How a vehicle stands: its plate beside the bay's middle, behind the bays' edge and above the ground, m. */
export type Stance = {
  readonly aside_m: number
  readonly behind_m: number
  readonly height_m: number
  readonly backedIn: boolean
}

/** What its reads meet. */
export type Conditions = {
  readonly dark: boolean
  readonly snowed: boolean
  readonly dirty: boolean
  readonly van: boolean
}

/** How much dirt costs, logits. Assumed. */
const DIRT = 2
const VAN_BEFORE_M = 2.5
/** As `src/zone-lift.ts` draws a bay at the height of plates. */
const PLATE_HEIGHT_M = 0.6
const LOWEST_PLATE_M = 0.3
const HIGHEST_PLATE_M = 1
const OVER_LINE_M = 0.3

export const bayId = (bay: number): string => `bay-${bay + 1}`

/** The middle of a bay along the row, m. */
export const middleOf = (scenario: DesignScenario, bay: number): number =>
  (columnOf(scenario, bay) + 0.5) * scenario.site.bayWidth_m

/** A curve that is a file's is put in when the scenario is opened: by its name alone only the default is known. */
export const curveOf = ({ reader }: DesignScenario): ReadCurve =>
  typeof reader.curve === 'string' ? DEFAULT_CURVE : reader.curve

/** For curves that say nothing of misreads. Assumed. */
const UNMEASURED_MISREADS = 0.3

/** Of the frames that are not read right: how many are read wrong, each time alike, 0..1. */
export function misreadShareOf(scenario: DesignScenario): number {
  const { misreadShare } = scenario.reader
  return misreadShare === 'measured' ? (curveOf(scenario).misreadShare ?? UNMEASURED_MISREADS) : misreadShare
}

/** Every camera of a scenario: those that cover each so many bays are repeated along the row. */
export function placeCameras(scenario: DesignScenario): PlacedCamera[] {
  return scenario.cameras
    .flatMap((plan) => groupsOf(plan, scenario).map((bays) => ({ plan, bays })))
    .map(({ plan, bays }, index) => placed(scenario, plan, bays, `cam-${index + 1}`))
}

function groupsOf({ covers }: CameraPlan, scenario: DesignScenario): readonly (readonly number[])[] {
  if (typeof covers !== 'number') return [covers.map((bay) => bay - 1)]
  return Array.from({ length: scenario.layout.rows }, (_, row) => baysOfRow(scenario, row)).flatMap((bays) =>
    Array.from({ length: Math.ceil(bays.length / covers) }, (_, group) =>
      bays.slice(group * covers, (group + 1) * covers),
    ),
  )
}

function placed(scenario: DesignScenario, plan: CameraPlan, bays: readonly number[], cameraId: string): PlacedCamera {
  const sensor = sensorNamed(plan.model) as Sensor
  const [first, last] = [Math.min(...bays), Math.max(...bays)]
  const middle = (middleOf(scenario, first) + middleOf(scenario, last)) / 2
  const { x_m = middle, y_m, height_m, aim = [middle, 0, PLATE_HEIGHT_M] as const } = plan.pose
  const pose: Pose = { at: [x_m, y_m, height_m], aim }
  const view = viewOf(
    sensor,
    focalOf(plan, coveringFocal(sensor, pose, (last - first + 1) * scenario.site.bayWidth_m)),
    pose,
  )
  const focus_m = plan.focus_m ?? Math.hypot(x_m - aim[0], y_m - aim[1], height_m - aim[2])
  const zones = bays.flatMap((bay) => zoneOf(scenario, view, bay))
  return { cameraId, plan, view, focus_m, bays, zones }
}

/** A fixed lens is what it is; a varifocal one is turned to the focal length that just covers its bays, as far as it goes. */
function focalOf({ focal_mm }: CameraPlan, covering_mm: number): number {
  if (focal_mm === undefined) return covering_mm
  if (typeof focal_mm === 'number') return focal_mm
  return Math.min(focal_mm[1], Math.max(focal_mm[0], covering_mm))
}

function zoneOf(scenario: DesignScenario, view: View, bay: number): Zone[] {
  const { zones } = scenario.layout
  if (zones === 'none') return []
  const points = outline(scenario, bay, zones).map((place) => inPictureOf(view, place))
  if (points.some((point) => point === null)) return []
  return [{ bayId: bayId(bay), polygon: points as [number, number][] }]
}

/** A bay's outline as it is drawn: on the ground, or its long sides at the height of plates and its ends wider. */
function outline(scenario: DesignScenario, bay: number, zones: 'ground' | 'plateHeight'): Place[] {
  const { bayWidth_m, bayLength_m } = scenario.site
  const column = columnOf(scenario, bay)
  const [left, right] = [column * bayWidth_m, (column + 1) * bayWidth_m]
  if (zones === 'ground')
    return [
      [left, 0, 0],
      [right, 0, 0],
      [right, bayLength_m, 0],
      [left, bayLength_m, 0],
    ]
  return [
    [left, -OVER_LINE_M, LOWEST_PLATE_M],
    [right, -OVER_LINE_M, LOWEST_PLATE_M],
    [right, 0, PLATE_HEIGHT_M],
    [right, bayLength_m, PLATE_HEIGHT_M],
    [right, bayLength_m, HIGHEST_PLATE_M],
    [left, bayLength_m, HIGHEST_PLATE_M],
    [left, bayLength_m, PLATE_HEIGHT_M],
    [left, 0, PLATE_HEIGHT_M],
  ]
}

/** The plate of a vehicle in a bay as a camera sees it; null where it cannot. */
export function sightOf(
  scenario: DesignScenario,
  camera: PlacedCamera,
  bay: number,
  stance: Stance,
): PlateSight | null {
  const sight = plateSight(camera.view, plateAt(scenario, bay, stance))
  return sight?.isInside ? sight : null
}

const plateAt = (scenario: DesignScenario, bay: number, { aside_m, behind_m, height_m }: Stance): Place => [
  middleOf(scenario, bay) + aside_m,
  behind_m,
  height_m,
]

/** Whether somebody in the other row hides it. `tall_m`: of who stands in a bay, 0 for nobody. */
export const isBehindOthers = (
  scenario: DesignScenario,
  { view }: PlacedCamera,
  bay: number,
  stance: Stance,
  tall_m: (bay: number) => number,
): boolean => scenario.layout.rows > 1 && isBehindRow(scenario, bay, plateAt(scenario, bay, stance), view.at, tall_m)

/** To which bays a plate that is seen there belongs, by the production rules of zones. `clear` false: it may be another's. */
export function placesOf(
  camera: PlacedCamera,
  sight: PlateSight,
  taken: (bay: number) => boolean,
): readonly { readonly bay: number; readonly clear: boolean }[] {
  if (camera.zones.length > 0) {
    const best = bestZone(sight.box, camera.zones, 'plate')
    return best ? [{ bay: Number(best.bayId.slice(4)) - 1, clear: best.clear }] : []
  }
  // Without polygons a read is its bay's only where there is one; else every bay that is not empty may be meant.
  if (camera.bays.length === 1) return [{ bay: camera.bays[0] as number, clear: true }]
  return camera.bays.filter(taken).map((bay) => ({ bay, clear: false }))
}

/** Blur of a plate in a frame, pixels: movement and focus together. */
export function blurOf(
  scenario: DesignScenario,
  { plan, view, focus_m }: PlacedCamera,
  bay: number,
  stance: Stance,
  sight: PlateSight,
  speed_kmh: number,
): number {
  const motion = blurPixels(
    speed_kmh,
    plan.shutter_s,
    sight.perMetre,
    motionAngle(view, plateAt(scenario, bay, stance)),
  )
  const perMm = view.sensor.width_px / view.sensor.width_mm
  return Math.hypot(motion, defocusPixels(view.focal_mm, plan.aperture, focus_m, sight.depth_m, perMm))
}

/** Mean chance that a frame of this vehicle is read right, by a camera that sees it so; `moving`: it still arrives. */
export function frameChance(
  scenario: DesignScenario,
  camera: PlacedCamera,
  bay: number,
  stance: Stance,
  sight: PlateSight,
  conditions: Conditions,
  moving: boolean,
): number {
  const { layout, drivers } = scenario
  const { plan } = camera
  if (conditions.snowed || (layout.plates === 'rear' && stance.backedIn)) return 0
  if (isHidden(scenario, camera, bay, plateAt(scenario, bay, stance), conditions.van && moving)) return 0
  // Who backs in shows its headlights while it moves.
  if (conditions.dark && moving && stance.backedIn && !plan.wdr) return 0
  const angle_deg = Math.max(sight.horizontal_deg, sight.vertical_deg)
  const light = conditions.dark ? lightOf(plan, sight.depth_m, angle_deg) : 1
  const blur_px = blurOf(scenario, camera, bay, stance, sight, moving ? drivers.approach_kmh : 0)
  return light * readChance(curveOf(scenario), sight.width_px, blur_px, angle_deg, conditions.dirty ? DIRT : 0)
}

/** In the dark nothing is read without infrared, and less where its light is too weak. */
const lightOf = ({ ir, irRange_m, shutter_s }: CameraPlan, depth_m: number, angle_deg: number): number =>
  ir ? Math.min(1, infraredLevel(depth_m, irRange_m, shutter_s, angle_deg)) : 0

/** Something between lens and plate is higher than the line of sight: a van that waits in the aisle, or what always stands there. */
function isHidden(scenario: DesignScenario, { view }: PlacedCamera, bay: number, plate: Place, van: boolean): boolean {
  const [x, y, z] = plate
  const [cx, cy, cz] = view.at
  const away = Math.hypot(x - cx, y - cy)
  if (van && away > VAN_BEFORE_M && sightHeight(cz, z, away, VAN_BEFORE_M) < VAN_TALL_M) return true
  return scenario.layout.obstacles.some(({ at, width_m, height_m }) => {
    const [ox, oy] = acrossRows(scenario, rowOf(scenario, bay), ...at)
    const share = (oy - y) / (cy - y)
    if (!(share > 0 && share < 1)) return false
    const across = x + (cx - x) * share
    return Math.abs(across - ox) <= width_m / 2 && z + (cz - z) * share < height_m
  })
}
