import type { ZoneLook } from '../../actors/zone-look.ts'
import { type Presence, UNWATCHED, watchZone, type ZoneWatch } from '../../machines/zone.ts'
import { type Dice, seededDice } from '../../src/demo/dice.ts'
import type { Light } from '../../src/demo/scene.ts'
import type { Rgb, VehicleLook } from '../../src/demo/vehicle-body.ts'
import {
  type EmptyLooks,
  emptyLooks,
  judgeByLooks,
  looksEmpty,
  NO_LOOKS,
  withAdapted,
  withLearnt,
} from '../../src/vision/empty-looks.ts'
import { LOOK_SIZE, maskedLook } from '../../src/vision/zone-crop.ts'
import {
  EMPTY_FROM,
  LOOKS_TO_LEARN,
  learnEmpty,
  likeness,
  SAME_PATTERN,
  sameness,
} from '../../src/vision/zone-presence.ts'
import { type Place, somePose, standing, vehicleLayer } from './presence-grounds.ts'
import { CONDITIONS, type Condition, SIZE, type Weather } from './presence-weather.ts'

/** Moments of an hour at which the light is another; pictures in between would show the same but for their noise. */
export const MOMENTS = 12
/** Pictures of each moment of an empty bay: two in a row are needed to say empty. */
const PICTURES = 2
/** Pictures of a moment with a vehicle that lies near the limits: noise may carry it over. Far from them one says it all. */
const NEAR_PICTURES = 24
/** So near to the limits of likeness and of pattern a moment is looked at more often. */
const NEAR = 0.05
const PICTURE_ms = 500
const MOMENT_ms = 3_600_000 / MOMENTS

/** A bay with the references that its site has after its first days. */
export type Stand = { readonly place: Place; readonly looks: EmptyLooks }

/** What the camera makes of a grey picture of the zone: each cell the mean of its pixels. */
export function lookOf(clean: Uint8Array, { seen }: Pick<Place, 'seen'>, weather: Weather, dice: Dice): ZoneLook {
  const grey = new Uint8Array(clean)
  weather(grey, dice)
  const [wide, high] = [SIZE.width / LOOK_SIZE, SIZE.height / LOOK_SIZE]
  const sums = new Float64Array(LOOK_SIZE * LOOK_SIZE)
  for (let i = 0; i < grey.length; i++) {
    const row = Math.floor(i / SIZE.width)
    const cell = Math.floor(row / high) * LOOK_SIZE + Math.floor((i - row * SIZE.width) / wide)
    sums[cell] = (sums[cell] as number) + (grey[i] as number)
  }
  const cells = Uint8Array.from(sums, (sum) => Math.round(sum / (wide * high)))
  return maskedLook(cells, (column, row) => seen[row * LOOK_SIZE + column] === true)
}

/** Learnt by a person by day, by night and in snow; then followed through every weather while nobody was there. */
export function standAt(place: Place, name: string): Stand {
  const dice = seededDice(`references ${name}`)
  let looks = NO_LOOKS
  for (const [condition, light] of [
    ['day', 'day'],
    ['night', 'night'],
    ['snow', 'snow'],
  ] as const) {
    const weather = (CONDITIONS[condition] as Condition).weather(dice)(0)
    const shown = learnEmpty(
      Array.from({ length: LOOKS_TO_LEARN }, () => lookOf(place.empty[light], place, weather, dice)),
    )
    if (shown) looks = withLearnt(looks, shown)
  }
  for (const { light, weather } of Object.values(CONDITIONS)) {
    const over = weather(dice)
    for (let step = 0; step <= FOLLOWED; step++) {
      const share = step / FOLLOWED
      const seen = lookOf(place.empty[light(share)], place, over(share), dice)
      if (judgeByLooks(seen, looks) === 'empty') looks = withAdapted(looks, seen)
    }
  }
  return { place, looks }
}
const FOLLOWED = 6

const COLOURS: readonly Rgb[] = [
  [60, 62, 66],
  [104, 106, 109],
  [150, 152, 156],
  [215, 218, 222],
  [240, 240, 238],
  [140, 24, 30],
  [28, 52, 110],
  [34, 74, 52],
]

/** A vehicle of any body and colour: one in four is as grey as its ground, one in four nearly black. */
export function someVehicle(place: Place, dice: Dice): VehicleLook {
  const kind = dice.whole(4)
  const shade = kind === 0 ? place.ground / dice.between(0.75, 1.05) : dice.between(12, 40)
  const base: Rgb = kind < 2 ? [shade, shade, shade] : dice.pick(COLOURS)
  const near = (value: number): number => Math.max(0, Math.min(255, value + dice.between(-12, 12)))
  return {
    body: dice.pick(['hatch', 'saloon', 'suv', 'van']),
    colour: [near(base[0]), near(base[1]), near(base[2])],
    facing: dice.pick(['front', 'rear']),
    plate: { style: dice.pick(['gb-front', 'gb-rear']), text: 'AB12 CDE' },
  }
}

