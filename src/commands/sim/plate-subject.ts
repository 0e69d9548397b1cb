import sharp from 'sharp'
import { toyPlate } from '../../../simulations/toy-plates.ts'
import type { Dice } from '../../demo/dice.ts'
import { type Lens, svgOf } from '../../demo/lens.ts'
import { type PlateStyle, plateSize } from '../../demo/plate-design.ts'
import type { Pixels } from '../../demo/scene-picture.ts'
import { BODIES, type Lighting, type VehicleLook, vehicleLength } from '../../demo/vehicle-body.ts'
import { css, vehicleShapes } from '../../demo/vehicle-shape.ts'

/** A vehicle with its plate, as it stands before a camera: all that does not change from one picture of it to the next. */
export type PlateSubject = {
  /** Characters only. */
  readonly text: string
  readonly look: VehicleLook
  readonly yaw_rad: number
  readonly light: Lighting
  readonly ground: string
  /** The camera above the ground, and its way to the plate along the ground. */
  readonly above_m: number
  readonly away_m: number
}

/** Pictures show so many plate widths, as a bay's zone does, three quarters as high. */
export const PLATES_WIDE = 5
const HIGH = 0.75
/** Within what the curve is said to hold for, radians to the side. */
const MOST_YAW = 0.5
/** Where on its end a vehicle wears its plate, as `vehicle-shape.ts` draws it. */
const PLATE_UP_M = 0.3
const PLATE_OUT_M = 0.012

const LIGHTS: readonly (readonly [Lighting, string])[] = [
  [{ sun: 1, lamps: false, snow: false }, css([104, 106, 109], 1)],
  [{ sun: 0.7, lamps: false, snow: false }, css([84, 86, 90], 1)],
  [{ sun: 0.34, lamps: true, snow: false }, css([48, 49, 55], 1)],
  [{ sun: 0.92, lamps: false, snow: true }, css([216, 220, 226], 1)],
]
/** Formats whose characters stand as close as the plate of half a metre that camera planning counts with. */
const FORMATS = [
  ['british', 'gb-front'],
  ['british', 'gb-rear'],
  ['german', 'de'],
  ['dutch', 'nl'],
  ['french', 'fr'],
] as const satisfies readonly (readonly [Parameters<typeof toyPlate>[0], PlateStyle])[]

/** Draws a vehicle, its plate, its light and where the camera hangs. */
export function drawSubject(dice: Dice): PlateSubject {
  const [format, style] = dice.pick(FORMATS)
  const text = toyPlate(format, () => dice.next())
  const [light, ground] = dice.pick(LIGHTS)
  const look: VehicleLook = {
    body: dice.pick(['hatch', 'saloon', 'suv', 'van']),
    colour: [dice.whole(220), dice.whole(220), dice.whole(220)],
    facing: style === 'gb-rear' ? 'rear' : dice.pick(['front', 'rear']),
    plate: { style, text: spaced(text, format) },
  }
  return {
    text,
    look,
    light,
    ground,
    yaw_rad: dice.between(-MOST_YAW, MOST_YAW),
    above_m: dice.between(1.5, 3.5),
    away_m: dice.between(5, 7),
  }
}

/** The sharp picture of a subject with its plate in the middle, so far away that the plate is `plate_px` wide. */
export async function renderSubject(subject: PlateSubject, plate_px: number): Promise<Pixels> {
  const { look, yaw_rad, above_m, away_m, light, ground } = subject
  const low = BODIES[look.body].outline[0]?.[1] ?? 0
  const drop = above_m - (low + PLATE_UP_M)
  const seen_m = plateSize(look.plate.style).width_m * Math.cos(yaw_rad)
  const [width, height] = [Math.round(plate_px * PLATES_WIDE), Math.round(plate_px * PLATES_WIDE * HIGH)]
  const lens: Lens = {
    width,
    height,
    focal_px: (plate_px / seen_m) * Math.hypot(away_m, drop),
    above_m,
    pitch_rad: Math.atan2(drop, away_m),
  }
  const deep = vehicleLength(look) / 2 + PLATE_OUT_M
  const pose = { x: deep * Math.sin(yaw_rad), z: away_m + deep * Math.cos(yaw_rad), yaw_rad }
  const shapes = vehicleShapes(lens, look, pose, light).map((shape) => svgOf(lens, shape))
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="${width}" height="${height}" fill="${ground}"/>${shapes.join('')}</svg>`
  const data = await sharp(Buffer.from(svg)).removeAlpha().raw().toBuffer()
  return { data, width, height }
}

/** As plates are lettered: British ones in two groups, the others where letters meet digits. */
const spaced = (text: string, format: string): string =>
  format === 'british'
    ? `${text.slice(0, 4)} ${text.slice(4)}`
    : text.replace(/(?<=[A-Z])(?=\d)|(?<=\d)(?=[A-Z])/g, ' ')
