import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import sharp from 'sharp'
import { type Dice, seededDice } from '../../src/demo/dice.ts'
import { bayZone, LENS, type Light, parkedPose, vehiclesSvg } from '../../src/demo/scene.ts'
import { renderPixels } from '../../src/demo/scene-picture.ts'
import { type Pose, type VehicleLook, vehicleLength } from '../../src/demo/vehicle-body.ts'
import { isInside, LOOK_SIZE, zoneCrop } from '../../src/vision/zone-crop.ts'
import { SIZE } from './presence-weather.ts'

/** An empty bay before a camera: the clean grey picture of its zone in each light. */
export type Place = {
  readonly bay: number
  /** Which of the look's 24×24 cells lie in the zone. */
  readonly seen: readonly boolean[]
  readonly empty: { readonly [light in Light]: Uint8Array }
  /** The middle grey of its ground by day. */
  readonly ground: number
}

const LIGHTS = ['day', 'night', 'snow'] as const
const PICTURE = { width: LENS.width, height: LENS.height }
const greyOf = (r: number, g: number, b: number): number => 0.299 * r + 0.587 * g + 0.114 * b

/** The zone's part of a whole picture (three bytes a pixel), grey. */
async function cropped(data: Buffer, bay: number): Promise<Uint8Array> {
  const part = zoneCrop(bayZone(bay), PICTURE, 0)
  const rgb = await sharp(data, { raw: { ...PICTURE, channels: 3 } })
    .extract({ left: part.x, top: part.y, width: part.width, height: part.height })
    .resize({ ...SIZE, fit: 'fill' })
    .raw()
    .toBuffer()
  return Uint8Array.from({ length: SIZE.width * SIZE.height }, (_, i) =>
    greyOf(rgb[3 * i] ?? 0, rgb[3 * i + 1] ?? 0, rgb[3 * i + 2] ?? 0),
  )
}

function placeOf(bay: number, empty: Place['empty']): Place {
  const [zone, part] = [bayZone(bay), zoneCrop(bayZone(bay), PICTURE, 0)]
  const seen = Array.from({ length: LOOK_SIZE * LOOK_SIZE }, (_, i) => {
    const x = (part.x + (((i % LOOK_SIZE) + 0.5) / LOOK_SIZE) * part.width) / PICTURE.width
    return isInside(zone, x, (part.y + ((Math.floor(i / LOOK_SIZE) + 0.5) / LOOK_SIZE) * part.height) / PICTURE.height)
  })
  return { bay, seen, empty, ground: middleOf(empty.day) }
}

const middleOf = (grey: Uint8Array): number => new Uint8Array(grey).sort()[grey.length >> 1] ?? 0

/** What the ground of a bay is like: as painted, nearly without its lines, with stains, or of blocks. */
const SURFACES: readonly ((grey: Uint8Array, dice: Dice) => void)[] = [
  () => undefined,
  (grey) => {
    const middle = middleOf(grey)
    grey.forEach((value, i) => {
      grey[i] = value > middle + 12 ? middle + 0.25 * (value - middle) : value
    })
  },
  (grey, dice) => {
    const stains = Array.from({ length: 9 }, () => ({ x: dice.next(), y: dice.next(), r: dice.between(0.04, 0.16) }))
    grey.forEach((value, i) => {
      const [x, y] = [(i % SIZE.width) / SIZE.width, Math.floor(i / SIZE.width) / SIZE.height]
      const isDark = stains.some((one) => (x - one.x) ** 2 + 4 * (y - one.y) ** 2 < one.r ** 2)
      grey[i] = isDark ? 0.62 * value : value
    })
  },
  (grey) => {
    grey.forEach((value, i) => {
      const [x, y] = [i % SIZE.width, Math.floor(i / SIZE.width)]
      grey[i] = x % 12 < 2 || y % 9 < 2 ? 0.75 * value : 1.12 * value
    })
  },
]

/** The bays of the rendered car park, each with every surface. */
export async function carPark(): Promise<Place[]> {
  const places: Place[] = []
  for (const [surface, paint] of SURFACES.entries())
    for (const bay of [0, 1, 2]) {
      const lit = await Promise.all(
        LIGHTS.map(async (light) => {
          const { data } = await renderPixels({ light, bayNumbers: ['1', '2', '3'], vehicles: [] })
          const grey = await cropped(data, bay)
          // Snow lies on all of it alike.
          if (light !== 'snow') paint(grey, seededDice(`surface ${surface} ${bay}`))
          return [light, grey] as const
        }),
      )
      places.push(placeOf(bay, Object.fromEntries(lit) as Place['empty']))
    }
  return places
}

