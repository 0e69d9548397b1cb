import sharp from 'sharp'
import type { Polygon } from '../../../actors/ports.ts'
import type { ToyPicture } from '../../../simulations/toy-picture.ts'
import { seededDice } from '../../../src/demo/dice.ts'
import { type Point3, project } from '../../../src/demo/lens.ts'
import { bayMiddle, LENS, type Light, parkedPose, type StandingVehicle } from '../../../src/demo/scene.ts'
import { developPicture, type Pixels, renderPixels } from '../../../src/demo/scene-picture.ts'
import { type VehicleLook, vehicleLength } from '../../../src/demo/vehicle-body.ts'

/** What the car park of a story looks like beside the vehicles that the story parks. */
export type Surroundings = {
  readonly light: Light
  /** Lettering on every vehicle's rear window: a van's, a badge's. */
  readonly lettering?: string
  /** A sign in the middle of the first bay, knee high. */
  readonly sign?: string
}

/** As wide as a bay, metres. */
const BAY_M = bayMiddle(1) - bayMiddle(0)

/** Where a share of the width of a toy picture lies in the car park, metres across: one bay is the middle one, several begin on the left. */
const across = (x: number, bays: number): number => (x * bays - (bays === 1 ? 0.5 : 1.5)) * BAY_M

/** A toy zone (a part of the width of the picture) as the outline of that part of the car park: from the kerb to where plates are. */
export function zoneOf(toy: Polygon, bays: number): Polygon {
  const xs = toy.map(([x]) => across(x, bays))
  const [left, right] = [Math.min(...xs), Math.max(...xs)]
  const corners = [
    [left, 1.35, 7],
    [right, 1.35, 7],
    [right, 0.5, 5.1],
    [right, 0, 4.85],
    [left, 0, 4.85],
    [left, 0.5, 5.1],
  ] as const
  return corners.map((corner) => {
    const { u, v } = project(LENS, corner)
    const share = (value: number): number => Math.round(Math.max(0, Math.min(1, value)) * 1000) / 1000
    return [share(u / LENS.width), share(v / LENS.height)] as const
  })
}

/** British plates of now have a space; others are written as they are told. */
const written = (plate: string): string => plate.replace(/^([A-Z]{2}\d{2})([A-Z]{3})$/, '$1 $2')

/** A vehicle of its own for each plate: the same plate is always on the same one. */
function lookOf(plates: readonly string[]): VehicleLook {
  const [plate, second] = plates
  const dice = seededDice(`vehicle ${plate ?? 'unread'}`)
  return {
    body: plate === undefined || second !== undefined ? 'hatch' : dice.pick(['hatch', 'saloon', 'suv']),
    colour: [40 + dice.whole(160), 40 + dice.whole(160), 40 + dice.whole(160)],
    facing: 'rear',
    plate: {
      style: 'gb-rear',
      text: written(plate ?? 'KX19 TYP'),
      ...(plate === undefined ? { cover: 'mud' } : {}),
    },
    ...(second === undefined ? {} : { rackPlate: { style: 'gb-rear', text: written(second) } }),
  }
}

/** The vehicles of a toy picture: one in each bay that is occupied or has a plate, a second plate of a bay on its bicycle rack. */
function vehiclesOf(picture: ToyPicture, bayIds: readonly string[]): StandingVehicle[] {
  return bayIds.flatMap((bayId, index) => {
    const own = (picture.plates ?? []).filter((one) => one.bayId === bayId)
    if (own.length === 0 && !picture.occupied?.includes(bayId)) return []
    const look = lookOf(own.map(({ plate }) => plate))
    const x = own[0]?.x ?? (index + 0.5) / bayIds.length
    const pose = parkedPose(1, vehicleLength(look), across(x, bayIds.length))
    return [{ look, pose }]
  })
}

/** Scenes drawn so far, before the sensor's noise: drawing is the camera's work, and a parked scene is drawn once. */
const drawn = new Map<string, Promise<Pixels>>()

async function draw(vehicles: readonly StandingVehicle[], around: Surroundings): Promise<Pixels> {
  const pixels = await renderPixels({ light: around.light, bayNumbers: ['1', '2', '3'], vehicles })
  const raw = { raw: { width: pixels.width, height: pixels.height, channels: 3 as const } }
  const painted = around.lettering ?? ''
  const words = vehicles.map(({ pose, look }) => wordsAt([pose.x, 0.98, pose.z - vehicleLength(look) / 2], painted))
  if (around.sign !== undefined) words.push(wordsAt([0, 0.4, 6], around.sign, 0.3))
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${LENS.width}" height="${LENS.height}">${words.join('')}</svg>`
  const data = await sharp(pixels.data, raw)
    .composite(painted === '' && around.sign === undefined ? [] : [{ input: Buffer.from(svg) }])
    .removeAlpha()
    .blur(0.6)
    .raw()
    .toBuffer()
  return { ...pixels, data }
}

/** Words in white at a place, so many metres high. */
function wordsAt(place: Point3, text: string, high_m = 0.17): string {
  const { u, v, depth_m } = project(LENS, place)
  const size = (LENS.focal_px * high_m) / depth_m
  return `<text x="${u}" y="${v}" font-family="DejaVu Sans, sans-serif" font-weight="bold" font-size="${size}" text-anchor="middle" fill="#f4f4f0">${text}</text>`
}

/** The picture that the camera takes of this: JPEG; every seed has noise of its own. */
export async function takePicture(
  picture: ToyPicture,
  bayIds: readonly string[],
  around: Surroundings,
  seed: number,
): Promise<Buffer> {
  const vehicles = vehiclesOf(picture, bayIds)
  const key = JSON.stringify([vehicles, around])
  const pixels = drawn.get(key) ?? draw(vehicles, around)
  drawn.set(key, pixels)
  return developPicture(await pixels, { seed, noise: around.light === 'night' ? 7 : 4, blur_px: 0 })
}
