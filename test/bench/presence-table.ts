import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import sharp from 'sharp'
import type { Polygon } from '../../actors/ports.ts'
import type { ZoneLook } from '../../actors/zone-look.ts'
import { type Presence, UNWATCHED, watchZone } from '../../machines/zone.ts'
import { type Dice, seededDice } from '../../src/demo/dice.ts'
import { bayZone, LENS, type Light, parkedPose, vehiclesSvg } from '../../src/demo/scene.ts'
import { renderPixels } from '../../src/demo/scene-picture.ts'
import { type VehicleLook, vehicleLength } from '../../src/demo/vehicle-body.ts'
import { emptyLooks, judgeByLooks, NO_LOOKS, withAdapted, withLearnt } from '../../src/vision/empty-looks.ts'
import type { Picture } from '../../src/vision/picture.ts'
import { wilson } from '../../src/vision/reader-bench.ts'
import { lookAtZone, zoneCrop } from '../../src/vision/zone-crop.ts'
import { learnEmpty } from '../../src/vision/zone-presence.ts'

/** `npm run presence`: how often a zone with a vehicle in it is taken for empty, by light and weather, and how often an empty one is known for empty. */
const HELP = `node test/bench/presence-table.ts [--hours N] [--photos FOLDER]

  --hours N         occupied hours for each condition, default 1000; one vehicle each, twelve looks in pairs
  --photos FOLDER   vehicles before the backgrounds of these photographs instead of the rendered car park
`
/** Looks in one occupied hour: six moments, two pictures each, as two in a row are needed to say empty. */
const MOMENTS = 6
const SIZE = { width: 192, height: 108 }

/** Changes grey values in place, as weather and light do; `x` and `y` are 0..1 of the zone. */
type Weather = (pixels: Uint8Array, dice: Dice) => void

const each = (pixels: Uint8Array, change: (value: number, x: number, y: number) => number): void => {
  for (let i = 0; i < pixels.length; i += 3) {
    const place = i / 3
    const [x, y] = [(place % SIZE.width) / SIZE.width, Math.floor(place / SIZE.width) / SIZE.height]
    for (let c = i; c < i + 3; c++) pixels[c] = Math.max(0, Math.min(255, change(pixels[c] ?? 0, x, y)))
  }
}
const grain = (pixels: Uint8Array, dice: Dice, sd: number): void => {
  for (let i = 0; i < pixels.length; i++)
    pixels[i] = Math.max(0, Math.min(255, (pixels[i] ?? 0) + sd * (dice.next() + dice.next() + dice.next() - 1.5) * 2))
}
const CONDITIONS: { readonly [name: string]: { readonly light: Light; readonly weather: Weather } } = {
  day: {
    light: 'day',
    weather: (pixels, dice) => {
      const [gain, lift, edge] = [dice.between(0.75, 1.2), dice.between(-12, 12), dice.between(-0.5, 1.5)]
      // A shadow of a building or a tree falls across.
      each(pixels, (value, x, y) => value * gain * (x + 0.4 * y < edge ? 0.7 : 1) + lift)
      grain(pixels, dice, 4)
    },
  },
  dusk: {
    light: 'day',
    weather: (pixels, dice) => {
      const gain = dice.between(0.16, 0.45)
      each(pixels, (value) => value * gain + 5)
      grain(pixels, dice, 7)
    },
  },
  night: { light: 'night', weather: (pixels, dice) => grain(pixels, dice, 9) },
  rain: {
    light: 'day',
    weather: (pixels, dice) => {
      const [gain, shine] = [dice.between(0.45, 0.7), dice.between(0, 40)]
      each(pixels, (value, _x, y) => value * gain + 40 + shine * Math.max(0, y - 0.5))
      for (let drop = 0; drop < 120; drop++) {
        const [x, y, long] = [dice.whole(SIZE.width), dice.whole(SIZE.height - 12), 4 + dice.whole(8)]
        for (let step = 0; step < long; step++)
          pixels.fill(200, 3 * ((y + step) * SIZE.width + x), 3 * ((y + step) * SIZE.width + x) + 3)
      }
      grain(pixels, dice, 6)
    },
  },
  snow: {
    light: 'snow',
    weather: (pixels, dice) => {
      for (let flake = 0; flake < 250; flake++) {
        const at = 3 * (dice.whole(SIZE.height) * SIZE.width + dice.whole(SIZE.width))
        pixels.fill(250, at, at + 6)
      }
      each(pixels, (value) => value * 0.85 + 32)
      grain(pixels, dice, 5)
    },
  },
  headlights: {
    light: 'night',
    weather: (pixels, dice) => {
      const [cx, cy, wide] = [dice.between(-0.2, 1.2), dice.between(0, 1), dice.between(0.15, 0.6)]
      each(pixels, (value, x, y) => value + 190 * Math.exp(-((x - cx) ** 2 + (y - cy) ** 2) / (wide * wide)))
      grain(pixels, dice, 9)
    },
  },
}

