/**
 * Where a plate lands in a camera's picture, as a pinhole sees it. Ground coordinates in metres: x along the row of bays, y away from the
 * camera's side into the bays (0 is the bays' edge towards the aisle), z up. Lens distortion and survey errors are left out.
 */

export type Place = readonly [x: number, y: number, z: number]

/** A picture's size in pixels and its sensor's width in mm. */
export type Sensor = { readonly width_px: number; readonly height_px: number; readonly width_mm: number }

/** Where a camera hangs, and the place on which its axis lies. */
export type Pose = { readonly at: Place; readonly aim: Place }

/** A camera ready for asking: focal length in pixels, and its axes as unit vectors. */
export type View = {
  readonly sensor: Sensor
  readonly focal_mm: number
  readonly focal_px: number
  readonly at: Place
  readonly right: Place
  readonly down: Place
  readonly axis: Place
}

/** Width of a European plate, its height, and the stroke of a character of 79 mm, m. */
export const PLATE_WIDTH_M = 0.52
export const PLATE_TALL_M = 0.11
export const STROKE_M = 0.014

const RESOLUTIONS: { readonly [megapixels: string]: readonly [number, number] } = {
  2: [1920, 1080],
  4: [2688, 1520],
  5: [2960, 1668],
  6: [3072, 2048],
  8: [3840, 2160],
  12: [4000, 3000],
}
const SENSOR_WIDTHS_MM: { readonly [inches: string]: number } = {
  '1/3': 4.8,
  '1/2.8': 5.12,
  '1/2.7': 5.37,
  '1/2.5': 5.76,
  '1/2': 6.4,
  '1/1.8': 7.18,
  '1/1.2': 10.67,
}

/** `4MP-1/2.7`: megapixels of the usual shape, and the sensor's type; null for what is not known. */
export function sensorNamed(model: string): Sensor | null {
  const [, megapixels = '', inches = ''] = /^(\d+)MP-(1\/[\d.]+)$/.exec(model) ?? []
  const size = RESOLUTIONS[megapixels]
  const width_mm = SENSOR_WIDTHS_MM[inches]
  return size && width_mm !== undefined ? { width_px: size[0], height_px: size[1], width_mm } : null
}

/** A camera at a pose with a focal length in mm. */
export function viewOf(sensor: Sensor, focal_mm: number, { at, aim }: Pose): View {
  const axis = unit(minus(aim, at))
  const right = unit(cross(axis, [0, 0, 1]))
  const focal_px = (focal_mm / sensor.width_mm) * sensor.width_px
  return { sensor, focal_mm, focal_px, at, axis, right, down: cross(axis, right) }
}

/** The focal length in mm whose picture is as wide as `width_m` at the place that the camera aims at. */
export function coveringFocal(sensor: Sensor, { at, aim }: Pose, width_m: number): number {
  return (sensor.width_mm * length(minus(aim, at))) / width_m
}

/** How wide the picture is, degrees. */
export const fieldOfView = ({ sensor, focal_mm }: View): number =>
  (2 * Math.atan(sensor.width_mm / (2 * focal_mm)) * 180) / Math.PI

/** How far a place is before the lens, along its axis, m. */
export const depthOf = (view: View, place: Place): number => dot(minus(place, view.at), view.axis)

/** Pixels that a metre across the axis takes at a place. */
export const density = (view: View, place: Place): number => view.focal_px / Math.max(1e-6, depthOf(view, place))

/** Where a place is in the picture, shares of it; may lie outside of 0..1. Null for one behind the lens. */
export function inPictureOf(view: View, place: Place): readonly [number, number] | null {
  const from = minus(place, view.at)
  const depth = dot(from, view.axis)
  if (depth <= 0.1) return null
  const { width_px, height_px } = view.sensor
  return [
    0.5 + (view.focal_px * dot(from, view.right)) / depth / width_px,
    0.5 + (view.focal_px * dot(from, view.down)) / depth / height_px,
  ]
}