/** Where in 0..1 of the picture a photograph's plate is, by the text file beside it; null where there is none. */
async function plateIn(file: string): Promise<readonly [number, number, number, number] | null> {
  const text = await readFile(file.replace(/\.\w+$/, '.txt'), 'utf8').catch(() => null)
  const [, x, y, wide, high] = (text ?? '').split('\t').map(Number)
  if (!(x && y && wide && high)) return null
  const { width, height } = await sharp(file).metadata()
  const scale = Math.max(PICTURE.width / width, PICTURE.height / height)
  const [left, top] = [(width * scale - PICTURE.width) / 2, (height * scale - PICTURE.height) / 2]
  return [
    (x * scale - left) / PICTURE.width,
    (y * scale - top) / PICTURE.height,
    (wide * scale) / PICTURE.width,
    (high * scale) / PICTURE.height,
  ]
}

/** The photographs of a folder as empty bays: those zones of each that its labelled plate is not in; by night darker, in snow paler. */
export async function beforePhotos(folder: string): Promise<Place[]> {
  const names = (await readdir(folder)).filter((name) => /\.(jpe?g|png)$/i.test(name)).sort()
  const places: Place[] = []
  for (const name of names) {
    const file = join(folder, basename(name))
    const data = await sharp(file)
      .resize({ ...PICTURE, fit: 'cover' })
      .flatten()
      .toColourspace('srgb')
      .removeAlpha()
      .raw()
      .toBuffer()
    const plate = await plateIn(file)
    for (const bay of [0, 1, 2]) {
      const part = zoneCrop(bayZone(bay), PICTURE, 0)
      const middle = plate === null ? 0 : (plate[0] + plate[2] / 2) * PICTURE.width
      if (plate !== null && middle > part.x && middle < part.x + part.width) continue
      const day = await cropped(data, bay)
      places.push(
        placeOf(bay, { day, night: day.map((value) => 0.35 * value), snow: day.map((value) => 0.45 * value + 125) }),
      )
    }
  }
  return places
}

/** A vehicle in a bay, as a layer: its grey and how much it covers, 0..1, pixel by pixel. */
type Layer = { readonly grey: Uint8Array; readonly cover: Float32Array }

/** A vehicle that stands in a place, in each light that its stay has. */
export async function vehicleLayer(place: Place, light: Light, look: VehicleLook, pose: Pose): Promise<Layer> {
  const part = zoneCrop(bayZone(place.bay), PICTURE, 0)
  const whole = vehiclesSvg({ light, bayNumbers: ['1', '2', '3'], vehicles: [{ look, pose }] })
  // Only the zone is drawn, in its own size.
  const svg = whole.replace(
    /^<svg [^>]*>/,
    `<svg xmlns="http://www.w3.org/2000/svg" width="${SIZE.width}" height="${SIZE.height}" viewBox="${part.x} ${part.y} ${part.width} ${part.height}" preserveAspectRatio="none">`,
  )
  const rgba = await sharp(Buffer.from(svg)).ensureAlpha().raw().toBuffer()
  const many = SIZE.width * SIZE.height
  const grey = Uint8Array.from({ length: many }, (_, i) =>
    greyOf(rgba[4 * i] ?? 0, rgba[4 * i + 1] ?? 0, rgba[4 * i + 2] ?? 0),
  )
  return { grey, cover: Float32Array.from({ length: many }, (_, i) => (rgba[4 * i + 3] ?? 0) / 255) }
}

/** The vehicle in its place. `buried`: how far snow hides it, 0..1. */
export function standing(place: Place, light: Light, { grey, cover }: Layer, buried: number): Uint8Array {
  return place.empty[light].map((ground, i) => {
    const shown = (grey[i] ?? 0) * (1 - buried) + 228 * buried
    return ground + (cover[i] ?? 0) * (shown - ground)
  })
}

/** How somebody parks: somewhat off the middle, askew, not always right up to the kerb. */
export function somePose(place: Place, look: VehicleLook, dice: Dice): Pose {
  const pose = parkedPose(place.bay, vehicleLength(look), dice.between(-0.35, 0.35), dice.between(-0.05, 0.05))
  return { ...pose, z: pose.z + Math.max(0, dice.between(-0.5, 0.9)) }
}
