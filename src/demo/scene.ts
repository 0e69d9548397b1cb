import type { Polygon } from '../../actors/ports.ts'
import type { Lens, Point3, Shape3 } from './lens.ts'
import { project, svgOf } from './lens.ts'
import { glyphLines } from './plate-face.ts'
import type { Lighting, Pose, Rgb, VehicleLook } from './vehicle-body.ts'
import { css, vehicleShapes } from './vehicle-shape.ts'

/** Day, night under lamps, or snow on the ground. */
export type Light = 'day' | 'night' | 'snow'

/** What one camera sees: three bays side by side, their numbers, and the vehicles about. */
export type Scene = {
  readonly light: Light
  readonly bayNumbers: readonly [string, string, string]
  readonly vehicles: readonly StandingVehicle[]
}
/** A vehicle at a place; `smear_px` = how far its own movement smears it. */
export type StandingVehicle = { readonly look: VehicleLook; readonly pose: Pose; readonly smear_px?: number }

/** Pictures are 1280×720; the camera hangs 2.6 m high, 5 m behind the kerb, and vehicles come to it from the lane behind the bays. */
export const LENS: Lens = { width: 1280, height: 720, focal_px: 905, above_m: 2.6, pitch_rad: 0.29 }

const BAY_WIDTH_M = 2.4
const BAY_NEAR_M = 4.95
const BAY_FAR_M = 10
/** Bumpers stop here, metres from the camera's pole. */
const STOP_M = 5.15
const NOSE_LOW_M = 0.51
const NOSE_HIGH_M = 0.7

const LIGHTING: { readonly [light in Light]: Lighting } = {
  day: { sun: 1, lamps: false, snow: false },
  night: { sun: 0.34, lamps: true, snow: false },
  snow: { sun: 0.92, lamps: false, snow: true },
}
type Ground = {
  readonly sky: string
  readonly hedge: string
  readonly wall: Rgb
  readonly asphalt: Rgb
  readonly paint: Rgb
}
const GROUND: { readonly [light in Light]: Ground } = {
  day: { sky: '#b9cfe0', hedge: '#4c6b41', wall: [164, 160, 150], asphalt: [104, 106, 109], paint: [222, 222, 216] },
  night: { sky: '#10141f', hedge: '#141c16', wall: [62, 60, 62], asphalt: [48, 49, 55], paint: [128, 128, 122] },
  snow: { sky: '#dfe6ec', hedge: '#c9d4d6', wall: [188, 190, 192], asphalt: [216, 220, 226], paint: [236, 236, 234] },
}

/** Middle of a bay (0, 1 or 2 from the left), metres across. */
export function bayMiddle(place: number): number {
  return (place - 1) * BAY_WIDTH_M
}

/** The pose of a vehicle of this length that stands in a bay. `across_m` shifts it towards a neighbour. */
export function parkedPose(place: number, length_m: number, across_m = 0, yaw_rad = 0): Pose {
  return { x: bayMiddle(place) + across_m, z: STOP_M + length_m / 2, yaw_rad }
}

/**
 * The zone of a bay in the picture, 0..1: the ground between its lines and the space above it as far as a bumper and a plate reach.
 * Neighbours share a border. `noseLeft_m` lets the outline run so far over the left line at the height of plates, as a careless hand
 * draws it: wide enough for a plate, too small to matter for whether the bay is empty.
 */
export function bayZone(place: number, noseLeft_m = 0): Polygon {
  const [left, right] = [bayMiddle(place) - BAY_WIDTH_M / 2, bayMiddle(place) + BAY_WIDTH_M / 2]
  const nose: readonly Point3[] = [
    [left, NOSE_LOW_M, STOP_M],
    [left - noseLeft_m, NOSE_LOW_M, STOP_M],
    [left - noseLeft_m, NOSE_HIGH_M, STOP_M],
    [left, NOSE_HIGH_M, STOP_M],
  ]
  const corners: readonly Point3[] = [
    [left, 1.35, 7],
    [right, 1.35, 7],
    [right, 0.5, 5.1],
    [right, 0, 4.85],
    [left, 0, 4.85],
    ...(noseLeft_m > 0 ? nose : [[left, 0.5, 5.1] as const]),
  ]
  return corners.map((corner) => {
    const { u, v } = project(LENS, corner)
    const share = (value: number): number => Math.round(Math.max(0, Math.min(1, value)) * 1000) / 1000
    return [share(u / LENS.width), share(v / LENS.height)] as const
  })
}

