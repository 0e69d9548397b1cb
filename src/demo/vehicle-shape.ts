import type { Lens, Point3, Shape3 } from './lens.ts'
import { facesLens, project } from './lens.ts'
import type { Plate, PlateShape } from './plate-design.ts'
import { plateShapes } from './plate-design.ts'
import type { Body, Lighting, Pose, Rgb, VehicleLook } from './vehicle-body.ts'
import { BODIES, vehicleLength } from './vehicle-body.ts'

const GLASS: Rgb = [38, 46, 54]
const TYRE = '#191919'

/** All that is drawn of a vehicle at a pose, far faces first. */
export function vehicleShapes(lens: Lens, look: VehicleLook, pose: Pose, light: Lighting): Shape3[] {
  const body = BODIES[look.body]
  const length = vehicleLength(look)
  const place = placer(pose, length)
  const outline =
    look.facing === 'rear' ? body.outline : body.outline.map(([along, up]) => [length - along, up] as const).reverse()
  const edges = outline.length - 1
  const glass = look.facing === 'rear' ? body.glass : body.glass.map((edge) => edges - 1 - edge)
  const parts = [
    ...crossFaces(look, body, outline, glass, light, place, edges),
    ...sideFaces(look, body, outline, light, place, length),
  ]
  const seen = parts
    .filter((part) => facesLens(lens, part.face))
    .sort((a, b) => depthOf(lens, b.face) - depthOf(lens, a.face))
  return [shadow(body, length, place), ...seen.flatMap((part) => part.shapes), ...rackShapes(look, place)]
}

type Place = (across: number, up: number, along: number) => Point3
type Part = { readonly face: readonly Point3[]; readonly shapes: readonly Shape3[] }

/** Vehicle coordinates (across, up, along from the end that faces the camera) to the car park's. */
function placer(pose: Pose, length: number): Place {
  const [sin, cos] = [Math.sin(pose.yaw_rad), Math.cos(pose.yaw_rad)]
  return (across, up, along) => {
    const deep = along - length / 2
    return [pose.x + across * cos + deep * sin, up, pose.z - across * sin + deep * cos]
  }
}

/** Half the width at a height: straight up to the belt, narrower above it. */
function halfWidth(body: Body, up: number): number {
  const roof = Math.max(...body.outline.map(([, high]) => high))
  const above = Math.max(0, (up - body.belt_m) / (roof - body.belt_m))
  return (body.width_m / 2) * (1 - above * (1 - body.narrowing))
}

/** The faces across the vehicle: ends, bonnet, glass, roof. */
function crossFaces(
  look: VehicleLook,
  body: Body,
  outline: readonly (readonly [number, number])[],
  glass: readonly number[],
  light: Lighting,
  place: Place,
  edges: number,
): Part[] {
  return Array.from({ length: edges }, (_, edge) => {
    const [fromAlong, fromUp] = outline[edge] as readonly [number, number]
    const [toAlong, toUp] = outline[edge + 1] as readonly [number, number]
    const corner = (side: number, along: number, up: number): Point3 => place(side * halfWidth(body, up), up, along)
    const face = [
      corner(-1, fromAlong, fromUp),
      corner(1, fromAlong, fromUp),
      corner(1, toAlong, toUp),
      corner(-1, toAlong, toUp),
    ]
    const flatness = Math.abs(toAlong - fromAlong) / Math.hypot(toAlong - fromAlong, toUp - fromUp)
    const brightness = light.sun * (0.72 + 0.34 * flatness)
    const white = light.snow && flatness > 0.7
    const shapes: Shape3[] = [
      {
        kind: 'fill',
        points: face,
        colour: css(white ? [236, 240, 245] : look.colour, white ? light.sun * 1.05 : brightness),
      },
    ]
    if (glass.includes(edge) && !white)
      shapes.push({ kind: 'fill', points: shrink(face, 0.87), colour: css(GLASS, light.sun * (0.8 + 0.5 * flatness)) })
    if (edge === 0) shapes.push(...endShapes(look, body, outline, light, place))
    return { face, shapes }
  })
}

/** Lamps, bumper, grille and the plate on the end that faces the camera. */
function endShapes(
  look: VehicleLook,
  body: Body,
  outline: readonly (readonly [number, number])[],
  light: Lighting,
  place: Place,
): Shape3[] {
  const [, low] = outline[0] as readonly [number, number]
  const [, high] = outline[1] as readonly [number, number]
  const half = body.width_m / 2
  const panel = (
    left: number,
    bottom: number,
    right: number,
    top: number,
    colour: string,
    opacity?: number,
  ): Shape3 => ({
    kind: 'fill',
    colour,
    ...(opacity === undefined ? {} : { opacity }),
    points: [
      place(left, bottom, -0.005),
      place(right, bottom, -0.005),
      place(right, top, -0.005),
      place(left, top, -0.005),
    ],
  })
  const lamp = look.facing === 'rear' ? (light.lamps ? '#ff3b2a' : '#a3161a') : light.lamps ? '#fff7d8' : '#d9dfe4'
  const shapes = [
    panel(-half, low, half, low + 0.12, css([34, 34, 36], light.sun)),
    panel(-half + 0.04, high - 0.22, -half + 0.3, high - 0.05, lamp),
    panel(half - 0.3, high - 0.22, half - 0.04, high - 0.05, lamp),
  ]
  if (look.facing === 'front') shapes.push(panel(-0.45, high - 0.14, 0.45, high - 0.04, css([28, 28, 30], light.sun)))
  return [
    ...shapes,
    ...plateOn(look.plate, light, (u, v) => place(u + (look.plateOffset_m ?? 0), low + 0.3 + v, -0.012)),
  ]
}

