import { type Car, type Place, Stay, type Streets } from './toy-driver.ts'
import type { Dice } from './world-chance.ts'
import type { Crowd } from './world-crowd.ts'

const MINUTE = 60_000
/** A vehicle needs this long at least to leave and another to come, ms; a swap takes less. */
const BETWEEN_MS = 20_000
const SWAP_MS = [3_000, 30_000] as const

export type TrafficOptions = {
  readonly streets: Omit<Streets, 'gone'>
  readonly dice: Dice
  readonly crowd: Crowd
  readonly place: Place
  /** Mean time that the bay stands empty, minutes. */
  readonly gap_min: number
  /** Vehicles still come. */
  readonly open: () => boolean
  /** Who comes and when is fixed, whatever happens before: two vehicles of this bay's own, hours apart. Place `index` of `bays`. */
  readonly fixed?: { readonly index: number; readonly bays: number }
}

/** The second of two fixed vehicles comes this much later than the first, ms: whatever the first does, it is gone. */
const HOURS_LATER_MS = 170 * MINUTE

/** Vehicles come to one bay, one after the other. */
export function bringTraffic({ streets, dice, crowd, place, gap_min, open, fixed }: TrafficOptions): void {
  const { clock, faults } = streets
  let came = 0
  const pause = (): number => BETWEEN_MS + dice.gap(gap_min * MINUTE)
  const whole: Streets = {
    ...streets,
    gone: (stay) => {
      crowd.back(stay.car)
      comes(dice.chance(0.1) && faults.inject('swap') ? dice.between(...SWAP_MS) : pause())
    },
  }
  const comes = (ms: number): void =>
    void clock.after(ms, () => {
      if (!open()) return
      const car = crowd.take(dice)
      if (!car) return comes(pause())
      came += 1
      if (car.isClone) faults.inject('clone')
      new Stay(car, place, whole, dice.fork(`stay ${came}`)).arrive()
    })
  if (!fixed) return comes(dice.between(0, gap_min * 0.6) * MINUTE)
  for (const [turn, ms] of [dice.between(1, 20) * MINUTE, HOURS_LATER_MS].entries()) {
    const car = crowd.cars[fixed.index + turn * fixed.bays] as Car
    clock.after(ms, () => {
      if (place.stay === null) new Stay(car, place, { ...streets, gone: () => {} }, dice.fork(`stay ${turn}`)).arrive()
    })
  }
}