/** Where a plate of this vehicle is in the picture, pixels: left, top, right, bottom. */
export function plateBox(vehicle: StandingVehicle): readonly [number, number, number, number] {
  const lines = vehicleShapes(LENS, vehicle.look, vehicle.pose, LIGHTING.day).filter((shape) => shape.kind === 'line')
  const seen = lines.flatMap((shape) => shape.points.map((point) => project(LENS, point)))
  const [us, vs] = [seen.map(({ u }) => u), seen.map(({ v }) => v)]
  return [Math.min(...us), Math.min(...vs), Math.max(...us), Math.max(...vs)]
}

/** The car park without vehicles, as SVG: a kerb and the bays before the camera, the lane behind them, a hedge. */
export function groundSvg(light: Light, bayNumbers: readonly string[]): string {
  const ground = GROUND[light]
  const wide = 30
  const flat = (near: number, far: number, colour: string, left = -wide, right = wide): Shape3 => ({
    kind: 'fill',
    colour,
    points: [
      [left, 0, near],
      [right, 0, near],
      [right, 0, far],
      [left, 0, far],
    ],
  })
  const shapes: Shape3[] = [
    {
      kind: 'fill',
      colour: ground.hedge,
      points: [
        [-wide, 0, 19],
        [wide, 0, 19],
        [wide, 2.2, 19],
        [-wide, 2.2, 19],
      ],
    },
    flat(10.1, 19, css(ground.asphalt, 0.92)),
    flat(4.75, 10.1, css(ground.asphalt, 1)),
    flat(1, 4.75, css(ground.wall, 0.8)),
    flat(4.6, 4.75, css(ground.wall, 1.1)),
    ...[-1.5, -0.5, 0.5, 1.5].map((place) =>
      flat(BAY_NEAR_M, BAY_FAR_M, css(ground.paint, 1), place * BAY_WIDTH_M - 0.06, place * BAY_WIDTH_M + 0.06),
    ),
    ...bayNumbers.flatMap((text, place) => numberShapes(text, bayMiddle(place), css(ground.paint, 0.96))),
    ...chargePointShapes(light),
  ]
  return svgFrame(
    `<rect width="${LENS.width}" height="${LENS.height}" fill="${ground.sky}"/>${shapes.map((shape) => svgOf(LENS, shape)).join('')}`,
  )
}

/** The vehicles of a scene on a transparent ground, far ones first; lamps make pools of light at night. */
export function vehiclesSvg(scene: Scene): string {
  const lighting = LIGHTING[scene.light]
  const byDistance = [...scene.vehicles].sort((a, b) => b.pose.z - a.pose.z || Math.abs(b.pose.x) - Math.abs(a.pose.x))
  const groups = byDistance.map(({ look, pose, smear_px }, place) => {
    const inside = vehicleShapes(LENS, look, pose, lighting).map((shape) => svgOf(LENS, shape))
    return smear_px === undefined ? inside.join('') : smeared(inside.join(''), `smear-${place}`, smear_px)
  })
  // The charge points stand nearer than any vehicle: they are drawn again, over them.
  return svgFrame([...groups, ...chargePointShapes(scene.light).map((shape) => svgOf(LENS, shape))].join(''))
}

/** What moves while the shutter is open: nobody reads its plate, and what stands beside it stays sharp. */
function smeared(inside: string, id: string, smear_px: number): string {
  return `<filter id="${id}"><feGaussianBlur stdDeviation="${smear_px}"/></filter><g filter="url(#${id})">${inside}</g>`
}

function svgFrame(inside: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${LENS.width}" height="${LENS.height}" viewBox="0 0 ${LENS.width} ${LENS.height}">${inside}</svg>`
}

/** The bay's number painted on the ground. */
function numberShapes(text: string, middle: number, colour: string): Shape3[] {
  const pitch = 0.62
  const from = middle - ((text.length - 1) * pitch + 0.42) / 2
  return [...text].flatMap((character, place) =>
    glyphLines(character, 0.42, 1.3).map((line) => ({
      kind: 'line' as const,
      colour,
      width_m: 0.11,
      points: line.map(([u, v]): Point3 => [from + place * pitch + u, 0, 6.2 + v]),
    })),
  )
}

/** A charge point at the kerb on each line between two bays. */
function chargePointShapes(light: Light): Shape3[] {
  const shade = LIGHTING[light].sun
  return [-0.5 * BAY_WIDTH_M, 0.5 * BAY_WIDTH_M].flatMap((x) => {
    const panel = (half: number, low: number, high: number, z: number, colour: string): Shape3 => ({
      kind: 'fill',
      colour,
      points: [
        [x - half, low, z],
        [x + half, low, z],
        [x + half, high, z],
        [x - half, high, z],
      ],
    })
    return [
      panel(0.1, 0, 0.95, 4.72, css([232, 234, 236], shade)),
      panel(0.065, 0.55, 0.83, 4.71, css([30, 36, 44], shade)),
      panel(0.065, 0.87, 0.91, 4.7, '#39d07a'),
    ]
  })
}
