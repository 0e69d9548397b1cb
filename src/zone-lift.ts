import type { Polygon } from '../actors/ports.ts'

/** How a camera hangs: the size of its picture in pixels, and how high its lens is above the ground of the bays. */
export type CameraView = { readonly picture: PictureSize; readonly height_m: number }
export type PictureSize = { readonly width: number; readonly height: number }

/**
 * A bay as four corners on the ground, in order around it, and the length of the side from the first to the second. Corners are shares
 * of the picture, or pixels where any number is above 1.
 */
export type GroundZone = { readonly corners: Polygon; readonly side_m: number }

/** What of a bay the camera shows. Polygons are in 0..1 of the picture, cut off at its edges. */
export type LiftedZone = {
  /** The bay's outline at the height of plates. */
  readonly polygon: Polygon
  /** Its outline on the ground. */
  readonly ground: Polygon
  /** Length of its other side, as the picture shows it, metres. */
  readonly other_m: number
  /** How high the camera hangs by this bay alone, metres: far from the measured height, something was measured or clicked wrongly. */
  readonly height_m: number
  /** How far that is from the measured height: the larger one by the smaller one, less 1. */
  readonly height_off: number
  /** How far its corner is from a right angle in space, degrees. */
  readonly skew_deg: number
  /** Width of a European plate that looks along the bay, at its nearer and its further end, pixels. */
  readonly plate_px: { readonly near: number; readonly far: number }
}

/** The middle of a plate above the ground: 0.35 to 1.0 m on vehicles of the road. */
export const PLATE_HEIGHT_M = 0.6
const LOWEST_PLATE_M = 0.3
const HIGHEST_PLATE_M = 1
/** Bumpers stand this far over the line of their bay. */
const OVER_LINE_M = 0.3
/** Width of a European plate. */
const PLATE_WIDTH_M = 0.52
/** Lenses, as focal length by picture width: from a fish-eye's middle to a long tele lens. */
const SHORTEST = 0.3
const LONGEST = 12
const STEPS = 240
/** Bays are about twice as long as wide. */
const USUAL_SHAPE = 2
const OFF_BY = { cosine: 0.05, height: 0.03, shape: 0.35 }

type Vector = readonly [number, number, number]
/** Columns of the mapping from the unit square to the picture, pixels from its middle. */
type Mapping = readonly [Vector, Vector, Vector]
type Posed = { readonly side: Vector; readonly other: Vector; readonly corner: Vector; readonly up: Vector }

/**
 * The bays of one camera at plate height. Its lens is found from all of them together: the one with which their corners are right
 * angles, and with which the camera hangs as high as was measured. Square pixels, and the picture's middle on the lens's axis, are taken
 * for granted. Null where corners are no picture of a rectangle (three on a line, or in a cross).
 */
export function liftZones(view: CameraView, zones: readonly GroundZone[]): readonly LiftedZone[] | null {
  const mapped = zones.map((zone) => ({ zone, mapping: squareTo(pixelsOf(zone.corners, view.picture)) }))
  const known = mapped.flatMap(({ zone, mapping }) => (mapping === null ? [] : [{ zone, mapping }]))
  if (known.length < mapped.length || known.length === 0) return null
  const misfit = (focal: number): number =>
    known.reduce((sum, { zone, mapping }) => sum + misfitOf(mapping, focal, zone.side_m, view.height_m), 0)
  const focal_px = leastOf(misfit, SHORTEST * view.picture.width, LONGEST * view.picture.width)
  return known.map(({ zone, mapping }) => liftedZone(mapping, focal_px, zone.side_m, view))
}