/** What a stay gave: hours of it with a false `empty` told; looks, those that were fully judged and how many of these said occupied; the first look that was taken for empty, as a picture. */
export type Stay = {
  readonly hours: number
  readonly falseHours: number
  readonly looks: number
  readonly judged: number
  readonly occupied: number
  readonly falseLooks: number
  readonly picture: Uint8Array | null
  /** The vehicle in the bay as the stay began, before any weather. */
  readonly shown: Uint8Array
}

/** How near a look comes to being called empty: 0 or more where it is. */
const nearness = (look: ZoneLook, looks: EmptyLooks): number =>
  Math.max(
    -1,
    ...emptyLooks(looks).map((empty) => {
      const pattern = sameness(look, empty) - SAME_PATTERN
      return pattern < -NEAR ? -1 : Math.min(pattern, likeness(look, empty) - EMPTY_FROM)
    }),
  )

/** One vehicle stands in a bay for as long as the condition's stays last. A visit is open: references stay as they are. */
export async function stay({ place, looks }: Stand, condition: Condition, dice: Dice): Promise<Stay> {
  const { hours, light, weather } = condition
  // Whether a vehicle is seen to be one takes most of the time and frees no bay: one stay in ten says how often.
  const isJudged = dice.whole(10) === 0
  const [look, over] = [someVehicle(place, dice), weather(dice)]
  const [pose, buried] = [somePose(place, look, dice), dice.between(0, condition.buried ?? 0)]
  const clean = new Map<Light, Uint8Array>()
  let watch: ZoneWatch = UNWATCHED
  let [falseHours, seen, judged, occupied, falseLooks] = [0, 0, 0, 0, 0]
  let picture: Uint8Array | null = null
  for (let hour = 0; hour < hours; hour++) {
    let isFalse = false
    for (let moment = 0; moment < MOMENTS; moment++) {
      const share = (hour + moment / MOMENTS) / hours
      const lit = light(share)
      const shown = clean.get(lit) ?? standing(place, lit, await vehicleLayer(place, lit, look, pose), buried)
      clean.set(lit, shown)
      const now = over(share)
      let pictures = 1
      for (let i = 0; i < pictures; i++) {
        const one = lookOf(shown, place, now, dice)
        const word: Presence = looksEmpty(one, looks) ? 'empty' : isJudged ? judgeByLooks(one, looks) : 'unknown'
        if (i === 0 && nearness(one, looks) >= -NEAR) pictures = NEAR_PICTURES
        watch = watchZone(watch, word, (hour * MOMENTS + moment) * MOMENT_ms + i * PICTURE_ms).watch
        isFalse ||= watch.told === 'empty'
        seen += 1
        judged += isJudged ? 1 : 0
        occupied += word === 'occupied' ? 1 : 0
        falseLooks += word === 'empty' ? 1 : 0
        if (word === 'empty' && picture === null) {
          picture = new Uint8Array(shown)
          now(picture, dice)
        }
      }
    }
    falseHours += isFalse ? 1 : 0
  }
  return {
    hours,
    falseHours,
    looks: seen,
    judged,
    occupied,
    falseLooks,
    picture,
    shown: clean.get(light(0)) ?? new Uint8Array(0),
  }
}

/** What an hour without a vehicle gave. `known_min`: after how many minutes the bay was told to be empty, null where never; looks, and how many of them said occupied. */
export type EmptyHour = { readonly known_min: number | null; readonly looks: number; readonly occupied: number }

/** A vehicle has just left, somewhere in a stay's weather, and nobody comes for an hour. */
export function emptyHour({ place, looks }: Stand, condition: Condition, dice: Dice): EmptyHour {
  const over = condition.weather(dice)
  const from = dice.between(0, 1 - 1 / condition.hours)
  let watch: ZoneWatch = { ...UNWATCHED, told: 'occupied' }
  let known_min: number | null = null
  let occupied = 0
  for (let moment = 0; moment < MOMENTS; moment++) {
    const share = from + moment / MOMENTS / condition.hours
    const now = over(share)
    for (let i = 0; i < PICTURES; i++) {
      const word = judgeByLooks(lookOf(place.empty[condition.light(share)], place, now, dice), looks)
      watch = watchZone(watch, word, moment * MOMENT_ms + i * PICTURE_ms).watch
      occupied += word === 'occupied' ? 1 : 0
      if (watch.told === 'empty') known_min ??= (moment * MOMENT_ms) / 60_000
    }
  }
  return { known_min, looks: MOMENTS * PICTURES, occupied }
}
