import type { Point2 } from './plate-face.ts'

/** Metres: x to the right, y up from the ground, z away from the foot of the camera's pole. */
export type Point3 = readonly [number, number, number]

/** A pinhole camera above the origin, looking along z and down. */
export type Lens = {
  readonly width: number
  readonly height: number
  readonly focal_px: number
  readonly above_m: number
  readonly pitch_rad: number
}

/** A point in the picture, pixels, with its depth in metres. */
export type Seen = { readonly u: number; readonly v: number; readonly depth_m: number }

/** Nothing nearer than this is drawn as it is: it is pushed away to this depth. */
const NEAR_M = 0.3

/** Where a point falls in the picture. */
export function project(lens: Lens, [x, y, z]: Point3): Seen {
  const rise = y - lens.above_m
  const depth = Math.max(NEAR_M, z * Math.cos(lens.pitch_rad) - rise * Math.sin(lens.pitch_rad))
  const up = rise * Math.cos(lens.pitch_rad) + z * Math.sin(lens.pitch_rad)
  return {
    u: lens.width / 2 + (lens.focal_px * x) / depth,
    v: lens.height / 2 - (lens.focal_px * up) / depth,
    depth_m: depth,
  }
}

/** Something to draw in space. Lines have a width in metres. `order_m` = distance for painting far things first. */
export type Shape3 =
  | { readonly kind: 'fill'; readonly points: readonly Point3[]; readonly colour: string; readonly opacity?: number }
  | { readonly kind: 'line'; readonly points: readonly Point3[]; readonly colour: string; readonly width_m: number }

/** One SVG element for a shape. */
export function svgOf(lens: Lens, shape: Shape3): string {
  const seen = shape.points.map((point) => project(lens, point))
  const points = seen.map(({ u, v }) => `${u.toFixed(2)},${v.toFixed(2)}`).join(' ')
  if (shape.kind === 'fill') {
    const opacity = shape.opacity === undefined ? '' : ` fill-opacity="${shape.opacity}"`
    return `<polygon points="${points}" fill="${shape.colour}"${opacity}/>`
  }
  const depth = seen.reduce((sum, one) => sum + one.depth_m, 0) / seen.length
  const width = ((lens.focal_px * shape.width_m) / depth).toFixed(2)
  return `<polyline points="${points}" fill="none" stroke="${shape.colour}" stroke-width="${width}" stroke-linejoin="round" stroke-linecap="round"/>`
}

/** True when the picture sees the front of a polygon whose corners run counter-clockwise seen from outside. */
export function facesLens(lens: Lens, points: readonly Point3[]): boolean {
  const flat = points.map((point): Point2 => {
    const { u, v } = project(lens, point)
    return [u, v]
  })
  let area = 0
  for (let place = 0; place < flat.length; place++) {
    const [u, v] = flat[place] as Point2
    const [nextU, nextV] = flat[(place + 1) % flat.length] as Point2
    area += u * nextV - nextU * v
  }
  return area < 0
}