function liftedZone(mapping: Mapping, focal: number, side_m: number, view: CameraView): LiftedZone {
  const { picture } = view
  const { side, other, corner, up } = posed(mapping, focal, side_m)
  const at = (u: number, v: number, height_m: number, along_m = 0): Vector =>
    add(corner, scale(side, u + along_m / side_m), scale(other, v), scale(up, height_m))
  const outline = (corners: readonly PlaceInBay[]): Polygon =>
    inPicture(corners.map(([u, v, height_m]) => shareOf(at(u, v, height_m), focal, picture)))
  const plateAt = (v: number): number => {
    const ends = [-0.5, 0.5].map((half) => pixelOf(at(0.5, v, PLATE_HEIGHT_M, half * PLATE_WIDTH_M), focal))
    const [[ax, ay], [bx, by]] = ends as [Pixel, Pixel]
    return Math.hypot(ax - bx, ay - by)
  }
  const widths = [plateAt(0), plateAt(1)]
  const found_m = Math.max(1e-9, -dot(up, corner))
  return {
    polygon: outline(platePlaces(at, length(other) >= side_m, Math.max(side_m, length(other)))),
    ground: outline(CORNERS.map(([u, v]) => [u, v, 0])),
    other_m: length(other),
    height_m: found_m,
    height_off: Math.max(found_m, view.height_m) / Math.min(found_m, view.height_m) - 1,
    skew_deg: (Math.asin(Math.min(1, Math.abs(dot(unit(side), unit(other))))) * 180) / Math.PI,
    plate_px: { near: Math.max(...widths), far: Math.min(...widths) },
  }
}

const CORNERS = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
] as const

/** A place in a bay: shares along its side and its other side, metres above the ground. */
type PlaceInBay = readonly [u: number, v: number, height_m: number]

/**
 * The outline of a bay for plates. Its long sides, which it shares with its neighbours, are drawn at the height of plates. Its ends are
 * drawn wider, since nobody is beside them: low plates at the end towards the camera, over the line too, high ones at the other.
 */
function platePlaces(
  at: (u: number, v: number, height_m: number) => Vector,
  isLongAlongV: boolean,
  long_m: number,
): PlaceInBay[] {
  const place = (wide: number, long: number, height_m: number): PlaceInBay =>
    isLongAlongV ? [wide, long, height_m] : [long, wide, height_m]
  const far = (long: number): number => length(at(...place(0.5, long, 0)))
  const near = far(0) <= far(1) ? 0 : 1
  const beyond = (near === 0 ? -1 : 1) * (OVER_LINE_M / long_m)
  return [
    place(0, near + beyond, LOWEST_PLATE_M),
    place(1, near + beyond, LOWEST_PLATE_M),
    place(1, near, PLATE_HEIGHT_M),
    place(1, 1 - near, PLATE_HEIGHT_M),
    place(1, 1 - near, HIGHEST_PLATE_M),
    place(0, 1 - near, HIGHEST_PLATE_M),
    place(0, 1 - near, PLATE_HEIGHT_M),
    place(0, near, PLATE_HEIGHT_M),
  ]
}

type Pixel = readonly [number, number]

/** Corners as pixels from the picture's middle. */
function pixelsOf(corners: Polygon, { width, height }: PictureSize): readonly Pixel[] {
  const inPixels = corners.some(([x, y]) => x > 1 || y > 1)
  return corners.map(([x, y]) => [(inPixels ? x : x * width) - width / 2, (inPixels ? y : y * height) - height / 2])
}

/** The mapping of the unit square to four corners; null where they are no convex quadrangle. */
function squareTo(corners: readonly Pixel[]): Mapping | null {
  const [[x0, y0], [x1, y1], [x2, y2], [x3, y3]] = corners as readonly [Pixel, Pixel, Pixel, Pixel]
  const [ax, ay, bx, by] = [x1 - x2, y1 - y2, x3 - x2, y3 - y2]
  const [sx, sy] = [x0 - x1 + x2 - x3, y0 - y1 + y2 - y3]
  const all = ax * by - bx * ay
  if (!isConvex(corners)) return null
  const g = (sx * by - bx * sy) / all
  const h = (ax * sy - sx * ay) / all
  return [
    [x1 - x0 + g * x1, y1 - y0 + g * y1, g],
    [x3 - x0 + h * x3, y3 - y0 + h * y3, h],
    [x0, y0, 1],
  ]
}