/** A bicycle on a rack with a plate of its own, in front of the rear window. */
function rackShapes(look: VehicleLook, place: Place): Shape3[] {
  if (look.rackPlate === undefined) return []
  const bar = (from: Point3, to: Point3): Shape3 => ({
    kind: 'line',
    points: [from, to],
    colour: '#2a2b2d',
    width_m: 0.05,
  })
  const wheel = (middle: number): Shape3 => ({
    kind: 'line',
    colour: '#202124',
    width_m: 0.03,
    points: Array.from({ length: 19 }, (_, step) =>
      place(middle + 0.3 * Math.cos((step / 9) * Math.PI), 1.2 + 0.3 * Math.sin((step / 9) * Math.PI), -0.22),
    ),
  })
  return [
    wheel(-0.42),
    wheel(0.42),
    bar(place(-0.42, 1.2, -0.22), place(0.42, 1.2, -0.22)),
    bar(place(-0.6, 0.8, -0.3), place(0.6, 0.8, -0.3)),
    bar(place(-0.5, 0.8, -0.3), place(-0.5, 1.35, -0.1)),
    bar(place(0.5, 0.8, -0.3), place(0.5, 1.35, -0.1)),
    ...plateOn(look.rackPlate, { sun: 1, lamps: true, snow: false }, (u, v) => place(u, 0.98 + v, -0.31)),
  ]
}

function plateOn(plate: Plate, light: Lighting, place: (u: number, v: number) => Point3): Shape3[] {
  // A plate has its own lamp at night: it is never as dark as the paint around it.
  const brightness = light.lamps ? Math.max(0.78, light.sun) : Math.min(1, light.sun)
  return plateShapes(plate).map((shape: PlateShape) => ({
    ...shape,
    colour: dim(shape.colour, brightness),
    points: shape.points.map(([u, v]) => place(u, v)),
  }))
}

/** Both flanks with windows and wheels. */
function sideFaces(
  look: VehicleLook,
  body: Body,
  outline: readonly (readonly [number, number])[],
  light: Lighting,
  place: Place,
  length: number,
): Part[] {
  return [-1, 1].map((side) => {
    const corner = ([along, up]: readonly [number, number]): Point3 => place(side * halfWidth(body, up), up, along)
    const around = side < 0 ? outline : [...outline].reverse()
    const upper = around.filter(([, up]) => up >= body.belt_m)
    const wheel = (along: number, radius: number, colour: string): Shape3 => ({
      kind: 'fill',
      colour,
      points: Array.from({ length: 14 }, (_, step) => {
        const turn = (step / 14) * 2 * Math.PI
        return place(side * (body.width_m / 2 + 0.01), 0.32 + radius * Math.sin(turn), along + radius * Math.cos(turn))
      }),
    })
    const face = around.map(corner)
    const wheels = [0.8, length - 0.85].flatMap((along) => [
      wheel(along, 0.33, TYRE),
      wheel(along, 0.18, css([150, 152, 155], light.sun)),
    ])
    return {
      face,
      shapes: [
        { kind: 'fill' as const, points: face, colour: css(look.colour, light.sun * 0.8) },
        { kind: 'fill' as const, points: shrink(upper.map(corner), 0.84), colour: css(GLASS, light.sun) },
        ...wheels,
      ],
    }
  })
}

function shadow(body: Body, length: number, place: Place): Shape3 {
  const half = body.width_m / 2 + 0.12
  return {
    kind: 'fill',
    colour: '#0b0c0e',
    opacity: 0.55,
    points: [
      place(-half, 0.01, -0.15),
      place(half, 0.01, -0.15),
      place(half, 0.01, length + 0.1),
      place(-half, 0.01, length + 0.1),
    ],
  }
}

function shrink(points: readonly Point3[], factor: number): Point3[] {
  const middle = [0, 1, 2].map(
    (axis) => points.reduce((sum, point) => sum + (point[axis] as number), 0) / points.length,
  )
  return points.map(
    (point) =>
      [0, 1, 2].map(
        (axis) => (middle[axis] as number) + ((point[axis] as number) - (middle[axis] as number)) * factor,
      ) as unknown as Point3,
  )
}

function depthOf(lens: Lens, points: readonly Point3[]): number {
  return points.reduce((sum, point) => sum + project(lens, point).depth_m, 0) / points.length
}

/** `rgb(…)` of a colour made brighter or darker. */
export function css(colour: Rgb, brightness: number): string {
  const part = (value: number): number => Math.max(0, Math.min(255, Math.round(value * brightness)))
  return `rgb(${part(colour[0])},${part(colour[1])},${part(colour[2])})`
}

/** A `#rrggbb` made darker. */
function dim(colour: string, brightness: number): string {
  const value = Number.parseInt(colour.slice(1), 16)
  return css([value >> 16, (value >> 8) & 255, value & 255], brightness)
}