/** What stands before the camera: a clean crop of the zone, 192 by 108, and the zone in it. */
type Clean = { readonly rgb: Uint8Array; readonly zone: Polygon }

async function cropped(data: Buffer, zone: Polygon): Promise<Clean> {
  const picture = { width: LENS.width, height: LENS.height }
  const part = zoneCrop(zone, picture)
  const rgb = await sharp(data, { raw: { ...picture, channels: 3 } })
    .extract({ left: part.x, top: part.y, width: part.width, height: part.height })
    .resize({ ...SIZE, fit: 'fill' })
    .raw()
    .toBuffer()
  const own = zone.map(
    ([x, y]) => [(x * picture.width - part.x) / part.width, (y * picture.height - part.y) / part.height] as const,
  )
  return {
    rgb: new Uint8Array(rgb),
    zone: own.map(([x, y]) => [Math.min(1, Math.max(0, x)), Math.min(1, Math.max(0, y))] as const),
  }
}

function lookOf({ rgb, zone }: Clean, weather: Weather, dice: Dice): Promise<ZoneLook> {
  const pixels = new Uint8Array(rgb)
  weather(pixels, dice)
  const picture: Picture = { ...SIZE, rgb: pixels }
  return lookAtZone(picture, zone)
}

const COLOURS = [
  [18, 18, 20],
  [60, 62, 66],
  [104, 106, 109],
  [150, 152, 156],
  [215, 218, 222],
  [240, 240, 238],
  [140, 24, 30],
  [28, 52, 110],
] as const

function someVehicle(dice: Dice): VehicleLook {
  return {
    body: dice.pick(['hatch', 'saloon', 'suv', 'van']),
    colour: dice.pick(COLOURS),
    facing: dice.pick(['front', 'rear']),
    plate: { style: 'gb-front', text: 'AB12 CDE' },
  }
}

type Ground = (light: Light, place: number, vehicle: VehicleLook | null, dice: Dice) => Promise<Clean>

const carPark: Ground = async (light, place, vehicle, dice) => {
  const vehicles =
    vehicle === null
      ? []
      : [{ look: vehicle, pose: parkedPose(place, vehicleLength(vehicle), dice.between(-0.25, 0.25)) }]
  const { data } = await renderPixels({ light, bayNumbers: ['1', '2', '3'], vehicles })
  return cropped(data, bayZone(place))
}

/** Vehicles before real backgrounds: the photograph is the empty bay, whatever stands in it. */
function beforePhotos(files: readonly string[]): Ground {
  return async (light, place, vehicle, dice) => {
    const file = files[Math.floor(place / 3) % files.length] as string
    const bay = place % 3
    const behind = sharp(file)
      .resize(LENS.width, LENS.height, { fit: 'cover' })
      .removeAlpha()
      .linear(light === 'night' ? 0.35 : 1, 0)
    const vehicles =
      vehicle === null
        ? []
        : [{ look: vehicle, pose: parkedPose(bay, vehicleLength(vehicle), dice.between(-0.25, 0.25)) }]
    const layers =
      vehicle === null ? [] : [{ input: Buffer.from(vehiclesSvg({ light, bayNumbers: ['1', '2', '3'], vehicles })) }]
    const data = await behind.composite(layers).removeAlpha().raw().toBuffer()
    return cropped(data, bayZone(bay))
  }
}