function isConvex(corners: readonly Pixel[]): boolean {
  const turns = corners.map(([x, y], i) => {
    const [nextX, nextY] = corners[(i + 1) % 4] as Pixel
    const [afterX, afterY] = corners[(i + 2) % 4] as Pixel
    return Math.sign((nextX - x) * (afterY - nextY) - (nextY - y) * (afterX - nextX))
  })
  return turns[0] !== 0 && turns.every((turn) => turn === turns[0])
}

/** Where the bay is before the lens with this focal length, metres: right, down and away from it. */
function posed(mapping: Mapping, focal: number, side_m: number): Posed {
  const [a, b, c] = mapping.map(([x, y, z]): Vector => [x / focal, y / focal, z]) as unknown as Mapping
  const metres = side_m / length(a)
  const [side, other, corner] = [scale(a, metres), scale(b, metres), scale(c, metres)]
  const normal = unit(cross(side, other))
  return { side, other, corner, up: dot(normal, corner) > 0 ? scale(normal, -1) : normal }
}

/**
 * How badly a focal length explains a bay, in squares of what each is usually off by: its corner's cosine (clicked points), the camera's
 * height (a tape), and how long a bay is by its width. Seen straight on, corners alone say nothing of the lens: then height and habit decide.
 */
function misfitOf(mapping: Mapping, focal: number, side_m: number, height_m: number): number {
  const { side, other, corner, up } = posed(mapping, focal, side_m)
  const cosine = dot(unit(side), unit(other))
  const height = Math.log(Math.max(1e-9, -dot(up, corner)) / height_m)
  const shape = Math.abs(Math.log(length(other) / side_m)) - Math.log(USUAL_SHAPE)
  return (cosine / OFF_BY.cosine) ** 2 + (height / OFF_BY.height) ** 2 + (shape / OFF_BY.shape) ** 2
}

/** Where a function of one number is least: the best of many places, then closer and closer around it. */
function leastOf(worth: (value: number) => number, from: number, to: number): number {
  let [low, high] = [Math.log(from), Math.log(to)]
  let best = low
  for (let round = 0; round < 4; round++) {
    const step = (high - low) / STEPS
    for (let at = low; at <= high; at += step) if (worth(Math.exp(at)) < worth(Math.exp(best))) best = at
    ;[low, high] = [best - step, best + step]
  }
  return Math.exp(best)
}

const pixelOf = ([x, y, z]: Vector, focal: number): Pixel => [
  (focal * x) / Math.max(z, 1e-3),
  (focal * y) / Math.max(z, 1e-3),
]

function shareOf(point: Vector, focal: number, { width, height }: PictureSize): Pixel {
  const [x, y] = pixelOf(point, focal)
  return [x / width + 0.5, y / height + 0.5]
}

/** What of a polygon lies in the picture (0..1), rounded to a fraction of a pixel. */
export function inPicture(polygon: Polygon): Polygon {
  let kept = polygon
  for (const axis of [0, 1] as const)
    for (const [edge, sign] of [
      [0, 1],
      [1, -1],
    ] as const)
      kept = kept.flatMap((point, i) => {
        const before = kept[(i + kept.length - 1) % kept.length] ?? point
        const isIn = (one: Pixel): boolean => sign * (one[axis] - edge) >= 0
        const share = (edge - before[axis]) / (point[axis] - before[axis])
        const crossing: Pixel = [before[0] + share * (point[0] - before[0]), before[1] + share * (point[1] - before[1])]
        return isIn(point) ? (isIn(before) ? [point] : [crossing, point]) : isIn(before) ? [crossing] : []
      })
  const rounded = (value: number): number => Math.round(Math.min(1, Math.max(0, value)) * 1e5) / 1e5
  return kept.map(([x, y]) => [rounded(x), rounded(y)] as const)
}

const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
const scale = ([x, y, z]: Vector, by: number): Vector => [x * by, y * by, z * by]
const length = (a: Vector): number => Math.sqrt(dot(a, a))
const unit = (a: Vector): Vector => scale(a, 1 / Math.max(1e-12, length(a)))
const add = (...all: readonly Vector[]): Vector => all.reduce((a, b) => [a[0] + b[0], a[1] + b[1], a[2] + b[2]])
const cross = (a: Vector, b: Vector): Vector => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
]
