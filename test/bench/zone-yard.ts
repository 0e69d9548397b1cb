import sharp from 'sharp'
import type { Polygon } from '../../actors/ports.ts'
import type { Dice } from '../../src/demo/dice.ts'
import { type Lens, type Point3, project, svgOf } from '../../src/demo/lens.ts'
import { addGrain } from '../../src/demo/scene-picture.ts'
import { type Pose, type VehicleLook, vehicleLength } from '../../src/demo/vehicle-body.ts'
import { vehicleShapes } from '../../src/demo/vehicle-shape.ts'
import { type GroundZone, inPicture } from '../../src/zone-lift.ts'

/** A row of bays before one camera on a pole, as sites are built: bays 2.5 by 5 m, the pole 6 m before them. */
export type Yard = { readonly lens: Lens; readonly bays: number; readonly aside_m: number }

const BAY_WIDE_M = 2.5
const BAY_LONG_M = 5
const NEAR_M = 6
const PICTURE = { width: 1920, height: 1080 }
/** How far from the middle vehicles stop, metres (standard deviation). */
const ASIDE_SD_M = 0.22

/** A yard whose lens just covers its bays. `aside_m`: how far the pole stands beside the middle of the row. */
export function yardOf(bays: number, above_m: number, aside_m = 0): Yard {
  const pitch_rad = Math.atan2(above_m - 0.6, NEAR_M + 1.2)
  const wide = (bays * BAY_WIDE_M) / 2 + Math.abs(aside_m) + 0.15
  const depth = NEAR_M * Math.cos(pitch_rad) + above_m * Math.sin(pitch_rad)
  return { lens: { ...PICTURE, focal_px: (PICTURE.width / 2 / wide) * depth, above_m, pitch_rad }, bays, aside_m }
}

const leftOf = ({ bays, aside_m }: Yard, bay: number): number => (bay - bays / 2) * BAY_WIDE_M + aside_m

/** A bay's four corners on the ground as somebody clicks them, pixels: nearest edge first. */
export function clickedBay(yard: Yard, bay: number, dice: Dice, off_px: number): GroundZone {
  const left = leftOf(yard, bay)
  const corners = [
    [left, NEAR_M],
    [left + BAY_WIDE_M, NEAR_M],
    [left + BAY_WIDE_M, NEAR_M + BAY_LONG_M],
    [left, NEAR_M + BAY_LONG_M],
  ].map(([x = 0, z = 0]) => {
    const { u, v } = project(yard.lens, [x, 0, z])
    return [u + off_px * bell(dice), v + off_px * bell(dice)] as const
  })
  return { corners, side_m: BAY_WIDE_M }
}

/** The clicked corners as a polygon in the picture: what a hand draws along the lines on the ground. */
export const asDrawn = ({ corners }: GroundZone): Polygon =>
  inPicture(corners.map(([x, y]) => [x / PICTURE.width, y / PICTURE.height] as const))

/** The polygon of a hand that follows the lines on the ground and goes on beyond both ends, so that plates fit in. */
export function drawnLong(yard: Yard, bay: number): Polygon {
  const left = leftOf(yard, bay)
  const [near, far] = [NEAR_M - 2.5, NEAR_M + BAY_LONG_M + 5]
  const outline = [
    [left, near],
    [left + BAY_WIDE_M, near],
    [left + BAY_WIDE_M, far],
    [left, far],
  ].map(([x = 0, z = 0]) => {
    const { u, v } = project(yard.lens, [x, 0, z])
    return [u / PICTURE.width, v / PICTURE.height] as const
  })
  return inPicture(outline)
}

/** A number about a bell curve with standard deviation 1. */
export const bell = (dice: Dice): number =>
  Math.sqrt(-2 * Math.log(1 - dice.next())) * Math.cos(2 * Math.PI * dice.next())

/** A vehicle as drivers leave it in a bay: somewhat off the middle, its end 0.1 to 0.9 m behind the line. */
export function parked(yard: Yard, bay: number, look: VehicleLook, dice: Dice): Pose {
  const x = leftOf(yard, bay) + BAY_WIDE_M / 2 + ASIDE_SD_M * bell(dice)
  return { x, z: NEAR_M + dice.between(0.1, 0.9) + vehicleLength(look) / 2, yaw_rad: 0.035 * bell(dice) }
}

/** A plate at a height of 0.35 to 1.0 m at the end of a vehicle in a bay, as a box in 0..1. */
export function plateSomewhere(yard: Yard, bay: number, dice: Dice): readonly [number, number, number, number] {
  const x = leftOf(yard, bay) + BAY_WIDE_M / 2 + ASIDE_SD_M * bell(dice)
  const [z, up] = [NEAR_M + dice.between(0.1, 0.9), dice.between(0.35, 1)]
  return boxOf(
    yard.lens,
    [-0.26, 0.26].flatMap((half) => [-0.055, 0.055].map((high): Point3 => [x + half, up + high, z])),
  )
}

/** Where the characters of a vehicle's plate are, as a box in 0..1. */
export const plateOf = (yard: Yard, look: VehicleLook, pose: Pose): readonly [number, number, number, number] =>
  boxOf(
    yard.lens,
    vehicleShapes(yard.lens, look, pose, DAY).flatMap((shape) => (shape.kind === 'line' ? shape.points : [])),
  )

function boxOf(lens: Lens, points: readonly Point3[]): readonly [number, number, number, number] {
  const seen = points.map((point) => project(lens, point))
  const [us, vs] = [seen.map(({ u }) => u / lens.width), seen.map(({ v }) => v / lens.height)]
  const [left, top] = [Math.min(...us), Math.min(...vs)]
  return [left, top, Math.max(...us) - left, Math.max(...vs) - top]
}

const DAY = { sun: 1, lamps: false, snow: false }

/** The camera's picture of one vehicle in its bay, JPEG. */
export async function pictureOf(yard: Yard, look: VehicleLook, pose: Pose, seed: number): Promise<Buffer> {
  const { lens } = yard
  const flat = (x: number, wide: number, near: number, far: number, colour: string): string =>
    svgOf(lens, {
      kind: 'fill',
      colour,
      points: [
        [x, 0, near],
        [x + wide, 0, near],
        [x + wide, 0, far],
        [x, 0, far],
      ],
    })
  const lines = Array.from({ length: yard.bays + 1 }, (_, line) =>
    flat(leftOf(yard, line) - 0.05, 0.1, NEAR_M, NEAR_M + BAY_LONG_M, '#dededa'),
  )
  const vehicle = vehicleShapes(lens, look, pose, DAY).map((shape) => svgOf(lens, shape))
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${lens.width}" height="${lens.height}"><rect width="100%" height="100%" fill="#b9cfe0"/>${flat(-60, 120, 1, 60, '#686a6d')}${lines.join('')}${vehicle.join('')}</svg>`
  const { data, info } = await sharp(Buffer.from(svg)).removeAlpha().raw().toBuffer({ resolveWithObject: true })
  addGrain(data, { seed, noise: 4, blur_px: 0 })
  return sharp(data, { raw: { width: info.width, height: info.height, channels: 3 } })
    .blur(0.6)
    .jpeg({ quality: 88 })
    .toBuffer()
}