/** The references that a site has after its first days: learnt by day, adapted to every light while nobody was there. */
async function referencesOf(ground: Ground, place: number, dice: Dice) {
  const day = await ground('day', place, null, dice)
  const learnt = learnEmpty(
    await Promise.all([1, 2, 3].map(() => lookOf(day, (pixels, own) => grain(pixels, own, 4), dice))),
  )
  let looks = learnt ? withLearnt(NO_LOOKS, learnt) : NO_LOOKS
  for (const light of ['night', 'snow'] as const) {
    const empty = await ground(light, place, null, dice)
    const shown = learnEmpty(
      await Promise.all([1, 2, 3].map(() => lookOf(empty, (pixels, own) => grain(pixels, own, 5), dice))),
    )
    if (shown) looks = withLearnt(looks, shown)
  }
  for (const { light, weather } of Object.values(CONDITIONS)) {
    const empty = await ground(light, place, null, dice)
    for (let look = 0; look < 4; look++) {
      const seen = await lookOf(empty, weather, dice)
      if (judgeByLooks(seen, looks) === 'empty') looks = withAdapted(looks, seen)
    }
  }
  return looks
}

/** Whether any word `empty` is told in a row of looks, two pictures each moment, as berth tells it; and how the single looks were judged. */
function told(words: readonly Presence[]): boolean {
  let watch = UNWATCHED
  let isTold = false
  words.forEach((word, i) => {
    const { watch: next, news } = watchZone(watch, word, i * 300_000)
    watch = next
    if (news === 'empty') isTold = true
  })
  return isTold
}

const { values } = parseArgs({
  options: { hours: { type: 'string' }, photos: { type: 'string' }, help: { type: 'boolean' } },
})
if (values.help) process.stdout.write(HELP)
else {
  const hours = Number(values.hours ?? 1000)
  const names =
    values.photos === undefined
      ? []
      : (await readdir(values.photos)).filter((name) => /\.(jpe?g|png)$/i.test(name)).sort()
  const folder = values.photos ?? ''
  const ground = names.length > 0 ? beforePhotos(names.map((name) => join(folder, name))) : carPark
  const places = names.length > 0 ? 3 * Math.min(names.length, 30) : 3
  const dice = seededDice('presence')
  const references = await Promise.all(
    Array.from({ length: places }, (_, place) => referencesOf(ground, place, seededDice(`reference ${place}`))),
  )
  process.stdout.write(
    `references a bay: ${(references.reduce((sum, one) => sum + emptyLooks(one).length, 0) / places).toFixed(1)}\n\n`,
  )
  process.stdout.write(
    '| condition | occupied hours | with a false `empty` | below (95 %) | vehicle seen as occupied | empty bay known for empty |\n| --- | --- | --- | --- | --- | --- |\n',
  )
  for (const [name, { light, weather }] of Object.entries(CONDITIONS)) {
    let [wrong, occupied, looksAtVehicles, emptyKnown, emptyLooked] = [0, 0, 0, 0, 0]
    for (let hour = 0; hour < hours; hour++) {
      const place = hour % places
      const looks = references[place] ?? NO_LOOKS
      const clean = await ground(light, place, someVehicle(dice), dice)
      const words: Presence[] = []
      for (let moment = 0; moment < MOMENTS; moment++)
        for (let picture = 0; picture < 2; picture++)
          words.push(judgeByLooks(await lookOf(clean, weather, dice), looks))
      if (told(words)) wrong += 1
      occupied += words.filter((word) => word === 'occupied').length
      looksAtVehicles += words.length
      if (hour % 10 === 0) {
        const empty = await ground(light, place, null, dice)
        for (let look = 0; look < 4; look++) {
          emptyLooked += 1
          if (judgeByLooks(await lookOf(empty, weather, dice), looks) === 'empty') emptyKnown += 1
        }
      }
      if (process.stderr.isTTY) process.stderr.write(`\r${name}: ${hour + 1} of ${hours}`)
    }
    const percent = (share: number): string => `${(100 * share).toFixed(1)} %`
    process.stdout.write(
      `| ${name} | ${hours} | ${wrong} | ${(1000 * wilson(wrong, hours).high).toFixed(1)} in 1,000 | ${percent(occupied / looksAtVehicles)} | ${percent(emptyKnown / emptyLooked)} |\n`,
    )
  }
}
