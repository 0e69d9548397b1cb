import type { Dice } from '../../src/demo/dice.ts'
import type { Light } from '../../src/demo/scene.ts'

/** Size of the clean pictures of a zone, pixels; they are grey, one byte a pixel. */
export const SIZE = { width: 96, height: 72 }

/** Changes a grey picture in place, as light and weather do. Its own dice are those of one picture: grain, drops, flakes. */
export type Weather = (grey: Uint8Array, dice: Dice) => void

/**
 * One kind of stay. `weather` draws how light and weather go over it, and answers what they are at a share (0..1) of it;
 * `buried`: how far the vehicle may have been snowed under, 0..1.
 */
export type Condition = {
  readonly hours: number
  readonly light: (share: number) => Light
  readonly buried?: number
  readonly weather: (dice: Dice) => (share: number) => Weather
}

/** From one value to another over the stay, each drawn between the bounds. */
function drift(dice: Dice, low: number, high: number): (share: number) => number {
  const [from, to] = [dice.between(low, high), dice.between(low, high)]
  return (share) => from + (to - from) * share
}

const clamped = (value: number): number => Math.max(0, Math.min(255, value))

/** Each pixel anew; `x` and `y` are 0..1 of the zone. */
function each(grey: Uint8Array, change: (value: number, x: number, y: number) => number): void {
  for (let row = 0; row < SIZE.height; row++)
    for (let column = 0; column < SIZE.width; column++) {
      const i = row * SIZE.width + column
      grey[i] = clamped(change(grey[i] as number, column / SIZE.width, row / SIZE.height))
    }
}

const GRAINS = 1 << 16
let grains: Float32Array | null = null

/** Noise of a sensor with this standard deviation in a zone of 192 by 144 pixels; these pixels are four of its. */
function grain(grey: Uint8Array, dice: Dice, sd: number): void {
  grains ??= Float32Array.from({ length: GRAINS }, () => (dice.next() + dice.next() + dice.next() - 1.5) * 2)
  let at = dice.whole(GRAINS)
  for (let i = 0; i < grey.length; i++) {
    grey[i] = clamped((grey[i] as number) + (sd / 2) * (grains[at] as number))
    at = (at + 1) & (GRAINS - 1)
  }
}

function specks(grey: Uint8Array, dice: Dice, many: number, value: number, high: number, wide: number): void {
  for (let speck = 0; speck < many; speck++) {
    const [x, y, long] = [dice.whole(SIZE.width - wide), dice.whole(SIZE.height - high), 1 + dice.whole(high)]
    for (let step = 0; step < long; step++) {
      const at = (y + step) * SIZE.width + x
      grey.fill(value, at, at + wide)
    }
  }
}

/** Sun and clouds, and the hard shadow of a building or a tree that wanders across. */
function daylight(dice: Dice, low: number, high: number): (share: number) => Weather {
  const [gain, lift, edge] = [drift(dice, low, high), drift(dice, -12, 12), drift(dice, -0.5, 1.5)]
  const [lean, depth] = [dice.between(-0.6, 0.6), dice.between(0.5, 0.9)]
  return (share) => {
    const [by, add, at] = [gain(share), lift(share), edge(share)]
    return (grey, own) => {
      each(grey, (value, x, y) => value * by * (x + lean * y < at ? depth : 1) + add)
      grain(grey, own, 4)
    }
  }
}

const dusk = (dice: Dice): ((share: number) => Weather) => {
  const [gain, lift] = [drift(dice, 0.14, 0.5), drift(dice, 0, 12)]
  return (share) => {
    const [by, add] = [gain(share), lift(share)]
    return (grey, own) => {
      each(grey, (value) => value * by + add)
      grain(grey, own, 7)
    }
  }
}

const night = (dice: Dice): ((share: number) => Weather) => {
  const gain = drift(dice, 0.6, 1.2)
  return (share) => {
    const by = gain(share)
    return (grey, own) => {
      each(grey, (value) => value * by)
      grain(grey, own, 9)
    }
  }
}

const rain = (dice: Dice): ((share: number) => Weather) => {
  const [gain, haze, shine, drops] = [
    drift(dice, 0.4, 0.8),
    drift(dice, 15, 55),
    drift(dice, 0, 45),
    drift(dice, 40, 200),
  ]
  return (share) => {
    const [by, add, wet, many] = [gain(share), haze(share), shine(share), drops(share)]
    return (grey, own) => {
      each(grey, (value, _x, y) => value * by + add + wet * Math.max(0, y - 0.5))
      specks(grey, own, many / 2, 200, 8, 1)
      grain(grey, own, 6)
    }
  }
}

const snow = (dice: Dice): ((share: number) => Weather) => {
  const [gain, haze, flakes] = [drift(dice, 0.6, 0.95), drift(dice, 5, 50), drift(dice, 20, 400)]
  return (share) => {
    const [by, add, many] = [gain(share), haze(share), flakes(share)]
    return (grey, own) => {
      specks(grey, own, many / 2, 250, 1, 1)
      each(grey, (value) => value * by + add)
      grain(grey, own, 5)
    }
  }
}

/** Somebody else's headlights: each moment from another side, and never quite still. */
const headlights = (dice: Dice): ((share: number) => Weather) => {
  const gain = drift(dice, 0.7, 1.1)
  return (share) => {
    const [cx, cy] = [dice.between(-0.3, 1.3), dice.between(-0.1, 1.1)]
    const [wide, glow, by] = [dice.between(0.12, 0.7), dice.between(40, 220), gain(share)]
    return (grey, own) => {
      const [x0, y0] = [cx + own.between(-0.02, 0.02), cy + own.between(-0.02, 0.02)]
      each(grey, (value, x, y) => value * by + glow * Math.exp(-((x - x0) ** 2 + (y - y0) ** 2) / (wide * wide)))
      grain(grey, own, 9)
    }
  }
}

/** From morning into the night at one place: the light of half a day, under a shower now and then. */
const halfDay = (dice: Dice): ((share: number) => Weather) => {
  const [sun, wet, late] = [daylight(dice, 0.7, 1.2), rain(dice), night(dice)]
  const showers = dice.between(0.1, 0.6)
  return (share) => {
    if (share >= 0.75) return late(share)
    const fall = share < 0.5 ? 1 : 1 - ((share - 0.5) / 0.25) * 0.84
    const sky = Math.abs(share - showers) < 0.06 ? wet(share) : sun(share)
    return (grey, own) => {
      sky(grey, own)
      if (fall < 1) each(grey, (value) => value * fall + 5 * (1 - fall))
      grain(grey, own, 3)
    }
  }
}

const always =
  (light: Light): ((share: number) => Light) =>
  () =>
    light

export const CONDITIONS: { readonly [name: string]: Condition } = {
  day: { hours: 1, light: always('day'), weather: (dice) => daylight(dice, 0.65, 1.25) },
  dusk: { hours: 1, light: always('day'), weather: dusk },
  night: { hours: 1, light: always('night'), weather: night },
  rain: { hours: 1, light: always('day'), weather: rain },
  snow: { hours: 1, light: always('snow'), buried: 0.7, weather: snow },
  headlights: { hours: 1, light: always('night'), weather: headlights },
  'half a day': { hours: 12, light: (share) => (share < 0.75 ? 'day' : 'night'), weather: halfDay },
}