/** A plate that looks along the bay (towards -y), as a camera sees it. Angles in degrees from straight before the plate. */
export type PlateSight = {
  /** Width in pixels. */
  readonly width_px: number
  readonly horizontal_deg: number
  readonly vertical_deg: number
  /** Pixels for a metre across the axis, at the plate. */
  readonly perMetre: number
  readonly depth_m: number
  /** The whole plate is in the picture. */
  readonly isInside: boolean
  /** x, y, width, height in shares of the picture. */
  readonly box: readonly [number, number, number, number]
}

/** How the plate with its middle at `place` is seen; null where it is behind the lens, or looks away from it. */
export function plateSight(view: View, [x, y, z]: Place): PlateSight | null {
  if (view.at[1] >= y) return null
  const left = inPictureOf(view, [x - PLATE_WIDTH_M / 2, y, z])
  const rightEnd = inPictureOf(view, [x + PLATE_WIDTH_M / 2, y, z])
  const top = inPictureOf(view, [x, y, z + PLATE_TALL_M / 2])
  const bottom = inPictureOf(view, [x, y, z - PLATE_TALL_M / 2])
  if (!left || !rightEnd || !top || !bottom) return null
  const { width_px, height_px } = view.sensor
  const [dx, dy, dz] = minus([x, y, z], view.at)
  const wide = Math.abs(rightEnd[0] - left[0])
  const from: readonly [number, number] = [Math.min(left[0], rightEnd[0]), Math.min(top[1], bottom[1])]
  const tall = Math.max(Math.abs(bottom[1] - top[1]), Math.abs(rightEnd[1] - left[1]))
  return {
    width_px: Math.hypot(wide * width_px, (rightEnd[1] - left[1]) * height_px),
    horizontal_deg: (Math.atan2(Math.abs(dx), Math.abs(dy)) * 180) / Math.PI,
    vertical_deg: (Math.atan2(Math.abs(dz), Math.hypot(dx, dy)) * 180) / Math.PI,
    perMetre: density(view, [x, y, z]),
    depth_m: depthOf(view, [x, y, z]),
    isInside: from[0] >= 0 && from[0] + wide <= 1 && from[1] >= 0 && from[1] + tall <= 1,
    box: [from[0], from[1], wide, tall],
  }
}

/** Angle between the line from the lens to a place and a movement along the bay, degrees: what moves along it blurs with its sine. */
export function motionAngle(view: View, place: Place): number {
  const sight = unit(minus(place, view.at))
  return (Math.acos(Math.min(1, Math.abs(sight[1]))) * 180) / Math.PI
}

/** Where a plate seems to stand by somebody who takes it to be at `assumed_m` above the ground: its ray, cut there. */
export function seenAt({ at }: View, [x, y, z]: Place, assumed_m: number): readonly [number, number] {
  const reach = (at[2] - assumed_m) / Math.max(1e-6, at[2] - z)
  return [at[0] + (x - at[0]) * reach, at[1] + (y - at[1]) * reach]
}

/** How far a plate that is `height_m` high moves off the camera's foot on the ground, for each metre that it is away from it. */
export const parallax = (camera_m: number, height_m: number): number => height_m / (camera_m - height_m)

/** Height of the line of sight, `before_m` in front of a plate that is `away_m` from the camera's foot: whatever is higher hides it. */
export const sightHeight = (camera_m: number, plate_m: number, away_m: number, before_m: number): number =>
  plate_m + ((camera_m - plate_m) * before_m) / away_m

const minus = ([ax, ay, az]: Place, [bx, by, bz]: Place): Place => [ax - bx, ay - by, az - bz]
const dot = (a: Place, b: Place): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
const length = (a: Place): number => Math.hypot(a[0], a[1], a[2])
const unit = (a: Place): Place => {
  const long = Math.max(1e-12, length(a))
  return [a[0] / long, a[1] / long, a[2] / long]
}
const cross = (a: Place, b: Place): Place => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
]
